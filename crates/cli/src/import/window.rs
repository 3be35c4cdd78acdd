//! The rows that are on their way: read, and not yet settled by the server.

use std::collections::VecDeque;

use prost::Message as _;
use proto::catalogue::v1::{ImportProductsRequest, ImportRow};

/// How many rows are kept at most, for sending them again after a cut.
const ROWS: usize = 4_000;
/// How many bytes they may have together. One row more may go beyond it.
const BYTES: usize = 32 << 20;
/// How many rows one message carries at most.
const BATCH_ROWS: usize = 250;
/// How many bytes one message has at most, but for a single row that is larger.
const BATCH_BYTES: usize = 1 << 20;

/// Rows in the order of their lines: first those sent in the current call, then the others.
#[derive(Debug, Default)]
pub(crate) struct Window {
    rows: VecDeque<(ImportRow, usize)>,
    bytes: usize,
    sent: usize,
}

impl Window {
    pub(crate) fn push(&mut self, row: ImportRow) {
        let size = row.encoded_len();
        self.bytes += size;
        self.rows.push_back((row, size));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(crate) fn is_full(&self) -> bool {
        self.rows.len() >= ROWS || self.bytes >= BYTES
    }

    pub(crate) fn has_unsent(&self) -> bool {
        self.sent < self.rows.len()
    }

    /// Whether there are enough unsent rows for a message that is worth sending at once.
    pub(crate) fn has_batch(&self) -> bool {
        self.rows.len() - self.sent >= BATCH_ROWS || (self.is_full() && self.has_unsent())
    }

    /// The first line that is not settled.
    pub(crate) fn first_line(&self) -> Option<i64> {
        self.rows.front().map(|(row, _)| row.line)
    }

    /// The next message; its rows stay here until they are settled.
    pub(crate) fn next_batch(&mut self) -> ImportProductsRequest {
        let mut rows = Vec::new();
        let mut bytes = 0;
        for (row, size) in self.rows.range(self.sent..).take(BATCH_ROWS) {
            bytes += size;
            if bytes > BATCH_BYTES && !rows.is_empty() {
                break;
            }
            rows.push(row.clone());
        }
        self.sent += rows.len();
        ImportProductsRequest { rows, ..Default::default() }
    }

    /// Forgets the rows up to this line and says how many they were. Rows that this call has not
    /// sent cannot be settled by it.
    pub(crate) fn settle(&mut self, line: i64) -> usize {
        let mut settled = 0;
        while self.sent > 0 && self.first_line().is_some_and(|first| first <= line) {
            self.bytes -= self.rows.pop_front().map_or(0, |(_, size)| size);
            self.sent -= 1;
            settled += 1;
        }
        settled
    }

    /// Begins a new call: every row that is still here goes again.
    pub(crate) fn rewind(&mut self) {
        self.sent = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::catalogue::v1::Product;

    fn row(line: i64, name_length: usize) -> ImportRow {
        let product = Product { name: "x".repeat(name_length), ..Product::default() };
        ImportRow { line, product: Some(product), update_mask: None }
    }

    fn lines(batch: &ImportProductsRequest) -> (i64, i64) {
        (batch.rows[0].line, batch.rows[batch.rows.len() - 1].line)
    }

    #[test]
    fn rows_go_again_until_they_are_settled() {
        let mut window = Window::default();
        (1..=600).for_each(|line| window.push(row(line, 10)));
        assert_eq!(lines(&window.next_batch()), (1, 250));
        assert_eq!(lines(&window.next_batch()), (251, 500));
        assert_eq!(window.settle(300), 300);
        window.rewind();
        assert_eq!(lines(&window.next_batch()), (301, 550));
        assert_eq!(window.settle(1_000), 250, "rows 551 to 600 have not been sent");
        assert_eq!(lines(&window.next_batch()), (551, 600));
        window.settle(600);
        assert!(window.is_empty() && window.bytes == 0);
    }

    #[test]
    fn neither_rows_nor_bytes_grow_without_bound() {
        let mut window = Window::default();
        (1..=40).for_each(|line| window.push(row(line, 900 << 10)));
        assert!(window.is_full());
        assert_eq!(window.next_batch().rows.len(), 1);
        let mut window = Window::default();
        (1..=4_000).for_each(|line| window.push(row(line, 1)));
        assert!(window.is_full());
    }
}
