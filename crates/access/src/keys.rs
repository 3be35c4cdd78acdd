//! The keys that a service knows.

use std::{collections::HashMap, sync::Arc, time::SystemTime};

use crate::{key::Digest, last_use::LastUse, scopes::Scopes};

/// A key, as services know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRecord {
    /// Recognises it.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// Its rights.
    pub scopes: Scopes,
    /// SHA-256 of its text.
    pub digest: Digest,
    /// When it expires, if it does.
    pub expires: Option<SystemTime>,
    /// When it was last used here.
    pub last_use: LastUse,
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

    /// The keys with a use to record now, and the time of each.
    pub fn uses(&self) -> Vec<(String, SystemTime)> {
        let due = |key: &KeyRecord| Some((key.id.clone(), key.last_use.take_due()?));
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
