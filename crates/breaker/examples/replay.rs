//! Replays recorded traces and prints the differences:
//! `cargo run -p breaker --example replay -- FILE`, with FILE a `.jsonl` or `.jsonl.gz`.

#[path = "../tests/trace/mod.rs"]
mod trace;

use anyhow::Context;
use std::{env, path::PathBuf, process::ExitCode};

fn main() -> anyhow::Result<ExitCode> {
    let path: PathBuf = env::args_os().nth(1).context("usage: replay FILE")?.into();
    let report = trace::replay(&path)?;
    for difference in &report.differences {
        println!("{difference}");
    }
    println!("{} events, {} differences", report.events, report.differences.len());
    Ok(if report.differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
