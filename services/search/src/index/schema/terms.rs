//! Term extraction: the terms of a product with weighted frequencies.

use product_fields::TextField;
use proto::catalogue::v1::{Attribute, Product, attribute};
use std::{
    collections::{BTreeSet, HashMap},
    fmt::Write as _,
};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::{
    analysis::{
        Analysis, WordCache, attribute_term, brand_term, count_unit, doubtful_head_term, fold,
        head_term, kind_term, tokenize, value_term,
    },
    head,
};
use crate::index::model::Weights;

/// Maximum frequency of a term; more repetitions carry no information.
const MAX_COUNT: u32 = 60;

/// Maximum size of an attribute's text, in bytes. Longer ones are lists: their words describe the product poorly.
const MAX_ATTRIBUTE_BYTES: usize = 2_000;

/// Maximum size of a value that is one word, in bytes.
const MAX_VALUE_BYTES: usize = 32;

/// Separate a term from its count, and one such pair from the next.
const COUNT_SEPARATOR: char = '\u{1f}';
const TERM_SEPARATOR: char = '\u{1e}';

/// Counts the terms of one product after another.
pub(crate) struct TermCounter {
    analysis: Analysis,
    weights: Weights,
    word_cache: WordCache,
    counts: HashMap<String, u32>,
}

impl TermCounter {
    pub(crate) fn new(analysis: Analysis, weights: Weights) -> Self {
        Self { analysis, weights, word_cache: WordCache::new(), counts: HashMap::new() }
    }

    /// Returns the terms with their counts, encoded for [`CountedTokenizer`].
    pub(crate) fn count(&mut self, product: &Product) -> String {
        self.counts.clear();
        let Weights { name, brand, category, above, attribute, description, code, .. } =
            self.weights;
        let own_weights = [
            (TextField::Name, name),
            (TextField::Brand, brand),
            (TextField::Description, description),
        ];
        for field in TextField::ALL.iter().filter(|field| field.is_for_shoppers()) {
            let own = own_weights.iter().find(|(owner, _)| owner == field);
            self.text(field.get(product), own.map_or(attribute, |(_, weight)| *weight));
        }
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
        product.attributes.iter().for_each(|it| self.attribute(it));
        product.labels.iter().for_each(|label| self.text(label, attribute));
        for text in codes(product) {
            self.text(text, code);
            // The whole code as one term, besides its parts.
            self.add(&fold(text), code);
            // A spreadsheet drops a barcode's leading zeros.
            self.add(without_zeros(text), code);
        }
        for variant in &product.variants {
            let values = variant.option_values.iter();
            values.for_each(|option| self.text(&option.value, attribute));
        }
        self.marks(product);
        let mut counted = String::with_capacity(self.counts.len() * 12);
        for (term, count) in &self.counts {
            let count = (*count).min(MAX_COUNT);
            let _ = write!(counted, "{term}{COUNT_SEPARATOR}{count}{TERM_SEPARATOR}");
        }
        counted
    }

    /// Adds an attribute's value; of a flag its name.
    fn attribute(&mut self, it: &Attribute) {
        let Weights { attribute, number, code, .. } = self.weights;
        match &it.value {
            Some(attribute::Value::Text(text)) if is_identifier(&it.name) => {
                self.text(text, code);
            }
            Some(attribute::Value::Text(text)) => {
                let end = text.floor_char_boundary(MAX_ATTRIBUTE_BYTES);
                self.text(&text[..end], attribute);
                self.value(text);
            }
            Some(attribute::Value::Number(value)) => {
                self.text(&attribute_text(it), number);
                let unit = it.name.split('_').find_map(count_unit);
                if let Some(unit) = unit {
                    self.add(&format!("{value}{unit}"), number);
                }
            }
            Some(attribute::Value::Flag(true)) => {
                self.text(&it.name.replace('_', " "), number);
            }
            Some(attribute::Value::Flag(false)) | None => {}
        }
    }

    /// Adds the terms that no text has: the kind of thing, the brand as a whole, the names of attributes.
    fn marks(&mut self, product: &Product) {
        let heads = head::heads(&self.analysis, product);
        let certain = heads.certain.iter().map(|head| head_term(head));
        let doubtful = heads.doubtful.iter().map(|head| doubtful_head_term(head));
        let attributes = product.attributes.iter().map(|it| attribute_term(&it.name));
        for term in certain.chain(doubtful).chain(attributes).chain(heads.unnamed) {
            self.add(&term, 1);
        }
        if !product.brand.is_empty() {
            self.add(&brand_term(&product.brand), 1);
        }
    }

