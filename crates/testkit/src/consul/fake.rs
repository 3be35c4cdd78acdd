//! A fake Consul agent that injects faults.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{Path, Query, Request, State},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    routing::{get, put},
};
use futures::{StreamExt as _, stream};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle, time::Instant};

/// A fault in the responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsulFault {
    /// No response; the connection stays open.
    Hangs,
    /// Status 500, as without a leader.
    Fails,
    /// Status 200, and a body that is not JSON.
    Garbage,
    /// Headers that are not text.
    GarbageHeaders,
    /// A body that is cut off.
    Cut,
    /// A body without end.
    Endless,
    /// Status 200 without instances, as from an agent that lost its data.
    Empty,
    /// No `X-Consul-Index`.
    NoIndex,
    /// This `X-Consul-Index`.
    Index(u64),
}

/// A fake agent with the endpoints of Consul 1.8 that services use.
#[derive(Debug)]
pub struct FakeConsul {
    addr: SocketAddr,
    state: Arc<Shared>,
    serving: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    services: Mutex<BTreeMap<String, Service>>,
    /// Index of the last change; decreases when all data are lost.
    index: watch::Sender<u64>,
    fault: Mutex<Option<ConsulFault>>,
    /// The token that requests must carry.
    token: Mutex<Option<String>>,
    /// Times and paths of the requests.
    requests: Mutex<Vec<(Instant, String)>>,
}

#[derive(Debug, Clone)]
struct Service {
    registration: Registration,
    passing: bool,
}

/// As strict as the agent, which refuses unknown fields.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Registration {
    #[serde(rename = "ID")]
    id: String,
    name: String,
    address: String,
    port: u16,
    #[serde(default)]
    tags: Vec<String>,
    check: Check,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[allow(dead_code, reason = "named only to refuse unknown fields")]
struct Check {
    status: String,
    #[serde(rename = "GRPC")]
    grpc: Option<String>,
    #[serde(rename = "GRPCUseTLS")]
    grpc_use_tls: Option<bool>,
    interval: Option<String>,
    timeout: Option<String>,
    #[serde(rename = "TTL")]
    ttl: Option<String>,
    deregister_critical_service_after: Option<String>,
}

impl FakeConsul {
    /// Starts it on a free port of the loopback interface.
    ///
    /// # Panics
    /// If no port is free.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let addr = listener.local_addr().expect("it is bound");
        let state = Arc::new(Shared {
            services: Mutex::default(),
            index: watch::Sender::new(10),
            fault: Mutex::default(),
            token: Mutex::default(),
            requests: Mutex::default(),
        });
        let app = Router::new()
            .route("/v1/health/service/{name}", get(health))
            .route("/v1/agent/services", get(services))
            .route("/v1/agent/service/register", put(register))
            .route("/v1/agent/service/deregister/{id}", put(deregister))
            .route("/v1/agent/check/update/{id}", put(update))
            .layer(middleware::from_fn_with_state(state.clone(), inject_fault))
            .with_state(state.clone());
        let serving = tokio::spawn(async move {
            axum::serve(listener, app).await.ok(); // never ends
        });
        Self { addr, state, serving }
    }

    /// `host:port`.
    pub fn addr(&self) -> String {
        self.addr.to_string()
    }

    /// The URL for `REGISTRY`.
    pub fn registry(&self) -> String {
        format!("consul://{}", self.addr)
    }

    /// Sets the fault of the responses; `None` removes it. Completes blocking queries.
    pub fn set_fault(&self, fault: Option<ConsulFault>) {
        *lock(&self.state.fault) = fault;
        self.state.index.send_modify(|_| ());
    }

    /// Refuses requests without this token.
    pub fn set_token(&self, token: &str) {
        *lock(&self.state.token) = Some(token.to_owned());
    }

    /// Adds a passing instance at `127.0.0.1:port`.
    pub fn add(&self, service: &str, id: &str, port: u16) {
        let check = Check {
            status: "passing".to_owned(),
            grpc: None,
            grpc_use_tls: None,
            interval: None,
            timeout: None,
            ttl: None,
            deregister_critical_service_after: None,
        };
        let registration = Registration {
            id: id.to_owned(),
            name: service.to_owned(),
            address: "127.0.0.1".to_owned(),
            port,
            tags: Vec::new(),
            check,
        };
        self.state.change(|services| {
            services.insert(id.to_owned(), Service { registration, passing: true });
        });
    }

    /// Removes an instance.
    pub fn remove(&self, id: &str) {
        self.state.change(|services| {
            services.remove(id);
        });
    }

    /// Removes all instances and resets the index, as an agent that lost its data.
    pub fn lose_data(&self) {
        lock(&self.state.services).clear();
        self.state.index.send_replace(1);
    }

    /// The ids of the passing instances of a service.
    pub fn passing(&self, service: &str) -> Vec<String> {
        self.ids(|it| it.registration.name == service && it.passing)
    }

    /// The ids of all instances of a service.
    pub fn listed(&self, service: &str) -> Vec<String> {
        self.ids(|it| it.registration.name == service)
    }

    /// Times of requests with this prefix in their path.
    pub fn requests(&self, prefix: &str) -> Vec<Instant> {
        let requests = lock(&self.state.requests);
        requests.iter().filter(|(_, path)| path.starts_with(prefix)).map(|(at, _)| *at).collect()
    }

    fn ids(&self, wanted: impl Fn(&Service) -> bool) -> Vec<String> {
        let services = lock(&self.state.services);
        services.values().filter(|it| wanted(it)).map(|it| it.registration.id.clone()).collect()
    }
}

