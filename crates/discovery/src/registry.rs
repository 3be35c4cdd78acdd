//! What a registry can do, in our own words.

use std::{fmt, time::Duration};

use async_trait::async_trait;

use crate::{Endpoint, Instance};

/// Knows which instances of which services there are, and how they are.
///
/// Calls may hang: whoever calls sets a limit.
#[async_trait]
pub trait Registry: fmt::Debug + Send + Sync + 'static {
    /// The instances that pass their checks; with `newer`, as soon as there is something to tell.
    async fn passing(&self, query: &Query, newer: Option<Newer>) -> Result<Listing, RegistryError>;

    /// Adds an instance, or replaces the one of the same id.
    async fn register(&self, instance: &Instance, status: Status) -> Result<(), RegistryError>;

    /// Removes an instance. One that is not there is no error.
    async fn deregister(&self, id: &str) -> Result<(), RegistryError>;

    /// What is registered of a service where we register: not what others have elsewhere.
    async fn registered(&self, service: &str) -> Result<Vec<Registered>, RegistryError>;

    /// Says how an instance is that is [to be told of](crate::Check::Ttl).
    async fn report(&self, id: &str, status: Status) -> Result<(), RegistryError>;
}

/// Which instances are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The service's name.
    pub service: String,
    /// What they must all be tagged with.
    pub tags: Vec<String>,
    /// The datacentre to ask in; the registry's own if none is named.
    pub datacenter: Option<String>,
}

/// Asks to be answered only when there is something newer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Newer {
    /// Than this, at least 1.
    pub index: u64,
    /// And if there is nothing, after this time.
    pub wait: Duration,
}

/// What a registry says about a service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// Those that pass, in no order.
    pub endpoints: Vec<Endpoint>,
    /// How new this is; nothing if the registry did not say, or not so that it can be understood.
    pub index: Option<u64>,
    /// Whether whoever answered may be cut off from those who decide.
    pub leaderless: bool,
}

/// An instance that is registered where we register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    pub id: String,
    /// As `host:port`.
    pub address: String,
}

/// Whether an instance is to be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Passing,
    Critical,
}

impl From<bool> for Status {
    fn from(ready: bool) -> Self {
        if ready { Self::Passing } else { Self::Critical }
    }
}

/// Why a registry was of no help.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    #[error("the registry cannot be reached")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the registry has not answered within {} ms", .0.as_millis())]
    TimedOut(Duration),
    #[error("the registry refuses: {status} {said}")]
    Refused {
        status: u16,
        /// The beginning of what it said.
        said: String,
    },
    #[error("the registry's answer cannot be understood")]
    Garbage(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the registry's token cannot be used: {0}")]
    Token(String),
}

impl RegistryError {
    /// The message and all its causes, in one line.
    pub(crate) fn in_full(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            text.push_str(&format!(": {error}"));
            cause = error.source();
        }
        text
    }
}

/// `call`, or [`RegistryError::TimedOut`].
pub(crate) async fn within<T>(
    limit: Duration,
    call: impl Future<Output = Result<T, RegistryError>>,
) -> Result<T, RegistryError> {
    tokio::time::timeout(limit, call).await.unwrap_or(Err(RegistryError::TimedOut(limit)))
}
