//! Requests that a page of another site makes a visitor's browser send.

use std::{net::SocketAddr, time::Duration};

use testkit::{Browser, Page};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use crate::{
    harness::{Environment, within_timeout},
    http_client::Client,
};

/// Sends the head of a request as it is, and reads the whole response.
async fn raw(addr: SocketAddr, head: &str) -> String {
    within_timeout("a response", async {
        let mut socket = TcpStream::connect(addr).await.unwrap();
        socket.write_all(head.as_bytes()).await.unwrap();
        let mut response = String::new();
        socket.read_to_string(&mut response).await.unwrap();
        response
    })
    .await
}

#[tokio::test]
async fn foreign_host_is_refused_for_all_protocols() {
    let env = Environment::start().await;
    let evil = ("host", "evil.example");
    for (method, path, kind) in [
        ("GET", "/v1/products", "application/json"),
        ("GET", "/", "text/html"),
        ("POST", "/v1/products", "application/json"),
        ("POST", "/catalogue.v1.CatalogueService/GetProduct", "application/grpc-web+proto"),
        ("POST", "/catalogue.v1.CatalogueService/GetProduct", "application/grpc"),
    ] {
        let response = env.http().send(method, path, &[evil, ("content-type", kind)], "{}").await;
        response.problem(421, "HOST_NOT_ALLOWED");
        assert_eq!(response.header("x-content-type-options"), "nosniff");
    }
    let own = env.gateway.addr.to_string();
    for host in [own.as_str(), "localhost", "127.0.0.1:1"] {
        assert_eq!(
            env.http().send("GET", "/openapi.json", &[("host", host)], "").await.status,
            200
        );
    }
    let env = Environment::start_with(&["--allowed-host", "shop.example"]).await;
    let allowed = [("host", "Shop.example:8443")];
    assert_eq!(env.http().send("GET", "/openapi.json", &allowed, "").await.status, 200);
    env.http().send("GET", "/openapi.json", &[evil], "").await.problem(421, "HOST_NOT_ALLOWED");
}

#[tokio::test]
async fn request_has_one_host() {
    let env = Environment::start().await;
    for hosts in ["", "host: localhost\r\nhost: 127.0.0.1\r\n"] {
        let head = format!("GET /openapi.json HTTP/1.1\r\n{hosts}connection: close\r\n\r\n");
        let response = raw(env.gateway.addr, &head).await;
        assert!(response.starts_with("HTTP/1.1 400"), "{response}");
        assert!(response.contains("HOST_INVALID"), "{response}");
    }
}

#[tokio::test]
async fn admin_port_refuses_a_foreign_host() {
    let env = Environment::start().await;
    let admin = Client::new(env.gateway.admin_addr);
    let evil = [("host", "evil.example")];
    assert_eq!(admin.send("PUT", "/log-level", &evil, "off").await.status, 421);
    assert_eq!(admin.send("GET", "/livez", &[("host", "localhost")], "").await.status, 200);
}

#[tokio::test]
async fn page_of_another_origin_changes_nothing() {
    let env = Environment::start_with(&["--cors-origin", "https://shop.example"]).await;
    env.fake.put("mug", 5);
    let http = env.http();
    let own = format!("http://{}", env.gateway.addr);
    let evil = [("origin", "https://evil.example")];
    let fetched = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")];
    for headers in [&evil[..], &fetched[..], &[("origin", "null")]] {
        for (method, path, body) in [
            ("POST", "/v1/search/status:rebuild", ""),
            ("POST", "/v1/products/mug:undelete", ""),
            ("POST", "/v1/products/mug:adjustStock", r#"{"delta":-1}"#),
            ("DELETE", "/v1/products/mug", ""),
        ] {
            let response = http.send(method, path, headers, body).await;
            response.problem(403, "CROSS_ORIGIN_WRITE");
        }
        assert_eq!(http.send("GET", "/v1/products/mug", headers, "").await.status, 200);
    }
    assert!(env.fake.requests("RebuildIndexRequest").is_empty());
    for headers in [&[("origin", own.as_str())][..], &[("origin", "https://shop.example")], &[]] {
        let path = "/v1/products/mug:adjustStock";
        assert_eq!(http.send("POST", path, headers, r#"{"delta":-1}"#).await.status, 200);
    }
}

/// Serves an empty page at every path.
async fn serve_page(listener: TcpListener) {
    let page = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 4\r\n\
                connection: close\r\n\r\npage";
    loop {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = [0; 4_096];
        if socket.read(&mut request).await.is_ok() {
            socket.write_all(page.as_bytes()).await.ok();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn chromium_page_of_another_origin_cannot_write() {
    let Some(mut browser) = Browser::start().await.unwrap() else { return };
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let site = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(serve_page(listener));
    let gateway = format!("http://{}", env.gateway.addr);
    let post = format!(
        "fetch('{gateway}/v1/search/status:rebuild', {{ method: 'POST', mode: 'no-cors' }}) \
           .then(response => response.type)"
    );
    let foreign = loaded(&mut browser, &site).await;
    assert_eq!(browser.evaluate(&foreign, &post).await.unwrap(), "opaque", "it is sent");
    assert!(env.fake.requests("RebuildIndexRequest").is_empty(), "and refused");
    let own = loaded(&mut browser, &format!("{gateway}/p/mug")).await;
    assert_eq!(browser.evaluate(&own, &post).await.unwrap(), "basic");
    assert_eq!(env.fake.requests("RebuildIndexRequest").len(), 1);
}

/// A page that is loaded.
async fn loaded(browser: &mut Browser, url: &str) -> Page {
    let page = browser.open(url).await.unwrap();
    let address = "document.readyState === 'complete' ? location.href : ''";
    within_timeout("the page", async {
        while browser.evaluate(&page, address).await.ok().is_none_or(|address| address != url) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    page
}
