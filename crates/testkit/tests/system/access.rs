//! Access: every method by every principal, over every protocol, and what anonymous callers see.

use std::time::Duration;

use contract::{Declared, Scope};
use http::Method;
use proto::catalogue::v1::{ListProductsRequest, WatchChangesRequest};
use serde_json::{Value, json};
use testkit::{Fleet, HttpClient, Service, until};
use tonic::{
    Code, Request, Status, client::Grpc, codegen::http::uri::PathAndQuery, transport::Channel,
};
use tonic_types::StatusExt as _;

use crate::data::{channel, client};

/// Time within which a revoked key must be refused everywhere.
const REVOKED_WITHIN: Duration = Duration::from_secs(5);

/// A system with keys.
struct Restricted {
    fleet: Fleet,
    secret: String,
    _dir: tempfile::TempDir,
}

impl Restricted {
    /// Starts a system of which one key exists.
    async fn start() -> (Self, String) {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("service.secret");
        let secret = "a-secret-that-only-this-test-has-0001";
        std::fs::write(&file, secret).unwrap();
        let argument = format!("--service-secret-file={}", file.display());
        let fleet = Fleet::start_with(&[&argument]).await;
        let system = Self { fleet, secret: secret.to_owned(), _dir: dir };
        let key = system.create_key("reader", &["read"]).await;
        system.is_known_everywhere(&key).await;
        (system, key)
    }

    async fn create_key(&self, name: &str, scopes: &[&str]) -> String {
        let mut arguments = vec!["--key", &self.secret, "key", "create", "--name", name];
        arguments.extend(scopes.iter().flat_map(|scope| ["--scope", scope]));
        let made = self.fleet.catctl(&arguments).await;
        assert_eq!(made.code, Some(0), "{}", made.err);
        made.out.trim().to_owned()
    }

    async fn is_known_everywhere(&self, key: &str) {
        until("the key is known everywhere", async || {
            for service in SERVICES {
                let status =
                    call(&channel(&self.fleet.addr(service)).await, read_of(service), Some(key))
                        .await;
                if is_refused(&status) {
                    return None;
                }
            }
            Some(())
        })
        .await;
    }
}

const SERVICES: [Service; 3] = [Service::Catalogue, Service::Search, Service::Gateway];

/// A public method of a service.
fn read_of(service: Service) -> &'static str {
    match service {
        Service::Search => "/search.v1.SearchService/Suggest",
        Service::Catalogue | Service::Gateway => "/catalogue.v1.FeedService/GetWatermark",
    }
}

/// Calls a method with an empty message; returns its first status.
async fn call(channel: &Channel, path: &'static str, key: Option<&str>) -> Status {
    let mut grpc = Grpc::new(channel.clone());
    grpc.ready().await.unwrap();
    let mut request = Request::new(tokio_stream::iter([()]));
    request.set_timeout(Duration::from_secs(10));
    if let Some(key) = key {
        let value = format!("Bearer {key}").parse().unwrap();
        request.metadata_mut().insert("authorization", value);
    }
    let codec = tonic_prost::ProstCodec::<(), ()>::default();
    match grpc.streaming(request, PathAndQuery::from_static(path), codec).await {
        Err(status) => status,
        Ok(response) => match response.into_inner().message().await {
            Err(status) => status,
            Ok(_) => Status::ok(""),
        },
    }
}

fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

fn is_refused(status: &Status) -> bool {
    let reasons = ["CREDENTIAL_MISSING", "CREDENTIAL_INVALID", "SCOPE_MISSING", "KEYS_UNAVAILABLE"];
    reasons.contains(&reason(status).as_str())
}

/// A caller, and the scopes it holds.
struct Principal {
    key: Option<String>,
    scopes: Vec<Scope>,
    is_valid: bool,
}

