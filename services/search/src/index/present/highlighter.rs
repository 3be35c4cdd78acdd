//! The highlighter: marks the parts of a product's texts that match the query.
//!
//! Texts are analysed as for the index, and each word is looked up among the alternatives of the
//! query's words: the marked words are exactly the ones that the search matches.

use std::collections::HashMap;

use product_fields::TextField;
use proto::catalogue::v1::{Product, attribute};

use super::prefix_filter::PrefixFilter;
use crate::index::{
    model::{Fragment, Highlight, MatchKind},
    query::ExpandedWord,
    schema::{
        analysis::{Analysis, Token, concat, fold, measurement, tokenize},
        attribute_text,
        columns::has_column,
    },
};

/// Size of an extract in bytes. Longer texts are cut to one around their first match.
const EXTRACT_BYTES: usize = 240;

/// The match of a term.
#[derive(Clone, Copy)]
struct Mark {
    kind: MatchKind,
    /// One bit per word of the query that the term matches.
    words: u64,
}

impl Mark {
    fn and(self, other: Self) -> Self {
        Self { kind: self.kind.min(other.kind), words: self.words | other.words }
    }
}

/// Highlights the matches of one query.
pub(crate) struct Highlighter<'a> {
    analysis: &'a Analysis,
    terms: HashMap<&'a str, Mark>,
    /// One bit per word of the query.
    all: u64,
    /// Rejects most words of a text without analysing them.
    prefixes: PrefixFilter,
    /// The unfinished word and its bit.
    unfinished: Option<(&'a str, u64)>,
    /// The words as typed.
    typed: Vec<&'a str>,
}

impl<'a> Highlighter<'a> {
    pub(crate) fn new(analysis: &'a Analysis, words: &'a [ExpandedWord]) -> Self {
        let mut terms: HashMap<&str, Mark> = HashMap::new();
        let mut all = 0;
        for (at, word) in words.iter().enumerate() {
            let bit = 1 << (at % 64);
            all |= bit;
            for alternative in &word.alternatives {
                let mark = Mark { kind: alternative.kind, words: bit };
                for term in &alternative.terms {
                    terms.entry(term).and_modify(|known| *known = known.and(mark)).or_insert(mark);
                }
            }
        }
        let unfinished = words.iter().enumerate().find(|(_, word)| word.source.is_unfinished);
        let mut prefixes = PrefixFilter::new();
        terms.keys().for_each(|term| prefixes.add(term.trim_start_matches('~')));
        words.iter().for_each(|word| prefixes.add(&word.source.typed));
        unfinished.iter().for_each(|(_, word)| prefixes.add_prefix(&word.source.typed));
        Self {
            analysis,
            terms,
            all,
            prefixes,
            unfinished: unfinished.map(|(at, word)| (word.source.typed.as_str(), 1 << (at % 64))),
            typed: words.iter().map(|word| word.source.typed.as_str()).collect(),
        }
    }

    /// Splits a text into fragments. Also returns the bits of the words that it matches.
    fn highlight(&self, text: &str) -> (Vec<Fragment>, u64) {
        let tokens = tokenize(text);
        let mut fragments: Vec<Fragment> = Vec::new();
        let (mut end, mut words) = (0, 0);
        let mut push = |part: &str, kind: Option<MatchKind>| match fragments.last_mut() {
            _ if part.is_empty() => {}
            Some((last, same)) if *same == kind => last.push_str(part),
            _ => fragments.push((part.to_owned(), kind)),
        };
        for (at, token) in tokens.iter().enumerate() {
            let Some(mark) = self.mark(&tokens, at) else { continue };
            words |= mark.words;
            push(&text[end..token.range.start], None);
            push(&text[token.range.clone()], Some(mark.kind));
            end = token.range.end;
        }
        if words != 0 {
            push(&text[end..], None);
        }
        (fragments, words)
    }

    /// Returns the match of a token.
    fn mark(&self, tokens: &[Token], at: usize) -> Option<Mark> {
        let token = &tokens[at];
        let may_match = |token: &Token| {
            let mut bytes = token.text.bytes();
            bytes.next().is_some_and(|first| self.prefixes.may_start(first, bytes.next()))
        };
        if !may_match(token) && !token.joined_to_previous {
            // A unit matches together with the number before it, even if no term begins like the
            // unit.
            let follows_number = at > 0 && tokens[at - 1].has_digits;
            if !follows_number && !tokens.get(at + 1).is_some_and(|next| next.joined_to_previous) {
                return None;
            }
        }
        let of = |term: &str| self.terms.get(term).copied();
        let mut best = of(&token.text);
        let mut add = |mark: Option<Mark>| {
            best = match (best, mark) {
                (Some(a), Some(b)) => Some(a.and(b)),
                (a, b) => a.or(b),
            };
        };
        if !token.has_digits {
            let word = self.analysis.normalise(&token.text);
            add(of(&word));
            add(of(&self.analysis.stem(&word).0));
        }
        // A number with its unit.
        add(measurement(&tokens[at..]).and_then(|measure| of(&measure)));
        if at > 0 {
            add(measurement(&tokens[at - 1..]).and_then(|measure| of(&measure)));
        }
        // The parts of a code match as a whole.
        let mut from = at;
        while from > 0 && tokens[from].joined_to_previous {
            from -= 1;
        }
        let mut to = at + 1;
        while to < tokens.len() && tokens[to].joined_to_previous {
            to += 1;
        }
        if to - from > 1 && to - from <= 4 {
            add(of(&concat(&tokens[from..to])));
        }
        if let Some((unfinished, words)) = self.unfinished
            && token.text.starts_with(unfinished)
        {
            add(Some(Mark { kind: MatchKind::Prefix, words }));
        }
        best
    }

