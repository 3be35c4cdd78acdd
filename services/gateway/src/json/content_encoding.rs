//! The header `Content-Encoding` of request bodies: gzip is decoded within the limit of a body, any other
//! coding is refused.

use std::io::Read as _;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::problem::Problem;

/// The largest decoded body in bytes, the same as for one that is not compressed.
const MAX_DECODED: usize = 4 * 1024 * 1024;
/// The codings that a request body may have.
const ACCEPTED: HeaderValue = HeaderValue::from_static("gzip, identity");

/// The coding of a request body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Identity,
    Gzip,
}

impl Coding {
    /// The coding that the headers name.
    ///
    /// # Errors
    /// 415 with `Accept-Encoding` for an unknown one, and for several.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let mut values = headers.get_all(header::CONTENT_ENCODING).iter();
        let coding = match (values.next(), values.next()) {
            (None, _) => return Ok(Self::Identity),
            (Some(value), None) => value.to_str().unwrap_or_default().trim(),
            (Some(_), Some(_)) => "",
        };
        match coding.to_ascii_lowercase().as_str() {
            "identity" => Ok(Self::Identity),
            "gzip" | "x-gzip" => Ok(Self::Gzip),
            _ => {
                let detail = "send the body as it is, or with content-encoding: gzip";
                let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
                Err(Problem::new(status, "CONTENT_ENCODING_UNSUPPORTED", detail)
                    .with_header(header::ACCEPT_ENCODING, ACCEPTED))
            }
        }
    }

    /// Decodes a body.
    ///
    /// # Errors
    /// 413 if it is larger than [`MAX_DECODED`] when decoded, 400 if it is not of this coding.
    pub(super) fn decode(self, body: Bytes) -> Result<Bytes, Problem> {
        if self == Self::Identity {
            return Ok(body);
        }
        let mut decoded = Vec::new();
        let mut reader = MultiGzDecoder::new(&body[..]).take(MAX_DECODED as u64 + 1);
        match reader.read_to_end(&mut decoded) {
            Ok(length) if length <= MAX_DECODED => Ok(decoded.into()),
            Ok(_) => {
                let detail = format!("the decoded body is larger than {MAX_DECODED} bytes");
                Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "BODY_TOO_LARGE", detail))
            }
            Err(_) => Err(Problem::invalid("body", "is not gzip, as its content-encoding says")),
        }
    }
}
