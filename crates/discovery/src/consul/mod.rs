//! Consul, by consulrs: its requests on its machinery, and what it lacks beside them.
//!
//! | what consulrs 0.1.0 does | what is done here |
//! |---|---|
//! | knows no `/v1/health/service` | `requests` adds it, and readable forms of what does not parse |
//! | panics on headers that are no text | `transport` and our own reading of them |
//! | reads answers of any length, through any proxy of the environment | `transport` |
//! | logs each call, and each failure as an error | `telemetry` silences it; we say it once |
//! | takes a token once | `token` reads its file again |
//!
//! An agent is to be reached over plain HTTP, on the same machine: that is how Consul is meant to be
//! used, and whoever needs more puts it there.

mod requests;
mod token;
mod transport;

use std::{net::SocketAddr, path::PathBuf};

use async_trait::async_trait;
use consulrs::api::{
    EndpointMiddleware,
    check::common::AgentServiceCheck,
    features::{Blocking, ConsistencyMode, FeaturedEndpoint, Features},
    service::requests::{DeregisterServiceRequest, RegisterServiceRequest},
};
use rustify::{
    endpoint::{Endpoint as _, EndpointResult},
    errors::ClientError,
};

use crate::{
    Check, Endpoint, Instance,
    instance::host_and_port,
    registry::{Listing, Newer, Query, Registered, Registry, RegistryError, Status},
};
use requests::{AgentServices, HealthService, UpdateCheck};
use token::Token;
use transport::Transport;

/// Endpoints of a service that are taken, at most: more is a mistake, not a fleet.
const MAX_ENDPOINTS: usize = 1_000;
/// How much of a refusal is repeated.
const MAX_SAID: usize = 200;
/// The shortest Consul knows; it looks every 30 s, so a ghost may stay for 90 s.
const FORGET_AFTER: &str = "1m";
/// How long an instance may take to answer a check.
const CHECK_TIMEOUT: &str = "2s";

/// The agent of a Consul.
#[derive(Debug)]
pub struct Consul {
    transport: Transport,
    token: Token,
}

impl Consul {
    /// The agent at `addr`, `host:port`. Calls carry the ACL token that is in the file, if there is
    /// one, at the time of the call.
    ///
    /// # Errors
    /// The HTTP client cannot be made.
    pub fn new(addr: &str, token_file: Option<PathBuf>) -> Result<Self, RegistryError> {
        Ok(Self { transport: Transport::new(addr)?, token: Token::new(token_file) })
    }

    async fn call<E>(&self, endpoint: E) -> Result<EndpointResult<E::Response>, RegistryError>
    where
        E: rustify::endpoint::Endpoint + FeaturedEndpoint,
    {
        let middleware = EndpointMiddleware {
            features: endpoint.features(),
            token: self.token.read().await?,
            version: "v1".to_owned(),
        };
        endpoint.with_middleware(&middleware).exec(&self.transport).await.map_err(failed)
    }
}

#[async_trait]
impl Registry for Consul {
    async fn passing(&self, query: &Query, newer: Option<Newer>) -> Result<Listing, RegistryError> {
        let blocking = newer.map(|Newer { index, wait }| Blocking {
            index,
            wait: Some(format!("{}ms", wait.as_millis())),
        });
        // Any server may answer, so that an election is not our outage.
        let features =
            Features { blocking, mode: Some(ConsistencyMode::STALE), ..Features::default() };
        let answer = self.call(HealthService { query, features }).await?;
        let header = |name: &str| answer.response.headers().get(name)?.to_str().ok();
        let index = header("x-consul-index").and_then(|index| index.trim().parse().ok());
        let leaderless = header("x-consul-knownleader") == Some("false");
        let entries = answer.parse().map_err(failed)?;
        if entries.len() > MAX_ENDPOINTS {
            let service = &query.service;
            tracing::warn!(service, entries = entries.len(), "only {MAX_ENDPOINTS} are used");
        }
        let endpoints =
            entries.into_iter().filter_map(endpoint).take(MAX_ENDPOINTS).collect::<Vec<_>>();
        Ok(Listing { endpoints, index, leaderless })
    }

