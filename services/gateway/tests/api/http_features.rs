//! Features of all HTTP routes: headers, compression, CORS, gRPC-web, files.

use bytes::Bytes;
use prost::Message as _;
use proto::catalogue::v1::{GetProductRequest, Product};

use crate::harness::Environment;

#[tokio::test]
async fn every_response_has_an_id_and_security_headers() {
    let env = Environment::start().await;
    for path in ["/openapi.json", "/v1/products/none", "/nothing", "/media/none.svg"] {
        let response = env.http().get(path).await;
        assert_eq!(response.header("x-content-type-options"), "nosniff", "{path}");
        assert_ne!(response.header("referrer-policy"), "");
        assert_ne!(response.header("content-security-policy"), "");
        assert!(response.header("x-request-id").len() >= 32);
    }
    let headers = [("x-request-id", "order-7")];
    let response = env.http().send("GET", "/openapi.json", &headers, "").await;
    assert_eq!(response.header("x-request-id"), "order-7");
}

#[tokio::test]
async fn request_id_reaches_the_upstream() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let headers = [("x-request-id", "order-7")];
    env.http().send("GET", "/v1/products/mug", &headers, "").await;
    assert_eq!(env.fake.metadata("x-request-id").as_deref(), Some("order-7"));
}

#[tokio::test]
async fn json_is_compressed_on_request() {
    let env = Environment::start().await;
    let response =
        env.http().send("GET", "/openapi.json", &[("accept-encoding", "gzip")], "").await;
    assert_eq!(response.header("content-encoding"), "gzip");
    assert_eq!(response.body[..2], [0x1f, 0x8b]);
}

#[tokio::test]
async fn other_origins_are_allowed_by_configuration() {
    let origin = [("origin", "https://shop.example"), ("access-control-request-method", "POST")];
    let env = Environment::start().await;
    let response = env.http().send("OPTIONS", "/v1/products", &origin, "").await;
    assert_eq!(response.header("access-control-allow-origin"), "");
    let env = Environment::start_with(&["--cors-origin", "https://shop.example"]).await;
    let response = env.http().send("OPTIONS", "/v1/products", &origin, "").await;
    assert_eq!(response.status, 200);
    assert_eq!(response.header("access-control-allow-origin"), "https://shop.example");
    let response = env.http().send("GET", "/openapi.json", &origin, "").await;
    let headers = env.http().send("OPTIONS", "/v1/products", &origin, "").await;
    let headers = headers.header("access-control-allow-headers").to_ascii_lowercase();
    assert_eq!(headers, "*,authorization");
    for header in ["grpc-status-details-bin", "revision-token", "etag"] {
        assert!(response.header("access-control-expose-headers").contains(header), "{header}");
    }
}

#[tokio::test]
async fn grpc_web_works_over_http_1() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let call = async |id: &str| {
        let message =
            GetProductRequest { product_id: id.to_owned(), ..Default::default() }.encode_to_vec();
        let length = u32::try_from(message.len()).unwrap().to_be_bytes();
        let body: Bytes = [&[0], &length[..], &message].concat().into();
        let headers = [("content-type", "application/grpc-web+proto"), ("x-grpc-web", "1")];
        let path = "/catalogue.v1.CatalogueService/GetProduct";
        env.http().send("POST", path, &headers, body).await
    };
    let response = call("mug").await;
    assert_eq!(response.status, 200);
    assert_eq!(response.header("content-type"), "application/grpc-web+proto");
    let length =
        usize::try_from(u32::from_be_bytes(response.body[1..5].try_into().unwrap())).unwrap();
    assert_eq!(Product::decode(&response.body[5..5 + length]).unwrap().stock_qty, 5);
    let trailers = &response.body[5 + length..];
    assert_eq!(trailers[0], 0x80);
    assert!(String::from_utf8_lossy(&trailers[5..]).contains("grpc-status:0"));
    let response = call("none").await;
    assert_eq!(response.header("grpc-status"), "5", "{response:?}");
}

#[tokio::test]
async fn media_serves_only_visible_files() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("mugs")).unwrap();
    std::fs::write(folder.path().join("mugs/red.svg"), "<svg/>").unwrap();
    std::fs::write(folder.path().join("red.png"), "png").unwrap();
    std::fs::write(folder.path().join(".secret"), "secret").unwrap();
    let env = Environment::start_with(&["--media-dir", folder.path().to_str().unwrap()]).await;
    let http = env.http();
    let drawing = http.get("/media/mugs/red.svg").await;
    assert_eq!(drawing.body, "<svg/>");
    assert_eq!(drawing.header("content-type"), "image/svg+xml");
    assert!(drawing.header("content-security-policy").ends_with("sandbox"));
    assert!(drawing.header("cache-control").contains("max-age"));
    assert_eq!(http.send("HEAD", "/media/red.png", &[], "").await.status, 200);
    for path in [
        "/media/none.svg",
        "/media/.secret",
        "/media/%2esecret",
        "/media/mugs",
        "/media/mugs/",
        "/media/",
        "/media/../Cargo.toml",
        "/media/%2e%2e/Cargo.toml",
        "/media/a%00b",
        &format!("/media/{}", "x".repeat(5_000)),
        &format!("/media/{}", "x".repeat(256)),
    ] {
        let response = http.get(path).await;
        assert_eq!(response.status, 404, "{path} {response:?}");
        response.problem(404, "ROUTE_NOT_FOUND");
    }
    http.send("POST", "/media/red.png", &[], "x").await.problem(405, "METHOD_NOT_ALLOWED");
    Environment::start().await.http().get("/media/red.png").await.problem(404, "ROUTE_NOT_FOUND");
}

#[tokio::test]
async fn event_streams_are_not_buffered_by_proxies() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    for path in ["/v1/availability?productId=mug", "/v1/changes", "/v1/products:stream"] {
        assert_eq!(env.http().header_of(path, "x-accel-buffering").await, "no", "{path}");
    }
}
