//! What an import tells and keeps: progress, rejected rows, the checkpoint, the sum at the end.

use std::{
    io::{self, IsTerminal as _, Write as _},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};
use proto::catalogue::v1::{RejectedRow, RowDiff};

use super::{
    checkpoint::{Checkpoint, Keeper},
    preview::Preview,
    rejects::{Reject, Rejects},
    summary::Summary,
};
use crate::output::{clean, thousands};

/// How many rejected rows are shown; the others are counted.
const SHOWN: u64 = 20;

/// The counts of an import, and whatever shows or keeps them.
pub(crate) struct Report {
    bar: ProgressBar,
    position: Arc<AtomicU64>,
    rejects: Option<Rejects>,
    keeper: Option<Keeper>,
    /// Only in a dry run.
    preview: Option<Preview>,
    started: Instant,
    /// What a run before this one came to.
    resumed: Checkpoint,
    /// Of the calls that ended, those of runs before this one included.
    before: Counts,
    /// Of the current call.
    now: Counts,
    rejected: u64,
    cuts: u64,
    /// How far it is, and what had come of it then.
    settled: Checkpoint,
}

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    created: i64,
    updated: i64,
    unchanged: i64,
}

/// What a report is made of.
pub(crate) struct Parts {
    /// How many bytes the source has, where that is known.
    pub(crate) length: Option<u64>,
    /// How many of them have been read.
    pub(crate) position: Arc<AtomicU64>,
    pub(crate) rejects: Option<Rejects>,
    pub(crate) keeper: Option<Keeper>,
    /// Only in a dry run.
    pub(crate) preview: Option<Preview>,
    /// Where the import goes on.
    pub(crate) resumed: Checkpoint,
    pub(crate) quiet: bool,
}

impl Report {
    pub(crate) fn new(parts: Parts) -> Self {
        let Parts { length, position, rejects, keeper, preview, resumed, quiet } = parts;
        let bar = match quiet || !io::stderr().is_terminal() {
            true => ProgressBar::hidden(),
            false => progress_bar(length),
        };
        let Checkpoint { created, updated, unchanged, rejected, .. } = resumed;
        Self {
            bar,
            position,
            rejects,
            keeper,
            preview,
            started: Instant::now(),
            settled: resumed.clone(),
            resumed,
            before: Counts { created, updated, unchanged },
            now: Counts::default(),
            rejected,
            cuts: 0,
        }
    }

    /// Takes in the counts of the current call.
    pub(crate) fn settled(&mut self, created: i64, updated: i64, unchanged: i64) {
        self.now = Counts { created, updated, unchanged };
        self.show();
    }

    /// The next counts are those of another call.
    pub(crate) fn call_ended(&mut self) {
        let now = std::mem::take(&mut self.now);
        self.before.created += now.created;
        self.before.updated += now.updated;
        self.before.unchanged += now.unchanged;
    }

    pub(crate) fn cut(&mut self, line: Option<i64>, why: &str) {
        self.cuts += 1;
        let line = line.unwrap_or_default();
        self.tell(&format!("catctl: {why}; trying again from line {line}"));
    }

    /// # Errors
    /// A file for rejects that cannot be written.
    pub(crate) fn reject(&mut self, reject: &Reject) -> Result<()> {
        self.rejected += 1;
        if self.rejected - self.resumed.rejected <= SHOWN {
            let RejectedRow { line, reason, field: name, message } = &reject.row;
            let field = if name.is_empty() { "" } else { " " };
            self.tell(&format!("line {line}: {reason}{field}{name}: {message}"));
        }
        if let Some(rejects) = &mut self.rejects {
            rejects.add(reject)?;
        }
        self.show();
        Ok(())
    }

    /// Shows what rows would change, in a dry run.
    ///
    /// # Errors
    /// Those of standard output.
    pub(crate) fn preview(&mut self, rows: &[RowDiff]) -> io::Result<()> {
        let Some(preview) = &mut self.preview else { return Ok(()) };
        self.bar.suspend(|| rows.iter().try_for_each(|row| preview.show(row)))
    }

