//! Parse errors, with messages that help users to correct a filter.

use crate::{MAX_BYTES, MAX_DEPTH, MAX_TERMS};

/// A parse error and its position.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {kind}")]
pub struct FilterError {
    /// Position in characters, starting at 1.
    pub column: usize,
    pub kind: FilterErrorKind,
}

/// The kind of a parse error. Excerpts of the filter in it are bounded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FilterErrorKind {
    #[error("the filter has {bytes} bytes, more than {MAX_BYTES}")]
    TooLong { bytes: usize },
    #[error("parentheses are nested deeper than {MAX_DEPTH}")]
    TooDeep,
    #[error("the filter has more than {MAX_TERMS} comparisons")]
    TooManyTerms,
    #[error("found {found}, expected {expected}")]
    Unexpected { found: String, expected: &'static str },
    #[error(
        "{word} stands alone: compare a field with it, as in `field:value`, and put quotes around \
         a value that has spaces"
    )]
    LoneWord { word: String },
    #[error("`{found}` is written in capitals, `{}`", .found.to_ascii_uppercase())]
    LowercaseKeyword { found: String },
    #[error("the quote {quote} is never closed")]
    UnclosedQuote { quote: char },
    #[error(r#"`\{found}` means nothing: a backslash goes before `\`, `"`, `'` or `*`"#)]
    UnknownEscape { found: char },
    #[error("unknown field {name}, {}", hint(*.suggestion, .known))]
    UnknownField {
        name: String,
        /// The most similar field name, if any is similar enough.
        suggestion: Option<&'static str>,
        /// All field names.
        known: Vec<&'static str>,
    },
    #[error(
        "`{field}` needs one name behind it, as in `{field}.colour` or `{field}.\"screen size\"`"
    )]
    NeedsKey { field: &'static str },
    #[error("`{field}` does not take `{operator}`, only {allowed}")]
    WrongOperator { field: &'static str, operator: &'static str, allowed: String },
    #[error("found {found}, but `{field}` takes {expected}")]
    WrongValue { field: &'static str, found: String, expected: String },
}

/// A parse error with its byte offset, as the parser returns it internally.
#[derive(Debug)]
pub(crate) struct ParseError {
    pub(crate) offset: usize,
    pub(crate) kind: FilterErrorKind,
}

impl ParseError {
    pub(crate) fn new(offset: usize, kind: FilterErrorKind) -> Self {
        Self { offset, kind }
    }

    /// Converts the byte offset to a column.
    pub(crate) fn in_source(self, source: &str) -> FilterError {
        let before = source.char_indices().take_while(|(offset, _)| *offset < self.offset);
        FilterError { column: before.count() + 1, kind: self.kind }
    }
}

/// Quotes a part of the filter for an error message, clipped and without control characters.
pub(crate) fn excerpt(text: &str) -> String {
    const MAX_LENGTH: usize = 40;
    let printable = |c: char| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c };
    let mut shown: String = text.chars().take(MAX_LENGTH).map(printable).collect();
    if text.chars().nth(MAX_LENGTH).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

fn hint(suggestion: Option<&'static str>, known: &[&'static str]) -> String {
    match suggestion {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("the fields are {}", known.join(", ")),
    }
}
