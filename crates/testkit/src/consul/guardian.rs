//! A shell that runs an agent, and stops it when this process ends.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    os::unix::process::CommandExt as _,
    path::Path,
    process::{Child, Command, Stdio},
};

use anyhow::Context as _;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

/// `$1` is the directory, the rest the command line of the agent. The pipe is closed when this process
/// ends, even by SIGKILL; then the shell kills the agent and removes the directory.
const SCRIPT: &str = r#"
dir=$1; shift
"$@" >>"$dir/consul.log" 2>&1 </dev/null &
agent=$!
echo "$agent"
signal=
read -r signal
kill -CONT "$agent" 2>/dev/null
kill -"${signal:-KILL}" "$agent" 2>/dev/null
wait "$agent"
[ -n "$signal" ] || { cd / && rm -rf "$dir"; }
"#;

/// The shell of an agent process.
#[derive(Debug)]
pub(super) struct Guardian {
    shell: Child,
    agent: Pid,
}

impl Guardian {
    pub(super) fn start(dir: &Path, program: &Path, arguments: &[String]) -> anyhow::Result<Self> {
        let mut shell = Command::new("sh")
            .args(["-c", SCRIPT, "sh"])
            .arg(dir)
            .arg(program)
            .args(arguments)
            // Not interrupted by Ctrl+C in a terminal, because the shell must clean up.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("starting a shell for Consul")?;
        let mut line = String::new();
        let stdout = shell.stdout.take().context("standard output is a pipe")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let agent = line.trim().parse().context("the shell prints the process id of the agent")?;
        Ok(Self { shell, agent: Pid::from_raw(agent) })
    }

    /// Sends a signal, such as SIGSTOP, to the agent.
    pub(super) fn signal(&self, signal: Signal) {
        kill(self.agent, signal).ok(); // it may have ended
    }

    /// Ends the agent with this signal, waits for it, and keeps the directory.
    pub(super) fn end(mut self, signal: Signal) {
        let name = signal.as_str().trim_start_matches("SIG");
        if let Some(mut stdin) = self.shell.stdin.take() {
            writeln!(stdin, "{name}").ok(); // it may have ended
        }
        self.shell.wait().ok();
    }

    /// Whether the agent is running.
    pub(super) fn is_running(&self) -> bool {
        kill(self.agent, None).is_ok()
    }
}

impl Drop for Guardian {
    fn drop(&mut self) {
        // Closes the pipe without naming a signal, so that the directory is removed too.
        self.shell.stdin = None;
        self.shell.wait().ok();
    }
}
