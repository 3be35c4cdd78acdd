//! The startup: waits until all services are ready, imports products, and shows the addresses.

use anyhow::Result;

use super::{load, summary, watcher::Watcher};

/// Returns once everything is ready, imported and shown.
///
/// # Errors
/// If the user has stopped the run, the supervisor has ended, or an import fails.
pub(crate) fn run(mut watcher: Watcher<'_>) -> Result<()> {
    let plan = watcher.plan;
    for instance in &plan.instances {
        watcher.wait_for(&instance.name)?;
    }
    let products = load::load(&mut watcher)?;
    let services = watcher.state().map(|run| run.services).unwrap_or_default();
    let (rows, logs) = summary::of_processes(plan, &services);
    summary::show(plan, &rows, &logs, products);
    Ok(())
}