    /// Everything up to `line` is settled, and all that came of it has been told. The checkpoint
    /// that says so is written at once if the server has just acknowledged rows.
    ///
    /// # Errors
    /// A file for rejects that cannot be written: a checkpoint must not be ahead of it.
    pub(crate) fn settled_to(&mut self, line: i64, acknowledged: bool) -> Result<()> {
        let Counts { created, updated, unchanged } = self.counts();
        let has_moved = line > self.settled.line;
        self.settled = Checkpoint {
            line,
            created,
            updated,
            unchanged,
            rejected: self.rejected,
            rejects_length: self.rejects.as_ref().map_or(0, Rejects::length),
            ..Checkpoint::default()
        };
        let is_due = self.keeper.as_ref().is_some_and(|keeper| acknowledged || keeper.is_due());
        if is_due && has_moved { self.keep() } else { Ok(()) }
    }

    fn keep(&mut self) -> Result<()> {
        self.rejects.as_mut().map_or(Ok(()), Rejects::sync)?;
        if let Some(keeper) = &mut self.keeper {
            keeper.write(self.settled.clone());
        }
        Ok(())
    }

    /// Ends the progress display, and closes the file of rejects. The checkpoint goes once the
    /// import `is_over`; otherwise the last one is written, and returned by its name if another run
    /// can go on from it.
    ///
    /// # Errors
    /// A file for rejects that cannot be written.
    pub(crate) fn finish(mut self, is_over: bool) -> Result<(Summary, Option<String>)> {
        self.bar.finish_and_clear();
        if self.settled.line > self.resumed.line {
            self.keep()?;
        } else if is_over && let Some(rejects) = &mut self.rejects {
            rejects.sync()?;
        }
        if let Some(preview) = &self.preview {
            preview.finish()?;
        }
        let shown = (self.rejected - self.resumed.rejected).min(SHOWN);
        let more = self.rejected - self.resumed.rejected - shown;
        if more > 0 {
            self.tell(&format!("... and {} more rejected rows", thousands(more)));
        }
        if let Some(rejects) = self.rejects.as_ref().filter(|rejects| rejects.length() > 0) {
            let path = rejects.path().display();
            self.tell(&format!(
                "catctl: {path} has the rejected rows: mend them there and import that file"
            ));
        }
        let Counts { created, updated, unchanged } = self.counts();
        let summary = Summary {
            rows: self.rows(),
            created: created.unsigned_abs(),
            updated: updated.unsigned_abs(),
            unchanged: unchanged.unsigned_abs(),
            rejected: self.rejected,
            cuts: self.cuts,
            dry_run: self.preview.is_some(),
            rows_before: self.rows_before(),
            seconds: self.started.elapsed().as_secs_f64(),
        };
        let mut left = None;
        match self.keeper.take() {
            Some(keeper) if is_over => keeper.remove(),
            Some(keeper) if keeper.holds() || self.resumed.line > 0 => {
                left = Some(keeper.path().display().to_string());
            }
            _ => {}
        }
        Ok((summary, left))
    }

    /// Everything up to this line is settled.
    pub(crate) fn line(&self) -> i64 {
        self.settled.line
    }

    fn counts(&self) -> Counts {
        Counts {
            created: self.before.created + self.now.created,
            updated: self.before.updated + self.now.updated,
            unchanged: self.before.unchanged + self.now.unchanged,
        }
    }

    fn rows(&self) -> u64 {
        let Counts { created, updated, unchanged } = self.counts();
        (created + updated + unchanged).unsigned_abs() + self.rejected
    }

    fn rows_before(&self) -> u64 {
        let Checkpoint { created, updated, unchanged, rejected, .. } = &self.resumed;
        (created + updated + unchanged).unsigned_abs() + rejected
    }

    fn show(&self) {
        self.bar.set_position(self.position.load(Ordering::Relaxed));
        let rows = self.rows() - self.rows_before();
        self.bar.set_message(rate(rows, self.started.elapsed()));
    }

    fn tell(&self, line: &str) {
        // A message that cannot be shown must not end the import.
        self.bar.suspend(|| writeln!(io::stderr(), "{}", clean(line)).ok());
    }
}

/// A bar by bytes, where it is known how many there are.
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

/// How many rows there were, and how fast.
pub(crate) fn rate(rows: u64, elapsed: Duration) -> String {
    let per_second = rows as f64 / elapsed.as_secs_f64().max(0.001);
    format!("{} rows, {}/s", thousands(rows), thousands(per_second as u64))
}
