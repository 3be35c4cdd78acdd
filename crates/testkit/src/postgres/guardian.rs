//! Runs the server and outlives us by a moment, to end it.
//!
//! Between us and the server stands a shell that reads what to do from a pipe. The system closes
//! that pipe when we end, even by SIGKILL; then the shell stops the server and removes its folder.
//! Since it does one thing after the other, no end of ours can fall into a start of the server.

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
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

/// `$1` is the folder; what follows is `pg_ctl` with what it is always given. Paths are relative to
/// the folder, so that none needs quoting. A plain password on loopback makes a connection six times
/// faster than SCRAM does in a debug build (7 ms, not 40), and keeps other users out just as well.
const SCRIPT: &str = r#"
trap '' PIPE
folder=$1; shift
while read -r action; do
  case $action in
    create) "$@" initdb -o '--username=test --pwfile=password --auth=password --encoding=UTF8 --locale=C.UTF-8 --no-sync' ;;
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
cd / && rm -rf "$folder"
"#;

/// How long its processes may take to stop: far longer than they do on a busy machine.
const FREEZES_WITHIN: Duration = Duration::from_secs(30);

/// The shell of one server. When it is dropped, the server has ended and its folder is gone.
#[derive(Debug)]
pub(super) struct Guardian {
    folder: PathBuf,
    shell: Mutex<Shell>,
}

#[derive(Debug)]
struct Shell {
    child: Child,
    /// Nothing once we are being dropped.
    actions: Option<ChildStdin>,
    /// One exit code a line.
    answers: BufReader<ChildStdout>,
}

impl Guardian {
    /// Starts the shell in `folder`, which is now its to remove. `control` runs `pg_ctl`.
    pub(super) fn start(folder: PathBuf, control: Vec<OsString>) -> anyhow::Result<Self> {
        let mut command = Command::new("sh");
        command.args(["-c", SCRIPT, "sh"]).arg(&folder).args(control);
        command.args(["-D", "data", "-l", "server.log", "-s", "-w", "-t", "60"]);
        // What would have the server's programs look elsewhere, such as PGDATA.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PG") {
                command.env_remove(name);
            }
        }
        let mut child = command
            .current_dir(&folder)
            // Ctrl-C in a terminal is for us; the shell must live on to clean up.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("starting a shell for PostgreSQL")?;
        let actions = child.stdin.take();
        let answers = child.stdout.take().context("standard output is a pipe")?;
        let shell = Shell { child, actions, answers: BufReader::new(answers) };
        Ok(Self { folder, shell: Mutex::new(shell) })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// `create`, `start`, `fast` or `immediate`: the latter two stop it.
    pub(super) fn ask(&self, action: &str) -> anyhow::Result<()> {
        let mut shell = self.shell.lock().unwrap_or_else(PoisonError::into_inner);
        let actions = shell.actions.as_mut().context("the server is ending")?;
        writeln!(actions, "{action}").context("the shell of PostgreSQL has ended")?;
        let mut answer = String::new();
        shell.answers.read_line(&mut answer).context("the shell of PostgreSQL has ended")?;
        ensure!(answer.trim() == "0", "PostgreSQL failed to {action}:\n{}", self.last_words());
        Ok(())
    }

    /// Sends a signal to the server and, where the system lists them, to all its processes.
    pub(super) fn signal(&self, signal: Signal) -> anyhow::Result<()> {
        let postmaster = self.postmaster()?;
        // It first, so that a stopped one starts no others meanwhile.
        kill(Pid::from_raw(postmaster), signal).context("signalling the postmaster")?;
        for child in children(postmaster) {
            kill(Pid::from_raw(child), signal).ok(); // it may just have ended
        }
        Ok(())
    }

    /// Stops every process of the server (SIGSTOP) and returns when all have stopped.
    pub(super) fn freeze(&self) -> anyhow::Result<()> {
        let postmaster = self.postmaster()?;
        let until = Instant::now() + FREEZES_WITHIN;
        // A signal acts a moment later, and the kernel's list may lack a child while others come
        // and go (proc(5)): one that was missed would answer on.
        loop {
            self.signal(Signal::SIGSTOP)?;
            let all = || iter::once(postmaster).chain(children(postmaster));
            let stopped: Vec<_> = all().filter(|id| is_stopped(*id)).collect();
            if all().eq(stopped) {
                return Ok(());
            }
            ensure!(Instant::now() < until, "PostgreSQL {postmaster} runs on after SIGSTOP");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// The id of the server's first process.
    pub(super) fn postmaster(&self) -> anyhow::Result<i32> {
        let file = self.folder.join("data/postmaster.pid");
        let text = std::fs::read_to_string(file).context("PostgreSQL is not running")?;
        let pid = text.lines().next().and_then(|line| line.trim().parse().ok());
        pid.context("postmaster.pid begins with a process id")
    }

    fn last_words(&self) -> String {
        let read = |name| std::fs::read_to_string(self.folder.join(name)).unwrap_or_default();
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

/// One that has ended counts, too.
fn is_stopped(id: i32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    // The state follows the name, which stands in brackets.
    stat.rsplit(") ").next().is_none_or(|rest| rest.is_empty() || rest.starts_with(['T', 'Z']))
}
