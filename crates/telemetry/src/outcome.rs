//! How a call ended: its gRPC or HTTP status.

use http::{HeaderMap, StatusCode};

/// `grpc-status` names by number (gRPC core, "Status codes and their use in gRPC").
const NAMES: [&str; 17] = [
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];
pub(crate) const CODE_COUNT: usize = NAMES.len();
const OK: u8 = 0;
const CANCELLED: u8 = 1;
const UNKNOWN: u8 = 2;
const DEADLINE_EXCEEDED: u8 = 4;
const UNIMPLEMENTED: u8 = 12;
const INTERNAL: u8 = 13;
const UNAVAILABLE: u8 = 14;
const DATA_LOSS: u8 = 15;

/// The name of a gRPC code by number; UNKNOWN for a number that gRPC does not define.
#[must_use]
pub fn code_name(code: i32) -> &'static str {
    Outcome::from_code(code).code_name()
}

/// The end of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The number of a gRPC code.
    Grpc(u8),
    Http(StatusCode),
    /// The client cancelled the call, or the connection closed.
    Dropped,
}

impl Outcome {
    /// The outcome of a stream that ended without a status.
    pub(crate) const NO_STATUS: Self = Self::Grpc(UNKNOWN);

    /// The gRPC status in headers or trailers, if they have one.
    pub(crate) fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let code = headers.get("grpc-status")?.to_str().ok()?.parse::<u8>().ok()?;
        Some(Self::from_code(i32::from(code)))
    }

    /// The outcome of a gRPC code by number; UNKNOWN for a number that gRPC does not define.
    pub(crate) fn from_code(code: i32) -> Self {
        let known = u8::try_from(code).ok().filter(|code| usize::from(*code) < NAMES.len());
        Self::Grpc(known.unwrap_or(UNKNOWN))
    }

    /// The gRPC code's name, such as `NOT_FOUND`; CANCELLED for a dropped call.
    pub(crate) fn code_name(self) -> &'static str {
        match self {
            Self::Grpc(code) => NAMES[usize::from(code)],
            Self::Dropped => NAMES[usize::from(CANCELLED)],
            Self::Http(status) if status.is_server_error() => NAMES[usize::from(UNKNOWN)],
            Self::Http(_) => NAMES[usize::from(OK)],
        }
    }

    /// The HTTP status; for a dropped call 499, nginx's "client closed request".
    pub(crate) fn http_status(self) -> u16 {
        match self {
            Self::Http(status) => status.as_u16(),
            Self::Dropped => 499,
            Self::Grpc(_) => 500,
        }
    }

    /// The number of the gRPC code, below [`CODE_COUNT`]; `None` for an HTTP status.
    pub(crate) fn code_number(self) -> Option<usize> {
        match self {
            Self::Grpc(code) => Some(code.into()),
            Self::Dropped => Some(CANCELLED.into()),
            Self::Http(_) => None,
        }
    }

    /// Whether the server is at fault; such calls are logged as warnings.
    pub(crate) fn is_server_fault(self) -> bool {
        match self {
            Self::Grpc(code) => matches!(code, UNKNOWN | INTERNAL | UNAVAILABLE | DATA_LOSS),
            Self::Http(status) => status.is_server_error(),
            Self::Dropped => false,
        }
    }

    /// Whether the span is marked as an error (OpenTelemetry, "Semantic conventions for gRPC", the
    /// codes of a server span): an invalid request is not one, nor is a missing resource.
    pub(crate) fn is_error(self) -> bool {
        self.is_server_fault() || matches!(self, Self::Grpc(DEADLINE_EXCEEDED | UNIMPLEMENTED))
    }

    pub(crate) fn is_unknown_method(self) -> bool {
        self == Self::Grpc(UNIMPLEMENTED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_server_faults_are_errors() {
        let is_error = |code| Outcome::from_code(code).is_error();
        let errors: Vec<_> = (0..17).filter(|code| is_error(*code)).collect();
        assert_eq!(errors, [2, 4, 12, 13, 14, 15]);
        assert!(!Outcome::from_code(5).is_error() && !Outcome::Dropped.is_error());
        assert!(!Outcome::Http(StatusCode::NOT_FOUND).is_error());
        assert!(Outcome::Http(StatusCode::BAD_GATEWAY).is_error());
    }

    #[test]
    fn status_from_headers_is_never_out_of_range() {
        let code_name = |code: &'static str| {
            let headers = HeaderMap::from_iter([(
                http::HeaderName::from_static("grpc-status"),
                http::HeaderValue::from_static(code),
            )]);
            Outcome::from_headers(&headers).map(Outcome::code_name)
        };
        assert_eq!(code_name("0"), Some("OK"));
        assert_eq!(code_name("16"), Some("UNAUTHENTICATED"));
        assert_eq!(code_name("17"), Some("UNKNOWN"));
        assert_eq!(code_name("no"), None);
        assert_eq!(Outcome::from_headers(&HeaderMap::new()), None);
        assert_eq!(Outcome::from_code(-1).code_name(), "UNKNOWN");
    }
}
