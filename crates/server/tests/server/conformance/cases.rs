//! The cases, by the sections of RFC 9113 (HTTP/2) and RFC 7541 (HPACK) that they try. `s` is an idle stream.

use testkit::http2_peer::{DATA, GOAWAY, HEADERS, PING, RST_STREAM, SETTINGS, literal};

use super::Expected::{self, Connection, Ignored, Served, Stream};

const PRIORITY: u8 = 2;
const PUSH_PROMISE: u8 = 5;
const WINDOW_UPDATE: u8 = 8;
const CONTINUATION: u8 = 9;

const ACK: u8 = 1;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const PADDED: u8 = 8;
const PRIORITIZED: u8 = 32;
/// A request in one frame without a body.
const WHOLE: u8 = END_STREAM | END_HEADERS;

const PROTOCOL: u32 = 1;
const FLOW: u32 = 3;
const CLOSED: u32 = 5;
const SIZE: u32 = 6;
const REFUSED: u32 = 7;
const COMPRESSION: u32 = 9;

/// A section, a description of the frames, the frames, and the expected reaction.
pub(super) type Case = (&'static str, &'static str, Vec<Vec<u8>>, Expected);

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("frames are short").to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

fn setting(id: u16, value: u32) -> Vec<u8> {
    frame(SETTINGS, 0, 0, &[&id.to_be_bytes()[..], &value.to_be_bytes()].concat())
}

fn increment(stream: u32, by: u32) -> Vec<u8> {
    frame(WINDOW_UPDATE, 0, stream, &by.to_be_bytes())
}

