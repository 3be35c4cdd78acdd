//! The PROXY protocol: clients that trusted proxies name, and no others.

use access::{AccessArgs, Origin};
use axum::{Extension, Router, routing::get};
use server::{ServeArgs, tls::TlsArgs};
use testkit::{Certificates, Nginx};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
};
use upstream::tls::{ClientTls, UpstreamTlsArgs};

use crate::{Running, start_with};

const SIGNATURE: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";
const GET: &[u8] = b"GET /peer HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

/// Settings of a server behind proxies of this network.
fn behind(proxies: &str) -> ServeArgs {
    let trusted_proxy = vec![proxies.parse().unwrap()];
    let access = AccessArgs { trusted_proxy, ..AccessArgs::default() };
    ServeArgs { access, proxy_protocol: true, ..ServeArgs::default() }
}

/// Starts a server that answers with the address of its peer.
fn serve(args: &ServeArgs) -> Running {
    let peer = get(|Extension(origin): Extension<Origin>| async move {
        [("x-peer", origin.peer().to_string())]
    });
    start_with(Router::new().route("/peer", peer), args)
}

/// A header of version 2 for a client of IPv4, with an addition.
fn header(client: [u8; 4]) -> Vec<u8> {
    let rest = [&client[..], &[198, 51, 100, 1, 0x9c, 0x40, 1, 0xbb], &[0xe0, 0, 1, 7]].concat();
    [SIGNATURE, &[0x21, 0x11, 0, u8::try_from(rest.len()).unwrap()], &rest].concat()
}

async fn connect(running: &Running, header: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(running.addr).await.unwrap();
    stream.write_all(header).await.unwrap();
    stream
}

/// The peer that the server sees; `None` if it closes the connection.
async fn peer(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> Option<String> {
    // It may be closed already.
    let _ = stream.write_all(GET).await;
    let mut response = Vec::new();
    let _ = stream.read_to_end(&mut response).await;
    let response = String::from_utf8(response).unwrap();
    let peer = response.split("x-peer: ").nth(1)?;
    peer.split('\r').next().map(str::to_owned)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_proxy_names_the_client() {
    let running = serve(&behind("127.0.0.0/8"));
    let unix = [SIGNATURE, &[0x21, 0x31, 0, 216], &[0; 216]].concat();
    let local = [SIGNATURE, &[0x20, 0, 0, 0]].concat();
    for (header, expected) in [
        (header([192, 0, 2, 7]), "192.0.2.7"),
        (b"PROXY TCP6 2001:db8::9 ::1 1 2\r\n".to_vec(), "2001:db8::9"),
        (local, "127.0.0.1"),
        (unix, "127.0.0.1"),
    ] {
        let seen = peer(connect(&running, &header).await).await;
        assert_eq!(seen.as_deref(), Some(expected));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_proxy_without_a_header_is_not_served() {
    let mut args = behind("127.0.0.1/32");
    args.connection.handshake_timeout = 1;
    let running = serve(&args);
    for sent in [&b""[..], b"PROXY TCP4 nonsense\r\n", &header([192, 0, 2, 7])[..20]] {
        assert_eq!(peer(connect(&running, sent).await).await, None, "{sent:?}");
    }
    let mut silent = connect(&running, &SIGNATURE[..5]).await;
    assert_eq!(silent.read(&mut [0; 9]).await.unwrap(), 0, "closed, after a second");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_others_no_header_is_read() {
    let running = serve(&behind("10.0.0.0/8"));
    assert_eq!(peer(connect(&running, b"").await).await.as_deref(), Some("127.0.0.1"));
    assert_eq!(peer(connect(&running, &header([192, 0, 2, 7])).await).await, None);
    let off = serve(&ServeArgs { proxy_protocol: false, ..behind("127.0.0.1/32") });
    assert_eq!(peer(connect(&off, b"").await).await.as_deref(), Some("127.0.0.1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_header_comes_before_tls() {
    let ca = testkit::ca("ours");
    let certificates = Certificates::of(&ca);
    certificates.put_authority(&ca);
    let tls = TlsArgs {
        tls_cert: Some(certificates.file("server.pem")),
        tls_key: Some(certificates.file("server.key")),
        ..TlsArgs::default()
    };
    let running = serve(&ServeArgs { tls, ..behind("127.0.0.1/32") });
    let args = UpstreamTlsArgs {
        upstream_tls_ca: Some(certificates.file("ca.pem")),
        ..UpstreamTlsArgs::default()
    };
    let client = ClientTls::new(&args).unwrap().expect("there is a CA");
    let stream = connect(&running, &header([192, 0, 2, 7])).await;
    let tls = client.connect(stream, "127.0.0.1").await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http2::handshake(
        hyper_util::rt::TokioExecutor::new(),
        hyper_util::rt::TokioIo::new(tls),
    )
    .await
    .unwrap();
    tokio::spawn(connection);
    let body = http_body_util::Empty::<bytes::Bytes>::new();
    let request = http::Request::get("https://127.0.0.1/peer").body(body).unwrap();
    let response = sender.send_request(request).await.unwrap();
    assert_eq!(response.headers()["x-peer"], "192.0.2.7");
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_of_one_proxy_have_shares_of_their_own() {
    let args = ServeArgs {
        max_connections: 8.try_into().unwrap(),
        peer_share: Some(25),
        ..behind("127.0.0.1/32")
    };
    let running = serve(&args);
    let mut held = Vec::new();
    for client in 1..=3 {
        for _ in 0..2 {
            let mut stream = connect(&running, &header([192, 0, 2, client])).await;
            let request = b"GET /peer HTTP/1.1\r\nhost: x\r\n\r\n";
            stream.write_all(request).await.unwrap();
            assert_ne!(stream.read(&mut [0; 512]).await.unwrap(), 0, "it is served");
            held.push(stream);
        }
    }
    assert_eq!(peer(connect(&running, &header([192, 0, 2, 1])).await).await, None);
    assert!(peer(connect(&running, &header([192, 0, 2, 9])).await).await.is_some());
}

/// nginx sends version 1.
#[tokio::test(flavor = "multi_thread")]
async fn nginx_names_the_client() {
    let running = serve(&behind("127.0.0.1/32"));
    let Some(nginx) = Nginx::stream(running.addr).await.unwrap() else { return };
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.9:0".parse().unwrap()).unwrap();
    let stream = socket.connect(nginx.addr).await.unwrap();
    assert_eq!(peer(stream).await.as_deref(), Some("127.0.0.9"));
}
