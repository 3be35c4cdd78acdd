//! Queries generated from product names.

use serde_json::Value;
use testkit::Random;

use super::products::Source;

/// A kind of query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One to three words, with facets of brand and category.
    Facets,
    /// Words, one of them with letters swapped, missing or doubled.
    Typo,
    /// Words, the last truncated.
    Prefix,
    /// A suggestion for the same.
    Suggest,
    /// All products.
    Browse,
}

/// Generates queries.
pub(crate) struct Generator<'a> {
    source: &'a Source,
    count: usize,
    random: Random,
}

impl<'a> Generator<'a> {
    pub(crate) fn new(source: &'a Source, count: usize, random: Random) -> Self {
        Self { source, count, random }
    }

    /// Generates `count` paths with queries of a kind.
    pub(crate) fn paths(&self, kind: Kind, count: usize) -> Vec<String> {
        let mut random = self.random.branch(&format!("{kind:?}"));
        let mut paths = Vec::with_capacity(count);
        while paths.len() < count {
            let product = self.source.product(random.below(self.count as u64) as usize);
            paths.extend(path(kind, &product, &mut random));
        }
        paths
    }
}

fn path(kind: Kind, product: &Value, random: &mut Random) -> Option<String> {
    let name = product["name"].as_str()?.to_lowercase();
    let is_word = |word: &&str| word.len() > 2 && word.chars().all(char::is_alphanumeric);
    let words: Vec<&str> = name.split_whitespace().filter(is_word).collect();
    if words.len() < 2 {
        return None;
    }
    let length = (1 + random.below(3) as usize).min(words.len());
    let from = random.below((words.len() - length + 1) as u64) as usize;
    let mut words: Vec<String> =
        words[from..from + length].iter().map(|word| (*word).to_owned()).collect();
    match kind {
        Kind::Facets | Kind::Browse => {}
        Kind::Typo => {
            let long = |word: &&mut String| {
                word.len() > 5 && word.bytes().all(|it| it.is_ascii_lowercase())
            };
            let word = words.iter_mut().find(long)?;
            *word = mistyped(word, random);
        }
        Kind::Prefix | Kind::Suggest => {
            let last = words.last_mut()?;
            let keep = last.char_indices().nth(3).map_or(last.len(), |(at, _)| at);
            last.truncate(keep);
        }
    }
    let query: String = url::form_urlencoded::byte_serialize(words.join(" ").as_bytes()).collect();
    Some(match kind {
        Kind::Suggest => format!("/v1/suggest?query={query}"),
        Kind::Browse => "/v1/search".to_owned(),
        Kind::Facets => format!("/v1/search?q={query}&facets=brand&facets=category"),
        Kind::Typo | Kind::Prefix => format!("/v1/search?q={query}"),
    })
}

fn mistyped(word: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = 1 + random.below(letters.len() as u64 - 2) as usize;
    match random.below(3) {
        0 => letters.swap(at, at + 1),
        1 => {
            letters.remove(at);
        }
        _ => letters.insert(at, letters[at]),
    }
    letters.into_iter().collect()
}
