//! `cargo xtask guard`: runs a command that ends with its parent process.

use std::{
    ffi::OsString,
    io::{self, Read as _},
    os::unix::process::ExitStatusExt as _,
    process::{Command, Stdio, exit},
    thread,
};

use anyhow::{Context as _, Result};
use signal_hook::{
    consts::{SIGINT, SIGTERM},
    iterator::Signals,
};

use crate::up;

/// Run a command until it ends, or standard input is closed; forwards SIGTERM and SIGINT
///
/// The parent holds the other end of standard input, which the system closes even if the parent is
/// killed. For commands that do not watch their standard input, as the services do.
#[derive(clap::Args)]
#[command(hide = true)]
pub(crate) struct Args {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
    command: Vec<OsString>,
}

/// Runs the command, and exits with its status.
///
/// # Errors
/// If the command cannot be started.
pub(crate) fn run(args: &Args) -> Result<()> {
    let (program, rest) = args.command.split_first().context("a command to run")?;
    let mut child = Command::new(program)
        .args(rest)
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| format!("starting {}", program.display()))?;
    let pid = child.id();
    let mut signals = Signals::new([SIGTERM, SIGINT]).context("listening to signals")?;
    thread::spawn(move || signals.forever().for_each(|_| up::terminate(pid)));
    thread::spawn(move || {
        let mut sink = [0; 64];
        while io::stdin().read(&mut sink).is_ok_and(|read| read > 0) {}
        up::kill_one(pid);
    });
    let status = child.wait().context("waiting for the command")?;
    exit(status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or_default()));
}
