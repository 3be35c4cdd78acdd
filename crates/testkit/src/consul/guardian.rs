//! Runs an agent and outlives us by a moment, to end it.

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

/// `$1` is the folder, the rest the agent. The pipe it reads from is closed when we end, however we
/// do: then the agent is killed and the folder removed.
const SCRIPT: &str = r#"
folder=$1; shift
"$@" >>"$folder/consul.log" 2>&1 </dev/null &
agent=$!
echo "$agent"
how=
read -r how
kill -CONT "$agent" 2>/dev/null
kill -"${how:-KILL}" "$agent" 2>/dev/null
wait "$agent"
[ -n "$how" ] || { cd / && rm -rf "$folder"; }
"#;

/// The shell of one run of an agent.
#[derive(Debug)]
pub(super) struct Guardian {
    shell: Child,
    agent: Pid,
}

impl Guardian {
    pub(super) fn start(
        folder: &Path,
        program: &Path,
        arguments: &[String],
    ) -> anyhow::Result<Self> {
        let mut shell = Command::new("sh")
            .args(["-c", SCRIPT, "sh"])
            .arg(folder)
            .arg(program)
            .args(arguments)
            // Ctrl-C in a terminal is for us; the shell must live on to clean up.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("starting a shell for Consul")?;
        let mut line = String::new();
        let said = shell.stdout.take().context("standard output is a pipe")?;
        BufReader::new(said).read_line(&mut line)?;
        let agent = line.trim().parse().context("the shell says which process the agent is")?;
        Ok(Self { shell, agent: Pid::from_raw(agent) })
    }

    /// SIGSTOP and SIGCONT.
    pub(super) fn signal(&self, signal: Signal) {
        kill(self.agent, signal).ok(); // it may have ended
    }

    /// Ends the agent by this signal, and waits for its end.
    pub(super) fn end(mut self, signal: Signal) {
        let name = signal.as_str().trim_start_matches("SIG");
        if let Some(mut stdin) = self.shell.stdin.take() {
            writeln!(stdin, "{name}").ok(); // it may have ended
        }
        self.shell.wait().ok();
    }

    /// Whether it runs.
    pub(super) fn runs(&self) -> bool {
        kill(self.agent, None).is_ok()
    }
}

impl Drop for Guardian {
    fn drop(&mut self) {
        // Closes the pipe. Without a word the folder goes, too.
        self.shell.stdin = None;
        self.shell.wait().ok();
    }
}
