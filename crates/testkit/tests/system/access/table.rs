//! Every method by every principal, at the gateway and at the services' own ports, over gRPC, gRPC-web, Connect and
//! JSON.

use contract::{Declared, Scope};
use futures::future::join_all;
use http::Method;
use serde_json::Value;
use testkit::{HttpClient, Service, TokenIssuer};
use tonic::transport::Channel;

use super::{
    Restricted,
    calls::{bearer, call, connect, grpc_web, headers, is_refused, reason},
};
use crate::data::channel;

/// A caller, and the scopes it holds.
struct Principal {
    credential: Option<String>,
    scopes: Vec<Scope>,
    /// The reason with which all that it calls is refused.
    invalid: Option<&'static str>,
}

impl Principal {
    fn valid(credential: Option<String>, scopes: Vec<Scope>) -> Self {
        Self { credential, scopes, invalid: None }
    }

    fn invalid(credential: String, reason: &'static str) -> Self {
        Self { credential: Some(credential), scopes: Vec::new(), invalid: Some(reason) }
    }
}

async fn principals(system: &Restricted) -> Vec<Principal> {
    let mut all = vec![Principal::valid(None, vec![Scope::Read])];
    let grantable = Scope::ALL.into_iter().filter(|scope| scope.is_grantable());
    for scope in grantable {
        let key = system.create_key(scope.name(), &[scope.name()]).await;
        all.push(Principal::valid(Some(key), vec![Scope::Read, Scope::Session, scope]));
    }
    let newest = all.last().and_then(|it| it.credential.clone()).unwrap();
    system.is_known_everywhere(&newest).await;
    all.push(Principal::valid(Some(system.secret.clone()), Scope::ALL.into()));
    let token = |scopes| system.issuer.token(&TokenIssuer::claims(scopes));
    all.push(Principal::valid(Some(token("openid read")), vec![Scope::Read, Scope::Session]));
    let writer = vec![Scope::Read, Scope::Session, Scope::WriteProducts];
    all.push(Principal::valid(Some(token("write:products")), writer));
    let mut claims = TokenIssuer::claims("write:products");
    claims["exp"] = 1_000_000_000.into();
    all.push(Principal::invalid(system.issuer.token(&claims), "CREDENTIAL_EXPIRED"));
    let forged = format!("pck_0123456789ab_{}", "0".repeat(64));
    let stranger = TokenIssuer::new("one").token(&TokenIssuer::claims("admin:keys"));
    let unsigned = "eyJhbGciOiJub25lIn0.e30.".to_owned();
    all.extend([forged, stranger, unsigned].map(|it| Principal::invalid(it, "CREDENTIAL_INVALID")));
    all
}

/// The reason with which a method that needs this scope is refused to a caller.
fn expected(principal: &Principal, needed: Scope) -> Option<&'static str> {
    match &principal.credential {
        _ if principal.invalid.is_some() => principal.invalid,
        _ if principal.scopes.contains(&needed) => None,
        None => Some("CREDENTIAL_MISSING"),
        Some(_) => Some("SCOPE_MISSING"),
    }
}

/// A port: its address over gRPC and over HTTP.
struct Port {
    grpc: Channel,
    web: HttpClient,
    /// Whether it speaks Connect.
    has_connect: bool,
}

impl Port {
    async fn of(system: &Restricted, service: Service) -> Self {
        let addr = system.fleet.addr(service);
        let web = HttpClient::new(format!("http://{addr}"));
        Self { grpc: channel(&addr).await, web, has_connect: service == Service::Gateway }
    }

    /// Calls a method over gRPC and, if it is unary, gRPC-web and Connect; each is refused as expected. Returns the
    /// number of calls.
    async fn check(&self, method: contract::Method, principal: &Principal) -> usize {
        let needed = method.scope.unwrap_or_else(|| panic!("{} has no scope", method.path));
        let (expected, key) = (expected(principal, needed), principal.credential.as_deref());
        let mut statuses = vec![call(&self.grpc, method.path, key).await];
        if !method.shape.streams() {
            statuses.push(grpc_web(&self.web, method.path, key).await);
            if self.has_connect {
                statuses.push(connect(&self.web, method.path, key).await);
            }
        }
        for status in &statuses {
            let refused = is_refused(status).then(|| reason(status));
            assert_eq!(refused.as_deref(), expected, "{} {key:?} {status:?}", method.path);
        }
        statuses.len()
    }
}

#[tokio::test]
async fn every_method_is_refused_to_those_without_its_scope() {
    let (system, _) = Restricted::start().await;
    let principals = principals(&system).await;
    let gateway = Port::of(&system, Service::Gateway).await;
    let catalogue = Port::of(&system, Service::Catalogue).await;
    let search = Port::of(&system, Service::Search).await;
    let mut checked = 0;
    for Declared { method, .. } in contract::declared(proto::DESCRIPTORS) {
        let owner = if method.path.starts_with("/search.") { &search } else { &catalogue };
        for port in [owner, &gateway] {
            let calls = principals.iter().map(|principal| port.check(method, principal));
            checked += join_all(calls).await.into_iter().sum::<usize>();
        }
    }
    assert!(checked > 3_000, "{checked}");
    json_is_refused_alike(&system, &principals).await;
}

/// The operations and their scopes come from the OpenAPI document.
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
                let bearer = bearer(principal.credential.as_deref());
                let headers = headers("application/json", bearer.as_deref());
                let body = if verb == "get" { "" } else { "{}" };
                let method = Method::from_bytes(verb.to_uppercase().as_bytes()).unwrap();
                let path = path.replace("{id}", "x");
                let response = web.send(method, &path, &headers, body).await.unwrap();
                let status = response.status.as_u16();
                let expected = expected(principal, needed);
                let refused = matches!(status, 401 | 403);
                // A response to HEAD has no body.
                let reason = (refused && verb != "head").then(|| response.json()["reason"].clone());
                let named = expected.filter(|_| verb != "head").map(Value::from);
                assert_eq!(
                    (refused, reason),
                    (expected.is_some(), named),
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
