//! Something made of files, made anew when they change.

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock, Weak},
    time::Duration,
};

use anyhow::Context as _;
use tokio::time::{MissedTickBehavior, interval};

/// How often the files are looked at. They are read whole: tools that replace them do so by links,
/// with times of their own.
const EVERY: Duration = Duration::from_secs(2);

type Make<T> = Box<dyn Fn(&[Vec<u8>]) -> anyhow::Result<T> + Send + Sync>;

/// The newest that could be made.
pub struct Reloading<T> {
    files: Vec<PathBuf>,
    make: Make<T>,
    made: RwLock<Arc<T>>,
}

impl<T: Send + Sync + 'static> Reloading<T> {
    /// Makes it of what the files hold, and again whenever that changes, as long as it is held. Call
    /// it inside the background runtime.
    ///
    /// # Errors
    /// A file cannot be read, or what it holds cannot be used.
    pub fn new(
        files: Vec<PathBuf>,
        make: impl Fn(&[Vec<u8>]) -> anyhow::Result<T> + Send + Sync + 'static,
    ) -> anyhow::Result<Arc<Self>> {
        let held = read(&files)?;
        let made = RwLock::new(Arc::new(make(&held)?));
        let this = Arc::new(Self { files, make: Box::new(make), made });
        tokio::spawn(watch(Arc::downgrade(&this), held));
        Ok(this)
    }

    /// The newest value.
    pub fn get(&self) -> Arc<T> {
        self.made.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn watch<T>(reloading: Weak<Reloading<T>>, mut held: Vec<Vec<u8>>) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(this) = reloading.upgrade() else { return };
        let now = match read(&this.files) {
            Ok(now) if now != held => now,
            Ok(_) => continue,
            Err(error) => {
                // In the middle of being replaced, perhaps.
                tracing::debug!("{error:#}");
                continue;
            }
        };
        match (this.make)(&now) {
            Ok(made) => {
                *this.made.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(made);
                tracing::info!("new certificates are in use");
            }
            Err(error) => {
                tracing::error!("new certificates cannot be used, the old ones are: {error:#}");
            }
        }
        // Said once, not every time they are looked at.
        held = now;
    }
}

fn read(files: &[PathBuf]) -> anyhow::Result<Vec<Vec<u8>>> {
    let read = |file: &PathBuf| {
        std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))
    };
    files.iter().map(read).collect()
}
