//! The tokens that were accepted, so that a signature is verified once.

use std::sync::Arc;

use quick_cache::sync::Cache;

use crate::{caller::TokenRecord, key::Digest};

/// Maximum number of tokens, at half a kilobyte each.
const MAX_TOKENS: usize = 10_000;

/// Tokens by their SHA-256.
pub(super) struct TokenCache(Cache<[u8; 32], Entry>);

#[derive(Clone)]
struct Entry {
    /// Of the keys with which it was verified.
    generation: u64,
    record: Arc<TokenRecord>,
}

impl Default for TokenCache {
    fn default() -> Self {
        Self(Cache::new(MAX_TOKENS))
    }
}

impl TokenCache {
    /// The record of a token that was accepted with these keys.
    pub(super) fn get(&self, token: &str, generation: u64) -> Option<Arc<TokenRecord>> {
        let entry = self.0.get(&Digest::of(token).bytes())?;
        (entry.generation == generation).then_some(entry.record)
    }

    pub(super) fn insert(&self, token: &str, generation: u64, record: Arc<TokenRecord>) {
        self.0.insert(Digest::of(token).bytes(), Entry { generation, record });
    }
}
