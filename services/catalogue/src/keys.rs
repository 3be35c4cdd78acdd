//! Keeps the keys that all services share up to date with the database: API keys, and the keys that sign page tokens.

use std::{collections::HashMap, sync::Arc, time::Duration};

use access::{Access, KeyRecord, Keys, LastUse, SessionHolder};
use chassis::CancellationToken;
use page_token::Keyring;
use tokio::{
    sync::Mutex,
    time::{MissedTickBehavior, interval},
};

use crate::{
    domain::{Key, PageTokenKey, Result, Session, now, time_of},
    store::Store,
};

/// Interval of reads, by which the keys of other replicas are learnt.
const INTERVAL: Duration = Duration::from_secs(1);

/// The keys in memory. Cheap to clone; clones share them.
#[derive(Clone)]
pub(crate) struct SharedKeys {
    pub(crate) access: Access,
    pub(crate) page_tokens: Keyring,
    /// Held from reading to replacing, so that keys that were read before a write do not replace those read after it.
    refreshing: Arc<Mutex<()>>,
}

impl SharedKeys {
    pub(crate) fn new(access: Access, page_tokens: Keyring) -> Self {
        Self { access, page_tokens, refreshing: Arc::default() }
    }

    /// Reads the keys once.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(crate) async fn refresh(&self, store: &Store) -> Result<()> {
        let _turn = self.refreshing.lock().await;
        let now = now();
        let (keys, sessions) = (store.keys().await?, store.sessions(now).await?);
        let has_keys = !keys.is_empty();
        let valid: HashMap<_, _> = keys
            .into_iter()
            .filter(|key| !key.has_ended(now))
            .map(|key| (key.id.clone(), record(key)))
            .collect();
        let sessions: Vec<_> =
            sessions.into_iter().filter_map(|session| record_of_session(session, &valid)).collect();
        self.access.replace_keys(Keys::new(valid.into_values().chain(sessions), has_keys));
        let page_tokens = store.page_token_keys().await?.into_iter();
        self.page_tokens.replace(page_tokens.map(page_token_key).collect());
        Ok(())
    }

    /// Reads the keys again and again, until `shutdown`.
    pub(crate) async fn follow(self, store: Store, shutdown: CancellationToken) {
        let mut interval = interval(INTERVAL);
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut is_failing = false;
        while shutdown.run_until_cancelled(interval.tick()).await.is_some() {
            let refreshed = self.refresh(&store).await;
            if let Err(error) = &refreshed
                && !is_failing
            {
                let error = error as &dyn std::error::Error;
                tracing::warn!(error, "the keys cannot be read: those known stay valid");
            }
            is_failing = refreshed.is_err();
        }
    }
}

fn record(key: Key) -> KeyRecord {
    let Key { id, name, scopes, digest, expires_at, .. } = key;
    let (expires, last_use) = (expires_at.map(time_of), LastUse::default());
    KeyRecord { id, name, scopes, digest, expires, last_use, session_of: None }
}

/// `None` for the session of a key that has ended.
fn record_of_session(session: Session, valid: &HashMap<String, KeyRecord>) -> Option<KeyRecord> {
    let Session { id, holder, name, scopes, digest, expires_at, .. } = session;
    let name = match &holder {
        SessionHolder::Key(key) => valid.get(key)?.name.clone(),
        SessionHolder::Token(_) | SessionHolder::Certificate(_) => name,
    };
    let (expires, last_use) = (Some(time_of(expires_at)), LastUse::default());
    Some(KeyRecord { id, name, scopes, digest, expires, last_use, session_of: Some(holder) })
}

fn page_token_key(key: PageTokenKey) -> page_token::Key {
    let PageTokenKey { secret, signs_from, opens_until } = key;
    page_token::Key {
        secret,
        signs_from: time_of(signs_from),
        opens_until: opens_until.map(time_of),
    }
}
