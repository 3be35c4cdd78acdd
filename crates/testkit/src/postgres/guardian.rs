//! A shell that runs a server, and stops it when this process ends.
//!
//! The shell reads actions from a pipe. The system closes the pipe when this process ends, even by
//! SIGKILL; then the shell stops the server and removes its directory. Because it runs one action at a
//! time, this process cannot end in the middle of a start that nothing would undo.

use std::{
    ffi::OsString,
    io::{BufRead as _, BufReader, Write as _},
    iter,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use devtools::postgres::INITDB_OPTIONS;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

/// `$1` is the directory, `$2` the options of `initdb`, and the rest is `pg_ctl` with its common options.
/// Paths are relative to the directory, so that none needs quoting.
const SCRIPT: &str = r#"
trap '' PIPE
dir=$1 initdb=$2; shift 2
while read -r action; do
  case $action in
    create) "$@" initdb -o "$initdb" ;;
    start) "$@" start ;;
    *) "$@" stop -m "$action" ;;
  esac >>log 2>&1 </dev/null
  echo $?
done
{
  if read -r postmaster <data/postmaster.pid; then
    kill -CONT "$postmaster" $(cat "/proc/$postmaster/task/$postmaster/children")
    "$@" stop -m immediate -t 10 || kill -KILL "$postmaster"
  fi
} >>log 2>&1 </dev/null
cd / && rm -rf "$dir"
"#;

/// Timeout until all processes have stopped, generous for a busy machine.
const FREEZE_TIMEOUT: Duration = Duration::from_secs(30);

/// The shell of one server. Dropping it stops the server and removes the directory.
#[derive(Debug)]
pub(super) struct Guardian {
    dir: PathBuf,
    shell: Mutex<Shell>,
}

#[derive(Debug)]
struct Shell {
    child: Child,
    /// `None` while being dropped.
    actions: Option<ChildStdin>,
    /// One exit code per line.
    exit_codes: BufReader<ChildStdout>,
}

impl Guardian {
    /// Starts the shell in `dir`, which it will remove. `control` is the command line of `pg_ctl`.
    pub(super) fn start(dir: PathBuf, control: Vec<OsString>) -> anyhow::Result<Self> {
        let mut command = Command::new("sh");
        let initdb = [&INITDB_OPTIONS[..], &["--username=test", "--no-sync"]].concat().join(" ");
        command.args(["-c", SCRIPT, "sh"]).arg(&dir).arg(initdb).args(control);
        command.args(["-D", "data", "-l", "server.log", "-s", "-w", "-t", "60"]);
        // Variables such as PGDATA would redirect the programs.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PG") {
                command.env_remove(name);
            }
        }
        let mut child = command
            .current_dir(&dir)
            // Not interrupted by Ctrl+C in a terminal, because the shell must clean up.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("starting a shell for PostgreSQL")?;
        let actions = child.stdin.take();
        let exit_codes = child.stdout.take().context("standard output is a pipe")?;
        let shell = Shell { child, actions, exit_codes: BufReader::new(exit_codes) };
        Ok(Self { dir, shell: Mutex::new(shell) })
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Runs `create`, `start`, or one of the stop modes `fast` and `immediate`.
    pub(super) fn run(&self, action: &str) -> anyhow::Result<()> {
        let mut shell = self.shell.lock().unwrap_or_else(PoisonError::into_inner);
        let actions = shell.actions.as_mut().context("the server is stopping")?;
        writeln!(actions, "{action}").context("the shell of PostgreSQL has ended")?;
        let mut exit_code = String::new();
        shell.exit_codes.read_line(&mut exit_code).context("the shell of PostgreSQL has ended")?;
        ensure!(exit_code.trim() == "0", "PostgreSQL failed to {action}:\n{}", self.log_tail());
        Ok(())
    }

    /// Sends a signal to the postmaster and, on systems that list them, to its children.
    pub(super) fn signal(&self, signal: Signal) -> anyhow::Result<()> {
        let postmaster = self.postmaster()?;
        // The postmaster first, so that a stopped one starts no children meanwhile.
        kill(Pid::from_raw(postmaster), signal).context("signalling the postmaster")?;
        for child in children(postmaster) {
            kill(Pid::from_raw(child), signal).ok(); // it may have ended
        }
        Ok(())
    }

    /// Stops all processes of the server (SIGSTOP), and returns when all have stopped.
    pub(super) fn freeze(&self) -> anyhow::Result<()> {
        let postmaster = self.postmaster()?;
        let deadline = Instant::now() + FREEZE_TIMEOUT;
        // Signals take effect asynchronously, and the kernel's list may lack a child while others start
        // and end (proc(5)). A missed one would still respond.
        loop {
            self.signal(Signal::SIGSTOP)?;
            let all = || iter::once(postmaster).chain(children(postmaster));
            let stopped: Vec<_> = all().filter(|id| is_stopped(*id)).collect();
            if all().eq(stopped) {
                return Ok(());
            }
            ensure!(
                Instant::now() < deadline,
                "PostgreSQL {postmaster} is still running after SIGSTOP"
            );
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// The process id of the postmaster.
    pub(super) fn postmaster(&self) -> anyhow::Result<i32> {
        let file = self.dir.join("data/postmaster.pid");
        let text = std::fs::read_to_string(file).context("PostgreSQL is not running")?;
        let pid = text.lines().next().and_then(|line| line.trim().parse().ok());
        pid.context("postmaster.pid begins with a process id")
    }

    fn log_tail(&self) -> String {
        let read = |name| std::fs::read_to_string(self.dir.join(name)).unwrap_or_default();
        let text = read("log") + &read("server.log");
        let lines: Vec<_> = text.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

impl Drop for Guardian {
    fn drop(&mut self) {
        let shell = self.shell.get_mut().unwrap_or_else(PoisonError::into_inner);
        shell.actions = None;
        shell.child.wait().ok();
    }
}

fn children(parent: i32) -> Vec<i32> {
    let list = std::fs::read_to_string(format!("/proc/{parent}/task/{parent}/children"));
    list.unwrap_or_default().split_whitespace().filter_map(|id| id.parse().ok()).collect()
}

/// Whether a process is stopped or has ended.
fn is_stopped(id: i32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    // The state follows the name in parentheses.
    stat.rsplit(") ").next().is_none_or(|rest| rest.is_empty() || rest.starts_with(['T', 'Z']))
}
