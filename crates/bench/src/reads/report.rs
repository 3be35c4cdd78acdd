//! The report as a table and as JSON.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use devtools::bench::Shape;
use serde::{Deserialize, Serialize};

use super::{
    environment::Environment,
    machine::{self, Meter},
    row::{Bound, Row},
    shapes,
};

/// Busy cores of other processes above which a row is unreliable.
const BUSY: f64 = 0.2;

/// Figures of all shapes, and the baseline to compare with.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Report {
    cores: f64,
    rounds: usize,
    short: bool,
    blocks: Vec<Block>,
    #[serde(skip)]
    baseline: Vec<Block>,
}

/// Figures of a shape.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Block {
    shape: String,
    /// See [`machine::ping_pong_ns`].
    ping_pong_ns: Option<f64>,
    /// Busy cores of other processes during the shape.
    others_cores: f64,
    rows: Vec<Row>,
    /// The error, if it could not be measured.
    error: Option<String>,
}

impl Report {
    /// An empty report, with the baseline if there is one.
    ///
    /// # Errors
    /// The baseline cannot be parsed.
    pub(crate) fn new(environment: &Environment, baseline: &Path) -> Result<Self> {
        let report = Self {
            cores: environment.driver.cores,
            rounds: environment.rounds,
            short: environment.short,
            baseline: read(baseline)?,
            blocks: Vec::new(),
        };
        println!("{} cores, {} rounds", report.cores, report.rounds);
        if !environment.programs.has_product_cache() {
            println!("this catalogue has no product cache: `cached` is measured without");
        }
        println!(
            "      {:<40} {:>10} {:>24} {:>7} {:>9} {:>6}",
            "", "ours", "peer", "ratio", "bound", "goal"
        );
        Ok(report)
    }

    /// Measures a shape and prints its rows. A failure is recorded, so that the next shapes are measured.
    ///
    /// # Errors
    /// `/proc` cannot be read.
    pub(crate) async fn measure(&mut self, shape: Shape, environment: &Environment) -> Result<()> {
        let ping_pong_ns = machine::ping_pong_ns();
        let ping = ping_pong_ns.map_or("not measurable".to_owned(), |ns| format!("{ns:.0} ns"));
        let name = shapes::name(shape);
        println!("{name} (ping-pong {ping})");
        let meter = Meter::start(environment.database_id())?;
        let measured = shapes::measure(shape, environment).await;
        let others_cores = meter.cores()?;
        let (rows, error) = match measured {
            Ok(rows) => (rows, None),
            Err(error) => (Vec::new(), Some(format!("{error:#}"))),
        };
        let before = self.baseline.iter().find(|block| block.shape == name);
        let before = before.map_or(&[][..], |block| &block.rows);
        for row in &rows {
            println!("{}", line(row, row.change(before), others_cores));
        }
        if let Some(error) = &error {
            println!("FAILED {name}: {error}");
        }
        self.blocks.push(Block { shape: name, ping_pong_ns, others_cores, rows, error });
        Ok(())
    }

    /// Writes the report as JSON.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn write(&self, file: &Path) -> Result<()> {
        if let Some(dir) = file.parent() {
            fs::create_dir_all(dir)?;
        }
        let text = serde_json::to_string_pretty(self)? + "\n";
        fs::write(file, text).with_context(|| format!("writing {}", file.display()))
    }

    /// Replaces the measured shapes of the baseline.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn save(&self, baseline: &Path) -> Result<()> {
        let is_measured = |old: &Block| self.blocks.iter().any(|new| new.shape == old.shape);
        let kept = self.baseline.iter().filter(|old| !is_measured(old));
        let blocks = kept.chain(&self.blocks).cloned().collect();
        Self { baseline: Vec::new(), blocks, ..*self }.write(baseline)
    }

    /// Prints the summary. Returns whether all bounds are kept and no shape failed.
    pub(crate) fn finish(&self, environment: &Environment) -> bool {
        let rows: Vec<_> = self.blocks.iter().flat_map(|block| &block.rows).collect();
        let missed = rows.iter().filter(|row| row.within_bound == Some(false)).count();
        let with_failures = rows.iter().filter(|row| row.has_failed_responses()).count();
        let failed = self.blocks.iter().filter(|block| block.error.is_some()).count();
        let others = |block: &Block, row: &Row| row.others_cores.unwrap_or(block.others_cores);
        let count =
            |block: &Block| block.rows.iter().filter(|row| others(block, row) > BUSY).count();
        let busy: usize = self.blocks.iter().map(count).sum();
        let bounds = rows.iter().filter(|row| row.within_bound.is_some()).count();
        println!("{} of {bounds} bounds kept, {failed} shapes failed", bounds - missed);
        if with_failures > 0 {
            println!("{with_failures} rows had responses that were wrong or not OK");
        }
        if busy > 0 {
            println!(
                "{busy} of {} rows were measured while other processes kept more than {BUSY} cores busy: only \
                 their CPU ratios are reliable",
                rows.len()
            );
        }
        for name in environment.peers.absent() {
            println!("peer {name} is missing: its bounds were not checked");
        }
        failed == 0 && rows.iter().all(|row| row.is_ok())
    }
}

