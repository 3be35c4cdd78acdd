//! Heap memory of idle connections, in a separate process that counts its allocations.
//!
//! Clients are plain sockets and fixed bytes, which take no heap memory themselves.

use std::{
    alloc::System,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    num::NonZeroUsize,
    sync::Arc,
    time::Duration,
};

use axum::{Router, routing::post};
use prost_types::MethodDescriptorProto;
use rpc::frame::framed;
use server::CancellationToken;
use server::{
    Health, ServeArgs, Server,
    unary::{UnaryHandler, UnaryReply, UnaryRequest, UnaryService},
};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use testkit::test_contract;
use tonic::service::Routes;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const GET: &str = "/test.Service/Get";
const CONNECTIONS: usize = 500;
/// Bytes of a connection that has not made a call.
const MAX_BEFORE_CALLS: usize = 2_560;
/// Bytes of a connection that has made a call: 28 KB of them are buffers that h2 keeps.
const MAX_AFTER_CALLS: usize = 40_960;
/// Read timeout of clients.
const PATIENCE: Duration = Duration::from_secs(20);

const GREETING: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\
    \0\0\0\x04\0\0\0\0\0\
    \0\0\x04\x08\0\0\0\0\0\0\x0f\0\x01";
const SETTINGS_ACK: &[u8] = b"\0\0\0\x04\x01\0\0\0\0";
const PING: &[u8] = b"\0\0\x08\x06\0\0\0\0\0idleidle";
const PONG: &[u8] = b"\0\0\x08\x06\x01\0\0\0\0idleidle";
const HEADERS: u8 = 1;
const END_STREAM: u8 = 1;

/// Echoes the message of every call.
struct Echo;

impl UnaryService for Echo {
    fn methods(&self) -> &[&'static str] {
        &[GET]
    }

    fn handler(&self) -> Arc<dyn UnaryHandler> {
        Arc::new(Self)
    }
}

impl UnaryHandler for Echo {
    fn call(&self, request: UnaryRequest<'_>) -> UnaryReply {
        UnaryReply::Ready(Ok(framed(&request.message).into()))
    }
}

/// A contract with this one method.
fn descriptors() -> &'static [u8] {
    let method = MethodDescriptorProto { name: Some("Get".to_owned()), ..Default::default() };
    test_contract(vec![method]).leak()
}

/// Starts a server with one thread.
fn start() -> SocketAddr {
    let args = ServeArgs { threads: NonZeroUsize::new(1), ..ServeArgs::default() };
    let health = Health::new(&["test.Service"], &[]);
    let server = Server::bind("127.0.0.1:0".parse().unwrap(), &args).unwrap();
    let (addr, descriptors) = (server.local_addr(), descriptors());
    let router = Router::new().route(GET, post(|| async { "not served ahead" }));
    let app = server
        .grpc(Routes::default(), &health, descriptors)
        .merge(server.layered(router, descriptors));
    let server = server.unary(Arc::new(Echo));
    tokio::spawn(server.serve(app, CancellationToken::new()));
    addr
}

fn live() -> usize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated - stats.bytes_deallocated
}

/// Connects, sends preface and settings, and waits until the server has read them.
fn connect(addr: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(addr).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(GREETING).unwrap();
    stream.write_all(SETTINGS_ACK).unwrap();
    ping(&mut stream);
    stream
}

/// Exchanges a PING, so that the server has read all earlier bytes.
fn ping(stream: &mut TcpStream) {
    stream.write_all(PING).unwrap();
    while next_frame(stream)[..] != PONG[..9] {}
}

/// The header of the next frame.
fn next_frame(stream: &mut TcpStream) -> [u8; 9] {
    let mut header = [0; 9];
    stream.read_exact(&mut header).unwrap();
    let mut payload = [0; 16 << 10];
    let length = usize::from(header[1]) << 8 | usize::from(header[2]);
    stream.read_exact(&mut payload[..length]).unwrap();
    header
}

/// Makes a call with indexed headers and reads the whole response.
fn call(stream: &mut TcpStream, id: u8, path: &str) {
    let mut block = [0; 256];
    let mut length = 0;
    let mut push = |bytes: &[u8]| {
        block[length..length + bytes.len()].copy_from_slice(bytes);
        length += bytes.len();
        length
    };
    // POST and http, of the static table (RFC 7541, appendix A).
    push(&[0x83, 0x86]);
    let fields: [(u8, &str); 3] =
        [(0x41, "catalogue.internal:50051"), (0x44, path), (0x5f, "application/grpc")];
    for (name, value) in fields {
        push(&[name, value.len() as u8]);
        push(value.as_bytes());
    }
    let length = push(b"\x40\x02te\x08trailers");
    let mut frames = [0; 512];
    let mut cursor = &mut frames[..];
    cursor.write_all(&[0, 0, length as u8, HEADERS, 4, 0, 0, 0, id]).unwrap();
    cursor.write_all(&block[..length]).unwrap();
    cursor.write_all(&[0, 0, 9, 0, END_STREAM, 0, 0, 0, id]).unwrap();
    cursor.write_all(b"\0\0\0\0\x04\x0a\x02id").unwrap();
    let rest = cursor.len();
    let sent = frames.len() - rest;
    stream.write_all(&frames[..sent]).unwrap();
    loop {
        let header = next_frame(stream);
        if header[3] == HEADERS && header[4] & END_STREAM != 0 {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_connection_is_small() {
    let addr = start();
    let mut warm = connect(addr);
    call(&mut warm, 1, GET);
    ping(&mut warm);
    let mut connections = Vec::with_capacity(CONNECTIONS);
    let before = live();
    connections.extend((0..CONNECTIONS).map(|_| connect(addr)));
    let each = (live() - before) / CONNECTIONS;
    assert!(each <= MAX_BEFORE_CALLS, "{each} bytes before calls");
    for stream in &mut connections {
        call(stream, 1, GET);
        ping(stream);
    }
    let each = (live() - before) / CONNECTIONS;
    assert!(each <= MAX_AFTER_CALLS, "{each} bytes after a call");
}
