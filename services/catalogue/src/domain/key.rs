//! API keys.

use access::{Digest, Scopes};

use super::Micros;

/// An API key, without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) scopes: Scopes,
    pub(crate) digest: Digest,
    pub(crate) created_at: Micros,
    pub(crate) expires_at: Option<Micros>,
    pub(crate) revoked_at: Option<Micros>,
    /// To about a minute.
    pub(crate) last_used_at: Option<Micros>,
}

impl Key {
    /// Whether it was revoked, or has expired at this time.
    pub(crate) fn has_ended(&self, now: Micros) -> bool {
        self.revoked_at.is_some() || self.expires_at.is_some_and(|expires| expires <= now)
    }
}

/// Errors of keys.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyError {
    #[error("key {0} does not exist")]
    NotFound(String),
    #[error("key {0} is revoked or has expired; create another one")]
    Ended(String),
    #[error("there are {0} keys, and no more can be made")]
    TooMany(usize),
    #[error(
        "a session begins with a key, a token or a client certificate, not with another session or the secret of the \
         services: sign in with one of those"
    )]
    NoSessionHolder,
    #[error("there are {0} sessions, and no more can begin until some have ended")]
    TooManySessions(usize),
    #[error("{0} keys of page tokens are valid: wait until the oldest has ended")]
    TooManyPageTokenKeys(usize),
    #[error(
        "the services share no secret, so that search and the gateway could not follow the catalogue once a key \
         exists: start all of them with the same --service-secret-file"
    )]
    NoServiceSecret,
}
