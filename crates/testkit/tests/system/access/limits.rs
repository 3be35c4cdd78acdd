//! Limits on the rate of calls, through the complete system.

use http::Method;
use proto::catalogue::v1::{GetProductRequest, catalogue_service_client::CatalogueServiceClient};
use testkit::{Fleet, HttpClient, HttpResponse, Service, TokenIssuer};
use tonic::{Code, Request, Status, transport::Channel};

use super::calls::{bearer, reason};
use crate::data::channel;

/// Starts a system that lets few calls through, and trusts a proxy on loopback.
async fn start() -> (Fleet, TokenIssuer, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let (secret, keys) = (dir.path().join("service.secret"), dir.path().join("jwks.json"));
    std::fs::write(&secret, "a-secret-that-only-this-test-has-0002").unwrap();
    let issuer = TokenIssuer::new("one");
    std::fs::write(&keys, issuer.jwks()).unwrap();
    let mut arguments = TokenIssuer::arguments(&keys.display().to_string()).to_vec();
    arguments.extend([
        format!("--service-secret-file={}", secret.display()),
        "--access=keys".to_owned(),
        "--limit-address=read=1/m+5,search=1/m+2,credentials=1/m+3".to_owned(),
        "--limit-key=read=1/m+7".to_owned(),
        "--trusted-proxy=127.0.0.1/32".to_owned(),
    ]);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    (Fleet::start_with(&arguments).await, issuer, dir)
}

async fn get(web: &HttpClient, path: &str, client: &str, key: Option<&str>) -> HttpResponse {
    let bearer = bearer(key);
    let mut headers = vec![("x-forwarded-for", client)];
    headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
    web.send(Method::GET, path, &headers, "").await.unwrap()
}

/// Calls GetProduct, which is served ahead of the general stack, for a client behind the proxy.
async fn get_product(channel: &Channel, client: &str) -> Result<Option<String>, Status> {
    let mut request =
        Request::new(GetProductRequest { product_id: "x".to_owned(), ..Default::default() });
    request.metadata_mut().insert("x-forwarded-for", client.parse().unwrap());
    let result = CatalogueServiceClient::new(channel.clone()).get_product(request).await;
    let status = result.err().unwrap();
    match status.code() {
        Code::NotFound => {
            Ok(status.metadata().get("ratelimit").map(|it| it.to_str().unwrap().to_owned()))
        }
        _ => Err(status),
    }
}

#[tokio::test]
async fn callers_beyond_their_limit_are_refused_and_no_others() {
    let (fleet, issuer, _dir) = start().await;
    let web = HttpClient::new(fleet.url(""));
    let path = "/v1/products/x";
    for left in (0..5).rev() {
        let response = get(&web, path, "198.51.100.1", None).await;
        assert_eq!(response.status, 404);
        assert_eq!(response.header("ratelimit-policy"), "\"read\";q=5;w=300");
        assert!(response.header("ratelimit").starts_with(&format!("\"read\";r={left};t=")));
    }
    let refused = get(&web, path, "198.51.100.1", None).await;
    assert_eq!(
        (refused.status.as_u16(), refused.json()["reason"].as_str()),
        (429, Some("RATE_LIMITED"))
    );
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((30..=60).contains(&wait) && refused.header("ratelimit").contains("r=0"), "{wait}");
    // An address before the proxy's own entry is the client's claim.
    assert_eq!(get(&web, path, "6.6.6.6, 198.51.100.1", None).await.status, 429);
    assert_eq!(get(&web, path, "198.51.100.2", None).await.status, 404, "another address");
    let search = get(&web, "/v1/search?q=mug", "198.51.100.1", None).await;
    assert_eq!(search.status, 200, "another class: {}", search.text());
    let token = issuer.token(&TokenIssuer::claims("read"));
    let holder = get(&web, path, "198.51.100.1", Some(&token)).await;
    assert_eq!(holder.status, 404, "a holder of a credential: {}", holder.text());
    assert!(holder.header("ratelimit").starts_with("\"read\";r=6"));
    let metrics = testkit::get(&fleet.admin(Service::Gateway, "/metrics")).await.unwrap().text();
    let counted = r#"access_limited_total{class="read",subject="address"#;
    assert!(metrics.contains(counted), "{metrics}");
}

#[tokio::test]
async fn grpc_has_the_same_limits_at_every_port() {
    let (fleet, ..) = start().await;
    for service in [Service::Gateway, Service::Catalogue] {
        let channel = channel(&fleet.addr(service)).await;
        let mut shown = Vec::new();
        for _ in 0..5 {
            shown.push(get_product(&channel, "198.51.100.3").await.unwrap().is_some());
        }
        let status = get_product(&channel, "198.51.100.3").await.unwrap_err();
        assert_eq!(
            (status.code(), reason(&status).as_str()),
            (Code::ResourceExhausted, "RATE_LIMITED")
        );
        for name in ["retry-after", "ratelimit", "ratelimit-policy", "grpc-retry-pushback-ms"] {
            assert!(status.metadata().contains_key(name), "{service:?}: {name}");
        }
        assert!(get_product(&channel, "198.51.100.4").await.is_ok(), "{service:?}");
    }
}

#[tokio::test]
async fn the_gateway_is_no_client_of_the_services() {
    let (fleet, ..) = start().await;
    let channel = channel(&fleet.addr(Service::Gateway)).await;
    // Each from another address: more than the catalogue lets through from one.
    for client in 0..20 {
        let result = get_product(&channel, &format!("203.0.113.{client}")).await;
        assert!(result.is_ok(), "{result:?}");
    }
    // A client's claim to be a service is not believed.
    let mut request = Request::new(GetProductRequest::default());
    request.metadata_mut().insert("x-service-proof", "0".repeat(64).parse().unwrap());
    request.metadata_mut().insert("x-forwarded-for", "203.0.113.99".parse().unwrap());
    let mut client = CatalogueServiceClient::new(channel);
    let mut codes = Vec::new();
    for _ in 0..6 {
        let mut again = Request::new(request.get_ref().clone());
        *again.metadata_mut() = request.metadata().clone();
        codes.push(client.get_product(again).await.err().map(|status| status.code()));
    }
    assert_eq!(codes.last(), Some(&Some(Code::ResourceExhausted)), "{codes:?}");
}

#[tokio::test]
async fn guesses_are_limited_before_they_are_verified() {
    let (fleet, ..) = start().await;
    let web = HttpClient::new(fleet.url(""));
    let stranger = TokenIssuer::new("one");
    let mut statuses = Vec::new();
    for guess in 0..5 {
        let mut claims = TokenIssuer::claims("admin:keys");
        claims["jti"] = guess.into();
        let token = stranger.token(&claims);
        let response = get(&web, "/v1/products/x", "198.51.100.5", Some(&token)).await;
        statuses.push(response.status.as_u16());
    }
    assert_eq!((statuses[0], statuses.last()), (401, Some(&429)), "{statuses:?}");
    assert_eq!(get(&web, "/v1/products/x", "198.51.100.5", None).await.status, 404);
}
