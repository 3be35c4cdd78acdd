//! A method that is added to a copy of the contract is served and described without code for it.

use std::{fs, net::SocketAddr, path::Path, process::Stdio};

use axum::{Router, body::Body, response::Response};
use bytes::Bytes;
use clap::Parser as _;
use gateway::Contract;
use http::{HeaderMap, HeaderValue, Method, Request};
use http_body_util::{BodyExt as _, Full};
use serde_json::{Value, json};
use testkit::{HttpClient, HttpResponse};
use tokio::{io::AsyncWriteExt as _, net::TcpListener, process::Command};
use tokio_util::sync::{CancellationToken, DropGuard};
use tonic_reflection::pb::v1::{
    ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
    server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
};

use super::{contract, document};

const SERVICE: &str = "service CatalogueService {";

/// Methods of the service, whose responses have the fields of their requests.
const METHODS: &str = r#"
  // Counts a product. Words about it.
  rpc CountProduct(CountProductRequest) returns (CountProductResponse) {
    option idempotency_level = NO_SIDE_EFFECTS;
    option (google.api.http) = {
      get: "/v1/products/{product_id}/counts/{day.year}"
      additional_bindings { post: "/v1/products/{product_id}:count" body: "*" }
      additional_bindings { get: "/v1/products/{product_id}:count" }
    };
    option (access.v1.required_scope) = "read";
  }

  // Records a count.
  rpc RecordCount(CountProductRequest) returns (CountProductResponse) {
    option (google.api.http) = {put: "/v1/counts/{product_id}" body: "day"};
    option (access.v1.required_scope) = "write:stock";
  }

  // Streams counts.
  rpc ListCounts(CountProductRequest) returns (stream CountProductResponse) {
    option idempotency_level = NO_SIDE_EFFECTS;
    option (google.api.http) = {get: "/v1/counts"};
    option (access.v1.required_scope) = "read";
  }
"#;

const FIELDS: &str = r#"{
  enum Kind { KIND_UNSPECIFIED = 0; KIND_WHOLE = 4; }
  string product_id = 1;
  CountDay day = 2;
  Kind kind = 3;
  double factor = 4;
  google.protobuf.Timestamp time = 5;
  repeated string labels = 6;
  string request_id = 7;
  string etag = 8;
  google.protobuf.FieldMask update_mask = 9;
}
"#;

const DAY: &str = "message CountDay { int64 year = 1; optional string name = 2; }\n";

/// A gateway that serves a copy of the contract with [`METHODS`].
struct Extended {
    descriptors: &'static [u8],
    addr: SocketAddr,
    web: HttpClient,
    _stop: DropGuard,
}

impl Extended {
    async fn start() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let copy = tempfile::tempdir().unwrap();
        copy_folder(&folder.join("../../proto"), copy.path());
        let file = copy.path().join("catalogue/v1/catalogue.proto");
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains(SERVICE), "{}", file.display());
        let text = text.replace(SERVICE, &format!("{SERVICE}{METHODS}"));
        let messages = ["CountProductRequest", "CountProductResponse"]
            .map(|name| format!("message {name} {FIELDS}"))
            .concat();
        fs::write(&file, text + &messages + DAY).unwrap();

        let extended = contract::Contract::read(copy.path());
        let openapi = document(&extended, folder).to_string().leak();
        let descriptors: &'static [u8] = extended.encoded.leak();
        let contract: &'static Contract = Box::leak(Box::new(Contract::new(descriptors, openapi)));
        let upstream = format!("static://{}", echo().await);
        let config = gateway::Config::parse_from([
            "gateway",
            "--listen=127.0.0.1:0",
            "--admin=127.0.0.1:0",
            "--threads=1",
            "--reflection",
            &format!("--catalogue={upstream}"),
            &format!("--search={upstream}"),
        ]);
        let stop = CancellationToken::new();
        let running = gateway::start_with(config, contract, stop.clone()).await.unwrap();
        let web = HttpClient::new(format!("http://{}", running.addr));
        Self { descriptors, addr: running.addr, web, _stop: stop.drop_guard() }
    }

    async fn send(&self, method: Method, path: &str, body: &str) -> HttpResponse {
        self.send_with(method, path, &[], body).await
    }

    async fn send_with(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> HttpResponse {
        self.web.send(method, path, headers, body.to_owned()).await.unwrap()
    }

    async fn get(&self, path: &str) -> HttpResponse {
        self.send(Method::GET, path, "").await
    }
}

