//! What of a product matched a query, for people to see.
//!
//! The texts are taken apart as for the index, and each word is looked up among what the query's
//! words mean: what is marked is what was found, whatever form it has.

use super::{
    analysis::{Analysis, Token, fold, joined, measure, tokens},
    beginnings::Beginnings,
    expand::{How, Meaning},
    terms::shown,
};
use proto::catalogue::v1::{Product, attribute};
use std::collections::HashMap;

/// A longer text is cut to an extract of about so many bytes, around its first match.
const LONGEST: usize = 240;

/// A text, cut at what matched.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Highlight {
    /// As in a filter.
    pub(crate) field: String,
    pub(crate) fragments: Vec<Fragment>,
}

/// A part of a text, and how it matched, if it did.
pub(crate) type Fragment = (String, Option<How>);

/// What a term is to a query.
#[derive(Clone, Copy)]
struct Mark {
    how: How,
    /// A bit for each word of the query that it may stand for.
    words: u64,
}

impl Mark {
    fn and(self, other: Self) -> Self {
        Self { how: self.how.min(other.how), words: self.words | other.words }
    }
}

/// Marks what the words of a query mean.
pub(super) struct Marker<'a> {
    analysis: &'a Analysis,
    terms: HashMap<&'a str, Mark>,
    /// A bit for each word of the query.
    all: u64,
    /// Most words need no closer look.
    beginnings: Beginnings,
    /// The word that is still being typed.
    open: Option<(&'a str, u64)>,
    /// The words as they were typed.
    typed: Vec<&'a str>,
}

impl<'a> Marker<'a> {
    pub(super) fn new(analysis: &'a Analysis, meanings: &'a [Meaning]) -> Self {
        let mut terms: HashMap<&str, Mark> = HashMap::new();
        let mut all = 0;
        for (at, meaning) in meanings.iter().enumerate() {
            let words = 1 << (at % 64);
            all |= words;
            for alternative in &meaning.alternatives {
                let mark = Mark { how: alternative.how, words };
                for term in &alternative.terms {
                    terms.entry(term).and_modify(|known| *known = known.and(mark)).or_insert(mark);
                }
            }
        }
        let open = meanings.iter().enumerate().find(|(_, meaning)| meaning.asked.open);
        let mut beginnings = Beginnings::new();
        terms.keys().for_each(|term| beginnings.add(term.trim_start_matches('~')));
        meanings.iter().for_each(|meaning| beginnings.add(&meaning.asked.typed));
        open.iter().for_each(|(_, meaning)| beginnings.add_longer(&meaning.asked.typed));
        Self {
            analysis,
            terms,
            all,
            beginnings,
            open: open.map(|(at, meaning)| (meaning.asked.typed.as_str(), 1 << (at % 64))),
            typed: meanings.iter().map(|meaning| meaning.asked.typed.as_str()).collect(),
        }
    }

    /// Marks a text of any kind, whole. Returns which words of the query it has, too.
    fn mark(&self, text: &str) -> (Vec<Fragment>, u64) {
        let tokens = tokens(text);
        let mut fragments: Vec<Fragment> = Vec::new();
        let (mut end, mut words) = (0, 0);
        let mut push = |part: &str, how: Option<How>| match fragments.last_mut() {
            _ if part.is_empty() => {}
            Some((last, same)) if *same == how => last.push_str(part),
            _ => fragments.push((part.to_owned(), how)),
        };
        for (at, token) in tokens.iter().enumerate() {
            let Some(mark) = self.of(&tokens, at) else { continue };
            words |= mark.words;
            push(&text[end..token.place.start], None);
            push(&text[token.place.clone()], Some(mark.how));
            end = token.place.end;
        }
        if words != 0 {
            push(&text[end..], None);
        }
        (fragments, words)
    }

