//! Processes and signals.

use std::{
    fs::{self, File},
    io::{Read as _, Seek as _, SeekFrom},
    os::unix::process::{CommandExt as _, ExitStatusExt as _},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, Result};
use nix::{
    sys::signal::{Signal, kill, killpg},
    unistd::Pid,
};

/// A child process. It ends when this is dropped or this process dies, because it reads a pipe whose
/// other end is held here.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    pub(crate) started: SystemTime,
}

impl Process {
    /// Starts the command, with its output appended to the log.
    ///
    /// # Errors
    /// If the program cannot be started, or the log cannot be opened.
    pub(crate) fn start(mut command: Command, log: &Path) -> Result<Self> {
        let out = File::options()
            .create(true)
            .append(true)
            .open(log)
            .with_context(|| format!("opening {}", log.display()))?;
        let child = command
            .stdin(Stdio::piped())
            .stdout(out.try_clone()?)
            .stderr(out)
            .process_group(0) // Ctrl+C reaches only the supervisor, which stops services in order
            .spawn()
            .with_context(|| format!("starting {}", command.get_program().display()))?;
        Ok(Self { child, started: SystemTime::now() })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Start time, in seconds since 1970.
    pub(crate) fn started_unix(&self) -> u64 {
        self.started.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
    }

    /// The exit status, if it has ended.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Starts its graceful shutdown.
    pub(crate) fn terminate(&self) {
        terminate(self.pid());
    }

    /// Kills it and its children.
    pub(crate) fn kill(&mut self) {
        group_kill(self.pid());
        self.child.wait().ok(); // reaps it
    }
}

/// Sends SIGTERM.
pub(crate) fn terminate(pid: u32) {
    signal(pid, |pid| kill(pid, Signal::SIGTERM));
}

/// Sends SIGKILL to this process alone.
pub(crate) fn kill_one(pid: u32) {
    signal(pid, |pid| kill(pid, Signal::SIGKILL));
}

/// Sends SIGKILL to a process and its group.
pub(crate) fn group_kill(pid: u32) {
    signal(pid, |pid| killpg(pid, Signal::SIGKILL));
    kill_one(pid);
}

/// Whether a process exists, running or not yet reaped.
pub(crate) fn exists(pid: u32) -> bool {
    i32::try_from(pid).is_ok_and(|pid| pid > 0 && kill(Pid::from_raw(pid), None).is_ok())
}

/// Describes an exit status: `ended with exit code 1` or `was ended by SIGKILL`.
pub(crate) fn describe_exit(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("ended with exit code {code}"),
        (None, Some(number)) => match Signal::try_from(number) {
            Ok(signal) => format!("was ended by {signal}"),
            Err(_) => format!("was ended by signal {number}"),
        },
        (None, None) => "ended".to_owned(),
    }
}

/// Reads the last lines of a log.
pub(crate) fn tail(log: &Path, lines: usize) -> Vec<String> {
    /// Number of bytes read, enough for a few long lines.
    const MAX_BYTES: u64 = 16 << 10;
    let read = || {
        let from = fs::metadata(log)?.len().saturating_sub(MAX_BYTES);
        let mut file = File::open(log)?;
        file.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::new();
        file.take(MAX_BYTES).read_to_end(&mut bytes)?;
        std::io::Result::Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    let text = read().unwrap_or_default();
    let all: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    all[all.len().saturating_sub(lines)..].iter().map(|line| (*line).to_owned()).collect()
}

/// Waits until `done` returns true; returns false after the timeout.
pub(crate) fn wait_until(timeout: Duration, mut done: impl FnMut() -> bool) -> bool {
    let started_at = Instant::now();
    loop {
        if done() {
            return true;
        }
        if started_at.elapsed() >= timeout {
            return false;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Sends a signal to a process, if it exists. Ignores pids of 1 and below, which mean init or process
/// groups.
fn signal(pid: u32, send: impl Fn(Pid) -> nix::Result<()>) {
    if let Some(pid) = i32::try_from(pid).ok().filter(|pid| *pid > 1) {
        send(Pid::from_raw(pid)).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_statuses_are_described() {
        assert_eq!(describe_exit(ExitStatus::from_raw(1 << 8)), "ended with exit code 1");
        assert_eq!(describe_exit(ExitStatus::from_raw(9)), "was ended by SIGKILL");
    }

    #[test]
    fn the_last_lines_of_a_log_are_read() {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("a.log");
        fs::write(&log, format!("{}\none\n\ntwo\nthree\n", "x".repeat(40_000))).unwrap();
        assert_eq!(tail(&log, 2), ["two", "three"]);
        assert_eq!(tail(&dir.path().join("none"), 2), Vec::<String>::new());
    }
}
