//! `cargo xtask up`: builds, starts, fills and supervises the whole system.
//!
//! The [`supervisor`] starts the services, each once its predecessor is ready, and restarts those
//! that die. The [`startup`] watches it through `run.json`, imports products and shows the addresses.
//! They are threads of one process, or two processes with `--detach`.
//!
//! **Invariant:** the services end when the supervisor ends for any reason: each reads a pipe that
//! only the supervisor holds open.

mod args;
mod attached;
mod build;
mod compose;
mod consul;
mod control;
mod detached;
mod ephemeral;
mod events;
mod load;
mod managed_service;
mod orphans;
mod plan;
mod ports;
mod postgres;
mod process;
mod project;
mod readiness;
mod replicas;
mod run_dir;
mod startup;
mod state;
mod summary;
mod supervisor;
mod watcher;

use anyhow::Result;

pub(crate) use self::{
    args::{Args, DataDir},
    control::request_restart,
    orphans::terminate as terminate_orphans,
    ports::Ports,
    process::{group_kill, kill_one, terminate, wait_until},
    project::Project,
    readiness::probe,
    run_dir::RunDir,
    state::{Run, ServiceState, State},
};
use crate::machine;

/// Runs `cargo xtask up`.
///
/// # Errors
/// If the system does not start; the message is one line with advice.
pub(crate) fn run(args: Args) -> Result<()> {
    args.check()?;
    if args.supervisor {
        return detached::supervise(&args);
    }
    if let Some(part) = args.compose {
        return compose::up(&args, part);
    }
    let plan = args.plan()?;
    // The directory of an ephemeral run is unique, and created after the build.
    let mut lock = None;
    if !args.ephemeral {
        machine::require_space(&plan.run_dir.dir, machine::MIN_SPACE)?;
        lock = Some(plan.run_dir.claim()?);
        orphans::terminate(&plan.run_dir);
    }
    plan.ports.check()?;
    if !args.no_build {
        build::check_machine()?;
        build::build(args.release)?;
    }
    let lock = match lock {
        Some(lock) => lock,
        None => {
            ephemeral::create(&plan.run_dir, &args.data_dir.run_dir()?)?;
            plan.run_dir.claim()?
        }
    };
    if args.detach { detached::start(&args, &plan, lock) } else { attached::run(&plan, lock) }
}