    /// How a word of a text matches.
    fn of(&self, tokens: &[Token], at: usize) -> Option<Mark> {
        let token = &tokens[at];
        let begins_so = |token: &Token| {
            let mut bytes = token.text.bytes();
            bytes.next().is_some_and(|first| self.beginnings.has(first, bytes.next()))
        };
        if !begins_so(token) && !token.glued {
            // A unit is marked with the number before it.
            let follows_number = at > 0 && tokens[at - 1].digits;
            if !follows_number && !tokens.get(at + 1).is_some_and(|next| next.glued) {
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
        if !token.digits {
            let word = self.analysis.word(&token.text);
            add(of(&word));
            add(of(&self.analysis.stem(&word).0));
        }
        // A number and its unit.
        add(measure(&tokens[at..]).and_then(|measure| of(&measure)));
        if at > 0 {
            add(measure(&tokens[at - 1..]).and_then(|measure| of(&measure)));
        }
        // A code of several parts.
        let mut from = at;
        while from > 0 && tokens[from].glued {
            from -= 1;
        }
        let mut to = at + 1;
        while to < tokens.len() && tokens[to].glued {
            to += 1;
        }
        if to - from > 1 && to - from <= 4 {
            add(of(&joined(&tokens[from..to])));
        }
        if let Some((open, words)) = self.open
            && token.text.starts_with(open)
        {
            add(Some(Mark { how: How::Prefix, words }));
        }
        best
    }

    /// Marks the texts of a product that have a match; its attributes only as long as there are words
    /// of the query that nothing else has, as some products have hundreds.
    pub(super) fn highlights(&self, product: &Product) -> Vec<Highlight> {
        let mut found = Vec::new();
        let mut met = 0;
        let mut add = |field: &dyn Fn() -> String, text: &str| {
            if !self.beginnings.may_be_in(text) {
                return met;
            }
            let (fragments, words) = self.mark(text);
            if words != 0 {
                found.push(Highlight { field: field(), fragments: extract(fragments) });
            }
            met |= words;
            met
        };
        add(&|| "name".to_owned(), &product.name);
        add(&|| "brand".to_owned(), &product.brand);
        let paths = product.category_paths.iter();
        let mut categories: Vec<&String> = paths.flat_map(|path| &path.names).collect();
        categories.dedup();
        categories.iter().for_each(|name| {
            add(&|| "category".to_owned(), name);
        });
        add(&|| "description".to_owned(), &product.description);
        for variant in &product.variants {
            add(&|| "sku".to_owned(), &variant.sku);
            add(&|| "gtin".to_owned(), &variant.gtin);
        }
        if product.variants.is_empty() {
            add(&|| "sku".to_owned(), &product.id);
        }
        for attribute in &product.attributes {
            let field = || format!("attributes.{}", quoted(&attribute.name));
            let met = match &attribute.value {
                Some(attribute::Value::Text(text)) => add(&field, text),
                Some(attribute::Value::Number(_)) => add(&field, shown(attribute).trim_end()),
                Some(attribute::Value::Flag(_)) | None => add(&field, ""),
            };
            if met == self.all {
                break;
            }
        }
        found
    }

    /// Returns the sku of the variant that the query names, with or without its separators.
    pub(super) fn sku(&self, product: &Product) -> Option<String> {
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

/// An attribute's name as a filter takes it.
fn quoted(name: &str) -> String {
    let is_word = name.chars().all(|it| it.is_alphanumeric() || it == '_' || it == '-');
    if is_word {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

/// Cuts a long text down to what stands around its first match.
fn extract(fragments: Vec<Fragment>) -> Vec<Fragment> {
    let length: usize = fragments.iter().map(|(text, _)| text.len()).sum();
    if length <= LONGEST {
        return fragments;
    }
    let mut left = LONGEST;
    let mut cut = Vec::new();
    for (text, how) in fragments {
        let mut text = text;
        if cut.is_empty() && how.is_none() {
            // The end of what comes before the first match.
            let from = text.ceil_char_boundary(text.len().saturating_sub(LONGEST / 3));
            let from =
                if from == 0 { 0 } else { text[from..].find(' ').map_or(from, |at| from + at + 1) };
            text = text.split_off(from);
        }
        if text.len() > left {
            let to = text.floor_char_boundary(left);
            let to = if how.is_none() { text[..to].rfind(' ').unwrap_or(to) } else { to };
            text.truncate(to);
            left = 0;
        } else {
            left -= text.len();
        }
        if !text.is_empty() {
            cut.push((text, how));
        }
        if left == 0 {
            break;
        }
    }
    cut
}
