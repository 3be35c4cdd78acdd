//! Imports of files: what is refused, whose files are whose, and the end of a gateway.

use std::{io::Write as _, net::TcpStream};

use proto::catalogue::v1::{Import, ImportReport, import::State};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use crate::{
    harness::{Environment, eventually},
    http_client::HttpResponse,
};

const CSV: (&str, &str) = ("content-type", "text/csv");
const FORM: (&str, &str) = ("content-type", "multipart/form-data; boundary=xYz");
const LIST: &str = "id,name,price,currency\nmug,Mug,4.50,EUR\n";

/// A part of a form.
fn part(name: &str, value: &str) -> String {
    format!("--xYz\r\nContent-Disposition: form-data; name={name}\r\n\r\n{value}\r\n")
}

async fn post(env: &Environment, path: &str, body: &str) -> HttpResponse {
    env.http().send("POST", path, &[CSV], body.to_owned()).await
}

/// The id of an import that was accepted.
fn accepted(response: &HttpResponse) -> String {
    assert_eq!(response.status, 202, "{}", response.text());
    let id = response.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(response.header("location"), format!("/v1/imports/{id}"));
    id
}

/// The import, once its state is this.
async fn reported(env: &Environment, id: &str, state: State) -> Import {
    let found = async || env.fake.import(id).is_some_and(|import| import.state() == state);
    eventually("the state is reported", found).await;
    env.fake.import(id).unwrap()
}

fn reason(import: &Import) -> String {
    import.report.clone().unwrap_or_default().failure.unwrap_or_default().reason
}

#[tokio::test]
async fn a_file_is_imported_as_body_and_as_form() {
    let env = Environment::start().await;
    let id = accepted(&post(&env, "/v1/imports?fileName=list.csv", LIST).await);
    let done = reported(&env, &id, State::Succeeded).await.report.unwrap();
    assert_eq!((done.rows, done.created, done.file_name.as_str()), (1, 1, "list.csv"));
    let form = [part("mode", "upsert"), part("file", LIST), "--xYz--\r\n".to_owned()].concat();
    let response = env.http().send("POST", "/v1/imports", &[FORM], form).await;
    let done = reported(&env, &accepted(&response), State::Succeeded).await.report.unwrap();
    assert_eq!(done.created, 1);
}

#[tokio::test]
async fn what_is_no_import_is_refused_with_its_reason() {
    let env = Environment::start_with(&["--max-import-bytes=2000"]).await;
    post(&env, "/v1/imports", "").await.problem(400, "INVALID_ARGUMENT");
    post(&env, "/v1/imports?colour=blue", LIST).await.problem(400, "INVALID_ARGUMENT");
    let large = "x".repeat(3_000);
    post(&env, "/v1/imports", &large).await.problem(413, "IMPORT_TOO_LARGE");
    let gzip = [CSV, ("content-encoding", "gzip")];
    let response = env.http().send("POST", "/v1/imports", &gzip, LIST).await;
    response.problem(415, "CONTENT_ENCODING_UNSUPPORTED");
    for key in ["../../etc/passwd", "a/b", "..%2f", &"x".repeat(65)] {
        let headers = [CSV, ("idempotency-key", key)];
        let response = env.http().send("POST", "/v1/imports", &headers, LIST).await;
        response.problem(400, "INVALID_ARGUMENT");
    }
    let origin = [CSV, ("origin", "https://evil.example")];
    let response = env.http().send("POST", "/v1/imports", &origin, LIST).await;
    response.problem(403, "CROSS_ORIGIN_WRITE");
    // The head of a part is bounded, and so is its value.
    let head = format!("--xYz\r\nContent-Disposition: form-data; name={}", "n".repeat(20_000));
    for form in [head, part("map", &"m".repeat(70_000)), part("file", "x")] {
        let response = env.http().send("POST", "/v1/imports", &[FORM], form).await;
        response.problem(400, "INVALID_ARGUMENT");
    }
    for url in ["file:///etc/passwd", "http://name:word@shop.example/", "list.csv"] {
        let path = format!("/v1/imports?url={url}");
        post(&env, &path, "").await.problem(400, "INVALID_ARGUMENT");
    }
}

#[tokio::test]
async fn imports_are_bounded_and_can_be_cancelled() {
    let env = Environment::start_with(&["--max-imports=1", "--max-queued-imports=0"]).await;
    let held = LIST.replace("mug,", "held,");
    let headers = [CSV, ("idempotency-key", "held")];
    let response = env.http().send("POST", "/v1/imports", &headers, held.clone()).await;
    accepted(&response);
    reported(&env, "held", State::Running).await;
    let full = post(&env, "/v1/imports", LIST).await;
    full.problem(429, "IMPORT_QUEUE_FULL");
    assert!(full.header("retry-after").parse::<u32>().unwrap() > 0);
    // The same request is the same import.
    let again = env.http().send("POST", "/v1/imports", &headers, held).await;
    assert_eq!((again.status.as_u16(), &again.json()["id"]), (200, &Value::from("held")));

    let response = env.http().send("POST", "/v1/imports/held:cancel", &[], "").await;
    assert_eq!(response.status, 200, "{}", response.text());
    reported(&env, "held", State::Cancelled).await;
    let id = accepted(&post(&env, "/v1/imports", LIST).await);
    reported(&env, &id, State::Succeeded).await;
}