    /// Adds the term of a value that is one word.
    fn value(&mut self, text: &str) {
        if text.len() <= MAX_VALUE_BYTES
            && let [only] = tokenize(text).as_slice()
            && !only.has_digits
        {
            self.add(&value_term(&self.analysis.normalise(&only.text)), 1);
        }
    }

    fn text(&mut self, text: &str, weight: u32) {
        if weight == 0 {
            return;
        }
        let counts = &mut self.counts;
        self.analysis.terms(text, &mut self.word_cache, |term| add(counts, term, weight));
    }

    /// Adds the name of the product's own category. The last word of each part names the kind of
    /// product: `Camera bags & cases` are bags or cases, not cameras.
    fn kind(&mut self, name: &str, weight: u32, others: u32) {
        for part in name.split(['&', ',', '/']).flat_map(|part| part.split(" and ")) {
            let part = part.trim();
            let (others_of_it, last) = part.rsplit_once(' ').unwrap_or(("", part));
            self.text(others_of_it, others);
            self.text(last, weight);
            if let [only] = tokenize(last).as_slice() {
                add(&mut self.counts, &kind_term(&self.analysis.normalise(&only.text)), 1);
            }
        }
    }

    fn add(&mut self, term: &str, weight: u32) {
        // Not if the text's own terms include it already.
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

/// Returns a number of at least eight digits without its leading zeros; other texts as they are.
pub(crate) fn without_zeros(code: &str) -> &str {
    let digits = code.trim_start_matches('0');
    let is_number = digits.len() >= 8 && digits.bytes().all(|it| it.is_ascii_digit());
    if is_number { digits } else { code }
}

/// Whether an attribute with this name holds the manufacturer's model or part number.
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

/// Returns the product's ids, SKUs and barcodes.
pub(crate) fn codes(product: &Product) -> impl Iterator<Item = &str> {
    let own = [product.id.as_str(), product.external_id.as_str()];
    let variants = product.variants.iter().flat_map(|it| [it.sku.as_str(), it.gtin.as_str()]);
    own.into_iter().chain(variants).filter(|code| !code.is_empty())
}

/// Returns an attribute's value as text, a number with its unit.
pub(crate) fn attribute_text(attribute: &Attribute) -> String {
    match &attribute.value {
        Some(attribute::Value::Text(text)) => text.clone(),
        Some(attribute::Value::Number(number)) => format!("{number} {}", attribute.unit),
        Some(attribute::Value::Flag(flag)) => flag.to_string(),
        None => String::new(),
    }
}

/// Returns the distinct words without digits in all texts of a product, folded: the vocabulary that
/// mistyped and unfinished words are compared with.
pub(crate) fn plain_words(product: &Product) -> BTreeSet<String> {
    let names = product.category_paths.iter().flat_map(|path| &path.names);
    let attributes = product.attributes.iter().filter_map(|it| match &it.value {
        Some(attribute::Value::Text(text)) => Some(text),
        _ => None,
    });
    let texts = TextField::ALL.iter().filter(|field| field.is_for_shoppers());
    let texts = texts.map(|field| field.get(product));
    let texts = texts.chain(names).chain(attributes).chain(&product.labels);
    let tokens = texts.flat_map(|text| tokenize(text));
    tokens
        .filter(|token| !token.has_digits && token.text.len() > 2)
        .map(|token| token.text)
        .collect()
}

/// A tokenizer that decodes the output of [`TermCounter::count`] and repeats each term by its
/// count.
#[derive(Clone, Default)]
pub(crate) struct CountedTokenizer {
    token: Token,
}

pub(crate) struct CountedTokenStream<'a> {
    token: &'a mut Token,
    rest: &'a str,
    /// Remaining repetitions of the current term.
    left: u32,
}

impl Tokenizer for CountedTokenizer {
    type TokenStream<'a> = CountedTokenStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> CountedTokenStream<'a> {
        self.token.reset();
        CountedTokenStream { token: &mut self.token, rest: text, left: 0 }
    }
}

impl TokenStream for CountedTokenStream<'_> {
    fn advance(&mut self) -> bool {
        self.token.position = self.token.position.wrapping_add(1);
        if self.left > 0 {
            self.left -= 1;
            return true;
        }
        let Some((pair, rest)) = self.rest.split_once(TERM_SEPARATOR) else { return false };
        self.rest = rest;
        let (term, count) = pair.split_once(COUNT_SEPARATOR).unwrap_or((pair, "1"));
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
