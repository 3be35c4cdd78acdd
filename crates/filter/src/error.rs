//! What can be wrong with a filter, said so that its writer can mend it.

use crate::{MAX_BYTES, MAX_DEPTH, MAX_TERMS};

/// Why a filter was refused, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {kind}")]
pub struct FilterError {
    /// Where, in characters from 1.
    pub column: usize,
    /// What.
    pub kind: FilterErrorKind,
}

/// What is wrong with a filter. Whatever is quoted from it is cut to a few words.
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
        /// The known name most like it, if one is.
        suggestion: Option<&'static str>,
        /// All the names there are.
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

/// An error where it happened, in bytes from 0: what the parser passes on until it ends.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) offset: usize,
    pub(crate) kind: FilterErrorKind,
}

impl Problem {
    pub(crate) fn new(offset: usize, kind: FilterErrorKind) -> Self {
        Self { offset, kind }
    }

    /// Counts the column, which only an error needs.
    pub(crate) fn in_source(self, source: &str) -> FilterError {
        let before = source.char_indices().take_while(|(offset, _)| *offset < self.offset);
        FilterError { column: before.count() + 1, kind: self.kind }
    }
}

/// A part of the filter as messages quote it: cut, and without characters that hide.
pub(crate) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 40;
    let printable = |c: char| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c };
    let mut shown: String = text.chars().take(LONGEST).map(printable).collect();
    if text.chars().nth(LONGEST).is_some() {
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
