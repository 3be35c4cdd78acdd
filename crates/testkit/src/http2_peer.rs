//! An HTTP/2 peer that speaks in frames, for what no well-behaved client would show.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// A test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// DATA.
pub const DATA: u8 = 0;
/// HEADERS.
pub const HEADERS: u8 = 1;
/// RST_STREAM.
pub const RST_STREAM: u8 = 3;
/// SETTINGS.
pub const SETTINGS: u8 = 4;
/// PING.
pub const PING: u8 = 6;
/// GOAWAY.
pub const GOAWAY: u8 = 7;
const END_HEADERS: u8 = 4;
const END_STREAM: u8 = 1;
const ACK: u8 = 1;

/// A frame as it came (RFC 9113, section 4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Such as [`HEADERS`].
    pub kind: u8,
    /// Bits that mean something else for each kind.
    pub flags: u8,
    /// 0: the connection.
    pub stream: u32,
    /// What it carries.
    pub payload: Vec<u8>,
}

impl Frame {
    /// The last stream a GOAWAY names.
    ///
    /// # Panics
    /// When it is no GOAWAY.
    pub fn last_stream(&self) -> u32 {
        u32::from_be_bytes(self.payload[..4].try_into().expect("four bytes"))
    }
}

/// A connection to a server.
#[derive(Debug)]
pub struct Http2Peer(TcpStream);

impl Http2Peer {
    /// Connects, and says what an HTTP/2 client says first. With `window` bytes of room in each
    /// stream.
    ///
    /// # Panics
    /// When nobody listens.
    pub async fn connect(addr: SocketAddr, window: u32) -> Self {
        let mut peer = Self(TcpStream::connect(addr).await.unwrap());
        peer.0.write_all(PREFACE).await.unwrap();
        let mut initial_window = vec![0, 4];
        initial_window.extend(window.to_be_bytes());
        peer.send(SETTINGS, 0, 0, &initial_window).await;
        peer
    }

    /// Sends a frame.
    ///
    /// # Panics
    /// When its payload has four gigabytes.
    pub async fn send(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        let mut frame = length[1..].to_vec();
        frame.extend([kind, flags]);
        frame.extend(stream.to_be_bytes());
        frame.extend(payload);
        // It may have hung up on us: reading tells.
        self.0.write_all(&frame).await.ok();
    }

    /// Calls a method with one message.
    ///
    /// # Panics
    /// When it has four gigabytes.
    pub async fn call(&mut self, stream: u32, path: &str, message: &[u8]) {
        let fields = [
            (":method", "POST"),
            (":scheme", "http"),
            (":authority", "test"),
            (":path", path),
            ("content-type", "application/grpc"),
            ("te", "trailers"),
        ];
        self.send(HEADERS, END_HEADERS, stream, &literal(&fields)).await;
        let mut body = vec![0];
        body.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
        body.extend(message);
        self.send(DATA, END_STREAM, stream, &body).await;
    }

    /// Answers a PING.
    pub async fn acknowledge(&mut self, ping: &Frame) {
        self.send(PING, ACK, 0, &ping.payload).await;
    }

    /// The next frame; none when the connection has ended.
    ///
    /// # Panics
    /// When there is none for long.
    pub async fn next(&mut self) -> Option<Frame> {
        let read = async {
            let mut head = [0; 9];
            self.0.read_exact(&mut head).await.ok()?;
            let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
            let mut payload = vec![0; length as usize];
            self.0.read_exact(&mut payload).await.ok()?;
            let stream = u32::from_be_bytes(head[5..].try_into().expect("four bytes"));
            Some(Frame { kind: head[3], flags: head[4], stream, payload })
        };
        timeout(PATIENCE, read).await.expect("the server says something, or hangs up")
    }

    /// The next frame of this kind that is no acknowledgement; none when the connection has ended.
    pub async fn next_of(&mut self, kind: u8) -> Option<Frame> {
        loop {
            let frame = self.next().await?;
            let is_ack = matches!(frame.kind, SETTINGS | PING) && frame.flags & ACK != 0;
            if frame.kind == kind && !is_ack {
                return Some(frame);
            }
        }
    }

    /// Bytes as they are.
    pub fn raw(&mut self) -> &mut TcpStream {
        &mut self.0
    }
}

/// Headers, none of them compressed (RFC 7541, section 6.2.2).
pub fn literal(fields: &[(&str, &str)]) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in fields {
        block.push(0);
        for text in [name, value] {
            length(&mut block, text.len());
            block.extend(text.as_bytes());
        }
    }
    block
}

/// An integer with a prefix of seven bits (RFC 7541, section 5.1).
fn length(block: &mut Vec<u8>, length: usize) {
    if length < 127 {
        block.push(length as u8);
        return;
    }
    block.push(127);
    let mut rest = length - 127;
    while rest >= 128 {
        block.push((rest % 128) as u8 | 128);
        rest /= 128;
    }
    block.push(rest as u8);
}