/// The names of the methods that `clients/generate` makes of a document; `None` where there is no Python.
async fn client_methods(document: &Value) -> Option<String> {
    let script = "import json, model, sys; print(*(it.name for it in model.read(json.load(sys.stdin)).methods))";
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../clients/generate");
    let mut command = Command::new("python3");
    command.args(["-c", script]).current_dir(folder).env("PYTHONDONTWRITEBYTECODE", "1");
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    let Ok(mut python) = command.spawn() else {
        testkit::skip("python3", "", "install python3");
        return None;
    };
    let mut input = python.stdin.take().unwrap();
    input.write_all(document.to_string().as_bytes()).await.unwrap();
    drop(input);
    let output = python.wait_with_output().await.unwrap();
    Some(String::from_utf8(output.stdout).unwrap())
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy_folder(&entry.path(), &target),
            false => {
                fs::copy(entry.path(), target).unwrap();
            }
        }
    }
}

/// A gRPC server whose methods respond with their requests, if they are about counts.
async fn echo() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let app = Router::new().fallback(async |request: Request<Body>| {
        let is_known = request.uri().path().contains("Count");
        let frame = match is_known {
            true => request.into_body().collect().await.unwrap().to_bytes(),
            false => Bytes::new(),
        };
        let status = HeaderValue::from_static(if is_known { "0" } else { "12" });
        let trailers = HeaderMap::from_iter([("grpc-status".parse().unwrap(), status)]);
        let body = Full::new(frame).with_trailers(async { Some(Ok(trailers)) });
        let mut response = Response::new(Body::new(body));
        let kind = HeaderValue::from_static("application/grpc");
        response.headers_mut().insert("content-type", kind);
        response
    });
    tokio::spawn(async move { axum::serve(listener, app).await });
    addr
}

