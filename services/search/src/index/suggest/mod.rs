//! Suggestions: completes an unfinished query to names of products and categories.
//!
//! The last word is unfinished, the others are whole. A word is corrected only if no name has it.
//! Only the names' own words are searched, and candidates are bounded, because an answer is due
//! before the next keystroke. Builds on `query`, `schema` and `model`.

mod candidates;
mod categories;
mod typed_word;

pub(crate) use categories::CategoryCache;

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
};

use product_fields::TextField;
use tantivy::{DocId, Searcher, Term, columnar::StrColumn};

use crate::index::{
    Result,
    model::Completion,
    query::{VocabularyCache, split_minus},
    schema::{
        Fields, ID,
        analysis::{fold, tokenize},
    },
};
use candidates::{Candidate, add_candidates};
use typed_word::{TypedWord, match_ranges, starts_with_first};

/// Maximum number of names that are compared.
const MAX_COMPARED: usize = 100;

/// The parts of an index that suggestions read.
pub(crate) struct Suggester<'a> {
    pub(crate) searcher: &'a Searcher,
    pub(crate) fields: &'a Fields,
    pub(crate) vocabularies: &'a VocabularyCache,
    pub(crate) categories: &'a CategoryCache,
}

impl Suggester<'_> {
    /// Returns names of products that complete a query, best first.
    pub(crate) fn products(&self, query: &str, limit: usize) -> Result<Vec<Completion>> {
        let (query, excluded) = split_minus(query);
        let words = self.words(&query)?;
        if words.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let mut candidates = Vec::new();
        for (number, segment) in self.searcher.segment_readers().iter().enumerate() {
            let names = self.fields.name_plain;
            add_candidates(number, segment, names, &words, MAX_COMPARED, &mut candidates)?;
        }
        candidates.sort_unstable();
        let mut columns = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let mut completions = Vec::with_capacity(limit);
        // Reading texts costs more than everything else, so they are read last.
        for Candidate { segment, document, .. } in candidates.into_iter().take(MAX_COMPARED) {
            if completions.len() == limit {
                break;
            }
            let (names, ids) = match columns.entry(segment) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => {
                    let columns = self.searcher.segment_reader(segment as u32).fast_fields();
                    new.insert((columns.str(TextField::Name.name())?, columns.str(ID)?))
                }
            };
            let Some(text) = text(names.as_ref(), document)? else { continue };
            if has_any(&text, &excluded) || !seen.insert(fold(&text)) {
                continue;
            }
            let Some(id) = self::text(ids.as_ref(), document)? else { continue };
            let matches = match_ranges(&text, &words);
            completions.push(Completion { text, id, matches });
        }
        Ok(completions)
    }

    /// Returns names of categories that complete a query, best first.
    pub(crate) fn categories(&self, query: &str, limit: usize) -> Result<Vec<Completion>> {
        let (query, excluded) = split_minus(query);
        let words = self.words(&query)?;
        if words.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let mut found: BTreeMap<String, String> = BTreeMap::new();
        for segment in self.searcher.segment_readers() {
            let categories = self.categories.of(segment)?;
            let is_wanted =
                |it: &&categories::Category| it.matches(&words) && !has_any(&it.name, &excluded);
            for category in categories.iter().filter(is_wanted) {
                found.insert(category.id.clone(), category.name.clone());
            }
        }
        let mut ranked = Vec::with_capacity(found.len().min(MAX_COMPARED));
        for (id, name) in found.into_iter().take(MAX_COMPARED) {
            let term = Term::from_field_text(self.fields.category_ids, &id);
            let products = self.searcher.doc_freq(&term)?;
            if products > 0 {
                ranked.push((!starts_with_first(&name, &words), Reverse(products), name, id));
            }
        }
        ranked.sort_unstable();
        let completions = ranked.into_iter().take(limit).map(|(_, _, text, id)| {
            let matches = match_ranges(&text, &words);
            Completion { text, id, matches }
        });
        Ok(completions.collect())
    }

    fn words(&self, query: &str) -> Result<Vec<TypedWord>> {
        let mut words = TypedWord::parse(query);
        for word in &mut words {
            word.correct(self.searcher, self.fields.name_plain, self.vocabularies)?;
        }
        Ok(words)
    }
}

/// Whether a text has all words of any of these texts.
fn has_any(text: &str, excluded: &[String]) -> bool {
    let words: BTreeSet<String> = match excluded {
        [] => return false,
        _ => tokenize(text).into_iter().map(|token| token.text).collect(),
    };
    let has_all = |it: &String| tokenize(it).iter().all(|token| words.contains(&token.text));
    excluded.iter().any(has_all)
}

/// Returns a document's text in a column.
fn text(column: Option<&StrColumn>, document: DocId) -> Result<Option<String>> {
    let Some(column) = column else { return Ok(None) };
    let Some(ordinal) = column.ords().first(document) else { return Ok(None) };
    let mut text = String::new();
    column.ord_to_str(ordinal, &mut text)?;
    Ok(Some(text))
}
