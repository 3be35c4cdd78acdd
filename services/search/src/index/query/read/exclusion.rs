//! Exclusions, as people write them: `-black`, `-"tripp lite"`, `without numeric keypad`, `not hp`.

use super::chunks::{Chunk, chunks};

/// An exclusion: how many chunks it takes, and the excluded words.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Exclusion {
    pub(super) length: usize,
    /// Number of chunks, of `length`, that only say that something is excluded.
    pub(super) operator: usize,
    /// The excluded words, if they stand in the operator's own chunk.
    pub(super) own: Option<String>,
}

/// Words that exclude the ones after them, longest first.
const OPERATORS: [&str; 13] = [
    "anything but",
    "other than",
    "apart from",
    "but without",
    "but not",
    "but no",
    "excluding",
    "without",
    "except",
    "not",
    "non",
    "no",
    "w/o",
];

/// Words that end an exclusion.
const ENDINGS: [&str; 22] = [
    "for", "with", "under", "over", "below", "above", "and", "but", "or", "from", "between",
    "without", "not", "no", "less", "more", "max", "min", "up", "to", "in", "except",
];

/// Words after which an operator does not exclude: `no more than`, `not included`.
const NOT_EXCLUDED: [&str; 6] = ["more", "less", "over", "under", "included", "only"];

/// Maximum number of excluded words.
const MAX_WORDS: usize = 3;

/// Splits a query into its text without exclusions and the words after a minus.
pub(crate) fn split_minus(query: &str) -> (String, Vec<String>) {
    let all = chunks(query);
    let is_minus = |chunk: &Chunk| chunk.text.starts_with('-');
    let own = |chunk: &Chunk| {
        let found = exclusion(std::slice::from_ref(chunk)).filter(|_| is_minus(chunk))?;
        found.own
    };
    let excluded: Vec<String> = all.iter().filter_map(own).collect();
    if excluded.is_empty() {
        return (query.to_owned(), excluded);
    }
    let kept = all.iter().filter(|chunk| own(chunk).is_none());
    let kept: String = kept.map(|chunk| format!("{} ", &query[chunk.range.clone()])).collect();
    (kept, excluded)
}

/// Returns the exclusion that these chunks begin with.
pub(super) fn exclusion(chunks: &[Chunk]) -> Option<Exclusion> {
    let first = chunks.first()?;
    if let Some(own) = first.text.strip_prefix('-').or_else(|| first.text.strip_prefix("non-")) {
        let own = own.trim_matches(['"', '“', '”']);
        // A minus before a digit is a sign.
        let is_word = own.starts_with(char::is_alphabetic);
        return is_word.then(|| Exclusion { length: 1, operator: 0, own: Some(own.to_owned()) });
    }
    let operator = OPERATORS.iter().find_map(|operator| {
        let length = operator.split(' ').count();
        let is_here = chunks.len() > length
            && operator
                .split(' ')
                .zip(chunks)
                .all(|(word, chunk)| chunk.text == word && !chunk.ends_clause);
        is_here.then_some(length)
    })?;
    let rest = &chunks[operator..];
    if rest.first().is_some_and(|it| NOT_EXCLUDED.contains(&it.text.as_str())) {
        return None;
    }
    let article = rest.first().filter(|it| matches!(it.text.as_str(), "a" | "an" | "any" | "the"));
    let skipped = usize::from(article.is_some());
    let mut words = 0;
    for chunk in rest[skipped..].iter().take(MAX_WORDS) {
        if ENDINGS.contains(&chunk.text.as_str())
            || !chunk.text.starts_with(|it: char| it.is_alphanumeric() || it == '"')
        {
            break;
        }
        words += 1;
        if chunk.ends_clause || chunk.text.starts_with('"') {
            break;
        }
    }
    (words > 0).then_some(Exclusion {
        length: operator + skipped + words,
        operator: operator + skipped,
        own: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minus_splits_a_query() {
        let split = |query| split_minus(query);
        assert_eq!(
            split("mug -red -\"two tone\" l"),
            ("mug l ".to_owned(), vec!["red".to_owned(), "two tone".to_owned()])
        );
        assert_eq!(split("lens -0.5"), ("lens -0.5".to_owned(), Vec::new()));
    }

    #[test]
    fn operators_exclude_what_follows() {
        let excluded = |text: &str| {
            let chunks = chunks(text);
            let found = exclusion(&chunks)?;
            let words = chunks[found.operator..found.length].iter().map(|it| it.text.as_str());
            Some(found.own.unwrap_or_else(|| words.collect::<Vec<_>>().join(" ")))
        };
        for (text, expected) in [
            ("-epson", "epson"),
            ("-\"tripp lite\"", "tripp lite"),
            ("non-ecc", "ecc"),
            ("other than origin storage", "origin storage"),
            ("without a numeric keypad", "numeric keypad"),
            ("NOT hp under $50", "hp"),
            ("but not samsung, black", "samsung"),
        ] {
            assert_eq!(excluded(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "-0.5",
            "-48v",
            "no",
            "not more than 5",
            "no less than 5",
            "not included",
            "all-in-one",
            "-",
        ] {
            assert_eq!(excluded(text), None, "{text}");
        }
    }
}
