//! The header `Content-Encoding` of request bodies: gzip and zstd are decoded within the limit of a body, any
//! other coding is refused.

use std::io::{self, Read};

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use rpc::status::CONTENT_ENCODING_UNSUPPORTED;

use crate::problem::Problem;

/// The largest decoded body in bytes, the same as for one that is not compressed.
const MAX_DECODED: usize = 4 * 1024 * 1024;
/// The codings that a request body may have.
const ACCEPTED: HeaderValue = HeaderValue::from_static("gzip, zstd, identity");

/// The largest window of zstd, as a power of two in bytes: decoders of HTTP need no larger one (RFC 9659).
const MAX_WINDOW: u32 = 23;

/// The coding of a request body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    Identity,
    Gzip,
    Zstd,
}

impl Coding {
    /// The coding that the headers name.
    ///
    /// # Errors
    /// 415 with `Accept-Encoding` for an unknown one, and for several.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let mut values = headers.get_all(header::CONTENT_ENCODING).iter();
        let coding = match (values.next(), values.next()) {
            (None, _) => return Ok(Self::Identity),
            (Some(value), None) => value.to_str().unwrap_or_default().trim(),
            (Some(_), Some(_)) => "",
        };
        Self::named(coding).ok_or_else(|| {
            let detail = "send the body as it is, or with content-encoding: gzip or zstd";
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            Problem::new(status, CONTENT_ENCODING_UNSUPPORTED, detail)
                .with_header(header::ACCEPT_ENCODING, ACCEPTED)
        })
    }

    /// The coding of this name, in any case.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "identity" => Some(Self::Identity),
            "gzip" | "x-gzip" => Some(Self::Gzip),
            "zstd" => Some(Self::Zstd),
            _ => None,
        }
    }

    /// Decodes a body.
    ///
    /// # Errors
    /// 413 if it is larger than [`MAX_DECODED`] when decoded, 400 if it is not of this coding.
    pub(crate) fn decode(self, body: Bytes) -> Result<Bytes, Problem> {
        let decoded = match self {
            Self::Identity => return Ok(body),
            Self::Gzip => read_limited(MultiGzDecoder::new(&body[..])),
            Self::Zstd => zstd_decoder(&body).and_then(read_limited),
        };
        match decoded {
            Ok(decoded) if decoded.len() <= MAX_DECODED => Ok(decoded.into()),
            Ok(_) => {
                let detail = format!("the decoded body is larger than {MAX_DECODED} bytes");
                Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "BODY_TOO_LARGE", detail))
            }
            Err(_) => Err(Problem::invalid("body", "is not what its content-encoding says")),
        }
    }
}

fn zstd_decoder(body: &[u8]) -> io::Result<impl Read> {
    let mut decoder = zstd::Decoder::with_buffer(body)?;
    decoder.window_log_max(MAX_WINDOW)?;
    Ok(decoder)
}

/// Reads at most one byte more than [`MAX_DECODED`].
fn read_limited(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut decoded = Vec::new();
    reader.take(MAX_DECODED as u64 + 1).read_to_end(&mut decoded)?;
    Ok(decoded)
}
