//! An agent that is none, and misbehaves when told to.

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

/// How an answer is spoiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsulFault {
    /// There is none; the connection stays.
    Hangs,
    /// 500, as when there is no leader.
    Fails,
    /// 200, and a body that is no JSON.
    Garbage,
    /// Headers that are no text.
    GarbageHeaders,
    /// It ends in the middle.
    Cut,
    /// It does not end.
    Endless,
    /// 200, and no instance, as from an agent that lost its data.
    Empty,
    /// No index.
    NoIndex,
    /// This index, whatever is true.
    Index(u64),
}

/// Answers as an agent of Consul 1.8 does, as far as services need one.
#[derive(Debug)]
pub struct FakeConsul {
    addr: SocketAddr,
    state: Arc<Shared>,
    serving: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    services: Mutex<BTreeMap<String, Service>>,
    /// Of the last change; falls when everything is forgotten.
    index: watch::Sender<u64>,
    fault: Mutex<Option<ConsulFault>>,
    /// What calls must carry, if anything.
    token: Mutex<Option<String>>,
    /// When which path was asked for.
    asked: Mutex<Vec<(Instant, String)>>,
}

#[derive(Debug, Clone)]
struct Service {
    registration: Registration,
    passing: bool,
}

/// As strict as the agent: a field it does not know is refused.
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
#[allow(dead_code, reason = "told apart from unknown fields by being named")]
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
    /// Starts one on a free port of the loopback interface.
    ///
    /// # Panics
    /// There is none.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let addr = listener.local_addr().expect("it is bound");
        let state = Arc::new(Shared {
            services: Mutex::default(),
            index: watch::Sender::new(10),
            fault: Mutex::default(),
            token: Mutex::default(),
            asked: Mutex::default(),
        });
        let app = Router::new()
            .route("/v1/health/service/{name}", get(health))
            .route("/v1/agent/services", get(services))
            .route("/v1/agent/service/register", put(register))
            .route("/v1/agent/service/deregister/{id}", put(deregister))
            .route("/v1/agent/check/update/{id}", put(update))
            .layer(middleware::from_fn_with_state(state.clone(), guard))
            .with_state(state.clone());
        let serving = tokio::spawn(async move {
            axum::serve(listener, app).await.ok(); // it does not end
        });
        Self { addr, state, serving }
    }

    /// `host:port`.
    pub fn addr(&self) -> String {
        self.addr.to_string()
    }

    /// As `REGISTRY` takes it.
    pub fn registry(&self) -> String {
        format!("consul://{}", self.addr)
    }

    /// Spoils the answers from now on; nothing lets them be. Those that wait are answered.
    pub fn set_fault(&self, fault: Option<ConsulFault>) {
        *lock(&self.state.fault) = fault;
        self.state.index.send_modify(|_| ());
    }

    /// Denies calls without this token.
    pub fn set_token(&self, token: &str) {
        *lock(&self.state.token) = Some(token.to_owned());
    }

    /// Adds an instance that passes, at `127.0.0.1:port`.
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

    /// Loses all it knew, and begins to count anew, as an agent does whose data are gone.
    pub fn forget(&self) {
        lock(&self.state.services).clear();
        self.state.index.send_replace(1);
    }

    /// The ids of the instances of a service that pass.
    pub fn passing(&self, service: &str) -> Vec<String> {
        self.ids(|it| it.registration.name == service && it.passing)
    }

    /// The ids of all instances of a service.
    pub fn listed(&self, service: &str) -> Vec<String> {
        self.ids(|it| it.registration.name == service)
    }

    /// When it was asked for paths that begin like this.
    pub fn asked(&self, prefix: &str) -> Vec<Instant> {
        let asked = lock(&self.state.asked);
        asked.iter().filter(|(_, path)| path.starts_with(prefix)).map(|(at, _)| *at).collect()
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

/// Remembers what was asked, denies, and spoils what is answered.
async fn guard(State(state): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    lock(&state.asked).push((Instant::now(), request.uri().path().to_owned()));
    let token = lock(&state.token).clone();
    let given = request.headers().get("x-consul-token").and_then(|it| it.to_str().ok());
    if token.is_some() && token.as_deref() != given {
        return (StatusCode::FORBIDDEN, "Permission denied").into_response();
    }
    if state.fault() == Some(ConsulFault::Hangs) {
        return std::future::pending().await;
    }
    // The fault of the time of the answer: it may have waited.
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
    Query(asked): Query<Vec<(String, String)>>,
) -> Response {
    let first = |wanted: &str| asked.iter().find(|(name, _)| name == wanted).map(|(_, it)| it);
    let after: u64 = first("index").and_then(|index| index.parse().ok()).unwrap_or(0);
    let wait = first("wait").and_then(|wait| wait.strip_suffix("ms")?.parse().ok());
    let wait = Duration::from_millis(wait.unwrap_or(300_000));
    let mut index = state.index.subscribe();
    if after > 0 {
        let newer = index.wait_for(|index| *index > after || state.fault().is_some());
        tokio::time::timeout(wait, newer).await.ok(); // as when nothing is new
    }
    let index = *index.borrow();
    let tags: Vec<&String> =
        asked.iter().filter(|(name, _)| name == "tag").map(|(_, tag)| tag).collect();
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
                "Service": shown(&it.registration),
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
    // The filter is left to whoever asks: an agent may answer with more than was wanted.
    let services = lock(&state.services);
    Json(services.iter().map(|(id, it)| (id.clone(), shown(&it.registration))).collect())
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
        // One that is there keeps the verdict of its last check.
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
    // Read whatever the content is said to be, as the agent does.
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let id = id.strip_prefix("service:").unwrap_or(&id);
    let mut known = false;
    state.change(|services| {
        let told = services.get_mut(id).filter(|it| it.registration.check.ttl.is_some());
        if let Some(service) = told {
            service.passing = body["Status"] == "passing";
            known = true;
        }
    });
    if known {
        return StatusCode::OK.into_response();
    }
    let said = format!("CheckID \"service:{id}\" does not have associated TTL");
    (StatusCode::INTERNAL_SERVER_ERROR, said).into_response()
}

fn shown(registration: &Registration) -> Value {
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
