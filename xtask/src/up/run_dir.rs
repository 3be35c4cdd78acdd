//! The directory of a run: data, logs, lock, published state and control socket.

use std::{
    fs::{self, File, TryLockError},
    io::{ErrorKind, Read as _, Seek as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

use super::Run;
use crate::{secret::random_key, term};

/// Size at which a log is rotated, in bytes.
const MAX_LOG: u64 = 64 << 20;
/// Time for which taking the lock is retried, because `ps` holds it for an instant.
const CLAIM_TIMEOUT: Duration = Duration::from_millis(500);

/// The directory of a run, which need not exist.
#[derive(Debug, Clone)]
pub(crate) struct RunDir {
    pub(crate) dir: PathBuf,
}

/// Exclusive lock of a run directory, released on drop or when the process ends.
#[derive(Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "held, not used")] File);

impl RunDir {
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.dir.join("logs").join(format!("{name}.log"))
    }

    /// The names of the existing logs.
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

    /// The file with the secret that the services share; created if missing, for this user only.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(crate) fn service_secret(&self) -> Result<PathBuf> {
        let path = self.dir.join("service.secret");
        let mut options = File::options();
        match options.write(true).create_new(true).mode(0o600).open(&path) {
            Ok(mut file) => write!(file, "{}", random_key()?)
                .with_context(|| format!("writing {}", path.display()))?,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => {
                return Err(error).with_context(|| format!("creating {}", path.display()));
            }
        }
        Ok(path)
    }

    /// Creates and locks the directory.
    ///
    /// # Errors
    /// If another `up` has locked it, or it cannot be written.
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
        let started_at = Instant::now();
        while let Err(error) = file.try_lock() {
            match error {
                TryLockError::Error(error) => {
                    return Err(error).with_context(|| format!("locking {}", path.display()));
                }
                TryLockError::WouldBlock if started_at.elapsed() < CLAIM_TIMEOUT => {
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

    /// The process that holds the lock.
    pub(crate) fn runner(&self) -> Option<u32> {
        let mut file = File::open(self.lock_file()).ok()?;
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => read_pid(&mut file),
            _ => None,
        }
    }

    /// Reads the state of the current or last run.
    pub(crate) fn read_run(&self) -> Option<Run> {
        serde_json::from_slice(&fs::read(self.run_file()).ok()?).ok()
    }

    /// Publishes the state of the run, atomically.
    ///
    /// # Errors
    /// If the directory cannot be written.
    pub(crate) fn write_run(&self, run: &Run) -> Result<()> {
        let (path, new) = (self.run_file(), self.dir.join("run.json.new"));
        let text = serde_json::to_vec_pretty(run).context("writing the state as JSON")?;
        fs::write(&new, text).with_context(|| format!("writing {}", new.display()))?;
        fs::rename(&new, &path).with_context(|| format!("writing {}", path.display()))
    }

    /// Removes all files of a run except for its data and logs.
    pub(crate) fn forget_run(&self) {
        for path in [self.run_file(), self.socket()] {
            fs::remove_file(path).ok(); // may not exist
        }
    }

    /// Renames a log to `.old`, so that a new one is created.
    pub(crate) fn rotate(&self, name: &str) {
        let path = self.log(name);
        fs::rename(&path, path.with_extension("log.old")).ok(); // may not exist
    }

    /// Rotates a log above its maximum size. The file is copied and truncated, because the service has
    /// it open; lines written in between are lost.
    pub(crate) fn rotate_if_large(&self, name: &str) {
        let path = self.log(name);
        if fs::metadata(&path).is_ok_and(|data| data.len() > MAX_LOG) {
            let rotated = fs::copy(&path, path.with_extension("log.old"))
                .and_then(|_| File::options().write(true).open(&path)?.set_len(0));
            if let Err(error) = rotated {
                term::line(&term::warn(&format!("rotating {}: {error}", path.display())));
            }
        }
    }

    /// An `xtask` command line for this directory.
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
