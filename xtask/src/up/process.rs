//! One process of a service.

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

/// A running service. It ends when this is dropped, or when this process dies: it reads the pipe
/// whose other end lies in here.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    pub(crate) started: SystemTime,
}

impl Process {
    /// Starts the command with its output going to the log.
    ///
    /// # Errors
    /// No such program, or a log that cannot be written.
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
            .process_group(0) // so that Ctrl+C reaches us alone, and we stop them in order
            .spawn()
            .with_context(|| format!("starting {}", command.get_program().display()))?;
        Ok(Self { child, started: SystemTime::now() })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// When it started, in seconds since 1970.
    pub(crate) fn started_unix(&self) -> u64 {
        self.started.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
    }

    /// How it ended, if it has.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Asks it to drain and end.
    pub(crate) fn terminate(&self) {
        terminate(self.pid());
    }

    /// Ends it at once, and everything it started.
    pub(crate) fn kill(&mut self) {
        group_kill(self.pid());
        self.child.wait().ok(); // the status of the killed is known
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

/// Sends SIGKILL to a process that leads its group, and to the group.
pub(crate) fn group_kill(pid: u32) {
    signal(pid, |pid| killpg(pid, Signal::SIGKILL));
    kill_one(pid);
}

/// Whether there is such a process, running or not yet waited for.
pub(crate) fn exists(pid: u32) -> bool {
    i32::try_from(pid).is_ok_and(|pid| pid > 0 && kill(Pid::from_raw(pid), None).is_ok())
}

/// `ended with exit code 1` or `was ended by SIGKILL`.
pub(crate) fn ending(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("ended with exit code {code}"),
        (None, Some(number)) => match Signal::try_from(number) {
            Ok(signal) => format!("was ended by {signal}"),
            Err(_) => format!("was ended by signal {number}"),
        },
        (None, None) => "ended".to_owned(),
    }
}

/// The last lines of a log.
pub(crate) fn tail(log: &Path, lines: usize) -> Vec<String> {
    /// Bytes; enough for a few long lines.
    const END: u64 = 16 << 10;
    let read = || {
        let from = fs::metadata(log)?.len().saturating_sub(END);
        let mut file = File::open(log)?;
        file.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::new();
        file.take(END).read_to_end(&mut bytes)?;
        std::io::Result::Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    let text = read().unwrap_or_default();
    let all: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    all[all.len().saturating_sub(lines)..].iter().map(|line| (*line).to_owned()).collect()
}

/// Waits until `done`, at most for `patience`; tells whether it was.
pub(crate) fn wait_until(patience: Duration, mut done: impl FnMut() -> bool) -> bool {
    let begun = Instant::now();
    loop {
        if done() {
            return true;
        }
        if begun.elapsed() >= patience {
            return false;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A process that is gone already needs no signal, so failures mean nothing here. Zero and below
/// would reach whole groups, ours among them.
fn signal(pid: u32, send: impl Fn(Pid) -> nix::Result<()>) {
    if let Some(pid) = i32::try_from(pid).ok().filter(|pid| *pid > 1) {
        send(Pid::from_raw(pid)).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_words() {
        assert_eq!(ending(ExitStatus::from_raw(1 << 8)), "ended with exit code 1");
        assert_eq!(ending(ExitStatus::from_raw(9)), "was ended by SIGKILL");
    }

    #[test]
    fn the_last_lines_of_a_log_are_found() {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("a.log");
        fs::write(&log, format!("{}\none\n\ntwo\nthree\n", "x".repeat(40_000))).unwrap();
        assert_eq!(tail(&log, 2), ["two", "three"]);
        assert_eq!(tail(&dir.path().join("none"), 2), Vec::<String>::new());
    }
}
