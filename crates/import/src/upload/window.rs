//! The send window: rows that are read and not yet settled by the server.

use std::collections::VecDeque;

use prost::Message as _;
use proto::catalogue::v1::{ImportRow, RejectedRow};

use super::rejects::Reject;
use crate::{ParsedRow, RowReject, SourceRow};

/// Maximum number of rows in the window.
const ROWS: usize = 4_000;
/// Size at which the window is full, in bytes; exceeded by at most one row.
const BYTES: usize = 32 << 20;
/// Maximum number of rows in a message.
const BATCH_ROWS: usize = 250;
/// Maximum size of a message in bytes, except for a single larger row.
const BATCH_BYTES: usize = 1 << 20;

/// Unsettled rows in the order of their lines: first the rows sent in the current call, then the unsent ones. Rows are
/// settled in order, so that progress is a single line number: a row that was rejected locally waits for the rows
/// before it.
#[derive(Debug, Default)]
pub(super) struct Window {
    entries: VecDeque<Entry>,
    bytes: usize,
    /// Number of entries that the current call has sent or skipped.
    sent: usize,
    /// Number of rows still to send.
    unsent: usize,
    /// The last line added, or the line at which the import ends.
    last: i64,
}

#[derive(Debug)]
struct Entry {
    line: i64,
    size: usize,
    /// `None` for a row that was rejected locally.
    row: Option<ImportRow>,
    /// The reason, if the row was rejected.
    reject: Option<RejectedRow>,
    /// The rows of the source that it is made from.
    source_rows: Vec<(i64, SourceRow)>,
    /// Rows of the source among them that were rejected alone.
    rejects: Vec<RowReject>,
}

/// Rows that were settled.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Settled {
    /// Number of rows.
    pub(super) rows: usize,
    /// Number of rows of the source that were grouped with another one of their product.
    pub(super) grouped: u64,
    pub(super) rejects: Vec<Reject>,
}

impl Window {
    /// An empty window of an import that has settled the rows up to `line`.
    pub(super) fn starting_after(line: i64) -> Self {
        Self { last: line, ..Self::default() }
    }

    pub(super) fn push(&mut self, parsed: ParsedRow) {
        let ParsedRow { line, last_line, source_rows, outcome, rejects, .. } = parsed;
        let (row, reject) = match outcome {
            Ok(row) => (Some(row), None),
            Err(error) => (None, Some(error.at(line))),
        };
        let sources = source_rows.iter().map(|(_, row)| row);
        let sources = sources.chain(rejects.iter().map(|reject| &reject.source_row));
        let sources = sources.map(SourceRow::size).sum::<usize>();
        let size = row.as_ref().map_or(0, ImportRow::encoded_len) + sources;
        self.bytes += size;
        self.unsent += usize::from(row.is_some());
        self.last = last_line;
        self.entries.push_back(Entry { line, size, row, reject, source_rows, rejects });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.entries.len() >= ROWS || self.bytes >= BYTES
    }

    pub(super) fn has_unsent(&self) -> bool {
        self.unsent > 0
    }

    /// Whether there are enough unsent rows for a full message.
    pub(super) fn has_batch(&self) -> bool {
        self.unsent >= BATCH_ROWS || (self.is_full() && self.has_unsent())
    }

    /// The first unsettled line.
    pub(super) fn first_line(&self) -> Option<i64> {
        self.entries.front().map(|entry| entry.line)
    }

    /// The last line up to which all rows are settled.
    pub(super) fn settled_line(&self) -> i64 {
        self.first_line().map_or(self.last, |line| line - 1)
    }

    /// Returns the rows of the next message, which stay in the window until they are settled.
    pub(super) fn next_batch(&mut self) -> Vec<ImportRow> {
        let mut rows = Vec::new();
        let mut bytes = 0;
        for entry in self.entries.range(self.sent..) {
            let Some(row) = &entry.row else {
                self.sent += 1;
                continue;
            };
            bytes += row.encoded_len();
            if rows.len() == BATCH_ROWS || (bytes > BATCH_BYTES && !rows.is_empty()) {
                break;
            }
            self.sent += 1;
            rows.push(row.clone());
        }
        self.unsent -= rows.len();
        rows
    }

