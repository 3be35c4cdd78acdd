//! Imports products, and waits until all of them are searchable.

use std::{
    env,
    path::Path,
    process::{Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::{plan::Plan, process, watcher::Watcher};
use crate::{cargo, http, term};

/// Attempts of an import that fails because a service died. Rows are stored once.
const MAX_ATTEMPTS: u32 = 4;
/// Maximum time without progress of search.
const TIMEOUT: Duration = Duration::from_secs(120);
/// Exit code of `catctl import` if some rows were rejected and the others imported.
const SOME_ROWS_REJECTED: i32 = 2;

/// Imports the given files, or the demo products into an empty catalogue, and waits for search.
/// Returns the number of products.
///
/// # Errors
/// If an import fails, or search does not catch up.
pub(crate) fn load(watcher: &mut Watcher<'_>) -> Result<u64> {
    let plan = watcher.plan;
    if !plan.import.is_empty() {
        for file in &plan.import {
            import(watcher, file, plan.map.as_deref())?;
        }
    } else if count_products(watcher)? == 0 {
        let demo = cargo::workspace().join("examples/demo/products.jsonl");
        if demo.is_file() {
            term::line("The catalogue is empty: importing the demo products");
            import(watcher, &demo, None)?;
        }
    }
    wait_until_searchable(watcher)
}

fn import(watcher: &mut Watcher<'_>, file: &Path, map: Option<&Path>) -> Result<()> {
    for attempt in 1.. {
        let restarts = watcher.state().map_or(0, |run| run.restarts());
        let status = catctl_import(watcher, file, map)?;
        match status.code() {
            Some(0) => return Ok(()),
            Some(SOME_ROWS_REJECTED) => {
                let text = format!("some rows of {} were rejected, see above", term::path(file));
                term::line(&term::warn(&text));
                return Ok(());
            }
            _ => {}
        }
        watcher.pause()?;
        // Retried only if a service has died, which is published within the pause.
        let died = watcher.state().is_some_and(|run| run.restarts() > restarts || !all_ready(&run));
        if attempt == MAX_ATTEMPTS || !died {
            bail!("importing {} failed: catctl {}", file.display(), process::describe_exit(status));
        }
        term::line("A service died during the import: retrying when it is ready again");
        watcher.wait_for_all()?;
    }
    unreachable!("the loop returns at the last attempt")
}

fn all_ready(run: &super::Run) -> bool {
    run.services.iter().all(|service| service.state == super::State::Ready)
}

/// Runs `catctl import` in this terminal, which shows its progress, and with `guard`, so that it ends
/// with this process.
fn catctl_import(watcher: &mut Watcher<'_>, file: &Path, map: Option<&Path>) -> Result<ExitStatus> {
    let mut command = Command::new(env::current_exe().context("finding this program")?);
    command.arg("guard").arg(watcher.plan.bin_dir.join("catctl"));
    command.args(["--server", &watcher.plan.url(), "import"]).arg(file).stdin(Stdio::piped());
    // Once a key exists, only this may write.
    let secret = watcher.plan.run_dir.service_secret()?;
    let secret = std::fs::read_to_string(&secret)
        .with_context(|| format!("reading {}", secret.display()))?;
    command.env("CATCTL_KEY", secret.trim());
    if let Some(map) = map {
        command.arg("--map").arg(map);
    }
    term::clear();
    let mut child = command.spawn().context("starting catctl")?;
    loop {
        if let Some(status) = child.try_wait().context("waiting for catctl")? {
            return Ok(status);
        }
        if let Err(stopped) = watcher.pause() {
            child.wait().context("stopping catctl")?; // closes its standard input first
            return Err(stopped);
        }
    }
}

/// Requests the number of products, with retries, because a service may have died.
fn count_products(watcher: &mut Watcher<'_>) -> Result<u64> {
    let started_at = Instant::now();
    loop {
        match total(watcher.plan) {
            Ok(count) => return Ok(count),
            Err(error) if started_at.elapsed() > TIMEOUT => return Err(error),
            Err(error) => term::live(&format!("… counting the products: {error}")),
        }
        watcher.pause()?;
    }
}

fn wait_until_searchable(watcher: &mut Watcher<'_>) -> Result<u64> {
    let started_at = Instant::now();
    let mut progress = (0, Instant::now());
    loop {
        let (total, found) = (total(watcher.plan), searchable(watcher.plan));
        let status = match (&total, &found) {
            (Ok(total), Ok((found, true))) if total == found => {
                term::done(&format!(
                    "{} {:<10} {}, all searchable {}",
                    term::good("✓"),
                    "products",
                    term::number(*total),
                    term::dim(&format!("({})", term::duration(started_at.elapsed())))
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
        if progress.1.elapsed() > TIMEOUT {
            bail!("the products do not become searchable: {status}");
        }
        term::count(&format!("… {:<10} {status}", "products"));
        watcher.pause()?;
    }
}

fn total(plan: &Plan) -> Result<u64> {
    let page = http::get_json(plan.ports.gateway, "/v1/products?pageSize=1")?;
    number(&page["totalSize"]).context("/v1/products has no totalSize")
}

/// The number of indexed products, and whether search has caught up.
fn searchable(plan: &Plan) -> Result<(u64, bool)> {
    let status = http::get_json(plan.ports.gateway, "/v1/search/status")?;
    let count = number(&status["productCount"]).context("/v1/search/status has no productCount")?;
    Ok((count, status["caughtUp"] == true))
}

/// Parses a number, which is a string in the JSON mapping if it has 64 bits.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_may_be_strings() {
        assert_eq!(number(&json!(19406)), Some(19406));
        assert_eq!(number(&json!("19406")), Some(19406));
        assert_eq!(number(&Value::Null), None);
    }
}
