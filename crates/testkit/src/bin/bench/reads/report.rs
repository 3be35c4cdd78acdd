//! The table, and the same as JSON.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use super::{
    machine,
    row::{Bound, Row},
    setting::Setting,
    shapes::Shape,
};

/// Cores kept busy by others from which on a row is not to be trusted.
const BUSY: f64 = 0.2;

#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Report {
    cores: f64,
    rounds: usize,
    short: bool,
    blocks: Vec<Block>,
    #[serde(skip)]
    baseline: Vec<Row>,
}

/// What one shape has shown.
#[derive(Debug, Serialize, Deserialize)]
struct Block {
    shape: String,
    /// See [`machine::ping_pong_ns`].
    ping_pong_ns: Option<f64>,
    rows: Vec<Row>,
    /// Why it could not be measured.
    error: Option<String>,
}

impl Report {
    /// An empty one, to be compared with the baseline, if there is one.
    ///
    /// # Errors
    /// The baseline cannot be understood.
    pub(crate) fn new(setting: &Setting, baseline: &Path) -> Result<Self> {
        let report = Self {
            cores: setting.driver.cores,
            rounds: setting.rounds,
            short: setting.short,
            baseline: read(baseline)?,
            blocks: Vec::new(),
        };
        println!("{} cores, {} rounds", report.cores, report.rounds);
        if !setting.programs.has_product_cache() {
            println!("this catalogue has no product cache: `cached` is measured without");
        }
        println!(
            "      {:<40} {:>10} {:>24} {:>7} {:>9} {:>6}",
            "", "ours", "peer", "ratio", "bound", "goal"
        );
        Ok(report)
    }

    /// The rows that follow belong to this shape.
    pub(crate) fn begin(&mut self, shape: Shape) {
        let ping_pong_ns = machine::ping_pong_ns();
        let ping = ping_pong_ns.map_or("not measurable".to_owned(), |ns| format!("{ns:.0} ns"));
        println!("{shape} (ping-pong {ping})");
        let shape = shape.to_string();
        self.blocks.push(Block { shape, ping_pong_ns, rows: Vec::new(), error: None });
    }

    pub(crate) fn add(&mut self, rows: Vec<Row>) {
        for row in &rows {
            println!("{}", line(row, row.change(&self.baseline)));
        }
        self.blocks.last_mut().expect("a shape has begun").rows.extend(rows);
    }

    pub(crate) fn failed(&mut self, shape: Shape, error: &anyhow::Error) {
        println!("FAILED {shape}: {error:#}");
        self.blocks.last_mut().expect("a shape has begun").error = Some(format!("{error:#}"));
    }

    /// # Errors
    /// The file cannot be written.
    pub(crate) fn write(&self, file: &Path) -> Result<()> {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        let text = serde_json::to_string_pretty(self)? + "\n";
        fs::write(file, text).with_context(|| format!("writing {}", file.display()))
    }

    /// Sums up; whether all was kept.
    pub(crate) fn finish(&self, setting: &Setting) -> bool {
        let rows: Vec<_> = self.blocks.iter().flat_map(|block| &block.rows).collect();
        let missed = rows.iter().filter(|row| row.held == Some(false)).count();
        let wrong: u64 = rows.iter().map(|row| row.wrong_answers).max().unwrap_or(0);
        let failed = self.blocks.iter().filter(|block| block.error.is_some()).count();
        let busy = rows.iter().filter(|row| row.others_cores > BUSY).count();
        let bounds = rows.iter().filter(|row| row.held.is_some()).count();
        println!("{} of {bounds} bounds kept, {failed} shapes failed", bounds - missed);
        if wrong > 0 {
            println!("WRONG ANSWERS: see the rows");
        }
        if busy > 0 {
            println!(
                "{busy} of {} rows were measured while others kept more than {BUSY} cores busy: trust \
                 CPU ratios, not rates and latencies",
                rows.len()
            );
        }
        for name in setting.peers.absent() {
            println!("peer {name} not present: its bounds were not checked");
        }
        failed == 0 && rows.iter().all(|row| row.is_kept())
    }
}

/// The rows of a report that was written before; none where there is no file.
fn read(file: &Path) -> Result<Vec<Row>> {
    if !file.exists() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(file)?;
    let report: Report =
        serde_json::from_str(&text).with_context(|| format!("reading {}", file.display()))?;
    Ok(report.blocks.into_iter().flat_map(|block| block.rows).collect())
}

fn line(row: &Row, change: Option<f64>) -> String {
    let verdict = match row.held {
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
    if row.others_cores > BUSY {
        line += &format!("  busy {:.1}", row.others_cores);
    }
    if row.wrong_answers > 0 {
        line += &format!("  {} WRONG ANSWERS", row.wrong_answers);
    }
    line
}

/// Three significant digits.
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

    #[test]
    fn report_can_be_read_again() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("bench/reads.json");
        let row = Row::of_value("cached", "CPU", 1.0).beside("go-mem", Some(2.0)).at_most(0.45);
        let rows = vec![row];
        let block = Block { shape: "cached".to_owned(), ping_pong_ns: None, rows, error: None };
        let report = Report { blocks: vec![block], ..Report::default() };
        report.write(&file).unwrap();
        let rows = read(&file).unwrap();
        assert_eq!(rows[0].bound, Some(Bound::AtMost(0.45)));
        assert_eq!(rows[0].held, Some(false));
        assert_eq!(rows[0].change(&rows), Some(0.0));
        assert!(read(&dir.path().join("none.json")).unwrap().is_empty());
    }

    #[test]
    fn line_says_what_fell_short_and_why_not_to_trust_it() {
        let mut row =
            Row::of_value("cached", "CPU", 1.234).beside("go-mem", Some(2.0)).at_most(0.5);
        row.others_cores = 0.74;
        let line = line(&row, Some(-0.1));
        assert!(line.starts_with("SHORT CPU"), "{line}");
        assert!(line.contains("go-mem 2.00") && line.contains("0.62"), "{line}");
        assert!(line.ends_with("-10 % of the baseline  busy 0.7"), "{line}");
    }
}
