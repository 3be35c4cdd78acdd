//! A value built from files, rebuilt when they change.

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock, Weak},
    time::Duration,
};

use anyhow::Context as _;
use tokio::time::{MissedTickBehavior, interval};

/// Interval between checks. Contents are compared, since tools that replace files by symbolic links set
/// arbitrary times.
const CHECK_INTERVAL: Duration = Duration::from_secs(2);

type Build<T> = Box<dyn Fn(&[Vec<u8>]) -> anyhow::Result<T> + Send + Sync>;

/// The value of the newest valid files.
pub struct Reloading<T> {
    files: Vec<PathBuf>,
    build: Build<T>,
    value: RwLock<Arc<T>>,
}

impl<T: Send + Sync + 'static> Reloading<T> {
    /// Builds the value from the contents of `files`, and again after each change, until it is dropped.
    /// Needs a runtime.
    ///
    /// # Errors
    /// A file cannot be read, or its contents are unusable.
    pub fn new(
        files: Vec<PathBuf>,
        build: impl Fn(&[Vec<u8>]) -> anyhow::Result<T> + Send + Sync + 'static,
    ) -> anyhow::Result<Arc<Self>> {
        let contents = read(&files)?;
        let value = RwLock::new(Arc::new(build(&contents)?));
        let this = Arc::new(Self { files, build: Box::new(build), value });
        tokio::spawn(watch(Arc::downgrade(&this), contents));
        Ok(this)
    }

    /// The newest value.
    pub fn get(&self) -> Arc<T> {
        self.value.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn watch<T>(reloading: Weak<Reloading<T>>, mut contents: Vec<Vec<u8>>) {
    let mut ticks = interval(CHECK_INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(this) = reloading.upgrade() else { return };
        let now = match read(&this.files) {
            Ok(now) if now != contents => now,
            Ok(_) => continue,
            Err(error) => {
                // Possibly being replaced at this moment.
                tracing::debug!("{error:#}");
                continue;
            }
        };
        match (this.build)(&now) {
            Ok(value) => {
                *this.value.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(value);
                tracing::info!("certificates reloaded");
            }
            Err(error) => {
                tracing::error!(
                    "changed certificates are unusable, the previous ones stay in use: {error:#}"
                );
            }
        }
        // Logged once, not at each check.
        contents = now;
    }
}

fn read(files: &[PathBuf]) -> anyhow::Result<Vec<Vec<u8>>> {
    let read = |file: &PathBuf| {
        std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))
    };
    files.iter().map(read).collect()
}
