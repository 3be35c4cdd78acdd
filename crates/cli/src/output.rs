//! What is written to standard output, for people and for programs.

use std::io::{self, IsTerminal as _, Write as _};

use comfy_table::{Cell, CellAlignment, ContentArrangement, Row, Table, presets};
use pbjson_types::Timestamp;
use proto::{catalogue::v1::Product, money};

use crate::diff::status;

/// How answers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Output {
    /// For people.
    Table,
    /// For programs.
    Json,
}

/// How many rows of a long list are laid out together.
const ROWS: usize = 500;

/// Writes a line to standard output.
///
/// # Errors
/// Nobody reads any more, among others: `main` ends quietly then.
pub(crate) fn print_line(line: &str) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{line}")
}

/// Writes a line about something that is not as it should be to standard error.
pub(crate) fn warn(line: &str) {
    // Nothing better can be done about a standard error that is closed.
    writeln!(io::stderr(), "catctl: {}", clean(line)).ok();
}

/// A text from outside as a terminal may see it: without control characters, which could move the
/// cursor or retitle the window, and without those that turn the direction of writing.
pub(crate) fn clean(text: &str) -> String {
    let replace = |letter: char| match letter {
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => None,
        letter if letter.is_control() => Some(' '),
        letter => Some(letter),
    };
    text.chars().filter_map(replace).collect()
}

/// A number with its thousands set apart.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A product's price as people write it; empty where it has none.
pub(crate) fn price(product: &Product) -> String {
    product.price.as_ref().map(money::display).unwrap_or_default()
}

/// The first characters of a text, with `…` where some are left out.
pub(crate) fn clip(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        None => text.to_owned(),
        Some(_) => text.chars().take(length.saturating_sub(1)).chain(['…']).collect(),
    }
}

/// Day and time, in UTC, such as `2026-11-22 15:44:01`; empty for what no calendar has.
pub(crate) fn moment(timestamp: &Timestamp) -> String {
    let moment = time::OffsetDateTime::from_unix_timestamp(timestamp.seconds);
    moment.map_or(String::new(), |moment| {
        let (day, hour) = (moment.date(), moment.time());
        let (hour, minute, second) = hour.as_hms();
        format!("{day} {hour:02}:{minute:02}:{second:02}")
    })
}

/// Writes one thing: as JSON that people can read, too, or as a line of words.
///
/// # Errors
/// Those of standard output.
pub(crate) fn answer(
    output: Output,
    value: &impl serde::Serialize,
    words: impl FnOnce() -> String,
) -> io::Result<()> {
    match output {
        Output::Json => print_line(&serde_json::to_string_pretty(value)?),
        Output::Table => print_line(&clean(&words())),
    }
}

/// A table as text, its columns two blanks apart.
pub(crate) fn text(mut table: Table) -> String {
    table.column_iter_mut().for_each(|column| {
        column.set_padding((0, 2));
    });
    table.trim_fmt()
}

/// A table without lines, as wide as the terminal.
pub(crate) fn table() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    // Into a pipe every text goes whole.
    let arrangement = match io::stdout().is_terminal() {
        true => ContentArrangement::Dynamic,
        false => ContentArrangement::Disabled,
    };
    table.set_content_arrangement(arrangement);
    table
}

/// A product's status, that it is deleted, and how many variants it has.
fn state(product: &Product) -> String {
    let status = if product.delete_time.is_some() { "deleted" } else { status(product) };
    match product.variants.len() {
        0 => status.to_owned(),
        1 => format!("{status}, 1 variant"),
        count => format!("{status}, {count} variants"),
    }
}

/// Writes products one after the other as they come, in bounded memory.
pub(crate) struct Products {
    output: Output,
    rows: Vec<Row>,
    headed: bool,
}

impl Products {
    pub(crate) fn new(output: Output) -> Self {
        Self { output, rows: Vec::new(), headed: false }
    }

    /// # Errors
    /// Those of standard output.
    pub(crate) fn add(&mut self, product: &Product) -> io::Result<()> {
        if self.output == Output::Json {
            return print_line(&serde_json::to_string(product)?);
        }
        let stock = product.stock_qty.to_string();
        let mut row = Row::new();
        row.add_cell(Cell::new(clean(&product.id)))
            .add_cell(Cell::new(clean(&product.name)))
            .add_cell(Cell::new(clean(&product.brand)))
            .add_cell(Cell::new(clean(&price(product))).set_alignment(CellAlignment::Right))
            .add_cell(Cell::new(stock).set_alignment(CellAlignment::Right))
            .add_cell(Cell::new(state(product)))
            .max_height(1);
        self.rows.push(row);
        if self.rows.len() == ROWS { self.finish() } else { Ok(()) }
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// Those of standard output.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let mut table = table();
        if !self.headed {
            table.set_header(["ID", "NAME", "BRAND", "PRICE", "STOCK", "STATUS"]);
            self.headed = true;
        }
        table.add_rows(self.rows.drain(..));
        print_line(&text(table))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_play_with_the_terminal() {
        assert_eq!(clean("a\u{1b}]0;title\u{7}b\nc"), "a ]0;title b c");
        assert_eq!(clean("\u{9b}31m\u{202e}abc\u{7f}"), " 31mabc ");
        assert_eq!(clean("Grüße, 日本"), "Grüße, 日本");
    }

    #[test]
    fn long_texts_are_cut_and_times_can_be_read() {
        assert_eq!(clip("Grüße", 5), "Grüße");
        assert_eq!(clip("Grüße!", 5), "Grüß…");
        let at = |seconds| moment(&Timestamp { seconds, nanos: 0 });
        assert_eq!(at(1_795_362_241), "2026-11-22 15:44:01");
        assert_eq!(at(i64::MAX), "");
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(19_406), "19,406");
        assert_eq!(thousands(1_234_567), "1,234,567");
    }
}
