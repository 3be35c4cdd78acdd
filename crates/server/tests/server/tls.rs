//! TLS: client certificates, identities for handlers, reload of files.

use std::{net::SocketAddr, path::PathBuf};

use axum::{Extension, Router, routing::get};
use discovery::{Endpoint, Endpoints};
use http_body_util::Empty;
use hyper_util::rt::{TokioExecutor, TokioIo};
use server::{
    ServeArgs,
    tls::{PeerIdentity, TlsArgs},
};
use testkit::{Ca, Certificates, ca, until};
use tokio::net::TcpStream;
use tonic::Code;
use upstream::{
    Settings, Upstream,
    tls::{ClientTls, UpstreamTlsArgs},
};

use crate::{Running, check, start_with};

const WORKLOAD: &str = "spiffe://shop.example/gateway";

/// A server certificate, and a client certificate, both issued by `ca`.
struct Files(Certificates);

impl Files {
    fn of(ca: &Ca) -> Self {
        let these = Self(Certificates::of(ca));
        these.put(ca);
        these
    }

    fn put(&self, ca: &Ca) {
        self.0.put_authority(ca);
        self.0.issue(ca, "gateway", "gateway.internal", Some(WORKLOAD));
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.file(name)
    }

    fn server(&self, mutual: bool) -> ServeArgs {
        let tls = TlsArgs {
            tls_cert: Some(self.file("server.pem")),
            tls_key: Some(self.file("server.key")),
            tls_client_ca: mutual.then(|| self.file("ca.pem")),
            tls_client_optional: false,
        };
        ServeArgs { tls, ..ServeArgs::default() }
    }

    fn client(&self, has_certificate: bool) -> ClientTls {
        let args = UpstreamTlsArgs {
            upstream_tls_ca: Some(self.file("ca.pem")),
            upstream_tls_cert: has_certificate.then(|| self.file("gateway.pem")),
            upstream_tls_key: has_certificate.then(|| self.file("gateway.key")),
            upstream_tls_name: None,
        };
        ClientTls::new(&args).unwrap().expect("there is a CA")
    }
}

/// Starts a server that answers with the client's identity.
fn serve(args: &ServeArgs) -> Running {
    let who = get(|identity: Option<Extension<PeerIdentity>>| async move {
        let identity = identity.map(|Extension(identity)| identity);
        let spiffe = identity.as_ref().and_then(|identity| identity.spiffe_id()).unwrap_or("-");
        let name = identity.as_ref().and_then(|it| it.common_name.as_deref()).unwrap_or("-");
        [("x-who", format!("{spiffe} {name}"))]
    });
    start_with(Router::new().route("/who", who), args)
}

/// A connection over TLS.
async fn connect(
    addr: SocketAddr,
    tls: &ClientTls,
) -> anyhow::Result<hyper::client::conn::http2::SendRequest<Empty<bytes::Bytes>>> {
    let stream = tls.connect(TcpStream::connect(addr).await?, "127.0.0.1").await?;
    let (sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}

async fn request(
    sender: &mut hyper::client::conn::http2::SendRequest<Empty<bytes::Bytes>>,
) -> anyhow::Result<String> {
    let request = http::Request::get("https://127.0.0.1/who").body(Empty::new())?;
    let answer = sender.send_request(request).await?;
    Ok(answer.headers()["x-who"].to_str()?.to_owned())
}

async fn identity(addr: SocketAddr, tls: &ClientTls) -> anyhow::Result<String> {
    request(&mut connect(addr, tls).await?).await
}

#[tokio::test(flavor = "multi_thread")]
async fn handlers_see_the_client_identity() {
    let certificates = Files::of(&ca("ours"));
    let running = serve(&certificates.server(true));
    let told = identity(running.addr, &certificates.client(true)).await.unwrap();
    assert_eq!(told, format!("{WORKLOAD} gateway"));
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_without_a_valid_certificate_are_refused() {
    let (ours, theirs) = (Files::of(&ca("ours")), Files::of(&ca("theirs")));
    let running = serve(&ours.server(true));
    identity(running.addr, &ours.client(false)).await.expect_err("nobody");
    // Trusts the server, and presents a certificate of another CA.
    std::fs::copy(ours.file("ca.pem"), theirs.file("ca.pem")).unwrap();
    identity(running.addr, &theirs.client(true)).await.expect_err("a stranger");
    identity(running.addr, &ours.client(true)).await.expect("one of ours");
    let open = serve(&ours.server(false));
    assert_eq!(identity(open.addr, &ours.client(false)).await.unwrap(), "- -");
}

#[tokio::test(flavor = "multi_thread")]
async fn new_files_are_loaded_and_connections_stay() {
    let (old, new) = (ca("old"), ca("new"));
    let certificates = Files::of(&old);
    let running = serve(&certificates.server(true));
    let mut before = connect(running.addr, &certificates.client(true)).await.unwrap();
    request(&mut before).await.unwrap();
    // A partial change is not loaded: the key does not match the certificate.
    let of_new = Files::of(&new);
    std::fs::copy(of_new.file("server.key"), certificates.file("server.key")).unwrap();
    certificates.put(&new);
    until("the new are taken", async || {
        identity(running.addr, &certificates.client(true)).await.ok()
    })
    .await;
    request(&mut before).await.expect("what was agreed before still holds");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upstream_calls_over_tls_and_rejects_an_unknown_ca() {
    let (ours, theirs) = (Files::of(&ca("ours")), Files::of(&ca("theirs")));
    let running = serve(&ours.server(true));
    let calls = async |tls: Option<ClientTls>| {
        let endpoints = Endpoints::fixed([Endpoint::at(running.addr.to_string())]);
        check(Upstream::with("test", endpoints, Settings { tls, ..Settings::default() })).await
    };
    calls(Some(ours.client(true))).await.expect("we know each other");
    for (whose, tls) in [
        ("whom it does not know", Some(ours.client(false))),
        ("whom we do not know", Some(theirs.client(true))),
        ("what speaks TLS, without it", None),
    ] {
        let refused = calls(tls).await.expect_err(whose);
        assert_eq!(refused.code(), Code::Unavailable, "{whose}: {refused}");
    }
}

#[tokio::test]
async fn unusable_files_are_named() {
    let certificates = Files::of(&ca("ours"));
    std::fs::write(certificates.file("server.pem"), "nonsense").unwrap();
    let addr = "127.0.0.1:0".parse().unwrap();
    let error = server::Server::bind(addr, &certificates.server(false)).unwrap_err();
    assert!(format!("{error:#}").contains("server.pem"), "{error:#}");
}
