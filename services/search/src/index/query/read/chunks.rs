//! Chunks: the parts of a query between white space, as the grammars of constraints read them.

use std::ops::Range;

/// A part of a query without white space.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Chunk {
    /// In lower case, without punctuation at its end.
    pub(super) text: String,
    /// Byte range in the query.
    pub(super) range: Range<usize>,
    /// Whether a comma or the like ends it.
    pub(super) ends_clause: bool,
}

/// Splits a query at white space; quoted texts stay whole.
pub(super) fn chunks(query: &str) -> Vec<Chunk> {
    let mut found = Vec::new();
    let mut start = None;
    let mut is_quoted = false;
    for (at, letter) in query.char_indices() {
        let opens = matches!(letter, '"' | '“' | '„') && is_opening(query, at, start);
        if is_quoted {
            is_quoted = !matches!(letter, '"' | '”' | '“');
        } else if opens {
            let inner = &query[at + letter.len_utf8()..];
            is_quoted = inner.contains(['"', '”', '“']);
        }
        if letter.is_whitespace() && !is_quoted {
            found.extend(start.take().map(|from| chunk(query, from..at)));
        } else if start.is_none() {
            start = Some(at);
        }
    }
    found.extend(start.map(|from| chunk(query, from..query.len())));
    found
}

/// Whether a quote may begin a quoted text: at the start of a chunk, or after its minus.
fn is_opening(query: &str, at: usize, start: Option<usize>) -> bool {
    start.is_none_or(|from| &query[from..at] == "-")
}

fn chunk(query: &str, range: Range<usize>) -> Chunk {
    let lower = query[range.clone()].to_lowercase();
    let text = lower.trim_end_matches([',', ';', '.', '!', '?', ':']);
    Chunk { ends_clause: text.len() < lower.len(), text: text.to_owned(), range }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_split_at_white_space() {
        let texts = |query| chunks(query).into_iter().map(|it| it.text).collect::<Vec<_>>();
        assert_eq!(texts(" Laptop  under $50, "), ["laptop", "under", "$50"]);
        assert_eq!(texts("pdu -\"Tripp Lite\""), ["pdu", "-\"tripp lite\""]);
        assert_eq!(texts("15.6\" laptop 3\""), ["15.6\"", "laptop", "3\""]);
        assert_eq!(texts("\"card reader"), ["\"card", "reader"]);
        assert!(texts(" \t").is_empty());
    }
}