#[tokio::test]
async fn added_method_is_called_as_json() {
    let gateway = Extended::start().await;
    let path = "/v1/products/mug/counts/2026?kind=whole&labels=a&labels=b&factor=1.5";
    let read = gateway.get(&format!("{path}&time=2026-01-31T12:00:00Z")).await;
    assert_eq!(read.status, 200, "{read:?}");
    let expected = json!({
        "productId": "mug", "day": { "year": "2026" }, "kind": "KIND_WHOLE", "factor": 1.5,
        "time": "2026-01-31T12:00:00Z", "labels": ["a", "b"], "requestId": "", "etag": "",
    });
    assert_eq!(read.json(), expected);

    let body = r#"{"day":{"year":7.0,"name":""},"labels":null}"#;
    let posted = gateway.send(Method::POST, "/v1/products/mug:count", body).await.json();
    assert_eq!((&posted["productId"], &posted["labels"]), (&json!("mug"), &json!([])));
    assert_eq!(posted["day"], json!({ "year": "7", "name": "" }));

    let read = gateway.get("/v1/products/mug:count?kind=4").await;
    assert_eq!(read.status, 400, "a name is expected: {read:?}");
    let read = gateway.get("/v1/products/mug:count?kind=KIND_WHOLE").await.json();
    assert_eq!((&read["productId"], &read["kind"]), (&json!("mug"), &json!("KIND_WHOLE")));

    for (method, path, body, field) in [
        (Method::GET, "/v1/products/mug/counts/soon", "", "year"),
        (Method::GET, "/v1/products/mug/counts/7?time=soon", "", "time"),
        (Method::GET, "/v1/products/mug/counts/7?colour=red", "", "colour"),
        (Method::POST, "/v1/products/mug:count", r#"{"day":{"yaer":7}}"#, "day.yaer"),
        (Method::POST, "/v1/products/mug:count", r#"{"productId":"cup"}"#, "productId"),
        (Method::PUT, "/v1/counts/mug", r#"{"year":"soon"}"#, "year"),
    ] {
        let refused = gateway.send(method, path, body).await;
        assert_eq!(refused.status, 400, "{path}: {refused:?}");
        assert_eq!(refused.json()["errors"][0]["field"], field, "{path}: {refused:?}");
    }
}

#[tokio::test]
async fn headers_and_masks_apply_by_the_fields_that_a_request_has() {
    let gateway = Extended::start().await;
    let headers = [("if-match", "\"e7\""), ("idempotency-key", "\"r7\"")];
    let put = gateway.send_with(Method::PUT, "/v1/counts/mug", &headers, r#"{"year":7}"#).await;
    assert_eq!(put.status, 200, "{put:?}");
    let sent = put.json();
    let fields = ["etag", "requestId", "productId"].map(|name| sent[name].as_str().unwrap());
    assert_eq!(fields, ["e7", "r7", "mug"]);
    assert_eq!((&sent["day"]["year"], &sent["updateMask"]["paths"][0]), (&json!("7"), &json!("*")));
    assert_eq!(put.header("etag"), "\"e7\"");
    let refused = [("if-none-match", "*")];
    let refused = gateway.send_with(Method::PUT, "/v1/counts/mug", &refused, "{}").await;
    assert_eq!(refused.json()["errors"][0]["field"], "if-none-match");
}

#[tokio::test]
async fn added_stream_is_read_as_lines_or_events() {
    let gateway = Extended::start().await;
    let lines = gateway.get("/v1/counts?productId=mug").await;
    assert_eq!(lines.header("content-type"), "application/x-ndjson");
    let text = lines.text();
    let line: Value = serde_json::from_str(text.strip_suffix('\n').unwrap()).unwrap();
    assert_eq!(line["productId"], "mug");

    let accept = [("accept", "text/event-stream")];
    let events = gateway.send_with(Method::GET, "/v1/counts?productId=mug", &accept, "").await;
    assert_eq!(events.header("content-type"), "text/event-stream");
    let text = events.text();
    let (message, end) = text.split_once("\n\nevent: end\n").unwrap();
    let (_, data) = message.split_once("event: message\ndata: ").unwrap();
    assert_eq!(serde_json::from_str::<Value>(data).unwrap(), line);
    assert_eq!(end, "data: {}\n\n");
}

#[tokio::test]
async fn added_method_is_described() {
    let gateway = Extended::start().await;
    let document = gateway.get("/openapi.json").await.json();
    let operation = &document["paths"]["/v1/products/{id}/counts/{day_year}"]["get"];
    assert_eq!(operation["operationId"], "countProduct");
    assert_eq!(operation["summary"], "Counts a product");
    let names = operation["parameters"].as_array().unwrap().iter().map(|it| it["name"].as_str());
    assert!(names.flatten().take(3).eq(["id", "day_year", "kind"]), "{operation}");
    let posted = &document["paths"]["/v1/products/{id}:count"]["post"];
    assert_eq!(posted["operationId"], "countProduct2");
    let lines = &document["paths"]["/v1/counts"]["get"]["responses"]["200"]["content"];
    assert!(lines["application/x-ndjson"]["x-lines"].is_object(), "{lines}");
    let schema = &document["components"]["schemas"]["CountProductResponse"];
    assert!(schema["properties"]["factor"].is_object(), "{schema}");

    if let Some(methods) = client_methods(&document).await {
        for name in ["countProduct", "recordCount", "listCounts"] {
            assert!(methods.split_whitespace().any(|known| known == name), "{methods}");
        }
    }

    let index = gateway.get("/docs/reference").await.text();
    assert!(index.contains("/docs/reference/countProduct"), "{index}");
    let page = gateway.get("/docs/reference/countProduct").await;
    assert!(page.status == 200 && page.text().contains("Counts a product"), "{page:?}");
    let page = gateway.get("/docs/schemas/CountProductResponse").await;
    assert!(page.status == 200 && page.text().contains("updateMask"), "{page:?}");
}

#[tokio::test]
async fn added_method_is_known_to_grpc_connect_and_the_rust_client() {
    let gateway = Extended::start().await;
    let path = "/catalogue.v1.CatalogueService/CountProduct";
    let called = gateway.send(Method::POST, path, r#"{"productId":"mug"}"#).await;
    assert_eq!((called.status.as_u16(), &called.json()["productId"]), (200, &json!("mug")));

    // `clients/rust` makes its methods of these.
    let mut declared = ::contract::declared(gateway.descriptors).into_iter();
    assert!(declared.any(|declared| declared.method.path == path), "{path}");

    let channel = tonic::transport::Channel::from_shared(format!("http://{}", gateway.addr));
    let mut reflection = ServerReflectionClient::new(channel.unwrap().connect_lazy());
    let symbol = "catalogue.v1.CatalogueService.CountProduct".to_owned();
    let request = ServerReflectionRequest {
        message_request: Some(MessageRequest::FileContainingSymbol(symbol)),
        ..Default::default()
    };
    let asked = reflection.server_reflection_info(tokio_stream::iter([request])).await.unwrap();
    let answer = asked.into_inner().message().await.unwrap().unwrap().message_response;
    assert!(matches!(answer, Some(MessageResponse::FileDescriptorResponse(_))), "{answer:?}");
}
