//! Loading products, and waiting until all of them can be found.

use std::{
    env,
    path::Path,
    process::{Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::{front::Front, plan::Plan, process};
use crate::{cargo, http, term};

/// An import that meets a service just as it dies is tried again; rows are only ever stored once.
const TRIES: u32 = 4;
/// How long search may make no progress.
const PATIENCE: Duration = Duration::from_secs(120);
/// `catctl import` says with this that it kept the good rows and reported the broken ones.
const SOME_ROWS_BROKEN: i32 = 2;

/// Loads what was asked for, or the demo into an empty catalogue, and waits for search. Returns
/// how many products there are.
///
/// # Errors
/// An import that fails, or a search that does not catch up.
pub(crate) fn load(front: &mut Front<'_>) -> Result<u64> {
    let plan = front.plan;
    if !plan.import.is_empty() {
        for file in &plan.import {
            import(front, file, plan.map.as_deref())?;
        }
    } else if count_products(front)? == 0 {
        let demo = cargo::workspace().join("examples/demo/products.jsonl");
        if demo.is_file() {
            term::line("The catalogue is empty: loading the demo products");
            import(front, &demo, None)?;
        }
    }
    wait_until_searchable(front)
}

fn import(front: &mut Front<'_>, file: &Path, map: Option<&Path>) -> Result<()> {
    for attempt in 1.. {
        let restarts = front.state().map_or(0, |run| run.restarts());
        let status = catctl_import(front, file, map)?;
        match status.code() {
            Some(0) => return Ok(()),
            Some(SOME_ROWS_BROKEN) => {
                let text = format!("some rows of {} are broken, see above", term::path(file));
                term::line(&term::warn(&text));
                return Ok(());
            }
            _ => {}
        }
        front.pause()?;
        // Only what a death explains is worth another try. It is noticed within the pause.
        let died = front.state().is_some_and(|run| run.restarts() > restarts || !is_well(&run));
        if attempt == TRIES || !died {
            bail!("importing {} failed: catctl {}", file.display(), process::ending(status));
        }
        term::line("A service died during the import: trying again when it is back");
        front.wait_for_all()?;
    }
    unreachable!("the loop returns at the last try")
}

fn is_well(run: &super::Run) -> bool {
    run.services.iter().all(|service| service.state == super::State::Ready)
}

/// Runs it with our terminal, so that its progress shows, and under guard, so that it ends with us.
fn catctl_import(front: &mut Front<'_>, file: &Path, map: Option<&Path>) -> Result<ExitStatus> {
    let mut command = Command::new(env::current_exe().context("finding this program")?);
    command.arg("guard").arg(front.plan.bin_dir.join("catctl"));
    command.args(["--server", &front.plan.url(), "import"]).arg(file).stdin(Stdio::piped());
    if let Some(map) = map {
        command.arg("--map").arg(map);
    }
    term::clear();
    let mut child = command.spawn().context("starting catctl")?;
    loop {
        if let Some(status) = child.try_wait().context("waiting for catctl")? {
            return Ok(status);
        }
        if let Err(stopped) = front.pause() {
            child.wait().context("ending catctl")?; // closes its standard input first
            return Err(stopped);
        }
    }
}

/// Asks until the gateway answers: it is ready, but a service may die just now.
fn count_products(front: &mut Front<'_>) -> Result<u64> {
    let begun = Instant::now();
    loop {
        match total(front.plan) {
            Ok(count) => return Ok(count),
            Err(error) if begun.elapsed() > PATIENCE => return Err(error),
            Err(error) => term::live(&format!("… counting the products: {error}")),
        }
        front.pause()?;
    }
}

fn wait_until_searchable(front: &mut Front<'_>) -> Result<u64> {
    let begun = Instant::now();
    let mut progress = (0, Instant::now());
    loop {
        let (total, found) = (total(front.plan), searchable(front.plan));
        let problem = match (&total, &found) {
            (Ok(total), Ok((found, true))) if total == found => {
                term::done(&format!(
                    "{} {:<10} {} of them, all searchable {}",
                    term::good("✓"),
                    "products",
                    term::number(*total),
                    term::dim(&format!("({})", term::duration(begun.elapsed())))
                ));
                return Ok(*total);
            }
            (Ok(total), Ok((found, _))) => {
                if *found != progress.0 {
                    progress = (*found, Instant::now());
                }
                let (found, total) = (term::number(*found), term::number(*total));
                format!("{found} of {total} are searchable")
            }
            (Err(error), _) | (_, Err(error)) => format!("{error:#}"),
        };
        if progress.1.elapsed() > PATIENCE {
            bail!("the products do not become searchable: {problem}");
        }
        term::count(&format!("… {:<10} {problem}", "products"));
        front.pause()?;
    }
}

fn total(plan: &Plan) -> Result<u64> {
    let page = http::get_json(plan.ports.gateway, "/v1/products?pageSize=1")?;
    number(&page["totalSize"]).context("/v1/products has no totalSize")
}

/// How many products can be found, and whether search has caught up.
fn searchable(plan: &Plan) -> Result<(u64, bool)> {
    let status = http::get_json(plan.ports.gateway, "/v1/search/status")?;
    let count = number(&status["productCount"]).context("/v1/search/status has no productCount")?;
    Ok((count, status["caughtUp"] == true))
}

/// In JSON, 64-bit numbers of the contract are texts.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_may_be_texts() {
        assert_eq!(number(&json!(19406)), Some(19406));
        assert_eq!(number(&json!("19406")), Some(19406));
        assert_eq!(number(&Value::Null), None);
    }
}
