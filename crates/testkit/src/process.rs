//! Child processes.

use std::{
    ffi::OsStr,
    fs::File,
    os::unix::process::ExitStatusExt as _,
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

/// A child process. Killed when it is dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts `program`, with its output appended to the file `log`.
    ///
    /// # Errors
    /// The program cannot be started, or the log cannot be opened.
    pub fn start(
        program: &Path,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
        log: &Path,
    ) -> anyhow::Result<Self> {
        Self::spawn(program, arguments, log, Stdio::null())
    }

    /// [`Process::start`] with a pipe as standard input.
    ///
    /// # Errors
    /// As [`Process::start`].
    ///
    /// # Panics
    /// Never: the standard input of the child is a pipe.
    pub fn start_with_stdin(
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

    /// Its output so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// The exit status, if it has ended.
    pub fn exit_status(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Waits until `/readyz` of the admin port responds with success.
    ///
    /// # Panics
    /// If it ends, or is not ready within a minute.
    pub async fn ready(&mut self, admin: u16) {
        let url = format!("http://127.0.0.1:{admin}/readyz");
        until("a service is ready", async || {
            assert!(self.exit_status().is_none(), "the service ended: {}", self.log());
            get(&url).await.ok().filter(|response| response.status.is_success())
        })
        .await;
    }

    /// Waits until it has ended.
    ///
    /// # Errors
    /// It is still running after `timeout`.
    pub async fn ends_within(&mut self, timeout: Duration) -> anyhow::Result<ExitStatus> {
        let began = Instant::now();
        loop {
            if let Some(exit) = self.exit_status() {
                return Ok(exit);
            }
            ensure!(began.elapsed() < timeout, "still running after {timeout:?}: {}", self.log());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.id()).expect("process ids are small");
        kill(Pid::from_raw(id), signal).ok();
    }

    /// Waits until it has ended. Blocks the thread.
    pub fn wait(&mut self) -> ExitStatus {
        self.child.wait().expect("a child can be waited for")
    }

    /// Sends SIGTERM, and SIGKILL if it has not ended after `timeout`. Blocks the thread.
    pub fn stop(&mut self, timeout: Duration) {
        self.signal(Signal::SIGTERM);
        let began = Instant::now();
        while self.exit_status().is_none() && began.elapsed() < timeout {
            std::thread::sleep(Duration::from_millis(5));
        }
        self.kill();
    }

    /// Sends SIGKILL, and waits until it has ended. Returns whether the signal ended it.
    pub fn kill(&mut self) -> bool {
        self.child.kill().ok();
        self.child.wait().is_ok_and(|status| status.signal() == Some(Signal::SIGKILL as i32))
    }

    /// Resident memory in bytes (`VmRSS`).
    pub fn resident_bytes(&self) -> u64 {
        self.memory("VmRSS:")
    }

    /// The memory of its own, in bytes: without the pages of files, such as the program's code, of which an unoptimized
    /// build has many.
    ///
    /// # Panics
    /// If it does not run.
    pub fn anonymous_bytes(&self) -> u64 {
        self.memory("RssAnon:")
    }

    /// A line of its status, in bytes.
    fn memory(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id()));
        let status = status.expect("a running process has a status");
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        kilobytes.expect("a number of kB") * 1_024
    }
}

/// CPU time of a process since its start, in seconds: user and system time, `with_children` including
/// that of its children that have ended.
///
/// # Errors
/// It has ended.
pub fn cpu_seconds(id: u32, with_children: bool) -> anyhow::Result<f64> {
    // Of /proc (USER_HZ), independent of the kernel's internal clock.
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
    // The fields follow the name in parentheses, which may contain any character.
    let (_, fields) = stat.rsplit_once(") ").context("a process has a name")?;
    let times = fields.split(' ').skip(11).take(if with_children { 4 } else { 2 });
    let ticks = times.map(str::parse::<u64>).sum::<Result<u64, _>>()?;
    Ok(ticks as f64 / TICKS_PER_SECOND)
}

/// Peak resident memory of a process in bytes (`VmHWM`).
///
/// # Errors
/// It has ended.
pub fn peak_bytes(id: u32) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().split(' ').next());
    Ok(kilobytes.context("/proc has no VmHWM")?.parse::<u64>()? * 1_024)
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            let log = self.log();
            let last = log.lines().rev().take(15).collect::<Vec<_>>();
            eprintln!("--- the last lines of {}:", self.log.display());
            last.iter().rev().for_each(|line| eprintln!("{line}"));
        }
    }
}

/// Output of a program that has ended.
#[derive(Debug)]
pub struct Output {
    /// Exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// Runs a program until it ends, without blocking the thread.
///
/// # Panics
/// If it cannot be started.
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
