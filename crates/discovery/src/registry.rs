//! The interface of a service registry.

use std::{fmt, time::Duration};

use async_trait::async_trait;

use crate::{Endpoint, Instance};

/// A service registry: the instances of services and their health.
///
/// Calls have no timeout of their own; callers set one.
#[async_trait]
pub trait Registry: fmt::Debug + Send + Sync + 'static {
    /// Returns the instances that pass their health checks; with `blocking`, once they have changed.
    async fn passing(
        &self,
        query: &Query,
        blocking: Option<BlockingQuery>,
    ) -> Result<Listing, RegistryError>;

    /// Registers an instance, replacing one with the same id.
    async fn register(&self, instance: &Instance, status: Status) -> Result<(), RegistryError>;

    /// Deregisters an instance. An unknown id is not an error.
    async fn deregister(&self, id: &str) -> Result<(), RegistryError>;

    /// Returns the instances of a service that are registered with the local agent.
    async fn registered(&self, service: &str) -> Result<Vec<Registration>, RegistryError>;

    /// Reports the status of an instance with a [TTL check](crate::Check::Ttl).
    async fn report(&self, id: &str, status: Status) -> Result<(), RegistryError>;
}

/// Selects instances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Name of the service.
    pub service: String,
    /// Tags that an instance must all have.
    pub tags: Vec<String>,
    /// Datacentre to query; default: that of the registry.
    pub datacenter: Option<String>,
}

/// Makes a query wait for a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockingQuery {
    /// The response must be newer than this index, which is at least 1.
    pub index: u64,
    /// Maximum time to wait for a change.
    pub wait: Duration,
}

/// The response to a query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The passing instances, unordered.
    pub endpoints: Vec<Endpoint>,
    /// Index for the next blocking query; `None` if it is missing or invalid.
    pub index: Option<u64>,
    /// Whether the server has no leader, so that its response may be out of date.
    pub leaderless: bool,
}

/// A registration with the local agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    pub id: String,
    /// `host:port`.
    pub address: String,
}

/// Health of an instance.
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

/// Error of a request to a registry.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    #[error("the registry cannot be reached")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the registry has not responded within {} ms", .0.as_millis())]
    TimedOut(Duration),
    #[error("the registry rejected the request: {status} {message}")]
    Rejected {
        status: u16,
        /// Prefix of the response body.
        message: String,
    },
    #[error("the registry's response is invalid")]
    Invalid(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the registry's token cannot be used: {0}")]
    Token(String),
}

impl RegistryError {
    /// The message with all its causes, on one line.
    pub(crate) fn full_message(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            text.push_str(&format!(": {error}"));
            cause = error.source();
        }
        text
    }
}

/// Awaits `call` with a timeout, which is the error [`RegistryError::TimedOut`].
pub(crate) async fn with_timeout<T>(
    limit: Duration,
    call: impl Future<Output = Result<T, RegistryError>>,
) -> Result<T, RegistryError> {
    tokio::time::timeout(limit, call).await.unwrap_or(Err(RegistryError::TimedOut(limit)))
}
