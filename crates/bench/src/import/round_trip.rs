//! Everything exported and imported again, in each format: nothing changes.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use testkit::{Figure, Fleet};

pub(super) async fn run(fleet: &Fleet) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for format in ["jsonl", "csv", "xlsx"] {
        let file = fleet.dir().join(format!("all.{format}"));
        let file = file.to_str().context("a temporary path is UTF-8")?;
        let exported = fleet.catctl(&["export", file]).await;
        ensure!(exported.code == Some(0), "the export failed: {exported:?}");
        let imported = fleet.catctl(&["import", file, "--dry-run", "--json"]).await;
        let summary = imported.out.lines().last().context("there is no summary")?;
        let summary: Value = serde_json::from_str(summary)?;
        let count = |name: &str| summary[name].as_u64().unwrap_or(u64::MAX);
        let changes = count("created").saturating_add(count("updated"));
        let changes = changes.saturating_add(count("rejected"));
        println!("{format}: {}{}", exported.err, summary);
        figures.push(Figure::exactly(format!("{format}, changes after a round trip"), changes, 0));
    }
    Ok(figures)
}
