//! A violation of a rule, with its place.

use std::fmt;

/// Displayed as `file:line: text`; the text names the problem and the remedy.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Finding {
    /// Relative to the workspace root.
    pub(super) file: String,
    /// Counted from 1.
    pub(super) line: usize,
    pub(super) text: String,
}

impl Finding {
    pub(super) fn new(file: &str, line: usize, text: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, text: text.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.text)
    }
}
