//! Input of an import: any file that people have, as lines of JSON or a table, in UTF-8.

mod container;
mod documents;
mod encoding;
mod item_reader;
mod json_scan;
mod line_writer;
mod lines;
mod readers;
mod source;
mod workbook;
mod xml;

pub(crate) use lines::{LINE_LIMIT, Line, Lines};
pub use source::{Format, OpenOptions, Source};
pub(crate) use xml::entity;

/// Letters that stand for line ends within a cell of a sheet: noncharacters, which Unicode reserves
/// for internal use.
pub(crate) const SHEET_LINE_ENDS: [(char, &str); 2] = [('\n', "\u{fdd0}"), ('\r', "\u{fdd1}")];

/// The text of a cell as it was before its sheet became lines; `None` if it is the same.
pub(crate) fn sheet_text(text: &str) -> Option<String> {
    let has_one = SHEET_LINE_ENDS.iter().any(|(_, mark)| text.contains(mark));
    has_one.then(|| {
        let restored = |text: String, (letter, mark): &(char, &str)| {
            text.replace(mark, letter.encode_utf8(&mut [0; 4]))
        };
        SHEET_LINE_ENDS.iter().fold(text.to_owned(), restored)
    })
}