#[tokio::test]
async fn an_import_fails_when_its_gateway_stops() {
    let env = Environment::start().await;
    let held = LIST.replace("mug,", "held,");
    let id = accepted(&post(&env, "/v1/imports", &held).await);
    reported(&env, &id, State::Running).await;
    env.gateway.stop();
    let import = reported(&env, &id, State::Failed).await;
    assert_eq!(reason(&import), "IMPORT_INTERRUPTED");
    assert!(import.report.unwrap().end_time.is_some());
}

#[tokio::test]
async fn a_redirect_to_an_address_inside_is_not_followed() {
    let outside = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = outside.local_addr().unwrap().port();
    let env = Environment::start_with(&[&format!("--import-host=127.0.0.1:{port}")]).await;
    let inside = ["http://127.0.0.1:9/", "http://[::ffff:127.0.0.1]:9/", "http://localhost:9/"];
    let serving = tokio::spawn(async move {
        for location in inside {
            let (mut socket, _) = outside.accept().await.unwrap();
            let mut request = [0; 1024];
            let _ = socket.read(&mut request).await.unwrap();
            let head = format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\n");
            let response = format!("{head}Content-Length: 0\r\nConnection: close\r\n\r\n");
            socket.write_all(response.as_bytes()).await.unwrap();
        }
    });
    for location in inside {
        let path = format!("/v1/imports?url=http://127.0.0.1:{port}/list.csv");
        let id = accepted(&post(&env, &path, "").await);
        let import = reported(&env, &id, State::Failed).await;
        let failure = import.report.unwrap().failure.unwrap();
        assert_eq!(failure.reason, "IMPORT_URL_FAILED", "{location}");
        assert!(failure.message.contains("not a public address"), "{failure:?}");
    }
    serving.await.unwrap();
}

#[tokio::test]
async fn files_are_for_those_who_sent_them_and_those_who_may_see_costs() {
    let env = Environment::start_with(&["--access", "keys"]).await;
    let anna = env.fake.put_key("anna", &["read", "write:products"]);
    let ben = env.fake.put_key("ben", &["read", "write:products"]);
    let cleo = env.fake.put_key("cleo", &["read", "read:costs", "write:products"]);
    let bearer = |key: &str| format!("Bearer {key}");
    let send = async |key: &str, method: &str, path: &str, body: &str| {
        let bearer = bearer(key);
        let headers = [CSV, ("authorization", bearer.as_str()), ("idempotency-key", "list")];
        let headers = if method == "GET" { &headers[1..2] } else { &headers[..] };
        env.http().send(method, path, headers, body.to_owned()).await
    };
    for key in [&anna, &ben, &cleo] {
        let known = async || send(key, "GET", "/v1/imports", "").await.status == 200;
        eventually("the key is known", known).await;
    }
    let broken = "id,name,price,currency,cost\nmug,Mug,nine,EUR,2.50\n";
    accepted(&send(&anna, "POST", "/v1/imports?dryRun=true", broken).await);
    reported(&env, "list", State::Succeeded).await;
    // Of another, the id is taken, and so are the files.
    send(&ben, "POST", "/v1/imports", broken).await.problem(409, "IMPORT_EXISTS");
    let rejects = "/v1/imports/list/rejects";
    send(&ben, "GET", rejects, "").await.problem(403, "SCOPE_MISSING");
    for key in [&anna, &cleo] {
        let response = send(key, "GET", rejects, "").await;
        assert!(response.text().contains("mug,Mug,nine,EUR,2.50"), "{}", response.text());
        assert_eq!(
            response.header("content-disposition"),
            "attachment; filename=\"import.rejects.csv\""
        );
    }
    let again = |key: &str| {
        let headers = [("authorization", bearer(key))];
        let http = env.http();
        async move {
            let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
            http.send("POST", "/v1/imports?fileOf=list&dryRun=true", &headers, "").await
        }
    };
    again(&ben).await.problem(403, "SCOPE_MISSING");
    let id = accepted(&again(&anna).await);
    let report = reported(&env, &id, State::Succeeded).await.report.unwrap();
    assert_eq!((report.rejected, report.size_bytes), (1, broken.len() as i64));

    let report = ImportReport { gateway: "other:80".to_owned(), rejected: 1, ..Default::default() };
    let import = Import { id: "far".to_owned(), report: Some(report), ..Import::default() };
    env.fake.put_import(import);
    let elsewhere = send(&cleo, "GET", "/v1/imports/far/rejects", "").await;
    let problem = elsewhere.problem(409, "IMPORT_FILES_ELSEWHERE");
    assert!(problem["detail"].as_str().unwrap().contains("other:80"), "{problem}");
}

/// The status of a response, read from a raw connection.
fn status(stream: &mut TcpStream) -> String {
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(stream), &mut line).unwrap();
    line
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_without_a_length_is_bounded_as_it_arrives() {
    let env = Environment::start_with(&["--max-import-bytes=2000"]).await;
    let addr = env.gateway.addr;
    let sent = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(addr).unwrap();
        let head =
            "POST /v1/imports HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
        stream.write_all(head.as_bytes()).unwrap();
        let chunk = format!("400\r\n{}\r\n", "x".repeat(0x400));
        stream.write_all(chunk.repeat(4).as_bytes()).unwrap();
        status(&mut stream)
    });
    let status = sent.await.unwrap();
    assert!(status.starts_with("HTTP/1.1 413"), "{status}");
}