async fn principals(system: &Restricted) -> Vec<Principal> {
    let mut all = vec![Principal { key: None, scopes: vec![Scope::Read], is_valid: true }];
    let grantable = Scope::ALL.into_iter().filter(|scope| *scope != Scope::Service);
    for scope in grantable {
        let key = system.create_key(scope.name(), &[scope.name()]).await;
        all.push(Principal { key: Some(key), scopes: vec![Scope::Read, scope], is_valid: true });
    }
    let secret = Some(system.secret.clone());
    all.push(Principal { key: secret, scopes: Scope::ALL.into(), is_valid: true });
    let forged = format!("pck_0123456789ab_{}", "0".repeat(64));
    for key in [forged, "eyJhbGciOiJub25lIn0.e30.".to_owned()] {
        all.push(Principal { key: Some(key), scopes: Vec::new(), is_valid: false });
    }
    let newest = all.iter().rev().nth(3).and_then(|it| it.key.clone()).unwrap();
    system.is_known_everywhere(&newest).await;
    all
}

/// The reason with which a method that needs this scope is refused to a caller.
fn expected(principal: &Principal, needed: Scope) -> Option<&'static str> {
    match &principal.key {
        _ if !principal.is_valid => Some("CREDENTIAL_INVALID"),
        _ if principal.scopes.contains(&needed) => None,
        None => Some("CREDENTIAL_MISSING"),
        Some(_) => Some("SCOPE_MISSING"),
    }
}

#[tokio::test]
async fn every_method_is_refused_to_those_without_its_scope() {
    let (system, _) = Restricted::start().await;
    let principals = principals(&system).await;
    let gateway = channel(&system.fleet.addr(Service::Gateway)).await;
    let catalogue = channel(&system.fleet.addr(Service::Catalogue)).await;
    let search = channel(&system.fleet.addr(Service::Search)).await;
    let web = HttpClient::new(system.fleet.url(""));
    let mut checked = 0;
    for Declared { method, .. } in contract::declared(proto::DESCRIPTORS) {
        let needed =
            method.scope.unwrap_or_else(|| panic!("{} has no required_scope", method.path));
        let owner = if method.path.starts_with("/search.") { &search } else { &catalogue };
        for principal in &principals {
            let expected = expected(principal, needed);
            let key = principal.key.as_deref();
            for channel in [owner, &gateway] {
                let status = call(channel, method.path, key).await;
                let refused = is_refused(&status).then(|| reason(&status));
                assert_eq!(refused.as_deref(), expected, "{} {key:?} {status:?}", method.path);
                checked += 1;
            }
            if !method.shape.streams() {
                let status = grpc_web(&web, method.path, key).await;
                let refused = is_refused(&status).then(|| reason(&status));
                assert_eq!(refused.as_deref(), expected, "grpc-web {} {key:?}", method.path);
                checked += 1;
            }
        }
    }
    assert!(checked > 1_500, "{checked}");
    json_is_refused_alike(&system, &principals).await;
}

async fn grpc_web(web: &HttpClient, path: &str, key: Option<&str>) -> Status {
    let bearer = bearer(key);
    let headers = headers("application/grpc-web+proto", bearer.as_deref());
    let response = web.send(Method::POST, path, &headers, vec![0; 5]).await.unwrap();
    let refused = Status::from_header_map(&response.headers);
    refused.unwrap_or_else(|| Status::ok("its status is in the body: it was called"))
}

fn bearer(key: Option<&str>) -> Option<String> {
    key.map(|key| format!("Bearer {key}"))
}

fn headers<'a>(kind: &'a str, bearer: Option<&'a str>) -> Vec<(&'a str, &'a str)> {
    let bearer = bearer.map(|bearer| ("authorization", bearer));
    [("content-type", kind)].into_iter().chain(bearer).collect()
}

