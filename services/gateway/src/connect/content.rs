//! The content types of Connect.

use http::{HeaderMap, HeaderValue, header};

use crate::json::is_utf8;

/// Content types of streams begin with it.
pub(super) const STREAM_PREFIX: &str = "application/connect+";

/// The encoding of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Json,
    Proto,
}

/// The form of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) encoding: Encoding,
    /// Messages in envelopes, rather than one message.
    pub(super) is_stream: bool,
}

impl Content {
    /// One message of JSON.
    pub(super) const UNARY_JSON: Self = Self { encoding: Encoding::Json, is_stream: false };

    /// The content of a request; `None` for another content type than those of Connect, and for a charset other
    /// than UTF-8.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let mut kinds = headers.get_all(header::CONTENT_TYPE).iter();
        let (Some(kind), None) = (kinds.next(), kinds.next()) else { return None };
        let kind = kind.to_str().ok()?.to_ascii_lowercase();
        let mut parts = kind.split(';');
        let (encoding, is_stream) = match parts.next()?.trim() {
            "application/json" => (Encoding::Json, false),
            "application/proto" => (Encoding::Proto, false),
            "application/connect+json" => (Encoding::Json, true),
            "application/connect+proto" => (Encoding::Proto, true),
            _ => return None,
        };
        is_utf8(parts).then_some(Self { encoding, is_stream })
    }

    /// The content type of the response.
    pub(super) fn header(self) -> HeaderValue {
        HeaderValue::from_static(match (self.encoding, self.is_stream) {
            (Encoding::Json, false) => "application/json",
            (Encoding::Proto, false) => "application/proto",
            (Encoding::Json, true) => "application/connect+json",
            (Encoding::Proto, true) => "application/connect+proto",
        })
    }
}

/// The content types of a method's requests.
pub(super) fn accepted(is_stream: bool) -> HeaderValue {
    HeaderValue::from_static(match is_stream {
        true => "application/connect+json, application/connect+proto",
        false => "application/json, application/proto",
    })
}