/// Reads the rows of a report; empty without a file.
fn read(file: &Path) -> Result<Vec<Block>> {
    if !file.exists() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(file)?;
    let report: Report =
        serde_json::from_str(&text).with_context(|| format!("reading {}", file.display()))?;
    Ok(report.blocks)
}

/// Formats a row. `others_cores` is that of its block.
fn line(row: &Row, change: Option<f64>, others_cores: f64) -> String {
    let verdict = match row.within_bound {
        _ if row.has_failed_responses() => "WRONG",
        Some(true) => "ok",
        Some(false) => "SHORT",
        None => "",
    };
    let peer = row.peer.as_ref();
    let peer = peer.map_or(String::new(), |peer| format!("{} {}", peer.name, number(peer.value)));
    let ratio = row.ratio.map_or(String::new(), |ratio| format!("{ratio:.2}"));
    let bound = match row.bound {
        Some(Bound::AtMost(bound)) => format!("<= {}", number(bound)),
        Some(Bound::AtLeast(bound)) => format!(">= {}", number(bound)),
        None => String::new(),
    };
    let goal = row.goal.map_or(String::new(), number);
    let mut line = format!(
        "{verdict:<5} {:<40} {:>10} {peer:>24} {ratio:>7} {bound:>9} {goal:>6}",
        row.figure,
        number(row.ours),
    );
    if let Some(change) = change {
        line += &format!("  {:+.0} % of the baseline", change * 100.0);
    }
    let others = row.others_cores.unwrap_or(others_cores);
    if others > BUSY {
        line += &format!("  busy {others:.1}");
    }
    if row.wrong_responses > 0 {
        line += &format!("  {} WRONG RESPONSES", row.wrong_responses);
    }
    for (status, count) in &row.not_ok {
        line += &format!("  {count} RESPONSES WITH {status}");
    }
    line
}

/// Formats a number with three significant digits.
fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 0.1 || size == 0.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(shape: &str, ours: f64) -> Block {
        let row = Row::of_value(shape, "CPU", ours).beside("go-mem", Some(2.0)).at_most(0.45);
        let (shape, rows) = (shape.to_owned(), vec![row]);
        Block { shape, ping_pong_ns: None, others_cores: 0.0, rows, error: None }
    }

    #[test]
    fn report_is_read_as_written() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("bench/reads.json");
        let report = Report { blocks: vec![block("cached", 1.0)], ..Report::default() };
        report.write(&file).unwrap();
        let rows = &read(&file).unwrap()[0].rows;
        assert_eq!(rows[0].bound, Some(Bound::AtMost(0.45)));
        assert_eq!(rows[0].within_bound, Some(false));
        assert_eq!(rows[0].change(rows), Some(0.0));
        assert!(read(&dir.path().join("none.json")).unwrap().is_empty());
    }

    #[test]
    fn baseline_keeps_unmeasured_shapes() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("reads.json");
        let baseline = vec![block("cached", 1.0), block("list", 2.0)];
        let blocks = vec![block("cached", 3.0)];
        Report { baseline, blocks, ..Report::default() }.save(&file).unwrap();
        let saved = read(&file).unwrap();
        let saved: Vec<_> = saved.iter().map(|it| (it.shape.as_str(), it.rows[0].ours)).collect();
        assert_eq!(saved, [("list", 2.0), ("cached", 3.0)]);
    }

    #[test]
    fn line_shows_a_missed_bound_and_other_load() {
        let mut row =
            Row::of_value("cached", "CPU", 1.234).beside("go-mem", Some(2.0)).at_most(0.5);
        row.others_cores = Some(0.74);
        let line = line(&row, Some(-0.1), 0.0);
        assert!(line.starts_with("SHORT CPU"), "{line}");
        assert!(line.contains("go-mem 2.00") && line.contains("0.62"), "{line}");
        assert!(line.ends_with("-10 % of the baseline  busy 0.7"), "{line}");
    }

    #[test]
    fn refused_calls_fail_a_row_within_its_bound() {
        let mut row = Row::of_value("half", "p99 ms", 1.0).at_most(5.0);
        row.not_ok = [("8".to_owned(), 3)].into();
        let line = line(&row, None, 0.0);
        assert!(line.starts_with("WRONG p99"), "{line}");
        assert!(line.ends_with("3 RESPONSES WITH 8"), "{line}");
    }
}
