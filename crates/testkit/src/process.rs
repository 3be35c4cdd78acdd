//! A program as a child process.

use std::{
    ffi::OsStr,
    fs::File,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::{get, until};

/// A running program. Killed when it is dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts `program`, with what it says in the file `log` (appended).
    ///
    /// # Errors
    /// The program or the log file cannot be opened.
    pub fn start(
        program: &Path,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
        log: &Path,
    ) -> anyhow::Result<Self> {
        Self::spawn(program, arguments, log, Stdio::null())
    }

    /// [`Process::start`], and what it reads is written by the caller.
    ///
    /// # Errors
    /// As [`Process::start`].
    ///
    /// # Panics
    /// Never: the standard input of the child is a pipe.
    pub fn start_fed(
        program: &Path,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
        log: &Path,
    ) -> anyhow::Result<(Self, ChildStdin)> {
        let mut process = Self::spawn(program, arguments, log, Stdio::piped())?;
        let stdin = process.child.stdin.take().expect("standard input is a pipe");
        Ok((process, stdin))
    }

    fn spawn(
        program: &Path,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
        log: &Path,
        stdin: Stdio,
    ) -> anyhow::Result<Self> {
        let output = File::options().create(true).append(true).open(log)?;
        let child = Command::new(program)
            .args(arguments)
            .stdin(stdin)
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .with_context(|| format!("starting {}", program.display()))?;
        Ok(Self { child, log: log.to_owned() })
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has said so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Whether it has ended, and how.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Waits until it says, on its admin port, that it is ready.
    ///
    /// # Panics
    /// When it ends, or is not ready within a minute.
    pub async fn ready(&mut self, admin: u16) {
        let url = format!("http://127.0.0.1:{admin}/readyz");
        until("a service is ready", async || {
            assert!(self.ended().is_none(), "it ended: {}", self.log());
            get(&url).await.ok().filter(|answer| answer.status.is_success())
        })
        .await;
    }

    /// Waits for its end without holding up anything else.
    ///
    /// # Errors
    /// It goes on for longer than `limit`.
    pub async fn ends_within(&mut self, limit: Duration) -> anyhow::Result<ExitStatus> {
        let began = Instant::now();
        loop {
            if let Some(exit) = self.ended() {
                return Ok(exit);
            }
            ensure!(began.elapsed() < limit, "it does not end: {}", self.log());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.id()).expect("process ids are small");
        kill(Pid::from_raw(id), signal).ok();
    }

    /// Waits for its end.
    pub fn wait(&mut self) -> ExitStatus {
        self.child.wait().expect("a child can be waited for")
    }

    /// SIGTERM, and SIGKILL if it has not ended after `patience`. Blocks.
    pub fn stop(&mut self, patience: Duration) {
        self.signal(Signal::SIGTERM);
        let began = Instant::now();
        while self.ended().is_none() && began.elapsed() < patience {
            std::thread::sleep(Duration::from_millis(5));
        }
        self.kill();
    }

    /// SIGKILL, and the end of it.
    pub fn kill(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }

    /// Resident memory in bytes, as the kernel counts it (`VmRSS`).
    pub fn resident_bytes(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id()));
        let status = status.expect("a running process has a status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        kilobytes.expect("VmRSS is in kB") * 1_024
    }
}

/// How long a process has used the processor since its beginning, in seconds: user and system time,
/// `with_children` that of its children that have ended, too.
///
/// # Errors
/// It has ended.
pub fn processor_seconds(id: u32, with_children: bool) -> anyhow::Result<f64> {
    // The kernel counts in hundredths of a second, whatever its own clock does.
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
    // Behind the name, which may contain anything.
    let (_, fields) = stat.rsplit_once(") ").context("a process has a name")?;
    let times = fields.split(' ').skip(11).take(if with_children { 4 } else { 2 });
    let ticks = times.map(str::parse::<u64>).sum::<Result<u64, _>>()?;
    Ok(ticks as f64 / TICKS_PER_SECOND)
}

/// The most memory that a process has had resident, in bytes (`VmHWM`).
///
/// # Errors
/// It has ended.
pub fn peak_bytes(id: u32) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().split(' ').next());
    Ok(kilobytes.context("the kernel says how much it was")?.parse::<u64>()? * 1_024)
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            let log = self.log();
            let last = log.lines().rev().take(15).collect::<Vec<_>>();
            eprintln!("--- the end of {}:", self.log.display());
            last.iter().rev().for_each(|line| eprintln!("{line}"));
        }
    }
}

/// What a program that has ended said.
#[derive(Debug)]
pub struct Output {
    /// Its exit code; nothing if a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// Runs a program to its end, off the async threads.
///
/// # Panics
/// When it cannot be started.
pub async fn run(
    program: PathBuf,
    arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
) -> Output {
    let mut command = tokio::process::Command::new(&program);
    command.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
    let output = command.output().await;
    let output = output.unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    Output {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