    /// Marks a row as rejected by the server. It is reported when the row is settled, because after
    /// a reconnect the server may reject it again. Returns the reject if the row is not in the window.
    pub(super) fn mark_rejected(&mut self, reject: RejectedRow) -> Option<Reject> {
        match self.entries.binary_search_by_key(&reject.line, |entry| entry.line) {
            Ok(index) => {
                self.entries[index].reject = Some(reject);
                None
            }
            Err(_) => Some(Reject { row: reject, source_row: SourceRow::Missing }),
        }
    }

    /// Removes the rows up to this line. Rows that the current call has not sent are not settled by
    /// it.
    pub(super) fn settle(&mut self, line: i64) -> Settled {
        let mut settled = Settled::default();
        while let Some(entry) = self.entries.front() {
            if entry.row.is_some() && (self.sent == 0 || entry.line > line) {
                break;
            }
            let Some(entry) = self.entries.pop_front() else { break };
            self.bytes -= entry.size;
            self.sent = self.sent.saturating_sub(1);
            settled.rows += 1;
            settled.add(entry);
        }
        // Rows that were rejected alone stand among the rows of their product.
        settled.rejects.sort_by_key(|reject| reject.row.line);
        settled
    }

    /// Ends the import at this line: removes all rows after it.
    pub(super) fn truncate_after(&mut self, line: i64) {
        self.entries.retain(|entry| entry.line <= line);
        self.sent = self.entries.len();
        self.unsent = 0;
        self.bytes = self.entries.iter().map(|entry| entry.size).sum();
        self.last = line;
    }

    /// Begins a new call, in which all rows of the window are sent again.
    pub(super) fn rewind(&mut self) {
        self.sent = 0;
        self.unsent = 0;
        for entry in self.entries.iter_mut().filter(|entry| entry.row.is_some()) {
            entry.reject = None;
            self.unsent += 1;
        }
    }
}

