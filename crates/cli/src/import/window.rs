//! The rows that are on their way: read, and not yet settled by the server.

use std::collections::VecDeque;

use prost::Message as _;
use proto::catalogue::v1::{ImportRow, RejectedRow};

use super::{original::Original, rejects::Reject, rows::Item};

/// How many rows are kept at most, for sending them again after a cut.
const ROWS: usize = 4_000;
/// How many bytes they may have together. One row more may go beyond it.
const BYTES: usize = 32 << 20;
/// How many rows one message carries at most.
const BATCH_ROWS: usize = 250;
/// How many bytes one message has at most, but for a single row that is larger.
const BATCH_BYTES: usize = 1 << 20;

/// Rows in the order of their lines: first those sent in the current call, then the others. A row
/// that was rejected here waits for those before it, so that what is settled is a line number.
#[derive(Debug, Default)]
pub(crate) struct Window {
    entries: VecDeque<Entry>,
    bytes: usize,
    /// How many entries, from the first on, the current call is done with.
    sent: usize,
    /// How many of the others are to be sent.
    unsent: usize,
    /// The last line that came in, or that the import ends with.
    last: i64,
}

#[derive(Debug)]
struct Entry {
    line: i64,
    size: usize,
    /// Nothing for a row that is not worth sending.
    row: Option<ImportRow>,
    /// Why it is not taken, once that is known.
    reject: Option<RejectedRow>,
    original: Original,
}

impl Window {
    /// A window of an import of which everything up to `line` is settled.
    pub(crate) fn behind(line: i64) -> Self {
        Self { last: line, ..Self::default() }
    }

