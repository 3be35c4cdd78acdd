//! Client certificates, at the gateway and at the services' own ports; false claims of a client.

use contract::{Declared, Scope};
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use testkit::{Ca, Certificates, Fleet, Service, ca, until};
use tonic::{
    Status,
    transport::{Certificate, Channel, ClientTlsConfig, Identity},
};
use tower::Service as _;

use super::calls::{call, is_refused, read_of, reason};

/// The certificates of clients, with their names and their rights.
const CLIENTS: [(&str, &str, &[Scope]); 3] = [
    ("import", "spiffe://shop/import", &[Scope::Read, Scope::Session, Scope::WriteProducts]),
    ("stranger", "spiffe://shop/stranger", &[Scope::Read]),
    // It has rights only for calls that it makes for itself.
    ("service", "spiffe://shop/service", &[Scope::Read]),
];

/// A system of services that know each other by certificate alone.
struct Mutual {
    fleet: Fleet,
    files: Certificates,
}

impl Mutual {
    async fn start() -> Self {
        let ca: Ca = ca("shop");
        let files = Certificates::of(&ca);
        for (name, uri, _) in CLIENTS {
            files.issue(&ca, name, &format!("{name}.internal"), Some(uri));
        }
        let file = |name: &str| files.file(name).display().to_string();
        let all = [
            format!("--tls-cert={}", file("server.pem")),
            format!("--tls-key={}", file("server.key")),
            format!("--tls-client-ca={}", file("ca.pem")),
            "--tls-client-optional".to_owned(),
            "--access=keys".to_owned(),
            "--client-certificate=spiffe://shop/import=write:products".to_owned(),
            "--client-certificate=service.internal=service".to_owned(),
        ];
        let callers = [
            format!("--upstream-tls-ca={}", file("ca.pem")),
            format!("--upstream-tls-cert={}", file("service.pem")),
            format!("--upstream-tls-key={}", file("service.key")),
        ];
        let fleet = Fleet::start_each(|service| {
            let is_caller = service != Service::Catalogue;
            let own = callers.iter().filter(|_| is_caller);
            all.iter().chain(own).cloned().collect()
        });
        Self { fleet: fleet.await, files }
    }

    /// A connection with a certificate, or without.
    async fn channel(&self, service: Service, name: Option<&str>) -> Channel {
        let read = |name: String| std::fs::read(self.files.file(&name)).unwrap();
        let tls = ClientTlsConfig::new().domain_name("127.0.0.1");
        let mut tls = tls.ca_certificate(Certificate::from_pem(read("ca.pem".to_owned())));
        if let Some(name) = name {
            let (cert, key) = (read(format!("{name}.pem")), read(format!("{name}.key")));
            tls = tls.identity(Identity::from_pem(cert, key));
        }
        let url = format!("https://{}", self.fleet.addr(service));
        let endpoint = Channel::from_shared(url).unwrap().tls_config(tls).unwrap();
        endpoint.connect().await.unwrap()
    }
}

/// The reason with which a caller by certificate is refused.
fn expected(name: Option<&str>, scopes: &[Scope], needed: Scope) -> Option<&'static str> {
    match name {
        _ if scopes.contains(&needed) => None,
        Some("import") => Some("SCOPE_MISSING"),
        _ => Some("CREDENTIAL_MISSING"),
    }
}

/// Sends a request over HTTP/2; returns its response, read.
async fn send(
    channel: &Channel,
    request: http::request::Builder,
    body: &str,
) -> (StatusCode, String, Option<Status>) {
    let mut channel = channel.clone();
    futures::future::poll_fn(|cx| channel.poll_ready(cx)).await.unwrap();
    let body = tonic::body::Body::new(http_body_util::Full::from(body.to_owned()));
    let (head, body) = channel.call(request.body(body).unwrap()).await.unwrap().into_parts();
    let text = body.collect().await.unwrap().to_bytes();
    let status = Status::from_header_map(&head.headers);
    (head.status, String::from_utf8_lossy(&text).into_owned(), status)
}

