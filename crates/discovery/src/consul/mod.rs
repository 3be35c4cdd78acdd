//! [`Registry`] implementation for Consul, with the client consulrs.
//!
//! | limitation of consulrs 0.1.0 | workaround |
//! |---|---|
//! | lacks `/v1/health/service`, fails to parse some responses | `requests` |
//! | panics on headers that are not text | `transport`, and header parsing here |
//! | reads responses of any length, and uses proxies of the environment | `transport` |
//! | logs each request, and each failure as an error | silenced in `telemetry`; callers log |
//! | takes the token once | `token` reads its file for each request |
//!
//! The agent must be reachable over plain HTTP, usually on the same machine, as Consul recommends.

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
    registry::{BlockingQuery, Listing, Query, Registration, Registry, RegistryError, Status},
};
use requests::{AgentServices, HealthService, UpdateCheck};
use token::Token;
use transport::Transport;

/// Limit on the number of endpoints of a service; more indicate a configuration error.
const MAX_ENDPOINTS: usize = 1_000;
/// Maximum length of an error message of the agent, in characters.
const MAX_MESSAGE: usize = 200;
/// Time after which a critical instance is deregistered: Consul's minimum. Consul checks every 30 s,
/// so that may take 90 s.
const DEREGISTER_AFTER: &str = "1m";
/// Timeout of a health check.
const CHECK_TIMEOUT: &str = "2s";

/// Client of a Consul agent.
#[derive(Debug)]
pub struct Consul {
    transport: Transport,
    token: Token,
}

impl Consul {
    /// A client of the agent at `addr`, `host:port`. Requests carry the current ACL token of the
    /// file, if one is given.
    ///
    /// # Errors
    /// If the HTTP client cannot be created.
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
        endpoint.with_middleware(&middleware).exec(&self.transport).await.map_err(convert_error)
    }
}

#[async_trait]
impl Registry for Consul {
    async fn passing(
        &self,
        query: &Query,
        blocking: Option<BlockingQuery>,
    ) -> Result<Listing, RegistryError> {
        let blocking = blocking.map(|BlockingQuery { index, wait }| Blocking {
            index,
            wait: Some(format!("{}ms", wait.as_millis())),
        });
        // Stale reads, which any server can serve, so that an election of the leader is no outage.
        let features =
            Features { blocking, mode: Some(ConsistencyMode::STALE), ..Features::default() };
        let response = self.call(HealthService { query, features }).await?;
        let header = |name: &str| response.response.headers().get(name)?.to_str().ok();
        let index = header("x-consul-index").and_then(|index| index.trim().parse().ok());
        let leaderless = header("x-consul-knownleader") == Some("false");
        let entries = response.parse().map_err(convert_error)?;
        if entries.len() > MAX_ENDPOINTS {
            let service = &query.service;
            let count = entries.len();
            tracing::warn!(
                service,
                count,
                limit = MAX_ENDPOINTS,
                "too many instances, some ignored"
            );
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
            // Newer agents respond with 404 if the instance is unknown.
            Err(RegistryError::Rejected { status: 404, .. }) => Ok(()),
            other => other.map(drop),
        }
    }

    async fn registered(&self, service: &str) -> Result<Vec<Registration>, RegistryError> {
        let features =
            Features { filter: Some(format!("Service == \"{service}\"")), ..Features::default() };
        let response = self.call(AgentServices { features }).await?;
        let services = response.parse().map_err(convert_error)?;
        let registered = services.into_values().filter(|it| it.service == service);
        Ok(registered
            .map(|it| Registration { address: host_and_port(&it.address, it.port), id: it.id })
            .collect())
    }

    async fn report(&self, id: &str, status: Status) -> Result<(), RegistryError> {
        self.call(UpdateCheck { id, status: word(status) }).await.map(drop)
    }
}

fn check(instance: &Instance, status: Status) -> AgentServiceCheck {
    let common = AgentServiceCheck {
        status: Some(word(status).to_owned()),
        deregister_critical_service_after: Some(DEREGISTER_AFTER.to_owned()),
        ..AgentServiceCheck::default()
    };
    match instance.check {
        Check::Grpc { interval, tls } => AgentServiceCheck {
            grpc: Some(instance.address()),
            grpc_use_tls: tls.then_some(true),
            interval: Some(format!("{}ms", interval.as_millis())),
            timeout: Some(CHECK_TIMEOUT.to_owned()),
            ..common
        },
        Check::Ttl { ttl } => {
            AgentServiceCheck { ttl: Some(format!("{}ms", ttl.as_millis())), ..common }
        }
    }
}

fn word(status: Status) -> &'static str {
    match status {
        Status::Passing => "passing",
        Status::Critical => "critical",
    }
}

/// Converts an entry to an endpoint; `None` if it has no usable address.
fn endpoint(entry: requests::Entry) -> Option<Endpoint> {
    let requests::Entry { node, service } = entry;
    // A service registered without an address has that of its node.
    let host = if service.address.is_empty() { node.address } else { service.address };
    let plain = host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._:".contains(&b));
    if host.is_empty() || !plain || service.port == 0 {
        tracing::debug!(id = service.id, "instance ignored, it has no usable address");
        return None;
    }
    Some(Endpoint {
        // Service ids are unique per node.
        id: format!("{}/{}", node.node, service.id),
        address: host_and_port(&host, service.port),
        weight: service.weights.passing.max(1),
        tags: service.tags.unwrap_or_default(),
    })
}

fn convert_error(error: ClientError) -> RegistryError {
    match error {
        ClientError::ServerResponseError { code, content } => {
            let message = content.unwrap_or_default();
            let message =
                message.trim().chars().filter(|c| !c.is_control()).take(MAX_MESSAGE).collect();
            RegistryError::Rejected { status: code, message }
        }
        ClientError::RequestError { source, .. } | ClientError::ResponseError { source } => {
            RegistryError::Unreachable(source.into())
        }
        ClientError::ResponseParseError { source, .. } => RegistryError::Invalid(source.into()),
        other => RegistryError::Invalid(Box::new(other)),
    }
}

/// Whether `text` is a valid `host:port`.
pub(crate) fn is_address(text: &str) -> bool {
    let plain = |host: &str| {
        !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
    };
    text.parse::<SocketAddr>().is_ok_and(|addr| addr.port() > 0)
        || text.rsplit_once(':').is_some_and(|(host, port)| {
            plain(host) && port.parse::<u16>().is_ok_and(|port| port > 0)
        })
}
