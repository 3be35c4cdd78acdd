//! Conformance to RFC 9113 and RFC 7541: the cases of h2spec (github.com/summerwind/h2spec), each on a connection
//! without requests, which this server drives itself, and on one that has answered a request, which h2 drives.
//!
//! Two exceptions, both h2's: it ends connections with PROTOCOL_ERROR where the standard has a more specific code,
//! and drops pseudo-fields in trailers instead of refusing the request.

mod cases;

use std::{net::SocketAddr, time::Duration};

use server::ServeArgs;
use testkit::{Http2Peer as Peer, http2_peer::*};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    time::timeout,
};

use crate::unary::{self, GET, Subject};

/// The server's reaction to the frames it is sent.
#[derive(Debug, Clone, Copy)]
enum Expected {
    /// None: a PING after it is acknowledged.
    Ignored,
    /// A response on this stream.
    Served(u32),
    /// The end of the stream with one of these codes, or of the connection.
    Stream(u32, &'static [u32]),
    /// The end of the connection; a GOAWAY, if there is one, has one of these codes.
    Connection(&'static [u32]),
}

/// The code of any violation.
const PROTOCOL_ERROR: u32 = 1;
/// Time for a reaction.
const PATIENCE: Duration = Duration::from_secs(10);
/// The payload of the PING after a case.
const LAST: &[u8; 8] = b"the last";

impl Expected {
    /// Reads until the reaction is known. Returns another one.
    async fn check(self, peer: &mut Peer) -> Result<(), String> {
        loop {
            let Ok(frame) = timeout(PATIENCE, peer.next()).await else {
                return Err("there is no reaction".to_owned());
            };
            let Some(frame) = frame else {
                return match self {
                    Self::Stream(..) | Self::Connection(_) => Ok(()),
                    _ => Err("the connection is closed".to_owned()),
                };
            };
            let code = |at: usize| {
                frame
                    .payload
                    .get(at..at + 4)
                    .map(|code| u32::from_be_bytes(code.try_into().unwrap()))
            };
            match (frame.kind, self) {
                (GOAWAY, Self::Stream(_, codes) | Self::Connection(codes)) => {
                    let code = code(4).unwrap();
                    let is_known = code == PROTOCOL_ERROR || codes.contains(&code);
                    return is_known.then_some(()).ok_or(format!("GOAWAY {code}"));
                }
                (GOAWAY, _) => return Err(format!("GOAWAY {:?}", code(4))),
                (RST_STREAM, Self::Stream(stream, codes)) if frame.stream == stream => {
                    let code = code(0).unwrap();
                    return codes.contains(&code).then_some(()).ok_or(format!("RST_STREAM {code}"));
                }
                (HEADERS, Self::Served(stream)) if frame.stream == stream => return Ok(()),
                (RST_STREAM, Self::Served(stream)) if frame.stream == stream => {
                    return Err(format!("RST_STREAM {:?}", code(0)));
                }
                (PING, Self::Ignored) if frame.payload == LAST => return Ok(()),
                _ => {}
            }
        }
    }
}

async fn run(addr: SocketAddr, has_called: bool) -> Vec<String> {
    let mut failed = Vec::new();
    let stream = if has_called { 3 } else { 1 };
    for (section, name, frames, expected) in cases::all(stream) {
        let mut peer = Peer::connect(addr, 65_535).await;
        if has_called {
            peer.call(1, GET, b"hello").await;
            peer.next_of(DATA).await.expect("the response");
        }
        peer.raw().write_all(&frames.concat()).await.ok();
        if matches!(expected, Expected::Ignored) {
            peer.send(PING, 0, 0, LAST).await;
        }
        if let Err(seen) = expected.check(&mut peer).await {
            failed.push(format!("{section} {name} (stream {stream}): {expected:?}, but {seen}"));
        }
    }
    failed
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_are_answered_as_http_2_demands() {
    let running = unary::start(&Subject::default(), &ServeArgs::default());
    let (quiet, active) = tokio::join!(run(running.addr, false), run(running.addr, true));
    let failed = [quiet, active].concat();
    assert!(failed.is_empty(), "{} cases:\n{}", failed.len(), failed.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_preface_ends_the_connection() {
    let running = unary::start(&Subject::default(), &ServeArgs::default());
    for preface in ["PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", "INVALID CONNECTION PREFACE\r\n\r\n"] {
        let mut stream = tokio::net::TcpStream::connect(running.addr).await.unwrap();
        stream.write_all(preface.as_bytes()).await.unwrap();
        // A response of HTTP/1 may come before the end.
        stream.read_to_end(&mut Vec::new()).await.ok();
    }
}
