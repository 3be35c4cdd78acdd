//! Methods whose requests stream, called by WebSocket.

use futures::{SinkExt as _, StreamExt as _};
use http::{HeaderName, HeaderValue};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest as _, handshake::client::Response},
};

use crate::harness::{Environment, eventually, within_timeout};

const PATH: &str = "/v1/suggest:stream";

struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Opens a socket. The error is the response, if the gateway refuses it.
    async fn open(env: &Environment, headers: &[(&str, &str)]) -> Result<Self, Box<Response>> {
        let url = format!("ws://{}{PATH}", env.gateway.addr);
        let mut request = url.into_client_request().unwrap();
        for (name, value) in headers {
            let name: HeaderName = name.parse().unwrap();
            request.headers_mut().insert(name, HeaderValue::from_str(value).unwrap());
        }
        match within_timeout("the handshake", connect_async(request)).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(response)) => Err(Box::new(response.map(|_| None))),
            Err(error) => panic!("{error}"),
        }
    }

    async fn send(&mut self, text: impl Into<String>) {
        self.0.send(Message::text(text.into())).await.unwrap();
    }

    async fn next(&mut self) -> Message {
        let next = within_timeout("a message", self.0.next()).await;
        next.expect("the socket is open").unwrap()
    }

    async fn answer(&mut self) -> Value {
        serde_json::from_str(self.next().await.to_text().unwrap()).unwrap()
    }

    /// The code and the text with which the gateway closes.
    async fn closed(&mut self) -> (u16, String) {
        match self.next().await {
            Message::Close(Some(frame)) => (frame.code.into(), frame.reason.to_string()),
            other => panic!("{other:?}"),
        }
    }
}

fn query(text: &str, sequence: i64) -> String {
    json!({ "query": text, "sequence": sequence.to_string() }).to_string()
}

#[tokio::test]
async fn messages_go_both_ways_until_the_method_ends() {
    let env = Environment::start().await;
    let mut socket = Socket::open(&env, &[]).await.unwrap();
    for (sequence, text) in [(1, "k"), (2, "ke"), (3, "kettle")] {
        socket.send(query(text, sequence)).await;
        let answer = socket.answer().await;
        assert_eq!(answer["suggestions"][0]["text"], text);
        assert_eq!(answer["sequence"], sequence.to_string());
    }
    socket.send(query("end", 4)).await;
    assert_eq!(socket.closed().await, (1_000, String::new()));
}

#[tokio::test]
async fn closing_by_the_client_ends_the_call() {
    let env = Environment::start().await;
    let mut socket = Socket::open(&env, &[]).await.unwrap();
    socket.send(query("k", 1)).await;
    socket.answer().await;
    socket.0.close(None).await.unwrap();
    assert_eq!(socket.next().await, Message::Close(None), "the reply");
}

#[tokio::test]
async fn failures_close_the_socket_with_their_status_and_reason() {
    let env = Environment::start().await;
    for (sent, expected) in [
        (query("fail", 1), "INVALID_FIELD"),
        ("no JSON".to_owned(), "MALFORMED_JSON"),
        (r#"{"querry":"k"}"#.to_owned(), "MALFORMED_JSON"),
    ] {
        let mut socket = Socket::open(&env, &[]).await.unwrap();
        socket.send(&sent).await;
        let (code, text) = socket.closed().await;
        assert_eq!(code, 4_400, "{text}");
        assert!(text.starts_with(&format!("{expected}: ")), "{sent}: {text}");
    }
    let mut socket = Socket::open(&env, &[]).await.unwrap();
    socket.0.send(Message::binary(vec![1])).await.unwrap();
    assert_eq!(socket.closed().await.0, 4_400);
    // Over the limit of a message.
    let mut socket = Socket::open(&env, &[]).await.unwrap();
    socket.send(query(&"k".repeat(80 << 10), 1)).await;
    let end = within_timeout("the end", socket.0.next()).await;
    assert!(!matches!(end, Some(Ok(Message::Text(_)))), "{end:?}");
    assert_eq!(env.fake.requests("SuggestRequest").len(), 1);
}

#[tokio::test]
async fn pages_of_other_origins_open_none() {
    let env = Environment::start_with(&["--cors-origin", "https://shop.example"]).await;
    for foreign in [
        &[("origin", "https://evil.example")][..],
        &[("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")],
    ] {
        let refused = Socket::open(&env, foreign).await.err().expect("it is refused");
        assert_eq!(refused.status(), 403);
    }
    let own = format!("http://{}", env.gateway.addr);
    for origin in [own.as_str(), "https://shop.example"] {
        let mut socket = Socket::open(&env, &[("origin", origin)]).await.unwrap();
        socket.send(query("k", 1)).await;
        socket.answer().await;
    }
}

#[tokio::test]
async fn requests_that_open_no_socket_are_refused() {
    let env = Environment::start().await;
    let response = env.http().send("GET", PATH, &[], "").await;
    response.problem(426, "UPGRADE_REQUIRED");
    assert_eq!(response.header("upgrade"), "websocket");
}

#[tokio::test]
async fn open_sockets_count_as_streams_and_connections() {
    let env = Environment::start_with(&["--max-open-streams", "1", "--peer-share", "0"]).await;
    let mut socket = Socket::open(&env, &[]).await.unwrap();
    socket.send(query("k", 1)).await;
    socket.answer().await;
    let refused = Socket::open(&env, &[]).await.err().expect("it is refused");
    assert_eq!(refused.status(), 503);
    socket.0.close(None).await.unwrap();
    eventually("its place is free", async || Socket::open(&env, &[]).await.is_ok()).await;

    let env = Environment::start_with(&["--max-connections", "1", "--peer-share", "0"]).await;
    let mut first = Socket::open(&env, &[]).await.unwrap();
    first.send(query("k", 1)).await;
    first.answer().await;
    let second = Socket::open(&env, &[]);
    let opened = async {
        let mut second = second.await.unwrap();
        second.send(query("ke", 2)).await;
        second.answer().await
    };
    let mut opened = std::pin::pin!(opened);
    first.send(query("kettle", 3)).await;
    tokio::select! {
        answer = first.answer() => assert_eq!(answer["sequence"], "3"),
        _ = &mut opened => panic!("a second connection was served"),
    }
    first.0.close(None).await.unwrap();
    assert_eq!(opened.await["sequence"], "2");
}

#[tokio::test]
async fn a_gateway_that_stops_closes_sockets() {
    let env = Environment::start().await;
    let mut socket = Socket::open(&env, &[]).await.unwrap();
    socket.send(query("k", 1)).await;
    socket.answer().await;
    env.gateway.stop();
    assert_eq!(socket.closed().await.0, 1_001);
}
