//! What comes with every answer: headers, compression, other origins, gRPC-web, files.

use bytes::Bytes;
use prost::Message as _;
use proto::catalogue::v1::{GetProductRequest, Product};

use crate::harness::World;

#[tokio::test]
async fn every_answer_has_an_id_and_keeps_browsers_safe() {
    let world = World::start().await;
    for path in ["/openapi.json", "/v1/products/none", "/nothing", "/media/none.svg"] {
        let answer = world.http().get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_ne!(answer.header("referrer-policy"), "");
        assert_ne!(answer.header("content-security-policy"), "");
        assert!(answer.header("x-request-id").len() >= 32);
    }
    let headers = [("x-request-id", "order-7")];
    let answer = world.http().send("GET", "/openapi.json", &headers, "").await;
    assert_eq!(answer.header("x-request-id"), "order-7");
}

#[tokio::test]
async fn the_request_id_reaches_the_service() {
    let world = World::start().await;
    world.fake.put("mug", 5);
    let headers = [("x-request-id", "order-7")];
    world.http().send("GET", "/v1/products/mug", &headers, "").await;
    assert_eq!(world.fake.seen("x-request-id").as_deref(), Some("order-7"));
}

#[tokio::test]
async fn json_is_compressed_for_those_who_take_it() {
    let world = World::start().await;
    let answer =
        world.http().send("GET", "/openapi.json", &[("accept-encoding", "gzip")], "").await;
    assert_eq!(answer.header("content-encoding"), "gzip");
    assert_eq!(answer.body[..2], [0x1f, 0x8b]);
}

#[tokio::test]
async fn other_origins_are_let_in_only_when_named() {
    let origin = [("origin", "https://shop.example"), ("access-control-request-method", "POST")];
    let world = World::start().await;
    let answer = world.http().send("OPTIONS", "/v1/products", &origin, "").await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
    let world = World::start_with(&["--cors-origin", "https://shop.example"]).await;
    let answer = world.http().send("OPTIONS", "/v1/products", &origin, "").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), "https://shop.example");
    let answer = world.http().send("GET", "/openapi.json", &origin, "").await;
    for header in ["grpc-status-details-bin", "revision-token", "etag"] {
        assert!(answer.header("access-control-expose-headers").contains(header), "{header}");
    }
}

#[tokio::test]
async fn grpc_web_is_spoken_over_http_1() {
    let world = World::start().await;
    world.fake.put("mug", 5);
    let call = async |id: &str| {
        let message =
            GetProductRequest { product_id: id.to_owned(), ..Default::default() }.encode_to_vec();
        let length = u32::try_from(message.len()).unwrap().to_be_bytes();
        let body: Bytes = [&[0], &length[..], &message].concat().into();
        let headers = [("content-type", "application/grpc-web+proto"), ("x-grpc-web", "1")];
        let path = "/catalogue.v1.CatalogueService/GetProduct";
        world.http().send("POST", path, &headers, body).await
    };
    let answer = call("mug").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/grpc-web+proto");
    let length =
        usize::try_from(u32::from_be_bytes(answer.body[1..5].try_into().unwrap())).unwrap();
    assert_eq!(Product::decode(&answer.body[5..5 + length]).unwrap().stock_qty, 5);
    let trailers = &answer.body[5 + length..];
    assert_eq!(trailers[0], 0x80);
    assert!(String::from_utf8_lossy(&trailers[5..]).contains("grpc-status:0"));
    let answer = call("none").await;
    assert_eq!(answer.header("grpc-status"), "5", "{answer:?}");
}

#[tokio::test]
async fn media_are_files_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("mugs")).unwrap();
    std::fs::write(folder.path().join("mugs/red.svg"), "<svg/>").unwrap();
    std::fs::write(folder.path().join("red.png"), "png").unwrap();
    std::fs::write(folder.path().join(".secret"), "secret").unwrap();
    let world = World::start_with(&["--media-dir", folder.path().to_str().unwrap()]).await;
    let http = world.http();
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
    ] {
        let answer = http.get(path).await;
        assert_eq!(answer.status, 404, "{path} {answer:?}");
        answer.problem(404, "ROUTE_NOT_FOUND");
    }
    http.send("POST", "/media/red.png", &[], "x").await.problem(405, "METHOD_NOT_ALLOWED");
    World::start().await.http().get("/media/red.png").await.problem(404, "ROUTE_NOT_FOUND");
}