    pub(crate) fn push(&mut self, Item { line, original, outcome }: Item) {
        let (row, reject) = match outcome {
            Ok(row) => (Some(row), None),
            Err(problem) => (None, Some(problem.at(line))),
        };
        let size = row.as_ref().map_or(0, ImportRow::encoded_len) + original.size();
        self.bytes += size;
        self.unsent += usize::from(row.is_some());
        self.last = line;
        self.entries.push_back(Entry { line, size, row, reject, original });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn is_full(&self) -> bool {
        self.entries.len() >= ROWS || self.bytes >= BYTES
    }

    pub(crate) fn has_unsent(&self) -> bool {
        self.unsent > 0
    }

    /// Whether there are enough unsent rows for a message that is worth sending at once.
    pub(crate) fn has_batch(&self) -> bool {
        self.unsent >= BATCH_ROWS || (self.is_full() && self.has_unsent())
    }

    /// The first line that is not settled.
    pub(crate) fn first_line(&self) -> Option<i64> {
        self.entries.front().map(|entry| entry.line)
    }

    /// Every line up to this one is settled.
    pub(crate) fn settled_line(&self) -> i64 {
        self.first_line().map_or(self.last, |line| line - 1)
    }

    /// The rows of the next message; they stay here until they are settled.
    pub(crate) fn next_batch(&mut self) -> Vec<ImportRow> {
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

    /// Notes that the server does not take a row. It counts once the row is settled: after a cut
    /// it may be told again. Returns it at once where the row is not here.
    pub(crate) fn refuse(&mut self, reject: RejectedRow) -> Option<Reject> {
        match self.entries.binary_search_by_key(&reject.line, |entry| entry.line) {
            Ok(index) => {
                self.entries[index].reject = Some(reject);
                None
            }
            Err(_) => Some(Reject { row: reject, original: Original::Nothing }),
        }
    }

    /// Forgets the rows up to this line, and returns how many were settled and which of them are
    /// rejected. Rows that this call has not sent cannot be settled by it.
    pub(crate) fn settle(&mut self, line: i64) -> (usize, Vec<Reject>) {
        let (mut settled, mut rejects) = (0, Vec::new());
        while let Some(entry) = self.entries.front() {
            if entry.row.is_some() && (self.sent == 0 || entry.line > line) {
                break;
            }
            let Some(entry) = self.entries.pop_front() else { break };
            self.bytes -= entry.size;
            self.sent = self.sent.saturating_sub(1);
            settled += 1;
            let original = entry.original;
            rejects.extend(entry.reject.map(|row| Reject { row, original }));
        }
        (settled, rejects)
    }

    /// The import ends with this line: forgets what is behind it.
    pub(crate) fn end_at(&mut self, line: i64) {
        self.entries.retain(|entry| entry.line <= line);
        self.sent = self.entries.len();
        self.unsent = 0;
        self.bytes = self.entries.iter().map(|entry| entry.size).sum();
        self.last = line;
    }

    /// Begins a new call: every row that is still here goes again.
    pub(crate) fn rewind(&mut self) {
        self.sent = 0;
        self.unsent = 0;
        for entry in self.entries.iter_mut().filter(|entry| entry.row.is_some()) {
            entry.reject = None;
            self.unsent += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::problem::Problem;
    use proto::catalogue::v1::Product;

    fn row(line: i64, name_length: usize) -> Item {
        let product = Product { name: "x".repeat(name_length), ..Product::default() };
        let row = ImportRow { line, product: Some(product), update_mask: None };
        Item { line, original: Original::Nothing, outcome: Ok(row) }
    }

    fn broken(line: i64) -> Item {
        let outcome = Err(Problem::row("MALFORMED_JSON", "is broken"));
        Item { line, original: Original::Text("{".to_owned()), outcome }
    }

    fn lines(batch: &[ImportRow]) -> (i64, i64) {
        (batch[0].line, batch[batch.len() - 1].line)
    }

    #[test]
    fn rows_go_again_until_they_are_settled() {
        let mut window = Window::default();
        (1..=600).for_each(|line| window.push(row(line, 10)));
        assert_eq!(lines(&window.next_batch()), (1, 250));
        assert_eq!(lines(&window.next_batch()), (251, 500));
        assert_eq!(window.settle(300).0, 300);
        window.rewind();
        assert_eq!(lines(&window.next_batch()), (301, 550));
        assert_eq!(window.settle(1_000).0, 250, "rows 551 to 600 have not been sent");
        assert_eq!(lines(&window.next_batch()), (551, 600));
        window.settle(600);
        assert!(window.is_empty() && window.bytes == 0 && !window.has_unsent());
        assert_eq!(window.settled_line(), 600);
    }

    #[test]
    fn neither_rows_nor_bytes_grow_without_bound() {
        let mut window = Window::default();
        (1..=40).for_each(|line| window.push(row(line, 900 << 10)));
        assert!(window.is_full());
        assert_eq!(window.next_batch().len(), 1);
        let mut window = Window::default();
        window.push(row(1, 1));
        (2..=4_000).for_each(|line| window.push(broken(line)));
        assert!(window.is_full(), "broken rows take room, too");
    }

    #[test]
    fn a_broken_row_is_settled_after_those_before_it() {
        let mut window = Window::behind(4);
        assert_eq!(window.settled_line(), 4);
        window.push(broken(5));
        let (settled, rejects) = window.settle(0);
        assert_eq!((settled, rejects[0].row.line, window.settled_line()), (1, 5, 5));
        for item in [row(6, 1), broken(7), row(8, 1), broken(9)] {
            window.push(item);
        }
        assert_eq!(window.settle(0).0, 0);
        assert_eq!(lines(&window.next_batch()), (6, 8));
        let (settled, rejects) = window.settle(6);
        assert_eq!((settled, rejects[0].row.line, window.settled_line()), (2, 7, 7));
        let (settled, rejects) = window.settle(8);
        assert_eq!((settled, rejects[0].row.line, window.settled_line()), (2, 9, 9));
    }

    #[test]
    fn a_refusal_counts_when_its_row_is_settled() {
        let refused = |line| RejectedRow { line, ..RejectedRow::default() };
        let mut window = Window::default();
        (1..=3).for_each(|line| window.push(row(line, 1)));
        window.next_batch();
        assert_eq!(window.refuse(refused(2)), None);
        assert_eq!(window.settle(1).1, []);
        window.rewind();
        window.next_batch();
        assert_eq!(window.settle(2), (1, Vec::new()), "in the new call it was taken");
        window.refuse(refused(3));
        window.end_at(3);
        assert_eq!(window.settle(3).1.len(), 1);
        assert!(window.refuse(refused(3)).is_some(), "it is not here");
    }
}