/// The operations and their scopes are those of the OpenAPI document.
async fn json_is_refused_alike(system: &Restricted, principals: &[Principal]) {
    let web = HttpClient::new(system.fleet.url(""));
    let document = web.get("/openapi.json").await.unwrap().json();
    let mut checked = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (verb, operation) in operations.as_object().unwrap() {
            // Described by hand: the document itself, PUT, and event streams, which have no end.
            let is_stream = ["/v1/changes", "/v1/availability"].contains(&path.as_str());
            let Some(security) = operation["security"].as_array().filter(|_| !is_stream) else {
                continue;
            };
            let needed = security.last().unwrap()["key"][0].as_str().unwrap();
            let needed = Scope::named(needed).unwrap();
            for principal in principals {
                let bearer = bearer(principal.key.as_deref());
                let headers = headers("application/json", bearer.as_deref());
                let body = if verb == "get" { "" } else { "{}" };
                let method = Method::from_bytes(verb.to_uppercase().as_bytes()).unwrap();
                let path = path.replace("{id}", "x");
                let response = web.send(method, &path, &headers, body).await.unwrap();
                let status = response.status.as_u16();
                let expected = expected(principal, needed);
                let refused =
                    matches!(status, 401 | 403).then(|| response.json()["reason"].clone());
                // A body that is no message is refused before its method is called.
                let is_invalid = status == 400 && verb != "get";
                if is_invalid {
                    continue;
                }
                assert_eq!(
                    refused,
                    expected.map(Value::from),
                    "{verb} {path}: {}",
                    response.text()
                );
                if status == 401 || status == 403 {
                    assert!(response.header("www-authenticate").starts_with("Bearer "));
                }
                checked += 1;
            }
        }
    }
    assert!(checked > 300, "{checked}");
}

/// Text of products that are not for sale, of their pasts and of an actor.
const CANARY: &str = "canarybird";

/// Addresses whose answers to anonymous callers must not have the canary.
#[rustfmt::skip]
const SURFACES: [&str; 25] = [
    "/v1/products", "/v1/products?filter=status%3DDRAFT", "/v1/products:stream",
    "/v1/products:export", "/v1/products:batchGet?productIds=three&productIds=two",
    "/v1/products/one", "/v1/products/two", "/v1/products/three", "/v1/products/four",
    "/v1/products/three?revision=1", "/v1/products/two?showDeleted=true",
    "/v1/products?showDeleted=true", "/v1/products/three/revisions",
    "/v1/products/three/stock", "/v1/changes:list", "/v1/search?q=mug&facets=brand",
    "/v1/search?q=canarybird&facets=brand", "/v1/suggest?query=canary", "/v1/search/queries",
    "/v1/search/explain?query=canarybird&productId=three", "/v1/categories", "/p/three", "/p/two",
    "/v1/keys", "/v1/products?filter=name%3Acanarybird%20OR%20status%3DACTIVE",
];

/// Creates two active products, of which one is renamed and deleted, a draft and an archived one, by a key
/// whose name is the canary.
async fn fill_with_canaries(system: &Restricted) {
    let scopes = ["write:products", "write:stock", "read:drafts", "read:history"];
    let key = system.create_key(CANARY, &scopes).await;
    system.is_known_everywhere(&key).await;
    let web = HttpClient::new(system.fleet.url(""));
    let send = async |method: Method, path: &str, body: Value| {
        let bearer = bearer(Some(&key));
        let headers = headers("application/json", bearer.as_deref());
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let response = web.send(method, path, &headers, body).await.unwrap();
        assert!(response.status.is_success(), "{path}: {}", response.text());
    };
    for (id, status) in
        [("one", "ACTIVE"), ("two", "ACTIVE"), ("three", "DRAFT"), ("four", "ARCHIVED")]
    {
        let hidden = status != "ACTIVE";
        let name = if hidden { format!("Mug {CANARY}") } else { "Mug".to_owned() };
        let product = json!({"id": id, "name": name, "brand": name, "status": status,
            "labels": [name], "stockQty": 3});
        send(Method::POST, "/v1/products", product).await;
    }
    let renamed = json!({"name": "Mug of before", "description": CANARY});
    send(Method::PATCH, "/v1/products/two?updateMask=name,description", renamed).await;
    send(Method::DELETE, "/v1/products/two", json!(null)).await;
    until("search has the active product", async || {
        let found = web.get("/v1/search?q=mug").await.ok()?.json();
        (found["totalSize"] == 1).then_some(())
    })
    .await;
}

