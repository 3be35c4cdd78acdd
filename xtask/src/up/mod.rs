//! `cargo xtask up`: builds, starts, fills and supervises the whole system.
//!
//! A *supervisor* starts the services, each once its predecessor is ready, and starts again what
//! dies. A *front* watches it through `run.json`, loads products and shows where everything is.
//! They are threads of one process, or two processes with `--detach`.
//! **Invariant:** the services end when the supervisor does, however it ends: each reads a pipe
//! that only the supervisor holds open.

mod args;
mod attached;
mod build;
mod consul;
mod control;
mod detached;
mod events;
mod front;
mod home;
mod leftovers;
mod load;
mod managed;
mod plan;
mod ports;
mod postgres;
mod process;
mod ready;
mod replicas;
mod state;
mod supervisor;
mod table;

use std::{fs, os::unix::fs::DirBuilderExt as _};

use anyhow::{Context as _, Result};

pub(crate) use self::{
    args::{Args, DataDir},
    control::ask_to_restart,
    home::Home,
    leftovers::end as end_leftovers,
    ports::Ports,
    process::{group_kill, kill_one, terminate, wait_until},
    ready::probe,
    state::{Run, ServiceState, State},
};
use crate::machine;

/// Runs `cargo xtask up`.
///
/// # Errors
/// Whatever keeps the system from coming up, in one line that says what to do.
pub(crate) fn run(args: Args) -> Result<()> {
    args.check()?;
    if args.supervisor {
        return detached::supervise(&args);
    }
    let plan = args.plan()?;
    // An ephemeral run cannot meet a second one, so its folder is made only when all is built.
    let mut lock = None;
    if !args.ephemeral {
        machine::require_space(&plan.home.dir, machine::MIN_SPACE)?;
        lock = Some(plan.home.claim()?);
        leftovers::end(&plan.home)?;
    }
    plan.ports.check()?;
    if !args.no_build {
        build::check_machine()?;
        build::build(args.release)?;
    }
    let lock = match lock {
        Some(lock) => lock,
        None => {
            fs::DirBuilder::new()
                .mode(0o700)
                .create(&plan.home.dir)
                .with_context(|| format!("creating {}", plan.home.dir.display()))?;
            plan.home.claim()?
        }
    };
    if args.detach { detached::start(&args, &plan, lock) } else { attached::run(&plan, lock) }
}
