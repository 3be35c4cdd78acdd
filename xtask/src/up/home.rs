//! The folder of a run: data, logs, and what other commands need to find it.

use std::{
    fs::{self, File, TryLockError},
    io::{Read as _, Seek as _, Write as _},
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

use super::Run;
use crate::term;

/// Bytes after which a running log becomes `.old`.
const MAX_LOG: u64 = 64 << 20;
/// Others look at the lock for an instant (`ps`); that must not turn away an `up`.
const CLAIM_PATIENCE: Duration = Duration::from_millis(500);

/// A run's folder; need not exist yet.
#[derive(Debug, Clone)]
pub(crate) struct Home {
    pub(crate) dir: PathBuf,
}

/// This process is the one that runs in the folder. Ends when dropped, or with the process.
#[derive(Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "held, not used")] File);

impl Home {
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.dir.join("logs").join(format!("{name}.log"))
    }

    /// The names of all logs there are.
    pub(crate) fn logs(&self) -> Vec<String> {
        let files = fs::read_dir(self.dir.join("logs")).into_iter().flatten().flatten();
        let name =
            |file: fs::DirEntry| Some(file.file_name().to_str()?.strip_suffix(".log")?.to_owned());
        let mut names: Vec<_> = files.filter_map(name).collect();
        names.sort();
        names
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.dir.join("control.sock")
    }

    /// Makes the folder and takes it for this process.
    ///
    /// # Errors
    /// Another `up` runs in it, or it cannot be written to.
    pub(crate) fn claim(&self) -> Result<Lock> {
        let logs = self.dir.join("logs");
        fs::create_dir_all(&logs).with_context(|| format!("creating {}", logs.display()))?;
        let path = self.lock_file();
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .with_context(|| format!("opening {}", path.display()))?;
        let begun = Instant::now();
        while let Err(error) = file.try_lock() {
            match error {
                TryLockError::Error(error) => {
                    return Err(error).with_context(|| format!("locking {}", path.display()));
                }
                TryLockError::WouldBlock if begun.elapsed() < CLAIM_PATIENCE => {
                    thread::sleep(Duration::from_millis(20));
                }
                TryLockError::WouldBlock => bail!(
                    "already running in {}{}; stop it with `{}`, or see it with `cargo xtask ps`",
                    self.dir.display(),
                    read_pid(&mut file).map(|pid| format!(" (pid {pid})")).unwrap_or_default(),
                    self.command("down")
                ),
            }
        }
        file.set_len(0)?;
        file.rewind()?;
        write!(file, "{}", std::process::id())
            .with_context(|| format!("writing {}", path.display()))?;
        Ok(Lock(file))
    }

    /// The process that runs in the folder, if one does.
    pub(crate) fn runner(&self) -> Option<u32> {
        let mut file = File::open(self.lock_file()).ok()?;
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => read_pid(&mut file),
            _ => None,
        }
    }

    /// The state of the run, or of the last one if nobody runs.
    pub(crate) fn read_run(&self) -> Option<Run> {
        serde_json::from_slice(&fs::read(self.run_file()).ok()?).ok()
    }

    /// Tells everybody else. Readers see the old state or the new, never half of one.
    ///
    /// # Errors
    /// The folder cannot be written to.
    pub(crate) fn write_run(&self, run: &Run) -> Result<()> {
        let (path, new) = (self.run_file(), self.dir.join("run.json.new"));
        let text = serde_json::to_vec_pretty(run).context("writing the state as JSON")?;
        fs::write(&new, text).with_context(|| format!("writing {}", new.display()))?;
        fs::rename(&new, &path).with_context(|| format!("writing {}", path.display()))
    }

    /// Leaves nothing of a run but its data and logs.
    pub(crate) fn forget_run(&self) {
        for path in [self.run_file(), self.socket()] {
            fs::remove_file(path).ok(); // may never have been made
        }
    }

    /// Begins a new log and keeps the last one as `.old`.
    pub(crate) fn rotate(&self, name: &str) {
        let path = self.log(name);
        fs::rename(&path, path.with_extension("log.old")).ok(); // there may be none
    }

    /// Keeps a log from filling the disk. The service goes on writing to the same file, which is
    /// why it is copied and cut; lines written between the two are lost.
    pub(crate) fn rotate_if_large(&self, name: &str) {
        let path = self.log(name);
        if fs::metadata(&path).is_ok_and(|data| data.len() > MAX_LOG) {
            let cut = fs::copy(&path, path.with_extension("log.old"))
                .and_then(|_| File::options().write(true).open(&path)?.set_len(0));
            if let Err(error) = cut {
                term::line(&term::warn(&format!("{} cannot be rotated: {error}", path.display())));
            }
        }
    }

    /// A companion command for this very folder, as one would type it.
    pub(crate) fn command(&self, command: &str) -> String {
        if self.dir == crate::cargo::workspace().join("data") {
            format!("cargo xtask {command}")
        } else {
            format!("cargo xtask {command} --data-dir {}", term::path(&self.dir))
        }
    }

    fn run_file(&self) -> PathBuf {
        self.dir.join("run.json")
    }

    fn lock_file(&self) -> PathBuf {
        self.dir.join("run.lock")
    }
}

fn read_pid(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(20).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
