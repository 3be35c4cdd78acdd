//! The keys that a service knows.

use std::{collections::HashMap, sync::Arc, time::SystemTime};

use crate::{key::Digest, last_use::LastUse, scopes::Scopes};

/// Kinds of holders.
pub(crate) const KEY: &str = "key";
pub(crate) const TOKEN: &str = "token";
pub(crate) const CERTIFICATE: &str = "certificate";

/// A key, or a session, as services know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRecord {
    /// Recognises it.
    pub id: String,
    /// The name for people. Of a session: its holder's.
    pub name: String,
    /// Its rights.
    pub scopes: Scopes,
    /// SHA-256 of its text.
    pub digest: Digest,
    /// When it expires, if it does.
    pub expires: Option<SystemTime>,
    /// When it was last used here.
    pub last_use: LastUse,
    /// The holder of a session; `None` for a key.
    pub session_of: Option<SessionHolder>,
}

/// The credential with which a session began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionHolder {
    /// The key with this id.
    Key(String),
    /// The subject of a token.
    Token(String),
    /// The name in a client certificate.
    Certificate(String),
}

impl SessionHolder {
    /// The holder of this kind and id, as [`parts`](Self::parts) has them; `None` for a kind that this version
    /// does not know.
    pub fn of(kind: &str, id: String) -> Option<Self> {
        match kind {
            KEY => Some(Self::Key(id)),
            TOKEN => Some(Self::Token(id)),
            CERTIFICATE => Some(Self::Certificate(id)),
            _ => None,
        }
    }

    /// Its kind and its id.
    pub fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Key(id) => (KEY, id),
            Self::Token(subject) => (TOKEN, subject),
            Self::Certificate(name) => (CERTIFICATE, name),
        }
    }
}

impl KeyRecord {
    /// The id of the key; of a session: that of its holder's, if it has one.
    pub(crate) fn key_id(&self) -> Option<&str> {
        match &self.session_of {
            None => Some(&self.id),
            Some(SessionHolder::Key(id)) => Some(id),
            Some(SessionHolder::Token(_) | SessionHolder::Certificate(_)) => None,
        }
    }

    /// For whom its calls count, by kind and id: sessions add nothing to what their holder may call.
    pub(crate) fn holder(&self) -> (&'static str, &str) {
        self.session_of.as_ref().map_or((KEY, &self.id), SessionHolder::parts)
    }
}

/// The keys of a deployment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keys {
    pub(crate) by_id: HashMap<String, Arc<KeyRecord>>,
    /// A key exists or has existed: anonymous callers are restricted.
    has_keys: bool,
}

impl Keys {
    /// The valid keys; `has_keys`: one exists or has existed.
    pub fn new(records: impl IntoIterator<Item = KeyRecord>, has_keys: bool) -> Self {
        let records = records.into_iter().map(|key| (key.id.clone(), Arc::new(key)));
        Self { by_id: records.collect(), has_keys }
    }

    /// The valid keys.
    pub fn records(&self) -> impl Iterator<Item = &KeyRecord> {
        self.by_id.values().map(Arc::as_ref)
    }

    /// Whether the key or session with this id is valid.
    pub fn has(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }

    /// The keys with a use to record now, and the time of each.
    pub fn uses(&self) -> Vec<(String, SystemTime)> {
        let due = |key: &KeyRecord| Some((key.key_id()?.to_owned(), key.last_use.take_due()?));
        self.records().filter_map(due).collect()
    }

    /// Takes over the recorded uses of the same keys.
    pub(crate) fn keep_uses_of(&self, before: &Self) {
        for (id, key) in &self.by_id {
            if let Some(before) = before.by_id.get(id) {
                key.last_use.take_over(&before.last_use);
            }
        }
    }

    /// Whether a key exists or has existed.
    pub fn has_keys(&self) -> bool {
        self.has_keys
    }
}