/// The fields of a request, and these.
fn fields(more: &[(&str, &str)]) -> Vec<u8> {
    let request = [(":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "test")];
    literal(&[&request[..], more].concat())
}

/// A request, without its body.
fn open(stream: u32) -> Vec<u8> {
    frame(HEADERS, END_HEADERS, stream, &fields(&[]))
}

fn get(stream: u32) -> Vec<u8> {
    frame(HEADERS, WHOLE, stream, &fields(&[]))
}

/// A request of these fields alone.
fn only(stream: u32, fields: &[(&str, &str)]) -> Vec<u8> {
    frame(HEADERS, WHOLE, stream, &literal(fields))
}

/// A request with these fields beside.
fn with(stream: u32, more: &[(&str, &str)]) -> Vec<u8> {
    frame(HEADERS, WHOLE, stream, &fields(more))
}

fn data(stream: u32, flags: u8, bytes: usize) -> Vec<u8> {
    frame(DATA, flags, stream, &vec![7; bytes])
}

fn reset(stream: u32) -> Vec<u8> {
    frame(RST_STREAM, 0, stream, &8_u32.to_be_bytes())
}

/// A request and its rest in CONTINUATION, cut at this byte.
fn cut(stream: u32, end: u8) -> [Vec<u8>; 2] {
    let fields = fields(&[]);
    [
        frame(HEADERS, END_STREAM, stream, &fields[..9]),
        frame(CONTINUATION, end, stream, &fields[9..]),
    ]
}

/// All cases.
#[rustfmt::skip]
pub(super) fn all(s: u32) -> Vec<Case> {
    [frames(s), states(s), settings(s), control(s), messages(s), compression(s)].concat()
}

#[rustfmt::skip]
fn frames(s: u32) -> Vec<Case> {
    let [begin, rest] = cut(s, END_HEADERS);
    vec![
        ("4.1", "a frame of an unknown type", vec![frame(99, 0, 0, &[0; 8])], Ignored),
        ("4.1", "PING with undefined flags", vec![frame(PING, 0x16, 0, &[0; 8])], Ignored),
        ("4.1", "PING with the reserved bit", vec![frame(PING, 0, 1 << 31, &[0; 8])], Ignored),
        ("4.2", "DATA of the largest size", vec![open(s), data(s, END_STREAM, 16_384)], Served(s)),
        ("4.2", "DATA beyond the largest size", vec![open(s), data(s, END_STREAM, 16_385)], Stream(s, &[SIZE])),
        ("4.2", "HEADERS beyond the largest size", vec![frame(HEADERS, WHOLE, s, &[0; 16_385])], Connection(&[SIZE])),
        ("4.3", "a field block that is cut off", vec![frame(HEADERS, WHOLE, s, &[0x40])], Connection(&[COMPRESSION])),
        ("4.3", "PRIORITY within a field block", vec![begin.clone(), frame(PRIORITY, 0, s, &[0; 5]), rest.clone()], Connection(&[PROTOCOL])),
        ("4.3", "HEADERS of another stream within a field block", vec![begin.clone(), get(s + 2)], Connection(&[PROTOCOL])),
        ("5.5", "an unknown frame within a field block", vec![begin.clone(), frame(99, 0, s, &[]), rest.clone()], Connection(&[PROTOCOL])),
        ("6.10", "a field block in two frames", vec![begin.clone(), rest.clone()], Served(s)),
        ("6.10", "CONTINUATION after the end of a field block", vec![get(s), frame(CONTINUATION, END_HEADERS, s, &[])], Connection(&[PROTOCOL, CLOSED])),
        ("6.10", "CONTINUATION on stream 0", vec![begin.clone(), frame(CONTINUATION, END_HEADERS, 0, &[])], Connection(&[PROTOCOL])),
        ("6.10", "CONTINUATION of another stream", vec![begin, frame(CONTINUATION, END_HEADERS, s + 2, &[])], Connection(&[PROTOCOL])),
        ("6.10", "CONTINUATION after DATA", vec![open(s), data(s, 0, 1), rest], Connection(&[PROTOCOL])),
    ]
}

#[rustfmt::skip]
fn states(s: u32) -> Vec<Case> {
    vec![
        ("5.1", "DATA on an idle stream", vec![data(s, END_STREAM, 1)], Connection(&[PROTOCOL, CLOSED])),
        ("5.1", "RST_STREAM of an idle stream", vec![reset(s)], Connection(&[PROTOCOL])),
        ("5.1", "WINDOW_UPDATE of an idle stream", vec![increment(s, 1)], Connection(&[PROTOCOL])),
        ("5.1", "CONTINUATION on an idle stream", vec![frame(CONTINUATION, END_HEADERS, s, &fields(&[]))], Connection(&[PROTOCOL])),
        ("5.1", "DATA after the end of the stream", vec![get(s), data(s, END_STREAM, 1)], Stream(s, &[CLOSED])),
        ("5.1", "HEADERS after the end of the stream", vec![get(s), get(s)], Stream(s, &[CLOSED, PROTOCOL])),
        ("5.1", "DATA after RST_STREAM", vec![open(s), reset(s), data(s, END_STREAM, 1)], Stream(s, &[CLOSED])),
        ("5.1", "HEADERS after RST_STREAM", vec![open(s), reset(s), get(s)], Stream(s, &[CLOSED, PROTOCOL])),
        ("5.1", "CONTINUATION after RST_STREAM", vec![open(s), reset(s), frame(CONTINUATION, END_HEADERS, s, &[])], Connection(&[PROTOCOL, CLOSED])),
        ("5.1.1", "a stream with an even number", vec![get(s + 1)], Connection(&[PROTOCOL])),
        ("5.1.1", "a stream with a lower number", vec![get(s + 4), get(s + 2)], Connection(&[PROTOCOL, CLOSED])),
        ("5.1.2", "more streams than allowed", (0..300).map(|number| open(s + 2 * number)).collect(), Stream(s + 2 * 256, &[PROTOCOL, REFUSED])),
        ("6.1", "DATA on stream 0", vec![data(0, END_STREAM, 1)], Connection(&[PROTOCOL])),
        ("6.1", "DATA with more padding than payload", vec![open(s), frame(DATA, PADDED | END_STREAM, s, &[9, 7])], Connection(&[PROTOCOL])),
        ("6.2", "HEADERS on stream 0", vec![get(0)], Connection(&[PROTOCOL])),
        ("6.2", "HEADERS with more padding than payload", vec![frame(HEADERS, PADDED | WHOLE, s, &[99, 7])], Connection(&[PROTOCOL])),
        ("6.2", "HEADERS with padding and a priority", vec![frame(HEADERS, PADDED | PRIORITIZED | WHOLE, s, &[&[2, 0, 0, 0, 0, 9][..], &fields(&[]), &[0, 0]].concat())], Served(s)),
        ("6.3", "PRIORITY on stream 0", vec![frame(PRIORITY, 0, 0, &[0, 0, 0, 1, 9])], Connection(&[PROTOCOL])),
        ("6.3", "PRIORITY of an idle stream", vec![frame(PRIORITY, 0, s, &[0, 0, 0, 0, 9])], Ignored),
        ("6.3", "PRIORITY of a wrong length", vec![open(s), frame(PRIORITY, 0, s, &[0; 4])], Stream(s, &[SIZE])),
        ("6.4", "RST_STREAM of stream 0", vec![reset(0)], Connection(&[PROTOCOL])),
        ("6.4", "RST_STREAM of a wrong length", vec![open(s), frame(RST_STREAM, 0, s, &[0; 3])], Connection(&[SIZE])),
        ("6.6", "PUSH_PROMISE from a client", vec![open(s), frame(PUSH_PROMISE, END_HEADERS, s, &[&[0, 0, 0, 2][..], &fields(&[])].concat())], Connection(&[PROTOCOL])),
        ("7", "RST_STREAM with an unknown code", vec![open(s), frame(RST_STREAM, 0, s, &[0xff; 4])], Ignored),
    ]
}

#[rustfmt::skip]
fn settings(s: u32) -> Vec<Case> {
    vec![
        ("6.5", "an acknowledgement with a payload", vec![frame(SETTINGS, ACK, 0, &[0; 6])], Connection(&[SIZE])),
        ("6.5", "SETTINGS on a stream", vec![frame(SETTINGS, 0, 1, &[0, 3, 0, 0, 0, 9])], Connection(&[PROTOCOL])),
        ("6.5", "SETTINGS of a wrong length", vec![frame(SETTINGS, 0, 0, &[0; 5])], Connection(&[SIZE])),
        ("6.5.2", "ENABLE_PUSH of 2", vec![setting(2, 2)], Connection(&[PROTOCOL])),
        ("6.5.2", "INITIAL_WINDOW_SIZE beyond the largest", vec![setting(4, 1 << 31)], Connection(&[FLOW])),
        ("6.5.2", "MAX_FRAME_SIZE below the least", vec![setting(5, 16_383)], Connection(&[PROTOCOL])),
        ("6.5.2", "MAX_FRAME_SIZE beyond the largest", vec![setting(5, 1 << 24)], Connection(&[PROTOCOL])),
        ("6.5.2", "an unknown setting", vec![setting(99, 1)], Ignored),
        ("6.5.3", "the same setting twice", vec![[&frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0, 1, 0, 4, 0, 0, 0, 9])[..]].concat(), get(s)], Served(s)),
        ("6.9.2", "a window that is exceeded by a later setting", vec![setting(4, 1), open(s), increment(s, 0x7fff_fff0), setting(4, 0x7fff_ffff)], Connection(&[FLOW])),
    ]
}

