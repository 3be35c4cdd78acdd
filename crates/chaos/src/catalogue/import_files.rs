//! Imports of generated files: shape, encoding, delimiter, container and damage by seed.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::Value;
use testkit::{Figure, FileRow, ImportFile, Output, program, run as run_program};

use super::process::{CatalogueProcess, Engine};
use crate::RunConfig;

/// Number of files at full size.
const FILES: u64 = 10_000;
/// Exit codes: all rows taken, the file refused as a whole, some rows rejected.
const TAKEN: Option<i32> = Some(0);
const REFUSED: Option<i32> = Some(1);
const SOME_REJECTED: Option<i32> = Some(2);

pub(super) async fn run(config: &RunConfig) -> Result<Vec<Figure>> {
    let catalogue = CatalogueProcess::start(Engine::Sqlite).await?;
    let files = config.count(FILES).max(20);
    let first = config.random("import files").below(u64::from(u32::MAX));
    let (mut rows, mut refused, mut faults) = (0, 0, 0);
    for seed in first..first + files {
        let file = ImportFile::generate(seed);
        let path = catalogue.dir().join(&file.name);
        std::fs::write(&path, &file.bytes)?;
        let output = import(&catalogue, &path).await;
        match checked(&file, &output) {
            Ok(Some(count)) => rows += count,
            Ok(None) => refused += 1,
            Err(fault) => {
                println!("{}: {fault:#}\n  {output:?}", file.about);
                faults += 1;
            }
        }
        std::fs::remove_file(&path)?;
    }
    println!("{rows} rows in {files} files, of which {refused} were cut and refused");
    Ok(vec![
        Figure::at_least("rows", rows, files),
        Figure::exactly("files with rows lost, doubled or not counted", faults, 0),
    ])
}

async fn import(catalogue: &CatalogueProcess, path: &Path) -> Output {
    let server = format!("http://{}", catalogue.addr());
    let rejects = path.with_extension("rejects");
    let (path, rejects) = (path.to_string_lossy(), rejects.to_string_lossy());
    let arguments = ["--server", &server, "import", &path, "--rejects", &rejects, "--restart"];
    run_program(program("catctl"), arguments.into_iter().chain(["--quiet", "--json"])).await
}

/// The number of rows; `None` if the file was refused and may be. Each row is counted once.
fn checked(file: &ImportFile, output: &Output) -> Result<Option<u64>> {
    if output.code == REFUSED && file.may_be_refused {
        return Ok(None);
    }
    anyhow::ensure!([TAKEN, SOME_REJECTED].contains(&output.code), "ended with {:?}", output.code);
    let summary = output.out.lines().last().context("there is no summary")?;
    let summary: Value = serde_json::from_str(summary)?;
    let count = |name: &str| summary[name].as_u64().with_context(|| format!("no {name}"));
    let mut sum = 0;
    for outcome in ["created", "updated", "unchanged", "rejected", "grouped"] {
        sum += count(outcome)?;
    }
    let rows = file.rows.len() as u64;
    let may_be_more = file.may_be_refused || file.rows.iter().any(FileRow::may_split);
    anyhow::ensure!(
        sum == count("rows")? && (sum == rows || may_be_more && sum >= rows),
        "{sum} rows are counted, the file has {rows}"
    );
    Ok(Some(rows))
}