impl Settled {
    fn add(&mut self, Entry { reject, source_rows, rejects, .. }: Entry) {
        match reject {
            None => self.grouped += source_rows.len().saturating_sub(1) as u64,
            Some(reject) => {
                let rejected = source_rows.into_iter().map(|(line, source_row)| {
                    let row = RejectedRow { line, ..reject.clone() };
                    Reject { row, source_row }
                });
                self.rejects.extend(rejected);
            }
        }
        self.rejects.extend(rejects.into_iter().map(|RowReject { line, source_row, error }| {
            Reject { row: error.at(line), source_row }
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RowError;
    use proto::catalogue::v1::Product;

    fn row(line: i64, name_length: usize) -> ParsedRow {
        let product = Product { name: "x".repeat(name_length), ..Product::default() };
        let row = ImportRow { line, product: Some(product), update_mask: None };
        parsed(line, Ok(row), SourceRow::Missing)
    }

    fn parsed(line: i64, outcome: Result<ImportRow, RowError>, source_row: SourceRow) -> ParsedRow {
        let source_rows = vec![(line, source_row)];
        ParsedRow { line, last_line: line, source_rows, outcome, key: None, rejects: Vec::new() }
    }

    fn broken(line: i64) -> ParsedRow {
        let outcome = Err(RowError::row("MALFORMED_JSON", "is broken"));
        parsed(line, outcome, SourceRow::Text("{".to_owned()))
    }

    fn lines(batch: &[ImportRow]) -> (i64, i64) {
        (batch[0].line, batch[batch.len() - 1].line)
    }

    #[test]
    fn rows_are_resent_until_they_are_settled() {
        let mut window = Window::default();
        (1..=600).for_each(|line| window.push(row(line, 10)));
        assert_eq!(lines(&window.next_batch()), (1, 250));
        assert_eq!(lines(&window.next_batch()), (251, 500));
        assert_eq!(window.settle(300).rows, 300);
        window.rewind();
        assert_eq!(lines(&window.next_batch()), (301, 550));
        assert_eq!(window.settle(1_000).rows, 250, "rows 551 to 600 have not been sent");
        assert_eq!(lines(&window.next_batch()), (551, 600));
        window.settle(600);
        assert!(window.is_empty() && window.bytes == 0 && !window.has_unsent());
        assert_eq!(window.settled_line(), 600);
    }

    #[test]
    fn rows_and_bytes_are_bounded() {
        let mut window = Window::default();
        (1..=40).for_each(|line| window.push(row(line, 900 << 10)));
        assert!(window.is_full());
        assert_eq!(window.next_batch().len(), 1);
        let mut window = Window::default();
        window.push(row(1, 1));
        (2..=4_000).for_each(|line| window.push(broken(line)));
        assert!(window.is_full(), "invalid rows count, too");
    }

    #[test]
    fn an_invalid_row_is_settled_after_the_rows_before_it() {
        let mut window = Window::starting_after(4);
        assert_eq!(window.settled_line(), 4);
        window.push(broken(5));
        let Settled { rows: settled, rejects, .. } = window.settle(0);
        assert_eq!((settled, rejects[0].row.line, window.settled_line()), (1, 5, 5));
        for item in [row(6, 1), broken(7), row(8, 1), broken(9)] {
            window.push(item);
        }
        assert_eq!(window.settle(0).rows, 0);
        assert_eq!(lines(&window.next_batch()), (6, 8));
        let Settled { rows: settled, rejects, .. } = window.settle(6);
        assert_eq!((settled, rejects[0].row.line, window.settled_line()), (2, 7, 7));
        let Settled { rows: settled, rejects, .. } = window.settle(8);
        assert_eq!((settled, rejects[0].row.line, window.settled_line()), (2, 9, 9));
    }

    #[test]
    fn a_reject_is_reported_when_its_row_is_settled() {
        let refused = |line| RejectedRow { line, ..RejectedRow::default() };
        let mut window = Window::default();
        (1..=3).for_each(|line| window.push(row(line, 1)));
        window.next_batch();
        assert_eq!(window.mark_rejected(refused(2)), None);
        assert_eq!(window.settle(1).rejects, []);
        window.rewind();
        window.next_batch();
        let settled = Settled { rows: 1, ..Settled::default() };
        assert_eq!(window.settle(2), settled, "in the new call it was taken");
        window.mark_rejected(refused(3));
        window.truncate_after(3);
        assert_eq!(window.settle(3).rejects.len(), 1);
        assert!(window.mark_rejected(refused(3)).is_some(), "it is not here");
    }

    #[test]
    fn rows_of_a_product_are_settled_together() {
        let group = |outcome| ParsedRow {
            line: 2,
            last_line: 5,
            source_rows: [2, 3, 5].map(|line| (line, SourceRow::Missing)).to_vec(),
            outcome,
            key: None,
            rejects: vec![RowReject {
                line: 4,
                source_row: SourceRow::Missing,
                error: RowError::row("MALFORMED_CSV", "is broken"),
            }],
        };
        let lines_of = |settled: &Settled| -> Vec<i64> {
            settled.rejects.iter().map(|reject| reject.row.line).collect()
        };
        let mut window = Window::starting_after(1);
        window.push(group(row(2, 1).outcome));
        window.next_batch();
        let settled = window.settle(2);
        assert_eq!((settled.rows, settled.grouped, lines_of(&settled)), (1, 2, vec![4]));
        assert_eq!(window.settled_line(), 5);

        let mut window = Window::starting_after(1);
        window.push(group(row(2, 1).outcome));
        window.next_batch();
        window.mark_rejected(RejectedRow { line: 2, ..RejectedRow::default() });
        let settled = window.settle(2);
        assert_eq!((settled.grouped, lines_of(&settled)), (0, vec![2, 3, 4, 5]));
    }
}
