//! Progress of an import: counts, progress bar, rejected rows, checkpoint, final summary.

use std::{
    io::{self, IsTerminal as _, Write as _},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use import::{Counts, Progress, Reject, RejectsFile, Tally};
use indicatif::{ProgressBar, ProgressStyle};
use proto::catalogue::v1::{ImportProductsResponse, RejectedRow, RowDiff};

use super::{
    checkpoint::{Checkpoint, CheckpointFile},
    preview::Preview,
    summary::Summary,
};
use crate::output::{sanitize, thousands};

/// Maximum number of rejected rows of one reason that are printed.
const SHOWN_REJECTS: u64 = 3;
/// Maximum number of rejected rows that are printed.
const ALL_SHOWN_REJECTS: u64 = 20;

/// Counts the rows of an import, and updates all outputs of its progress.
pub(crate) struct Report {
    bar: ProgressBar,
    position: Arc<AtomicU64>,
    rejects: Option<RejectsFile>,
    checkpoint: Option<CheckpointFile>,
    /// Only in a dry run.
    preview: Option<Preview>,
    started: Instant,
    /// The checkpoint from which this run started.
    resumed: Checkpoint,
    import_id: String,
    /// Including the calls of earlier runs.
    tally: Tally,
    shown_rejects: u64,
    cuts: u64,
    /// Products that the file did not name, and that were archived or deleted.
    missing: u64,
    /// The last settled line and the counts at that line.
    latest: Checkpoint,
}

pub(crate) struct ReportOptions {
    /// Length of the source in bytes, if known.
    pub(crate) length: Option<u64>,
    /// Number of bytes read so far.
    pub(crate) position: Arc<AtomicU64>,
    pub(crate) rejects: Option<RejectsFile>,
    pub(crate) checkpoint: Option<CheckpointFile>,
    /// Only in a dry run.
    pub(crate) preview: Option<Preview>,
    /// The checkpoint to resume from.
    pub(crate) resumed: Checkpoint,
    /// Empty in a dry run.
    pub(crate) import_id: String,
    pub(crate) quiet: bool,
}

impl Report {
    pub(crate) fn new(parts: ReportOptions) -> Self {
        let ReportOptions {
            length,
            position,
            rejects,
            checkpoint,
            preview,
            resumed,
            import_id,
            quiet,
        } = parts;
        let bar = if quiet || !io::stderr().is_terminal() {
            ProgressBar::hidden()
        } else {
            progress_bar(length)
        };
        let Checkpoint { created, updated, unchanged, stock_kept, rejected, grouped, .. } = resumed;
        let earlier = Counts { created, updated, unchanged, stock_kept };
        Self {
            bar,
            position,
            rejects,
            checkpoint,
            preview,
            started: Instant::now(),
            latest: resumed.clone(),
            resumed,
            import_id,
            tally: Tally::resumed(earlier, rejected, grouped),
            shown_rejects: 0,
            cuts: 0,
            missing: 0,
        }
    }

    /// Sets the number of products that were archived or deleted because the file did not name them.
    pub(crate) fn set_missing(&mut self, products: u64) {
        self.missing = products;
    }

    fn write_checkpoint(&mut self) -> Result<()> {
        self.rejects.as_mut().map_or(Ok(()), RejectsFile::sync)?;
        if let Some(checkpoint) = &mut self.checkpoint {
            checkpoint.write(self.latest.clone());
        }
        Ok(())
    }

    /// Ends the progress bar, syncs the rejects file and returns the summary. Removes the checkpoint
    /// if the import `is_complete`; otherwise returns its path if another run can resume from it.
    ///
    /// # Errors
    /// If the rejects file cannot be written.
    pub(crate) fn finish(mut self, is_complete: bool) -> Result<(Summary, Option<String>)> {
        self.bar.finish_and_clear();
        if self.latest.line > self.resumed.line {
            self.write_checkpoint()?;
        } else if is_complete && let Some(rejects) = &mut self.rejects {
            rejects.sync()?;
        }
        if let Some(preview) = &self.preview {
            preview.finish()?;
        }
        self.print_reasons();
        if let Some(rejects) = self.rejects.as_ref().filter(|rejects| rejects.length() > 0) {
            let path = rejects.path().display();
            self.print(&format!(
                "catctl: rejected rows are in {path}: correct them there and import that file"
            ));
        }
        let Counts { created, updated, unchanged, stock_kept } = self.tally.counts();
        let summary = Summary {
            rows: self.tally.rows(),
            created: created.unsigned_abs(),
            updated: updated.unsigned_abs(),
            unchanged: unchanged.unsigned_abs(),
            rejected: self.tally.rejected,
            grouped: self.tally.grouped,
            stock_kept: stock_kept.unsigned_abs(),
            cuts: self.cuts,
            missing: self.missing,
            dry_run: self.preview.is_some(),
            import_id: self.import_id.clone(),
            rows_before: self.rows_before(),
            seconds: self.started.elapsed().as_secs_f64(),
        };
        let Some(checkpoint) = self.checkpoint else { return Ok((summary, None)) };
        let can_resume = checkpoint.is_resumable() || self.resumed.line > 0;
        let path = checkpoint.path().display().to_string();
        if is_complete {
            checkpoint.remove();
        }
        Ok((summary, (can_resume && !is_complete).then_some(path)))
    }

    /// Prints how many rows were rejected for each reason, if not all of them were printed.
    fn print_reasons(&self) {
        if self.tally.rejected - self.resumed.rejected == self.shown_rejects {
            return;
        }
        for (reason, field, count) in self.tally.by_reason() {
            let field = if field.is_empty() { String::new() } else { format!(" {field}") };
            self.print(&format!("catctl: {} rows rejected: {reason}{field}", thousands(count)));
        }
    }

    fn rows_before(&self) -> u64 {
        let Checkpoint { created, updated, unchanged, rejected, grouped, .. } = &self.resumed;
        (created + updated + unchanged).unsigned_abs() + rejected + grouped
    }

    fn update_bar(&self) {
        self.bar.set_position(self.position.load(Ordering::Relaxed));
        let rows = self.tally.rows() - self.rows_before();
        self.bar.set_message(rate(rows, self.started.elapsed()));
    }

    fn print(&self, line: &str) {
        // A closed standard error must not end the import.
        self.bar.suspend(|| writeln!(io::stderr(), "{}", sanitize(line)).ok());
    }
}

impl Progress for Report {
    fn settled_line(&self) -> i64 {
        self.latest.line
    }

    fn update_counts(&mut self, response: &ImportProductsResponse) {
        self.tally.update(response);
        self.update_bar();
    }

    fn call_ended(&mut self) {
        self.tally.call_ended();
    }

    fn call_interrupted(&mut self, line: Option<i64>, why: &str) {
        self.cuts += 1;
        let line = line.unwrap_or_default();
        self.print(&format!("catctl: {why}; retrying from line {line}"));
    }

    fn add_grouped(&mut self, rows: u64) {
        self.tally.grouped += rows;
    }

    fn reject(&mut self, reject: &Reject) -> Result<()> {
        let RejectedRow { line, reason, field: name, message } = &reject.row;
        let count = self.tally.reject(&reject.row);
        if count <= SHOWN_REJECTS && self.shown_rejects < ALL_SHOWN_REJECTS {
            self.shown_rejects += 1;
            let field = if name.is_empty() { "" } else { " " };
            self.print(&format!("line {line}: {reason}{field}{name}: {message}"));
        }
        if let Some(rejects) = &mut self.rejects {
            rejects.add(reject).context("see --rejects")?;
        }
        self.update_bar();
        Ok(())
    }

    fn preview(&mut self, rows: &[RowDiff]) -> io::Result<()> {
        let Some(preview) = &mut self.preview else { return Ok(()) };
        self.bar.suspend(|| rows.iter().try_for_each(|row| preview.show(row)))
    }

    /// Writes a checkpoint immediately if the server has `acknowledged` rows, otherwise at intervals. It fails if the
    /// rejects file cannot be written, which a checkpoint must not be ahead of.
    fn advance_to(&mut self, line: i64, acknowledged: bool) -> Result<()> {
        let Counts { created, updated, unchanged, stock_kept } = self.tally.counts();
        let has_moved = line > self.latest.line;
        self.latest = Checkpoint {
            line,
            created,
            updated,
            unchanged,
            stock_kept,
            rejected: self.tally.rejected,
            grouped: self.tally.grouped,
            rejects_length: self.rejects.as_ref().map_or(0, RejectsFile::length),
            ..Checkpoint::default()
        };
        let is_due =
            self.checkpoint.as_ref().is_some_and(|checkpoint| acknowledged || checkpoint.is_due());
        if is_due && has_moved { self.write_checkpoint() } else { Ok(()) }
    }
}

/// A progress bar of the given length, or a spinner if that is unknown.
pub(crate) fn progress_bar(length: Option<u64>) -> ProgressBar {
    let (bar, template) = match length {
        Some(length) => (ProgressBar::new(length), "{bar:30} {percent:>3} %  {msg}  {eta} left"),
        None => (ProgressBar::new_spinner(), "{spinner} {msg}"),
    };
    let style = ProgressStyle::with_template(template);
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// Formats a number of rows and its rate.
pub(crate) fn rate(rows: u64, elapsed: Duration) -> String {
    let per_second = rows as f64 / elapsed.as_secs_f64().max(0.001);
    format!("{} rows, {}/s", thousands(rows), thousands(per_second as u64))
}