#[tokio::test]
async fn a_client_certificate_has_its_scopes_at_every_port() {
    let system = Mutual::start().await;
    let callers = CLIENTS.map(|(name, _, scopes)| (Some(name), scopes));
    let anonymous: (Option<&str>, &[Scope]) = (None, &[Scope::Read]);
    let mut checked = 0;
    for (name, scopes) in callers.into_iter().chain([anonymous]) {
        let [catalogue, search, gateway] = [Service::Catalogue, Service::Search, Service::Gateway]
            .map(|it| system.channel(it, name));
        let (catalogue, search, gateway) = futures::join!(catalogue, search, gateway);
        for Declared { method, .. } in contract::declared(proto::DESCRIPTORS) {
            let expected = expected(name, scopes, method.scope.unwrap());
            let owner = if method.path.starts_with("/search.") { &search } else { &catalogue };
            for channel in [owner, &gateway] {
                let status = call(channel, method.path, None).await;
                let refused = is_refused(&status).then(|| reason(&status));
                assert_eq!(refused.as_deref(), expected, "{} {name:?} {status:?}", method.path);
                checked += 1;
            }
            if !method.shape.streams() {
                let request =
                    Request::post(method.path).header("content-type", "application/grpc-web+proto");
                let (_, _, status) = send(&gateway, request, "\0\0\0\0\0").await;
                let refused = status.filter(is_refused).map(|status| reason(&status));
                assert_eq!(refused.as_deref(), expected, "grpc-web {} {name:?}", method.path);
            }
        }
        let request = Request::post("/v1/products").header("content-type", "application/json");
        let (status, text, _) = send(&gateway, request, "{}").await;
        let status = status.as_u16();
        assert_eq!(status, if name == Some("import") { 400 } else { 401 }, "{name:?} {text}");
    }
    assert!(checked > 350, "{checked}");
}

#[tokio::test]
async fn the_gateway_passes_a_certificate_on_and_no_claim_of_a_client() {
    let system = Mutual::start().await;
    let create = |id: &str| format!(r#"{{"id":"{id}","name":"Mug"}}"#);
    let post = || Request::post("/v1/products").header("content-type", "application/json");
    let import = system.channel(Service::Gateway, Some("import")).await;
    let (status, text, _) = send(&import, post(), &create("mug")).await;
    assert_eq!(status, StatusCode::CREATED, "{text}");
    until("search has learnt of it from the feed, as a service", async || {
        let found = Request::get("/v1/search?q=mug");
        let (_, text, _) = send(&import, found, "").await;
        text.contains("\"totalSize\":1").then_some(())
    })
    .await;
    let claims = ["service", "certificate write:products spiffe://shop/import"];
    for service in [Service::Gateway, Service::Catalogue] {
        let stranger = system.channel(service, Some("stranger")).await;
        for claim in claims {
            let claimed = |request: http::request::Builder| {
                let request = request.header("x-forwarded-caller", claim);
                request.header("x-service-proof", "0".repeat(64))
            };
            let request = claimed(Request::post("/catalogue.v1.CatalogueService/CreateProduct"));
            let request =
                request.header("content-type", "application/grpc").header("te", "trailers");
            let (_, _, status) = send(&stranger, request, "\0\0\0\0\0").await;
            assert_eq!(reason(&status.unwrap()), "CREDENTIAL_MISSING", "{service:?} {claim}");
            if service == Service::Gateway {
                let (status, text, _) = send(&stranger, claimed(post()), &create("cup")).await;
                assert_eq!(status, StatusCode::UNAUTHORIZED, "{text}");
            }
        }
        let read = call(&stranger, read_of(service), None).await;
        assert_eq!(read.code(), tonic::Code::Ok, "{read:?}");
    }
}
