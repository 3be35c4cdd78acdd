//! What of a product matched a query, for people to see.
//!
//! The texts are taken apart as for the index, and each word is looked up among what the query's
//! words mean: what is marked is what was found, whatever form it has.

use super::{
    analysis::{Analysis, Token, fold, joined, measure, tokens},
    expand::{How, Meaning},
    terms::shown,
};
use proto::catalogue::v1::{Product, attribute};
use std::collections::HashMap;

/// A longer text is cut to an extract of about so many bytes, around its first match.
const LONGEST: usize = 240;

/// Attributes that are shown at most.
const MOST_ATTRIBUTES: usize = 10;

/// A text, cut at what matched.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Highlight {
    /// As in a filter.
    pub(crate) field: String,
    pub(crate) fragments: Vec<Fragment>,
}

/// A part of a text, and how it matched, if it did.
pub(crate) type Fragment = (String, Option<How>);

/// Marks what the words of a query mean.
pub(super) struct Marker<'a> {
    analysis: &'a Analysis,
    terms: HashMap<&'a str, How>,
    /// The first bytes of all terms: a word that begins otherwise needs no closer look, as no form of
    /// a word begins with another letter.
    beginnings: [bool; 256],
    /// The word that is still being typed.
    open: Option<&'a str>,
    /// The words as they were typed.
    typed: Vec<&'a str>,
}

impl<'a> Marker<'a> {
    pub(super) fn new(analysis: &'a Analysis, meanings: &'a [Meaning]) -> Self {
        let mut terms: HashMap<&str, How> = HashMap::new();
        for alternative in meanings.iter().flat_map(|meaning| &meaning.alternatives) {
            for term in &alternative.terms {
                let how = terms.entry(term).or_insert(alternative.how);
                *how = alternative.how.min(*how);
            }
        }
        let open = meanings.iter().find(|meaning| meaning.asked.open);
        let mut beginnings = [false; 256];
        let starts = terms.keys().filter_map(|term| term.trim_start_matches('~').bytes().next());
        starts.for_each(|byte| beginnings[usize::from(byte)] = true);
        Self {
            analysis,
            terms,
            beginnings,
            open: open.map(|meaning| meaning.asked.typed.as_str()),
            typed: meanings.iter().map(|meaning| meaning.asked.typed.as_str()).collect(),
        }
    }

    /// Marks a text of any kind, whole.
    pub(super) fn mark(&self, text: &str) -> Vec<Fragment> {
        let tokens = tokens(text);
        let hows: Vec<Option<How>> = (0..tokens.len()).map(|at| self.how(&tokens, at)).collect();
        let mut fragments: Vec<Fragment> = Vec::new();
        let mut end = 0;
        let mut push = |part: &str, how: Option<How>| match fragments.last_mut() {
            _ if part.is_empty() => {}
            Some((last, same)) if *same == how => last.push_str(part),
            _ => fragments.push((part.to_owned(), how)),
        };
        for (token, how) in tokens.iter().zip(hows) {
            if how.is_none() {
                continue;
            }
            push(&text[end..token.place.start], None);
            push(&text[token.place.clone()], how);
            end = token.place.end;
        }
        push(&text[end..], None);
        fragments
    }

    /// How a word of a text matches.
    fn how(&self, tokens: &[Token], at: usize) -> Option<How> {
        let token = &tokens[at];
        let begins_so = |token: &Token| {
            token.text.bytes().next().is_some_and(|byte| self.beginnings[usize::from(byte)])
        };
        if !begins_so(token) && !token.digits && !token.glued {
            // A unit is marked with the number before it.
            let follows_number = at > 0 && tokens[at - 1].digits;
            if !follows_number && !tokens.get(at + 1).is_some_and(|next| next.glued) {
                return None;
            }
        }
        let of = |term: &str| self.terms.get(term).copied();
        let mut best = of(&token.text);
        let mut add = |how: Option<How>| {
            best = match (best, how) {
                (Some(a), Some(b)) => Some(a.min(b)),
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
        let begins = self.open.is_some_and(|open| token.text.starts_with(open));
        add(begins.then_some(How::Prefix));
        best
    }

    /// Marks every text of a product that has a match.
    pub(super) fn highlights(&self, product: &Product) -> Vec<Highlight> {
        let mut found = Vec::new();
        let mut add = |field: &str, text: &str| {
            let fragments = self.mark(text);
            let matches = fragments.iter().any(|(_, how)| how.is_some());
            if matches {
                let fragments = extract(fragments);
                found.push(Highlight { field: field.to_owned(), fragments });
            }
            matches
        };
        add("name", &product.name);
        add("brand", &product.brand);
        let paths = product.category_paths.iter();
        let mut categories: Vec<&String> = paths.flat_map(|path| &path.names).collect();
        categories.dedup();
        categories.iter().for_each(|name| {
            add("category", name);
        });
        add("description", &product.description);
        for variant in &product.variants {
            add("sku", &variant.sku);
            add("gtin", &variant.gtin);
        }
        if product.variants.is_empty() {
            add("sku", &product.id);
        }
        let texts = product.attributes.iter().filter(|attribute| {
            matches!(attribute.value, Some(attribute::Value::Text(_) | attribute::Value::Number(_)))
        });
        let mut left = MOST_ATTRIBUTES;
        for attribute in texts {
            if left == 0 {
                break;
            }
            let field = format!("attributes.{}", quoted(&attribute.name));
            left -= usize::from(add(&field, shown(attribute).trim_end()));
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