#[rustfmt::skip]
fn control(s: u32) -> Vec<Case> {
    vec![
        ("6.7", "PING", vec![frame(PING, 0, 0, b"a ping..")], Ignored),
        ("6.7", "an acknowledgement of no PING", vec![frame(PING, ACK, 0, b"unasked.")], Ignored),
        ("6.7", "PING on a stream", vec![frame(PING, 0, 1, &[0; 8])], Connection(&[PROTOCOL])),
        ("6.7", "PING of a wrong length", vec![frame(PING, 0, 0, &[0; 6])], Connection(&[SIZE])),
        ("6.8", "GOAWAY on a stream", vec![frame(GOAWAY, 0, 1, &[0; 8])], Connection(&[PROTOCOL])),
        ("6.9", "WINDOW_UPDATE of nothing", vec![increment(0, 0)], Connection(&[PROTOCOL])),
        ("6.9", "WINDOW_UPDATE of nothing on a stream", vec![open(s), increment(s, 0)], Stream(s, &[PROTOCOL])),
        ("6.9", "WINDOW_UPDATE of a wrong length", vec![frame(WINDOW_UPDATE, 0, 0, &[0, 0, 1])], Connection(&[SIZE])),
        ("6.9.1", "a window beyond the largest", vec![increment(0, 0x7fff_ffff), increment(0, 0x7fff_ffff)], Connection(&[FLOW])),
        ("6.9.1", "a window of a stream beyond the largest", vec![open(s), increment(s, 0x7fff_ffff), increment(s, 0x7fff_ffff)], Stream(s, &[FLOW])),
    ]
}

