//! The terms of a product, each with how much it counts.

use super::{
    analysis::{Analysis, Known, fold, kind, tokens},
    parameters::Weights,
};
use proto::catalogue::v1::{Attribute, Product, attribute};
use std::{
    collections::{BTreeSet, HashMap},
    fmt::Write as _,
};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// A term counts this often at most: what is repeated more says no more.
const MOST: u32 = 60;

/// Longer texts of attributes are lists of everything: their words say little of the product.
const LONGEST_ATTRIBUTE: usize = 2_000;

/// Parts a term from its count, and one such pair from the next.
const TO_COUNT: char = '\u{1f}';
const TO_NEXT: char = '\u{1e}';

/// Counts the terms of products, one product after the other.
pub(super) struct Counter {
    analysis: Analysis,
    weights: Weights,
    known: Known,
    counts: HashMap<String, u32>,
}

impl Counter {
    pub(super) fn new(analysis: Analysis, weights: Weights) -> Self {
        Self { analysis, weights, known: Known::new(), counts: HashMap::new() }
    }

    /// Returns the product's terms and their counts, as [`Counted`] reads them.
    pub(super) fn count(&mut self, product: &Product) -> String {
        self.counts.clear();
        let Weights { name, brand, category, above, attribute, number, description, code } =
            self.weights;
        self.text(&product.name, name);
        self.text(&product.brand, brand);
        self.text(&product.description, description);
        let paths = &product.category_paths;
        let leaves: BTreeSet<_> = paths.iter().filter_map(|path| path.names.last()).collect();
        let all: BTreeSet<_> = paths.iter().flat_map(|path| &path.names).collect();
        for name in &all {
            if leaves.contains(name) {
                self.kind(name, category, above);
            } else {
                self.text(name, above);
            }
        }
        for it in &product.attributes {
            match &it.value {
                Some(attribute::Value::Text(text)) if is_identifier(&it.name) => {
                    self.text(text, code);
                }
                Some(attribute::Value::Text(text)) => {
                    let end = text.floor_char_boundary(LONGEST_ATTRIBUTE);
                    self.text(&text[..end], attribute);
                }
                Some(attribute::Value::Number(_)) => self.text(&shown(it), number),
                Some(attribute::Value::Flag(true)) => {
                    self.text(&it.name.replace('_', " "), number);
                }
                Some(attribute::Value::Flag(false)) | None => {}
            }
        }
        product.labels.iter().for_each(|label| self.text(label, attribute));
        for text in codes(product) {
            self.text(text, code);
            // As it is, whatever it is made of.
            self.add(&fold(text), code);
        }
        for variant in &product.variants {
            let values = variant.option_values.iter();
            values.for_each(|option| self.text(&option.value, attribute));
        }
        let mut counted = String::with_capacity(self.counts.len() * 12);
        for (term, count) in &self.counts {
            let count = (*count).min(MOST);
            let _ = write!(counted, "{term}{TO_COUNT}{count}{TO_NEXT}");
        }
        counted
    }

    fn text(&mut self, text: &str, weight: u32) {
        if weight == 0 {
            return;
        }
        let counts = &mut self.counts;
        self.analysis.terms(text, &mut self.known, |term, _| add(counts, term, weight));
    }

    /// The name of a category, which says what kind of thing a product is by the last word of each of
    /// its parts: of `Camera bags & cases` a bag or a case, not a camera.
    fn kind(&mut self, name: &str, weight: u32, others: u32) {
        for part in name.split(['&', ',', '/']).flat_map(|part| part.split(" and ")) {
            let part = part.trim();
            let (others_of_it, last) = part.rsplit_once(' ').unwrap_or(("", part));
            self.text(others_of_it, others);
            self.text(last, weight);
            if let [only] = tokens(last).as_slice() {
                add(&mut self.counts, &kind(&self.analysis.word(&only.text)), 1);
            }
        }
    }

    fn add(&mut self, term: &str, weight: u32) {
        // What the text's own terms have given already.
        if !self.counts.contains_key(term) {
            add(&mut self.counts, term, weight);
        }
    }
}

fn add(counts: &mut HashMap<String, u32>, term: &str, weight: u32) {
    match counts.get_mut(term) {
        Some(count) => *count = count.saturating_add(weight),
        None => {
            counts.insert(term.to_owned(), weight);
        }
    }
}

/// Whether an attribute of this name says which model it is, in its maker's words.
fn is_identifier(name: &str) -> bool {
    let name = name.to_lowercase();
    let words = name.split(|it: char| !it.is_alphanumeric());
    let mut words = words.filter(|word| !word.is_empty());
    let first_three = [words.next(), words.next(), words.next()];
    matches!(
        first_three.map(Option::unwrap_or_default),
        ["model" | "mpn", "", ""]
            | ["model" | "part" | "article" | "oem", "number" | "code" | "no" | "id", ""]
            | ["manufacturer", "part" | "product", "number" | "code"]
    )
}

/// What identifies a product, or something it can be bought as.
pub(super) fn codes(product: &Product) -> impl Iterator<Item = &str> {
    let own = [product.id.as_str(), product.external_id.as_str()];
    let variants = product.variants.iter().flat_map(|it| [it.sku.as_str(), it.gtin.as_str()]);
    own.into_iter().chain(variants).filter(|code| !code.is_empty())
}

/// What a shopper might type to find an attribute's number.
pub(super) fn shown(attribute: &Attribute) -> String {
    match &attribute.value {
        Some(attribute::Value::Text(text)) => text.clone(),
        Some(attribute::Value::Number(number)) => format!("{number} {}", attribute.unit),
        Some(attribute::Value::Flag(flag)) => flag.to_string(),
        None => String::new(),
    }
}

/// Returns the words of letters in all texts of a product, as they are written but folded, each
/// once: what mistyped and unfinished words are compared with.
pub(super) fn written(product: &Product) -> BTreeSet<String> {
    let names = product.category_paths.iter().flat_map(|path| &path.names);
    let attributes = product.attributes.iter().filter_map(|it| match &it.value {
        Some(attribute::Value::Text(text)) => Some(text),
        _ => None,
    });
    let texts = [&product.name, &product.brand, &product.description].into_iter();
    let texts = texts.chain(names).chain(attributes).chain(&product.labels);
    let tokens = texts.flat_map(|text| tokens(text));
    tokens.filter(|token| !token.digits && token.text.len() > 2).map(|token| token.text).collect()
}

/// Reads what [`Counter::count`] wrote: each term as often as it counts.
#[derive(Clone, Default)]
pub(super) struct Counted {
    token: Token,
}

pub(super) struct CountedStream<'a> {
    token: &'a mut Token,
    rest: &'a str,
    /// How often the present term is still to come.
    left: u32,
}

impl Tokenizer for Counted {
    type TokenStream<'a> = CountedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> CountedStream<'a> {
        self.token.reset();
        CountedStream { token: &mut self.token, rest: text, left: 0 }
    }
}

impl TokenStream for CountedStream<'_> {
    fn advance(&mut self) -> bool {
        self.token.position = self.token.position.wrapping_add(1);
        if self.left > 0 {
            self.left -= 1;
            return true;
        }
        let Some((pair, rest)) = self.rest.split_once(TO_NEXT) else { return false };
        self.rest = rest;
        let (term, count) = pair.split_once(TO_COUNT).unwrap_or((pair, "1"));
        self.left = count.parse::<u32>().unwrap_or(1).saturating_sub(1);
        self.token.text.clear();
        self.token.text.push_str(term);
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
