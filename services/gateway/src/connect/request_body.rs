//! The bodies of gRPC requests, made of those of Connect as they are read. A fault is the body's error, a status.

use std::time::Duration;

use async_stream::try_stream;
use axum::body::Body;
use bytes::{Bytes, BytesMut};
use futures::{Stream, StreamExt as _, stream};
use http_body_util::BodyExt as _;
use rpc::{
    frame::{PREFIX, framed, length_in},
    gzip,
    status::{MESSAGE_INVALID, MESSAGE_TOO_LARGE, error, status_in},
};
use server::overload::Refusal;
use tokio::time::{Instant, timeout_at};
use tonic::{Code, Status};

use super::{content::Encoding, error::status_of, get::GetQuery, message};
use crate::{contract::Message, json::Coding};

/// The largest JSON of a message in bytes, the same as of a body.
const MAX_JSON: usize = 4 << 20;

/// The longest time of a message of a stream, from its first byte.
const MESSAGE_TIMEOUT: Duration = Duration::from_secs(30);

/// The frame of a message in a query.
pub(super) fn of_get(get: GetQuery, input: Message) -> Body {
    let frame = async move { encode(get.message, get.coding, get.encoding, input) };
    Body::from_stream(stream::once(frame))
}

/// The frame of the one message in a body.
pub(super) fn of_unary(body: Body, coding: Coding, encoding: Encoding, input: Message) -> Body {
    let frame = async move {
        let whole = body.collect().await.map_err(|error| broken_off(&error))?;
        encode(whole.to_bytes(), coding, encoding, input)
    };
    Body::from_stream(stream::once(frame))
}

/// The frames of a stream: an envelope of protobuf is a frame of gRPC.
pub(super) fn of_stream(body: Body, encoding: Encoding, input: Message) -> Body {
    match encoding {
        Encoding::Proto => body,
        Encoding::Json => Body::from_stream(frames(body, input)),
    }
}

fn encode(
    body: Bytes,
    coding: Coding,
    encoding: Encoding,
    input: Message,
) -> Result<Bytes, Status> {
    let message = coding.decode(body).map_err(|problem| status_of(&problem))?;
    match encoding {
        Encoding::Proto => Ok(framed(&message)),
        Encoding::Json => message::from_json(&message, input).map(|encoded| framed(&encoded)),
    }
}

fn frames(body: Body, input: Message) -> impl Stream<Item = Result<Bytes, Status>> + Send {
    try_stream! {
        let mut body = body.into_data_stream();
        let mut read = BytesMut::new();
        let mut late = None;
        loop {
            while let Some(json) = take_json(&mut read)? {
                late = None;
                yield framed(&message::from_json(&json, input)?);
            }
            // A stream may pause between messages, but part of one takes memory.
            let chunk = match read.is_empty() {
                true => body.next().await,
                false => {
                    let end = *late.get_or_insert_with(|| Instant::now() + MESSAGE_TIMEOUT);
                    let next = timeout_at(end, body.next()).await;
                    next.map_err(|_| Refusal::BodyTimeout.status())?
                }
            };
            match chunk {
                Some(chunk) => read.extend_from_slice(&chunk.map_err(|error| broken_off(&error))?),
                None if read.is_empty() => break,
                None => Err(invalid("the last message is incomplete"))?,
            }
        }
    }
}

/// Takes the JSON in the first envelope, if that is whole.
fn take_json(read: &mut BytesMut) -> Result<Option<Bytes>, Status> {
    let Some(prefix) = read.first_chunk::<PREFIX>() else { return Ok(None) };
    let (flags, length) = (prefix[0], length_in(prefix));
    if length > MAX_JSON {
        let text = format!("a message of {length} bytes exceeds the limit of {MAX_JSON}");
        return Err(error(Code::ResourceExhausted, MESSAGE_TOO_LARGE, text));
    }
    if read.len() < PREFIX + length {
        return Ok(None);
    }
    let json = read.split_to(PREFIX + length).freeze().slice(PREFIX..);
    match flags {
        0 => Ok(Some(json)),
        1 => gzip::decompress(&json, MAX_JSON).map(|frame| Some(frame.slice(PREFIX..))),
        _ => Err(invalid("the flags of an envelope are neither 0 nor 1")),
    }
}

fn invalid(text: &str) -> Status {
    error(Code::InvalidArgument, MESSAGE_INVALID, text)
}

fn broken_off(error: &axum::Error) -> Status {
    let status = status_in(error).cloned();
    status.unwrap_or_else(|| {
        Status::cancelled("the client ended the call before its request was complete")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    fn envelope(flags: u8, json: &[u8]) -> Vec<u8> {
        let mut envelope = framed(json).to_vec();
        envelope[0] = flags;
        envelope
    }

    /// The number of frames, or the fault.
    async fn read(envelopes: &[u8], chunk: usize) -> Result<usize, Status> {
        let chunks: Vec<_> = envelopes.chunks(chunk).map(Bytes::copy_from_slice).collect();
        let chunks = stream::iter(chunks.into_iter().map(Ok::<_, Status>));
        let input = contract::method("/search.v1.SearchService/Suggest").unwrap().input;
        let frames: Vec<_> = frames(Body::from_stream(chunks), input).collect().await;
        let frames: Result<Vec<_>, _> = frames.into_iter().collect();
        frames.map(|frames| frames.len())
    }

    #[tokio::test]
    async fn envelopes_are_read_however_they_are_cut() {
        let long = format!(r#"{{"query":"{}"}}"#, "mug".repeat(1_000));
        let compressed = gzip::compress(framed(long.as_bytes()));
        let sent = [&envelope(0, br#"{"query":"mug"}"#)[..], &compressed, &envelope(0, b"{}")];
        for chunk in [1, 4, 1_000] {
            assert_eq!(read(&sent.concat(), chunk).await.unwrap(), 3);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn part_of_a_message_does_not_wait_for_ever() {
        let part = stream::iter([Ok::<_, Status>(Bytes::from_static(&[0, 0, 0, 0, 9, b'{']))]);
        let body = Body::from_stream(part.chain(stream::pending()));
        let input = contract::method("/search.v1.SearchService/Suggest").unwrap().input;
        let status = Box::pin(frames(body, input)).next().await.unwrap().unwrap_err();
        assert_eq!(rpc::status::reason(&status).as_deref(), Some("BODY_TIMEOUT"));
    }

    #[tokio::test]
    async fn faults_of_envelopes_are_named() {
        let bomb = gzip::compress(framed(&vec![b' '; MAX_JSON + 1]));
        assert!(bomb.len() < MAX_JSON / 20);
        let huge = envelope(0, b"{}");
        let huge = [&huge[..1], &u32::MAX.to_be_bytes(), &huge[PREFIX..]].concat();
        for (sent, words) in [
            (&bomb[..], "when decompressed"),
            (&huge, "exceeds the limit"),
            (&envelope(2, b"{}"), "flags"),
            (&envelope(1, b"{}"), "not gzip"),
            (&envelope(0, b"{")[..], "ends too early"),
            (&envelope(0, b"{}")[..6], "incomplete"),
        ] {
            let status = read(sent, 1_000).await.unwrap_err();
            assert!(status.message().contains(words), "{status}");
        }
    }
}