    async fn register(&self, instance: &Instance, status: Status) -> Result<(), RegistryError> {
        let request = RegisterServiceRequest {
            id: Some(instance.id.clone()),
            name: Some(instance.service.clone()),
            address: Some(instance.host.clone()),
            port: Some(instance.port.into()),
            tags: Some(instance.tags.clone()),
            check: Some(check(instance, status)),
            ..RegisterServiceRequest::default()
        };
        self.call(request).await.map(drop)
    }

    async fn deregister(&self, id: &str) -> Result<(), RegistryError> {
        let request =
            DeregisterServiceRequest { id: id.to_owned(), ..DeregisterServiceRequest::default() };
        match self.call(request).await {
            // What newer agents say of one that is not there.
            Err(RegistryError::Refused { status: 404, .. }) => Ok(()),
            other => other.map(drop),
        }
    }

    async fn registered(&self, service: &str) -> Result<Vec<Registered>, RegistryError> {
        let features =
            Features { filter: Some(format!("Service == \"{service}\"")), ..Features::default() };
        let answer = self.call(AgentServices { features }).await?;
        let services = answer.parse().map_err(failed)?;
        let registered = services.into_values().filter(|it| it.service == service);
        Ok(registered
            .map(|it| Registered { address: host_and_port(&it.address, it.port), id: it.id })
            .collect())
    }

    async fn report(&self, id: &str, status: Status) -> Result<(), RegistryError> {
        self.call(UpdateCheck { id, status: word(status) }).await.map(drop)
    }
}

fn check(instance: &Instance, status: Status) -> AgentServiceCheck {
    let ours = AgentServiceCheck {
        status: Some(word(status).to_owned()),
        deregister_critical_service_after: Some(FORGET_AFTER.to_owned()),
        ..AgentServiceCheck::default()
    };
    match instance.check {
        Check::Grpc { interval, tls } => AgentServiceCheck {
            grpc: Some(instance.address()),
            grpc_use_tls: tls.then_some(true),
            interval: Some(format!("{}ms", interval.as_millis())),
            timeout: Some(CHECK_TIMEOUT.to_owned()),
            ..ours
        },
        Check::Ttl { ttl } => {
            AgentServiceCheck { ttl: Some(format!("{}ms", ttl.as_millis())), ..ours }
        }
    }
}

fn word(status: Status) -> &'static str {
    match status {
        Status::Passing => "passing",
        Status::Critical => "critical",
    }
}

/// An entry as an endpoint; nothing if it has no address that could be called.
fn endpoint(entry: requests::Entry) -> Option<Endpoint> {
    let requests::Entry { node, service } = entry;
    // Registered without an address, a service is where its node is.
    let host = if service.address.is_empty() { node.address } else { service.address };
    let plain = host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._:".contains(&b));
    if host.is_empty() || !plain || service.port == 0 {
        tracing::debug!(id = service.id, "an instance has no address that could be called");
        return None;
    }
    Some(Endpoint {
        // An id is unique on a node only.
        id: format!("{}/{}", node.node, service.id),
        address: host_and_port(&host, service.port),
        weight: service.weights.passing.max(1),
        tags: service.tags.unwrap_or_default(),
    })
}

fn failed(error: ClientError) -> RegistryError {
    match error {
        ClientError::ServerResponseError { code, content } => {
            let said = content.unwrap_or_default();
            let said = said.trim().chars().filter(|c| !c.is_control()).take(MAX_SAID).collect();
            RegistryError::Refused { status: code, said }
        }
        ClientError::RequestError { source, .. } | ClientError::ResponseError { source } => {
            RegistryError::Unreachable(source.into())
        }
        ClientError::ResponseParseError { source, .. } => RegistryError::Garbage(source.into()),
        other => RegistryError::Garbage(Box::new(other)),
    }
}

/// Whether `text` is the address of an agent, `host:port`.
pub(crate) fn is_address(text: &str) -> bool {
    let plain = |host: &str| {
        !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
    };
    text.parse::<SocketAddr>().is_ok_and(|addr| addr.port() > 0)
        || text.rsplit_once(':').is_some_and(|(host, port)| {
            plain(host) && port.parse::<u16>().is_ok_and(|port| port > 0)
        })
}
