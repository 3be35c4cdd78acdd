//! Where the issuer's keys come from, and when they are read again.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use arc_swap::ArcSwapOption;
use bytes::Bytes;
use http::Uri;
use tokio::{
    sync::{Notify, watch},
    time::sleep,
};

use super::{key_set::KeySet, metrics, settings::TokenSettings};
use crate::https::{HttpsClient, is_protected};

/// Interval between looks at a file.
const FILE_INTERVAL: Duration = Duration::from_secs(2);
/// Interval between fetches of a URL.
const FETCH_INTERVAL: Duration = Duration::from_secs(300);
/// Time after a failed fetch until the next.
const RETRY_INTERVAL: Duration = Duration::from_secs(5);
/// Minimum time between fetches because of tokens with unknown keys: anyone can make such tokens.
const UNKNOWN_INTERVAL: Duration = Duration::from_secs(10);

/// The issuer's keys, kept up to date by a task until it is dropped.
pub(super) struct KeySource {
    settings: TokenSettings,
    keys: ArcSwapOption<KeySet>,
    /// Counts the changes of the keys.
    generation: AtomicU64,
    changed: watch::Sender<()>,
    /// A token names an unknown key.
    unknown: Notify,
    place: Place,
    reads: Mutex<Reads>,
}

/// When the keys were read.
struct Reads {
    /// For the last time with success; at first, the start.
    succeeded: Instant,
    /// For the last time; `None` before the first.
    begun: Option<Instant>,
    /// They are to be read soon, because of a token with an unknown key.
    is_due: bool,
}

enum Place {
    File(std::path::PathBuf),
    Url(Uri, Box<HttpsClient>),
}

impl KeySource {
    /// Starts to read the keys: a file before it returns, a URL in the background. Marks `changed` when they are
    /// others. Needs a runtime.
    ///
    /// # Errors
    /// The file cannot be used, or the URL is not valid.
    pub(super) fn start(
        settings: TokenSettings,
        changed: watch::Sender<()>,
    ) -> anyhow::Result<Arc<Self>> {
        let place = Place::of(&settings.keys)?;
        let source = Arc::new(Self {
            settings,
            keys: ArcSwapOption::empty(),
            generation: AtomicU64::new(0),
            changed,
            unknown: Notify::new(),
            place,
            reads: Mutex::new(Reads { succeeded: Instant::now(), begun: None, is_due: false }),
        });
        if let Place::File(file) = &source.place {
            let shown = file.display();
            let text = std::fs::read(file);
            let text = text.with_context(|| format!("--token-keys {shown} cannot be read"))?;
            source.replace(&text).with_context(|| format!("--token-keys {shown}"))?;
        }
        let watched = Arc::downgrade(&source);
        metrics::watch_age(move || Some(watched.upgrade()?.age().as_secs_f64()));
        tokio::spawn(follow(Arc::downgrade(&source)));
        Ok(source)
    }

    /// The keys; `None` until they are known.
    pub(super) fn keys(&self) -> Option<Arc<KeySet>> {
        self.keys.load_full()
    }

    pub(super) fn settings(&self) -> &TokenSettings {
        &self.settings
    }

    /// Counts the changes of the keys.
    pub(super) fn generation(&self) -> u64 {
        self.generation.load(Relaxed)
    }

    /// Time since the keys were last read.
    pub(super) fn age(&self) -> Duration {
        self.reads().succeeded.elapsed()
    }

    /// Reads the keys again soon, because a token names one that is not known. Returns whether it may become known: a
    /// file is read all the time, and a URL not too often.
    pub(super) fn refresh(&self) -> bool {
        let mut reads = self.reads();
        let is_old = reads.begun.is_none_or(|begun| begun.elapsed() >= UNKNOWN_INTERVAL);
        if matches!(self.place, Place::Url(..)) && is_old && !reads.is_due {
            reads.is_due = true;
            self.unknown.notify_one();
        }
        reads.is_due
    }

    /// Takes the keys for ones that were read as long ago as lets them be read again.
    #[cfg(test)]
    pub(super) fn pretend_to_be_old(&self) {
        self.reads().begun = None;
    }

    fn reads(&self) -> MutexGuard<'_, Reads> {
        self.reads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn replace(&self, document: &[u8]) -> anyhow::Result<()> {
        let keys = KeySet::parse(document, &self.settings)?;
        self.reads().succeeded = Instant::now();
        if self.keys.load().as_deref() != Some(&keys) {
            self.keys.store(Some(Arc::new(keys)));
            self.generation.fetch_add(1, Relaxed);
            self.changed.send_replace(());
            tracing::info!("the keys of tokens have changed");
        }
        Ok(())
    }

    async fn read(&self) -> anyhow::Result<()> {
        self.reads().begun = Some(Instant::now());
        let document = match &self.place {
            Place::File(file) => tokio::fs::read(file).await.map(Bytes::from).map_err(Into::into),
            Place::Url(url, client) => client.get(url).await,
        };
        let replaced = document.and_then(|document| self.replace(&document));
        self.reads().is_due = false;
        replaced
    }
}

impl Place {
    fn of(text: &str) -> anyhow::Result<Self> {
        if !text.contains("://") {
            return Ok(Self::File(text.into()));
        }
        let url: Uri = text.parse().with_context(|| format!("--token-keys {text} is no URL"))?;
        ensure!(
            is_protected(&url),
            "--token-keys {text}: must be https, or anyone between could replace the keys"
        );
        Ok(Self::Url(url, Box::new(HttpsClient::new()?)))
    }
}

async fn follow(source: Weak<KeySource>) {
    let mut is_failing = false;
    loop {
        let Some(this) = source.upgrade() else { return };
        let read = this.read().await;
        let pause = match &read {
            Ok(()) if matches!(this.place, Place::File(_)) => FILE_INTERVAL,
            Ok(()) => FETCH_INTERVAL,
            Err(error) => {
                if !is_failing {
                    let error = format!("{error:#}");
                    tracing::warn!(
                        error,
                        "the keys of tokens cannot be read: those known stay valid"
                    );
                }
                RETRY_INTERVAL
            }
        };
        is_failing = read.is_err();
        tokio::select! {
            () = sleep(pause) => {}
            () = this.unknown.notified() => {}
        }
    }
}