#[rustfmt::skip]
fn messages(s: u32) -> Vec<Case> {
    let (method, scheme, path) = ((":method", "GET"), (":scheme", "http"), (":path", "/"));
    let trailers = |fields: &[(&str, &str)], flags| frame(HEADERS, END_HEADERS | flags, s, &literal(fields));
    vec![
        ("8.1", "trailers that do not end the stream", vec![open(s), trailers(&[("x", "y")], 0)], Stream(s, &[PROTOCOL])),
        ("8.1", "a request with a body and trailers", vec![open(s), data(s, 0, 4), trailers(&[("x", "y")], END_STREAM)], Served(s)),
        ("8.2.1", "a name in upper case", vec![with(s, &[("X-Test", "y")])], Stream(s, &[PROTOCOL])),
        ("8.2.1", "a name with a space", vec![with(s, &[("x test", "y")])], Stream(s, &[PROTOCOL])),
        ("8.2.1", "a value with a line feed", vec![with(s, &[("x", "y\nz")])], Stream(s, &[PROTOCOL])),
        ("8.2.1", "a value with NUL", vec![with(s, &[("x", "y\0")])], Stream(s, &[PROTOCOL])),
        ("8.2.2", "a field of connections", vec![with(s, &[("connection", "keep-alive")])], Stream(s, &[PROTOCOL])),
        ("8.2.2", "transfer-encoding", vec![with(s, &[("transfer-encoding", "chunked")])], Stream(s, &[PROTOCOL])),
        ("8.2.2", "te other than trailers", vec![with(s, &[("te", "gzip")])], Stream(s, &[PROTOCOL])),
        ("8.2.2", "te of trailers", vec![with(s, &[("te", "trailers")])], Served(s)),
        ("8.3", "an unknown pseudo-field", vec![with(s, &[(":test", "y")])], Stream(s, &[PROTOCOL])),
        ("8.3", "the pseudo-field of responses", vec![with(s, &[(":status", "200")])], Stream(s, &[PROTOCOL])),
        ("8.3", "a pseudo-field in trailers", vec![open(s), trailers(&[(":method", "GET")], END_STREAM)], Served(s)),
        ("8.3", "a pseudo-field after another", vec![only(s, &[method, scheme, ("x", "y"), path])], Stream(s, &[PROTOCOL])),
        ("8.3.1", "an empty path", vec![only(s, &[method, scheme, (":path", "")])], Stream(s, &[PROTOCOL])),
        ("8.3.1", "no method", vec![only(s, &[scheme, path])], Stream(s, &[PROTOCOL])),
        ("8.3.1", "no scheme", vec![only(s, &[method, path])], Stream(s, &[PROTOCOL])),
        ("8.3.1", "no path", vec![only(s, &[method, scheme, (":authority", "test")])], Stream(s, &[PROTOCOL])),
        ("8.3.1", "two methods", vec![only(s, &[method, method, scheme, path])], Stream(s, &[PROTOCOL])),
        ("8.3.1", "two schemes", vec![only(s, &[method, scheme, scheme, path])], Stream(s, &[PROTOCOL])),
        ("8.3.1", "two paths", vec![only(s, &[method, scheme, path, path])], Stream(s, &[PROTOCOL])),
        ("8.1.1", "a length that the body exceeds", vec![frame(HEADERS, END_HEADERS, s, &fields(&[("content-length", "1")])), data(s, END_STREAM, 4)], Stream(s, &[PROTOCOL])),
        ("8.1.1", "a length beyond the body", vec![frame(HEADERS, END_HEADERS, s, &fields(&[("content-length", "9")])), data(s, 0, 4), data(s, END_STREAM, 4)], Stream(s, &[PROTOCOL])),
    ]
}

/// HPACK.
#[rustfmt::skip]
fn compression(s: u32) -> Vec<Case> {
    let block = |block: &[u8]| vec![frame(HEADERS, WHOLE, s, &[block, &fields(&[])].concat())];
    vec![
        ("hpack 2.3.3", "an index of no field", block(&[0xff, 0x00]), Connection(&[COMPRESSION])),
        ("hpack 2.3.3", "a literal whose name has no such index", block(&[0x7f, 0x7f, 1, b'y']), Connection(&[COMPRESSION])),
        ("hpack 4.2", "a table size after the first field", vec![frame(HEADERS, WHOLE, s, &[&fields(&[])[..], &[0x20]].concat())], Connection(&[COMPRESSION])),
        ("hpack 5.2", "Huffman padding of more than 7 bits", block(&[0x00, 0x01, b'x', 0x82, 0xff, 0xff]), Connection(&[COMPRESSION])),
        ("hpack 5.2", "Huffman padding of zeros", block(&[0x00, 0x01, b'x', 0x81, 0x00]), Connection(&[COMPRESSION])),
        ("hpack 6.1", "an index of 0", block(&[0x80]), Connection(&[COMPRESSION])),
        ("hpack 6.3", "a table size beyond the limit", block(&[0x3f, 0xff, 0xff, 0x7f]), Connection(&[COMPRESSION])),
    ]
}