impl Drop for FakeConsul {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Shared {
    fn change(&self, change: impl FnOnce(&mut BTreeMap<String, Service>)) {
        change(&mut lock(&self.services));
        self.index.send_modify(|index| *index += 1);
    }

    fn fault(&self) -> Option<ConsulFault> {
        *lock(&self.fault)
    }
}

/// Records requests, checks the token, and injects the fault into the response.
async fn inject_fault(State(state): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    lock(&state.requests).push((Instant::now(), request.uri().path().to_owned()));
    let token = lock(&state.token).clone();
    let given = request.headers().get("x-consul-token").and_then(|it| it.to_str().ok());
    if token.is_some() && token.as_deref() != given {
        return (StatusCode::FORBIDDEN, "Permission denied").into_response();
    }
    if state.fault() == Some(ConsulFault::Hangs) {
        return std::future::pending().await;
    }
    // The fault at the time of the response: a blocking query may have waited.
    let mut response = next.run(request).await;
    match state.fault() {
        Some(ConsulFault::Hangs) => std::future::pending().await,
        Some(ConsulFault::Fails) => {
            (StatusCode::INTERNAL_SERVER_ERROR, "No cluster leader").into_response()
        }
        Some(ConsulFault::Garbage) => {
            *response.body_mut() = Body::from("<html>proxy error</html>");
            without_length(response)
        }
        Some(ConsulFault::GarbageHeaders) => {
            let garbage = HeaderValue::from_bytes(b"\xff\xfe").expect("opaque bytes are allowed");
            for name in ["x-consul-index", "x-consul-knownleader", "x-consul-lastcontact"] {
                response.headers_mut().insert(name, garbage.clone());
            }
            response
        }
        Some(ConsulFault::Cut) => {
            let cut = std::io::Error::other("cut");
            let parts = [Ok(Bytes::from_static(b"[{\"Node\":{")), Err(cut)];
            *response.body_mut() = Body::from_stream(stream::iter(parts));
            without_length(response)
        }
        Some(ConsulFault::Endless) => {
            let blank = Bytes::from_static(&[b' '; 64 << 10]);
            let endless = stream::repeat(blank).map(Ok::<_, std::io::Error>);
            *response.body_mut() = Body::from_stream(endless);
            without_length(response)
        }
        Some(ConsulFault::NoIndex) => {
            response.headers_mut().remove("x-consul-index");
            response
        }
        Some(ConsulFault::Index(index)) => {
            response.headers_mut().insert("x-consul-index", index.into());
            response
        }
        Some(ConsulFault::Empty) | None => response,
    }
}

fn without_length(mut response: Response) -> Response {
    response.headers_mut().remove("content-length");
    response
}

async fn health(
    State(state): State<Arc<Shared>>,
    Path(name): Path<String>,
    Query(parameters): Query<Vec<(String, String)>>,
) -> Response {
    let first = |wanted: &str| parameters.iter().find(|(name, _)| name == wanted).map(|(_, it)| it);
    let after: u64 = first("index").and_then(|index| index.parse().ok()).unwrap_or(0);
    let wait = first("wait").and_then(|wait| wait.strip_suffix("ms")?.parse().ok());
    let wait = Duration::from_millis(wait.unwrap_or(300_000));
    let mut index = state.index.subscribe();
    if after > 0 {
        let newer = index.wait_for(|index| *index > after || state.fault().is_some());
        tokio::time::timeout(wait, newer).await.ok(); // on timeout, the response is unchanged
    }
    let index = *index.borrow();
    let tags: Vec<&String> =
        parameters.iter().filter(|(name, _)| name == "tag").map(|(_, tag)| tag).collect();
    let empty = state.fault() == Some(ConsulFault::Empty);
    let services = lock(&state.services);
    let wanted = services.values().filter(|it| {
        let has = |tag: &&String| it.registration.tags.contains(tag);
        !empty && it.passing && it.registration.name == name && tags.iter().all(has)
    });
    let entries: Vec<Value> = wanted
        .map(|it| {
            json!({
                "Node": { "Node": "fake", "Address": "127.0.0.1" },
                "Service": to_json(&it.registration),
                "Checks": [],
            })
        })
        .collect();
    let mut headers = HeaderMap::new();
    headers.insert("x-consul-index", index.into());
    headers.insert("x-consul-knownleader", HeaderValue::from_static("true"));
    headers.insert("x-consul-lastcontact", 0.into());
    (headers, Json(entries)).into_response()
}

async fn services(State(state): State<Arc<Shared>>) -> Json<BTreeMap<String, Value>> {
    // Ignores the filter: an agent may respond with more than was requested.
    let services = lock(&state.services);
    Json(services.iter().map(|(id, it)| (id.clone(), to_json(&it.registration))).collect())
}

async fn register(State(state): State<Arc<Shared>>, body: Bytes) -> Response {
    let registration: Registration = match serde_json::from_slice(&body) {
        Ok(registration) => registration,
        Err(error) => {
            return (StatusCode::BAD_REQUEST, format!("Request decode failed: {error}"))
                .into_response();
        }
    };
    state.change(|services| {
        let passing = registration.check.status == "passing";
        let id = registration.id.clone();
        // A known instance keeps the result of its last check.
        let passing = services.get(&id).map_or(passing, |it| it.passing);
        services.insert(id, Service { registration, passing });
    });
    StatusCode::OK.into_response()
}

async fn deregister(State(state): State<Arc<Shared>>, Path(id): Path<String>) -> StatusCode {
    state.change(|services| {
        services.remove(&id);
    });
    StatusCode::OK
}

async fn update(State(state): State<Arc<Shared>>, Path(id): Path<String>, body: Bytes) -> Response {
    // Parsed regardless of the content type, as by the agent.
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let id = id.strip_prefix("service:").unwrap_or(&id);
    let mut known = false;
    state.change(|services| {
        let service = services.get_mut(id).filter(|it| it.registration.check.ttl.is_some());
        if let Some(service) = service {
            service.passing = body["Status"] == "passing";
            known = true;
        }
    });
    if known {
        return StatusCode::OK.into_response();
    }
    let message = format!("CheckID \"service:{id}\" does not have associated TTL");
    (StatusCode::INTERNAL_SERVER_ERROR, message).into_response()
}

fn to_json(registration: &Registration) -> Value {
    let Registration { id, name, address, port, tags, .. } = registration;
    json!({
        "ID": id, "Service": name, "Address": address, "Port": port, "Tags": tags,
        "TaggedAddresses": { "lan_ipv4": { "Address": address, "Port": port } },
        "Weights": { "Passing": 1, "Warning": 1 },
    })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
