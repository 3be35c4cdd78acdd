//! What an import tells: progress, rejected rows, the sum at the end.

use std::{
    fs::File,
    io::{self, BufWriter, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use indicatif::{ProgressBar, ProgressStyle};
use proto::catalogue::v1::RejectedRow;

use crate::output::{clean, thousands};

/// How many rejected rows are shown; the others are counted.
const SHOWN: u64 = 20;

/// The counts of an import and whatever shows them.
pub(crate) struct Report {
    bar: ProgressBar,
    position: Arc<AtomicU64>,
    rejects: Option<(PathBuf, BufWriter<File>)>,
    started: Instant,
    /// Of the calls that ended.
    before: Counts,
    /// Of the current call.
    now: Counts,
    rejected: u64,
    cuts: u64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    created: i64,
    updated: i64,
    unchanged: i64,
}

/// What an import came to.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Summary {
    pub(crate) rows: u64,
    pub(crate) created: u64,
    pub(crate) updated: u64,
    pub(crate) unchanged: u64,
    pub(crate) rejected: u64,
    /// How often the call was cut and taken up again.
    pub(crate) cuts: u64,
    pub(crate) seconds: f64,
}

impl Report {
    /// `length` and `position` count the bytes of the source.
    ///
    /// # Errors
    /// A file for rejects that cannot be created.
    pub(crate) fn new(
        length: Option<u64>,
        position: Arc<AtomicU64>,
        rejects: Option<&Path>,
        quiet: bool,
    ) -> Result<Self> {
        let rejects = rejects
            .map(|path| -> Result<_> {
                let file = File::create(path)
                    .with_context(|| format!("creating {} for --rejects", path.display()))?;
                Ok((path.to_owned(), BufWriter::new(file)))
            })
            .transpose()?;
        let bar = match quiet || !io::stderr().is_terminal() {
            true => ProgressBar::hidden(),
            false => progress_bar(length),
        };
        Ok(Self {
            bar,
            position,
            rejects,
            started: Instant::now(),
            before: Counts::default(),
            now: Counts::default(),
            rejected: 0,
            cuts: 0,
        })
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
    pub(crate) fn reject(&mut self, reject: RejectedRow) -> Result<()> {
        self.rejected += 1;
        if self.rejected <= SHOWN {
            let field = if reject.field.is_empty() { "" } else { " " };
            let RejectedRow { line, reason, field: name, message } = &reject;
            self.tell(&format!("line {line}: {reason}{field}{name}: {message}"));
        }
        if let Some((path, file)) = &mut self.rejects {
            let json = serde_json::json!({
                "line": reject.line,
                "reason": reject.reason,
                "field": reject.field,
                "message": reject.message,
            });
            writeln!(file, "{json}").with_context(|| format!("writing {}", path.display()))?;
        }
        self.show();
        Ok(())
    }

    /// Ends the progress display and closes the file of rejects.
    ///
    /// # Errors
    /// A file for rejects that cannot be written.
    pub(crate) fn finish(mut self) -> Result<Summary> {
        self.call_ended();
        self.bar.finish_and_clear();
        if self.rejected > SHOWN {
            let more = thousands(self.rejected - SHOWN);
            let hint = match &self.rejects {
                Some((path, _)) => format!("{} has them all", path.display()),
                None => "--rejects FILE writes them all".to_owned(),
            };
            self.tell(&format!("... and {more} more rejected rows; {hint}"));
        }
        if let Some((path, mut file)) = self.rejects.take() {
            file.flush().with_context(|| format!("writing {}", path.display()))?;
        }
        Ok(Summary {
            rows: self.rows(),
            created: self.before.created.unsigned_abs(),
            updated: self.before.updated.unsigned_abs(),
            unchanged: self.before.unchanged.unsigned_abs(),
            rejected: self.rejected,
            cuts: self.cuts,
            seconds: self.started.elapsed().as_secs_f64(),
        })
    }

    fn rows(&self) -> u64 {
        let sum = |counts: &Counts| counts.created + counts.updated + counts.unchanged;
        (sum(&self.before) + sum(&self.now)).unsigned_abs() + self.rejected
    }

    fn show(&self) {
        self.bar.set_position(self.position.load(Ordering::Relaxed));
        self.bar.set_message(rate(self.rows(), self.started.elapsed()));
    }

    fn tell(&self, line: &str) {
        // A message that cannot be shown must not end the import.
        self.bar.suspend(|| writeln!(io::stderr(), "{}", clean(line)).ok());
    }
}

impl std::fmt::Display for Summary {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { rows, created, updated, unchanged, rejected, cuts, seconds } = self;
        let per_second = *rows as f64 / seconds.max(0.001);
        write!(
            formatter,
            "{} rows: {} created, {} updated, {} unchanged, {} rejected in {seconds:.1} s ({}/s)",
            thousands(*rows),
            thousands(*created),
            thousands(*updated),
            thousands(*unchanged),
            thousands(*rejected),
            thousands(per_second as u64),
        )?;
        match cuts {
            0 => Ok(()),
            1 => write!(formatter, ", cut once and taken up again"),
            cuts => write!(formatter, ", cut {cuts} times and taken up again"),
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_one_line() {
        let summary = Summary {
            rows: 19_406,
            created: 19_000,
            updated: 6,
            unchanged: 398,
            rejected: 2,
            cuts: 0,
            seconds: 12.3,
        };
        let line = "19,406 rows: 19,000 created, 6 updated, 398 unchanged, 2 rejected in 12.3 s \
                    (1,577/s)";
        assert_eq!(summary.to_string(), line);
    }
}
