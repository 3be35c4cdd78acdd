//! Unary calls with encoded messages: a generated client's part of a call, without its buffers and
//! allocations.

use std::pin::pin;

use bytes::{Buf as _, Bytes};
use http::{
    HeaderValue, Method, Request, Response, StatusCode, Version, header, uri::PathAndQuery,
};
use rpc::{
    frame::{framed, message_of},
    status::with_headers,
};
use tonic::{
    Code, Status, Streaming,
    codec::{DecodeBuf, Decoder},
};

use crate::ResponseBody;

const GRPC: HeaderValue = HeaderValue::from_static("application/grpc");
const TRAILERS: HeaderValue = HeaderValue::from_static("trailers");

/// The request of a unary call with an encoded message, for
/// [`Upstream::unary`](crate::Upstream::unary).
///
/// # Panics
/// If the message is 4 GiB or longer, which gRPC does not allow.
#[must_use]
pub fn unary_request(path: PathAndQuery, message: &[u8]) -> Request<Bytes> {
    let mut request = Request::new(framed(message));
    *request.method_mut() = Method::POST;
    *request.version_mut() = Version::HTTP_2;
    *request.uri_mut() = path.into();
    request.headers_mut().insert(header::TE, TRAILERS);
    request.headers_mut().insert(header::CONTENT_TYPE, GRPC);
    request
}

/// The encoded message of a unary response, at most `max` bytes. Not copied if it arrived as one chunk.
///
/// # Errors
/// The response's status, or, if the response is malformed, the same status as from tonic's clients.
pub async fn unary_message(response: Response<ResponseBody>, max: usize) -> Result<Bytes, Status> {
    if let Some(status) = Status::from_header_map(response.headers())
        && status.code() != Code::Ok
    {
        return Err(status);
    }
    let (head, body) = response.into_parts();
    let plain = head.status == StatusCode::OK
        && !head.headers.contains_key("grpc-encoding")
        && !head.headers.contains_key("grpc-status");
    if let Some(message) = body.one_message(max).filter(|_| plain) {
        return Ok(message);
    }
    // All other responses are read as a generated client reads them.
    let encoding = head.headers.get("grpc-encoding").filter(|encoding| *encoding != "identity");
    if encoding.is_some() {
        return Err(Status::unimplemented(
            "the response is compressed although the request accepts no compression",
        ));
    }
    let messages = if head.headers.contains_key("grpc-status") {
        Streaming::new_empty(Undecoded, body)
    } else {
        Streaming::new_response(Undecoded, body, head.status, None, Some(max))
    };
    let mut messages = pin!(messages);
    let message = messages.message().await.map_err(|status| with_headers(status, head.headers))?;
    let message = message.ok_or_else(|| Status::internal("Missing response message."))?;
    messages.trailers().await?;
    Ok(message)
}

/// Returns messages without decoding them.
struct Undecoded;

impl Decoder for Undecoded {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, bytes: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(bytes.copy_to_bytes(bytes.remaining())))
    }
}

impl ResponseBody {
    /// The message of a successful response with one chunk and one uncompressed message.
    fn one_message(&self, max: usize) -> Option<Bytes> {
        let status = self.trailers()?.get("grpc-status")?;
        message_of(self.single_chunk()?, max).filter(|_| status == "0")
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;
    use crate::response::Chunks;

    fn response(chunks: &[&[u8]], trailers: &[(&'static str, &str)]) -> Response<ResponseBody> {
        let mut arrived = Chunks::default();
        chunks.iter().for_each(|chunk| arrived.push(Bytes::copy_from_slice(chunk)));
        let trailers: HeaderMap = trailers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        Response::new(ResponseBody::whole(arrived, Some(trailers)))
    }

    async fn code(response: Response<ResponseBody>, max: usize) -> Code {
        unary_message(response, max).await.unwrap_err().code()
    }

    #[tokio::test]
    async fn a_message_is_the_same_in_one_chunk_or_several() {
        let ok = [("grpc-status", "0")];
        for chunks in [&[&b"\0\0\0\0\x03abc"[..]][..], &[b"\0\0\0", b"\0\x03a", b"bc"]] {
            let message = unary_message(response(chunks, &ok), 10).await.unwrap();
            assert_eq!(message, "abc");
        }
    }

    #[tokio::test]
    async fn a_response_without_exactly_one_valid_message_is_an_error() {
        let ok = [("grpc-status", "0")];
        let abc = b"\0\0\0\0\x03abc";
        assert_eq!(code(response(&[], &ok), 10).await, Code::Internal);
        assert_eq!(code(response(&[abc], &ok), 2).await, Code::OutOfRange);
        assert_eq!(code(response(&[b"\x01\0\0\0\x03abc"], &ok), 10).await, Code::Internal);
        assert_eq!(code(response(&[abc], &[("grpc-status", "5")]), 10).await, Code::NotFound);
        assert_eq!(code(response(&[], &[("grpc-status", "5")]), 10).await, Code::NotFound);
        assert_eq!(code(response(&[abc], &[]), 10).await, Code::Unknown);
        let mut response = response(&[], &ok);
        response.headers_mut().insert("grpc-status", "7".parse().unwrap());
        assert_eq!(code(response, 10).await, Code::PermissionDenied);
    }

    #[test]
    fn a_request_is_framed_for_grpc() {
        let path = PathAndQuery::from_static("/a.B/C");
        let request = unary_request(path, b"mug");
        assert_eq!(request.uri().path(), "/a.B/C");
        assert_eq!(request.headers()["te"], "trailers");
        assert_eq!(request.body().as_ref(), b"\0\0\0\0\x03mug");
    }
}
