//! The progress of an import, as its report.

use std::{
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::Result;
use import::{Counts, Progress, Reject, RejectsFile, Source, Tally};
use prost::Message as _;
use proto::catalogue::v1::{
    ImportProductsResponse, ImportRejectCount, ImportReport, RejectedRow, RowDiff,
};

use super::report_limits::limit;

/// Maximum number of rejected rows in a report; the file of them has all.
const SHOWN_REJECTS: usize = 20;
/// Maximum number of differences in the report of a dry run.
const SHOWN_DIFFS: usize = 50;
/// Maximum size of the differences, in bytes.
const DIFF_BYTES: usize = 64 << 10;
/// Maximum number of reasons with their counts.
const REASONS: usize = 100;

/// A report that an import changes while others read it. Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct SharedReport {
    report: Arc<Mutex<ImportReport>>,
    position: Arc<Mutex<Option<Arc<AtomicU64>>>>,
}

impl SharedReport {
    pub(super) fn new(report: ImportReport) -> Self {
        Self { report: Arc::new(Mutex::new(report)), ..Self::default() }
    }

    /// Changes the report.
    pub(super) fn change(&self, change: impl FnOnce(&mut ImportReport)) {
        change(&mut self.report.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }

    /// Sets the counter of the bytes that are read of the file.
    pub(super) fn follow(&self, position: Arc<AtomicU64>) {
        *self.position.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(position);
    }

    /// The report as it is now, within the limits of reports.
    pub(super) fn now(&self) -> ImportReport {
        let position = self.position.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let read = position.as_ref().map(|position| position.load(Ordering::Relaxed));
        let report = self.report.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut report = report.clone();
        if let Some(read) = read {
            report.read_bytes = i64::try_from(read).unwrap_or(i64::MAX);
        }
        limit(&mut report);
        report
    }
}

/// The rejected rows take more space than they may.
#[derive(Debug, thiserror::Error)]
#[error(
    "the rejected rows take more than {0} bytes: look at the first ones, for the file, its format or its map is wrong as a \
     whole"
)]
pub(super) struct RejectsTooLarge(u64);

/// Counts rows, and keeps rejected ones in a file.
pub(super) struct ReportProgress {
    report: SharedReport,
    rejects: RejectsFile,
    /// Largest size of that file, in bytes.
    max_rejects: u64,
    tally: Tally,
    line: i64,
    diff_bytes: usize,
}

impl ReportProgress {
    /// `max_rejects`: the largest size of all files of rejected rows that are kept, in bytes.
    pub(super) fn new(report: SharedReport, rejects: RejectsFile, max_rejects: u64) -> Self {
        // A half, so that this file is kept beside earlier ones.
        let max_rejects = max_rejects / 2;
        Self { report, rejects, max_rejects, tally: Tally::default(), line: 0, diff_bytes: 0 }
    }

    /// Follows the reading of a source.
    pub(super) fn follow(&self, source: &Source) {
        self.report.follow(Arc::clone(&source.position));
    }

    /// Writes what is buffered.
    ///
    /// # Errors
    /// If the file of rejected rows cannot be written.
    pub(super) fn finish(&mut self) -> Result<()> {
        self.publish();
        self.rejects.sync()
    }

    fn publish(&self) {
        let Counts { created, updated, unchanged, stock_kept } = self.tally.counts();
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let counts = self.tally.by_reason().take(REASONS);
        let reject_counts = counts.map(|(reason, field, count)| ImportRejectCount {
            reason: reason.to_owned(),
            field: field.to_owned(),
            count: number(count),
        });
        let reject_counts = reject_counts.collect();
        self.report.change(|report| {
            report.rows = number(self.tally.rows());
            (report.created, report.updated, report.unchanged) = (created, updated, unchanged);
            (report.rejected, report.grouped) =
                (number(self.tally.rejected), number(self.tally.grouped));
            report.stock_kept = stock_kept;
            report.reject_counts = reject_counts;
        });
    }
}

impl Progress for ReportProgress {
    fn settled_line(&self) -> i64 {
        self.line
    }

    fn update_counts(&mut self, response: &ImportProductsResponse) {
        self.tally.update(response);
        self.publish();
    }

    fn preview(&mut self, rows: &[RowDiff]) -> io::Result<()> {
        for row in rows {
            let bytes = row.encoded_len();
            self.report.change(|report| {
                // After a reconnect, earlier rows come again.
                let is_new = report.diffs.last().is_none_or(|last| last.line < row.line);
                let fits =
                    report.diffs.len() < SHOWN_DIFFS && self.diff_bytes + bytes <= DIFF_BYTES;
                if is_new && fits {
                    self.diff_bytes += bytes;
                    report.diffs.push(row.clone());
                }
            });
        }
        Ok(())
    }

    fn reject(&mut self, reject: &Reject) -> Result<()> {
        self.tally.reject(&reject.row);
        self.rejects.add(reject)?;
        if self.rejects.length() > self.max_rejects {
            return Err(RejectsTooLarge(self.max_rejects).into());
        }
        let row: &RejectedRow = &reject.row;
        self.report.change(|report| {
            if report.rejects.len() < SHOWN_REJECTS {
                report.rejects.push(row.clone());
            }
        });
        Ok(())
    }

    fn add_grouped(&mut self, rows: u64) {
        self.tally.grouped += rows;
    }

    fn advance_to(&mut self, line: i64, _acknowledged: bool) -> Result<()> {
        self.line = line;
        self.publish();
        Ok(())
    }

    fn call_ended(&mut self) {
        self.tally.call_ended();
    }

    fn call_interrupted(&mut self, _line: Option<i64>, why: &str) {
        self.report.change(|report| {
            report.interruptions += 1;
            why.clone_into(&mut report.last_interruption);
        });
    }
}

#[cfg(test)]
mod tests {
    use import::SourceRow;

    use super::*;

    #[test]
    fn rejected_rows_take_no_more_than_half_of_what_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let rejects = RejectsFile::new(folder.path().join("import-a.rejects"));
        let mut progress = ReportProgress::new(SharedReport::default(), rejects, 10_000);
        let reject = Reject {
            row: RejectedRow { line: 1, reason: "INVALID_ROW".to_owned(), ..Default::default() },
            source_row: SourceRow::Text("x".repeat(500)),
        };
        let error = (0..100).find_map(|_| progress.reject(&reject).err()).unwrap();
        assert!(error.is::<RejectsTooLarge>(), "{error}");
        assert!((5_000..6_000).contains(&progress.rejects.length()));
    }
}