#[tokio::test]
async fn anonymous_callers_see_nothing_that_is_not_for_sale() {
    let (system, _) = Restricted::start().await;
    fill_with_canaries(&system).await;
    let web = HttpClient::new(system.fleet.url(""));
    for path in SURFACES {
        // The query itself may be repeated.
        let text = web.get(path).await.unwrap().text().replace(&format!("\"{CANARY}\""), "");
        assert!(!text.contains(CANARY), "{path}: {text}");
    }
    let mut feed = proto::catalogue::v1::feed_service_client::FeedServiceClient::new(
        channel(&system.fleet.addr(Service::Catalogue)).await,
    );
    let watch = WatchChangesRequest::default();
    let mut events = feed.watch_changes(watch).await.unwrap().into_inner();
    until("the feed is read", async || {
        let event = format!("{:?}", events.message().await.unwrap().unwrap());
        assert!(!event.contains(CANARY), "{event}");
        event.contains("Heartbeat").then_some(())
    })
    .await;
    let mut products = client(&system.fleet.addr(Service::Catalogue)).await;
    let listed = products.list_products(ListProductsRequest::default()).await;
    let mut listed = listed.unwrap().into_inner();
    assert_eq!(listed.message().await.unwrap().unwrap().id, "one");
    assert!(listed.message().await.unwrap().is_none());
}

#[tokio::test]
async fn a_revoked_key_is_refused_everywhere_and_its_streams_end() {
    let (system, key) = Restricted::start().await;
    let mut feed = proto::catalogue::v1::feed_service_client::FeedServiceClient::with_interceptor(
        channel(&system.fleet.addr(Service::Gateway)).await,
        |mut request: Request<()>| {
            let value = format!("Bearer {key}").parse().unwrap();
            request.metadata_mut().insert("authorization", value);
            Ok(request)
        },
    );
    let mut stream = feed.watch_changes(WatchChangesRequest::default()).await.unwrap().into_inner();
    let id = key.split('_').nth(1).unwrap();
    let revoked = system.fleet.catctl(&["--key", &system.secret, "key", "revoke", id]).await;
    assert_eq!(revoked.code, Some(0), "{}", revoked.err);
    tokio::time::timeout(REVOKED_WITHIN, async {
        for service in SERVICES {
            let channel = channel(&system.fleet.addr(service)).await;
            while call(&channel, read_of(service), Some(&key)).await.code() != Code::Unauthenticated
            {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        let ended = loop {
            match stream.message().await {
                Ok(Some(_)) => {}
                Ok(None) => panic!("the stream ended without a status"),
                Err(status) => break status,
            }
        };
        assert_eq!(reason(&ended), "CREDENTIAL_INVALID");
    })
    .await
    .expect("the key is refused in time");
}

/// The five commands of docs/access.md, after which a key may only read.
#[tokio::test]
async fn a_newcomer_makes_a_key_that_may_only_read() {
    let (system, key) = Restricted::start().await;
    let listed = system.fleet.catctl(&["--key", &system.secret, "key", "list"]).await;
    assert!(listed.out.contains("reader") && !listed.out.contains(&key), "{}", listed.out);
    let read = system.fleet.catctl(&["--key", &key, "list"]).await;
    assert_eq!(read.code, Some(0), "{}", read.err);
    let write = system.fleet.catctl(&["--key", &key, "stock", "x", "+1"]).await;
    assert_eq!(write.code, Some(1));
    assert!(write.err.contains("write:stock"), "{}", write.err);
    let anonymous = system.fleet.catctl(&["stock", "x", "+1"]).await;
    assert!(anonymous.err.contains("needs a key"), "{}", anonymous.err);
    let text = std::fs::read_to_string(testkit::repository().join("docs/access.md")).unwrap();
    for command in ["key create --name reader --scope read", "key list", "stock"] {
        assert!(text.contains(command), "docs/access.md has no `{command}`");
    }
}

#[tokio::test]
async fn no_service_listens_to_other_machines_without_a_setting() {
    for program in ["catalogue", "search", "gateway"] {
        let arguments = ["--listen=0.0.0.0:0", "--admin=127.0.0.1:0"];
        let dir = tempfile::tempdir().unwrap();
        let data = format!("--data-dir={}", dir.path().display());
        let mut arguments: Vec<String> = arguments.map(str::to_owned).into();
        if program != "gateway" {
            arguments.push(data);
        }
        let ended = testkit::run(testkit::program(program), arguments).await;
        assert_eq!(ended.code, Some(1));
        assert!(
            ended.err.contains("--access keys") && ended.err.contains("docs/access.md"),
            "{}",
            ended.err
        );
    }
}
