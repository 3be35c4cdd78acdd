//! A system of fake services in a temporary directory.
//!
//! Each fake is this test binary, started by a script that selects the test in `service`, so that no
//! further binary is needed.

mod service;

use std::{
    env, fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill as send},
    unistd::Pid,
};
use serde_json::Value;

const PATIENCE: Duration = Duration::from_secs(30);
/// Poll interval of conditions.
const PAUSE: Duration = Duration::from_millis(10);

/// Binaries, a data directory and six ports. Kills all processes on drop.
pub(crate) struct System {
    dir: tempfile::TempDir,
    /// The base port.
    pub(crate) base: u16,
}

impl System {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let this = env::current_exe().unwrap();
        fs::create_dir_all(dir.path().join("bin")).unwrap();
        fs::create_dir_all(dir.path().join("data")).unwrap();
        let script = |name: &str, text: &str| {
            let path = dir.path().join("bin").join(name);
            fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        };
        for name in ["catalogue", "search", "gateway"] {
            let home = dir.path().display();
            script(
                name,
                &format!(
                    "FAKE_NAME={name} FAKE_HOME={home} FAKE_ARGS=\"$*\" exec {} --exact --nocapture fake::service::serves_if_asked",
                    this.display()
                ),
            );
        }
        let home = dir.path().display();
        script(
            "catctl",
            &format!(
                "if [ -e {home}/data/import-hangs ]; then echo $$ > {home}/catctl.pid; exec sleep 300; fi
                 echo \"$*\" >> {home}/catctl"
            ),
        );
        Self { dir, base: free_base() }
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// Runs `up --detach`.
    pub(crate) fn up_detached(&self, args: &[&str]) -> Output {
        let mut command = self.command("up");
        command.args(["--detach", "--data-dir"]).arg(self.home()).args(args);
        self.with_ports(&mut command).output().unwrap()
    }

    /// Runs `up --ephemeral --detach`.
    pub(crate) fn up_ephemeral(&self) -> Output {
        let mut command = self.command("up");
        command.args(["--ephemeral", "--detach"]);
        self.with_ports(&mut command).output().unwrap()
    }

    /// Starts `up` in the foreground, without a terminal.
    pub(crate) fn up_attached(&self, args: &[&str]) -> Up {
        let log = self.dir.path().join("up.out");
        let out = fs::File::create(&log).unwrap();
        let mut command = self.command("up");
        self.with_ports(&mut command).args(args);
        command.stdin(Stdio::null()).stdout(out.try_clone().unwrap()).stderr(out);
        Up { child: command.spawn().unwrap(), log }
    }

    /// Runs another command.
    pub(crate) fn run(&self, args: &[&str]) -> Output {
        let (command, rest) = args.split_first().unwrap();
        self.command(command).args(rest).arg("--data-dir").arg(self.home()).output().unwrap()
    }

    /// Runs another command for the default data directory, which has no run.
    pub(crate) fn run_by_default(&self, args: &[&str]) -> Output {
        let (command, rest) = args.split_first().unwrap();
        self.command(command).args(rest).output().unwrap()
    }

    /// The content of `run.json`.
    pub(crate) fn state(&self) -> Value {
        serde_json::from_slice(&fs::read(self.home().join("run.json")).unwrap()).unwrap()
    }

    /// The journal entries of an event, in order.
    pub(crate) fn journal(&self, what: &str) -> Vec<String> {
        let text = fs::read_to_string(self.dir.path().join("journal")).unwrap_or_default();
        let words = text.lines().filter_map(|line| line.split_once(' '));
        words.filter(|(did, _)| *did == what).map(|(_, name)| name.to_owned()).collect()
    }

    pub(crate) fn catctl_calls(&self) -> usize {
        let calls = fs::read_to_string(self.dir.path().join("catctl")).unwrap_or_default();
        calls.lines().count()
    }

    /// Process id of the hanging import, once it hangs.
    pub(crate) fn hanging_import(&self) -> Option<u64> {
        fs::read_to_string(self.dir.path().join("catctl.pid")).ok()?.trim().parse().ok()
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.arg(name).env("XTASK_BIN_DIR", self.dir.path().join("bin"));
        command.env("XTASK_DATA_DIR", self.dir.path().join("default"));
        command
    }

    fn with_ports<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.args(["--no-build", "--port-base", &self.base.to_string()])
    }
}

impl Drop for System {
    fn drop(&mut self) {
        self.run(&["down"]);
        self.run_by_default(&["down"]);
    }
}

/// A running `up`.
pub(crate) struct Up {
    child: Child,
    log: PathBuf,
}

impl Up {
    pub(crate) fn output(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    pub(crate) fn pid(&self) -> u64 {
        u64::from(self.child.id())
    }

    pub(crate) fn interrupt(&self) {
        signal(self.pid(), Signal::SIGINT);
    }

    pub(crate) fn wait(&mut self, patience: Duration) -> ExitStatus {
        let begun = Instant::now();
        loop {
            match self.child.try_wait().unwrap() {
                Some(status) => return status,
                None => assert!(begun.elapsed() < patience, "it does not end:\n{}", self.output()),
            }
            std::thread::sleep(PAUSE);
        }
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

pub(crate) fn service<'a>(run: &'a Value, name: &str) -> &'a Value {
    run["services"].as_array().unwrap().iter().find(|service| service["name"] == name).unwrap()
}

pub(crate) fn pid(run: &Value, name: &str) -> u64 {
    service(run, name)["pid"].as_u64().unwrap_or_default()
}

pub(crate) fn supervisor(run: &Value) -> u64 {
    run["supervisor"].as_u64().unwrap()
}

/// Sends SIGKILL.
pub(crate) fn kill(pid: u64) {
    signal(pid, Signal::SIGKILL);
}

/// Whether the process is running, and not a zombie.
pub(crate) fn exists(pid: u64) -> bool {
    let stat = fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("stat"));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}

pub(crate) fn wait_for(what: &str, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(PAUSE);
    }
}

fn signal(pid: u64, signal: Signal) {
    let pid = i32::try_from(pid).unwrap();
    assert!(pid > 1, "{pid} is no process of ours");
    send(Pid::from_raw(pid), signal).unwrap();
}

/// Six consecutive free ports, unique to the test, below the range of ephemeral ports.
fn free_base() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = 20_000 + u16::try_from(std::process::id() % 1_000).unwrap() * 10;
    loop {
        let base = start + NEXT.fetch_add(6, Ordering::Relaxed);
        let sockets = (base..base + 6).map(|port| TcpListener::bind(("127.0.0.1", port)));
        if sockets.collect::<Result<Vec<_>, _>>().is_ok() {
            return base;
        }
    }
}
