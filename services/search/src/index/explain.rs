//! Why a product stands where it stands.

use super::{
    Index, Result,
    cursor::{Cursor, Lengths, Terms},
    expand::{How, Meaning},
    highlights::Marker,
    matching::Stretch,
    reading,
    rules::Rules,
    scope::Products,
    search::{Ranked, Relaxed, Run, Search},
    settings::Settings,
};
use tantivy::DocAddress;

/// Where a product stands, and why.
#[derive(Debug, Default)]
pub(crate) struct Explanation {
    /// From 1; none if it is not in the answer, or out of reach.
    pub(crate) position: Option<usize>,
    pub(crate) matched: bool,
    pub(crate) score: f32,
    /// Sentences.
    pub(crate) reasons: Vec<String>,
    pub(crate) words: Vec<Contribution>,
}

/// What a word of the query contributed.
#[derive(Debug, Default)]
pub(crate) struct Contribution {
    pub(crate) word: String,
    /// The product's words that it met.
    pub(crate) matched: Vec<String>,
    pub(crate) how: Option<How>,
    pub(crate) fields: Vec<String>,
    /// What meeting it is worth at most.
    pub(crate) weight: f32,
    pub(crate) score: f32,
}

impl Index {
    /// Says why a product stands where it stands among the first `search.limit`. `None` if there is
    /// no such product.
    ///
    /// # Errors
    /// As for a search.
    pub(crate) fn explain(
        &self,
        search: &Search<'_>,
        product_id: &str,
        settings: &Settings,
    ) -> Result<Option<Explanation>> {
        let searcher = self.searchers.searcher();
        let rules = settings.read.get_or_init(|| Rules::new(settings, &self.fields.analysis));
        let run = Run::new(self, &searcher, search, settings, rules)?;
        let Some(address) = run.find(product_id)? else { return Ok(None) };
        let asked = reading::read(&self.fields.analysis, &rules.stop_words, search.query);
        let Ranked { pass, meanings, found } = run.rank(&asked, rules)?;

        let mut explanation = Explanation::default();
        let pinned = run.pins.iter().position(|pin| *pin == address);
        let placed = pass
            .placed
            .iter()
            .position(|it| DocAddress::new(it.segment as u32, it.found.document) == address);
        explanation.position = pinned.or(placed.map(|at| at + run.pins.len())).map(|at| at + 1);
        explanation.matched = explanation.position.is_some();
        explanation.score = placed.map_or(0.0, |at| pass.placed[at].found.score);
        let (product, _) = Products::new(&searcher, self.fields.product).read(address)?;
        for meaning in &meanings {
            explanation.words.push(self.contribution(&run, address, meaning, &product)?);
        }
        let mut say = |sentence: String| explanation.reasons.push(sentence);
        if let Some(at) = pinned {
            say(format!("A control pins it to place {}.", at + 1));
        }
        if !run.is_in_scope(address)? {
            say("It is not in the category, or the filter does not match it.".to_owned());
        }
        match found.relaxed {
            Relaxed::Nothing => {}
            Relaxed::Words => say(format!(
                "No product has all words, so these were given up: {}.",
                found.dropped.join(", ")
            )),
            Relaxed::Typos => say("Nothing was found without more typing errors.".to_owned()),
            Relaxed::Synonyms => say("Nothing was found without related words.".to_owned()),
        }
        if let Some(corrected) = &found.corrected {
            say(format!("The query was read as \"{corrected}\"."));
        }
        let missing = explanation.words.iter().filter(|word| word.how.is_none());
        let missing: Vec<_> = missing.map(|word| word.word.as_str()).collect();
        let sentence = match missing.len() {
            0 if explanation.words.is_empty() => None,
            0 => Some("It has every word of the query.".to_owned()),
            _ => Some(format!("It does not have: {}.", missing.join(", "))),
        };
        explanation.reasons.extend(sentence);
        let factor = run.boost(address)?;
        if factor != 1.0 {
            explanation.reasons.push(format!("A control multiplies its score by {factor}."));
        }
        let sum: f32 = explanation.words.iter().map(|word| word.score).sum();
        if placed.is_some() && sum > 0.0 {
            let times = explanation.score / sum / factor;
            explanation.reasons.push(format!(
                "Its words add up to {sum:.3}; how they stand in its name, and how many of them it \
                 has, multiply that by {times:.2}."
            ));
        }
        Ok(Some(explanation))
    }

    fn contribution(
        &self,
        run: &Run<'_>,
        address: DocAddress,
        meaning: &Meaning,
        product: &proto::catalogue::v1::Product,
    ) -> Result<Contribution> {
        let segment = address.segment_ord as usize;
        let lengths = Lengths::new(&run.dictionary, segment, &self.parameters);
        let mut contribution = Contribution {
            word: meaning.asked.typed.clone(),
            weight: meaning.weight,
            ..Contribution::default()
        };
        let stretch = Stretch { segment, documents: address.doc_id..address.doc_id + 1 };
        let terms = Terms::look_up(&run.dictionary, segment, meaning)?;
        let mut cursor = Cursor::open(&run.dictionary, &stretch, meaning, &terms, &lengths, 0)?;
        if cursor.seek(address.doc_id) != address.doc_id {
            return Ok(contribution);
        }
        contribution.score = cursor.met(&lengths).score;
        let only = std::slice::from_ref(meaning);
        let marker = Marker::new(&self.fields.analysis, only);
        let highlights = marker.highlights(product);
        let marked = highlights.iter().flat_map(|it| &it.fragments);
        let marked = marked.filter_map(|(text, how)| how.map(|how| (how, text.clone())));
        let mut marked: Vec<_> = marked.collect();
        marked.sort();
        marked.dedup();
        // What is in no text that is shown is a code, or part of a longer word: the word itself.
        contribution.how = Some(marked.first().map_or(How::Word, |(how, _)| *how));
        contribution.matched = marked.into_iter().map(|(_, text)| text).collect();
        contribution.fields = highlights.into_iter().map(|it| it.field).collect();
        contribution.fields.dedup();
        Ok(contribution)
    }
}
