//! gzip of gRPC messages (gRPC over HTTP/2, "Message-Encoding"): which calls use it.

use http::{HeaderMap, HeaderName, HeaderValue};
use rpc::status::{CONTENT_ENCODING_UNSUPPORTED, error};
use tonic::{Code, Status, metadata::AsciiMetadataValue};

const GRPC_ENCODING: HeaderName = HeaderName::from_static("grpc-encoding");
const GRPC_ACCEPT_ENCODING: HeaderName = HeaderName::from_static("grpc-accept-encoding");
const GZIP: &str = "gzip";

/// Whether the messages of a request are compressed, by its `grpc-encoding`, which is removed: handlers get
/// plain messages only.
///
/// # Errors
/// UNIMPLEMENTED for an unknown encoding, with the known ones in `grpc-accept-encoding`.
pub(crate) fn take_encoding(headers: &mut HeaderMap) -> Result<bool, Status> {
    match headers.remove(GRPC_ENCODING).as_ref().map(HeaderValue::as_bytes) {
        None | Some(b"identity") => Ok(false),
        Some(b"gzip") => Ok(true),
        Some(_) => {
            let message = "send the messages as they are, or with grpc-encoding: gzip";
            let mut status = error(Code::Unimplemented, CONTENT_ENCODING_UNSUPPORTED, message);
            let known = AsciiMetadataValue::from_static("identity,gzip");
            status.metadata_mut().insert("grpc-accept-encoding", known);
            Err(status)
        }
    }
}

/// Whether the client takes compressed responses, by its `grpc-accept-encoding`, which is removed: upstreams
/// are not to compress on its behalf.
pub(crate) fn take_accepted(headers: &mut HeaderMap) -> bool {
    let accepted = headers.remove(GRPC_ACCEPT_ENCODING);
    let accepted = accepted.as_ref().and_then(|accepted| accepted.to_str().ok());
    accepted.is_some_and(|accepted| accepted.split(',').any(|name| name.trim() == GZIP))
}

/// Announces that messages of a response may be compressed.
pub(crate) fn announce(headers: &mut HeaderMap) {
    headers.insert(GRPC_ENCODING, HeaderValue::from_static(GZIP));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_say_what_is_compressed() {
        let headers = |name: HeaderName, value| {
            HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
        };
        for (value, is_gzip) in [("gzip", Some(true)), ("identity", Some(false)), ("zstd", None)] {
            assert_eq!(take_encoding(&mut headers(GRPC_ENCODING, value)).ok(), is_gzip, "{value}");
        }
        for (value, takes) in
            [("gzip", true), ("identity, deflate, gzip", true), ("x-gzip,deflate", false)]
        {
            let mut headers = headers(GRPC_ACCEPT_ENCODING, value);
            assert_eq!(take_accepted(&mut headers), takes, "{value}");
            assert!(headers.is_empty());
        }
    }
}