    /// Returns the texts of a product that match. Attributes are searched only until every word of
    /// the query has a match, because some products have hundreds of them.
    pub(crate) fn highlights(&self, product: &Product) -> Vec<Highlight> {
        let mut found = Vec::new();
        let mut matched = 0;
        let mut add = |field: &dyn Fn() -> String, text: &str| {
            if !self.prefixes.may_be_in(text) {
                return matched;
            }
            let (fragments, words) = self.highlight(text);
            if words != 0 {
                found.push(Highlight { field: field(), fragments: extract(fragments) });
            }
            matched |= words;
            matched
        };
        let texts = || TextField::ALL.iter().filter(|field| field.is_for_shoppers());
        for field in texts().filter(|field| has_column(**field)) {
            add(&|| field.name().to_owned(), field.get(product));
        }
        let paths = product.category_paths.iter();
        let mut categories: Vec<&String> = paths.flat_map(|path| &path.names).collect();
        categories.dedup();
        categories.iter().for_each(|name| {
            add(&|| "category".to_owned(), name);
        });
        for field in texts().filter(|field| !has_column(**field)) {
            add(&|| field.name().to_owned(), field.get(product));
        }
        for variant in &product.variants {
            add(&|| "sku".to_owned(), &variant.sku);
            add(&|| "gtin".to_owned(), &variant.gtin);
        }
        if product.variants.is_empty() {
            add(&|| "sku".to_owned(), &product.id);
        }
        for attribute in &product.attributes {
            let field = || format!("attributes.{}", quoted(&attribute.name));
            let matched = match &attribute.value {
                Some(attribute::Value::Text(text)) => add(&field, text),
                Some(attribute::Value::Number(_)) => {
                    add(&field, attribute_text(attribute).trim_end())
                }
                Some(attribute::Value::Flag(_)) | None => add(&field, ""),
            };
            if matched == self.all {
                break;
            }
        }
        found
    }

    /// Returns the SKU of the variant with a SKU or barcode that the query contains, with or
    /// without separators.
    pub(crate) fn matched_sku(&self, product: &Product) -> Option<String> {
        let own = (product.variants.is_empty()).then_some((&product.id, &product.id));
        let variants = product.variants.iter().map(|it| (&it.sku, &it.sku));
        let barcodes = product.variants.iter().map(|it| (&it.gtin, &it.sku));
        let named = |code: &str| {
            let code: String = fold(code).chars().filter(|it| it.is_alphanumeric()).collect();
            !code.is_empty()
                && (1..=4.min(self.typed.len()))
                    .any(|length| self.typed.windows(length).any(|words| words.concat() == code))
        };
        let mut codes = own.into_iter().chain(variants).chain(barcodes);
        codes.find(|(code, _)| named(code)).map(|(_, sku)| sku.clone())
    }
}

/// Returns an attribute's name in the syntax of filters.
fn quoted(name: &str) -> String {
    let is_word = name.chars().all(|it| it.is_alphanumeric() || it == '_' || it == '-');
    if is_word {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

/// Cuts a long text to an extract around its first match.
fn extract(fragments: Vec<Fragment>) -> Vec<Fragment> {
    let length: usize = fragments.iter().map(|(text, _)| text.len()).sum();
    if length <= EXTRACT_BYTES {
        return fragments;
    }
    let mut left = EXTRACT_BYTES;
    let mut cut = Vec::new();
    for (text, kind) in fragments {
        let mut text = text;
        if cut.is_empty() && kind.is_none() {
            // Keep the end of the text before the first match.
            let from = text.ceil_char_boundary(text.len().saturating_sub(EXTRACT_BYTES / 3));
            let from =
                if from == 0 { 0 } else { text[from..].find(' ').map_or(from, |at| from + at + 1) };
            text = text.split_off(from);
        }
        if text.len() > left {
            let to = text.floor_char_boundary(left);
            let to = if kind.is_none() { text[..to].rfind(' ').unwrap_or(to) } else { to };
            text.truncate(to);
            left = 0;
        } else {
            left -= text.len();
        }
        if !text.is_empty() {
            cut.push((text, kind));
        }
        if left == 0 {
            break;
        }
    }
    cut
}
