//! How a call ended, read from where its protocol says it.

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
/// How many codes there are.
pub(crate) const CODES: usize = NAMES.len();
const OK: u8 = 0;
const CANCELLED: u8 = 1;
const UNKNOWN: u8 = 2;
const DEADLINE_EXCEEDED: u8 = 4;
const UNIMPLEMENTED: u8 = 12;
const INTERNAL: u8 = 13;
const UNAVAILABLE: u8 = 14;
const DATA_LOSS: u8 = 15;

/// The end of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// A gRPC status, by number.
    Grpc(u8),
    /// An HTTP status.
    Http(StatusCode),
    /// The caller went away, or the connection did.
    Dropped,
}

impl Outcome {
    /// A stream that ended without a status.
    pub(crate) const SILENT: Self = Self::Grpc(UNKNOWN);

    /// What headers or trailers say; none if they have no status.
    pub(crate) fn of_grpc(headers: &HeaderMap) -> Option<Self> {
        let code = headers.get("grpc-status")?.to_str().ok()?.parse::<u8>().ok()?;
        Some(Self::of_code(i32::from(code)))
    }

    pub(crate) fn of_code(code: i32) -> Self {
        let known = u8::try_from(code).ok().filter(|code| usize::from(*code) < NAMES.len());
        Self::Grpc(known.unwrap_or(UNKNOWN))
    }

    /// The gRPC code's name. A call that was given up has the one that its caller sees.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Grpc(code) => NAMES[usize::from(code)],
            Self::Dropped => NAMES[usize::from(CANCELLED)],
            Self::Http(status) if status.is_server_error() => NAMES[usize::from(UNKNOWN)],
            Self::Http(_) => NAMES[usize::from(OK)],
        }
    }

    /// The HTTP status; 499 where nobody waited for one (nginx's word for it).
    pub(crate) fn http_status(self) -> u16 {
        match self {
            Self::Http(status) => status.as_u16(),
            Self::Dropped => 499,
            Self::Grpc(_) => 500,
        }
    }

    /// The number of its gRPC code, below [`CODES`]; none of an HTTP status.
    pub(crate) fn number(self) -> Option<usize> {
        match self {
            Self::Grpc(code) => Some(code.into()),
            Self::Dropped => Some(CANCELLED.into()),
            Self::Http(_) => None,
        }
    }

    /// Whether it is worth a line in the log: the server is at fault, rather than the caller or
    /// nobody.
    pub(crate) fn is_fault(self) -> bool {
        match self {
            Self::Grpc(code) => matches!(code, UNKNOWN | INTERNAL | UNAVAILABLE | DATA_LOSS),
            Self::Http(status) => status.is_server_error(),
            Self::Dropped => false,
        }
    }

    /// Whether a span is marked as an error (OpenTelemetry, "Semantic conventions for gRPC", of a
    /// server): what the caller asked wrongly is none, nor is what there is not.
    pub(crate) fn is_error(self) -> bool {
        self.is_fault() || matches!(self, Self::Grpc(DEADLINE_EXCEEDED | UNIMPLEMENTED))
    }

    /// Nobody serves what was asked for.
    pub(crate) fn is_unknown_method(self) -> bool {
        self == Self::Grpc(UNIMPLEMENTED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_server_has_done_is_an_error() {
        let is_error = |code| Outcome::of_code(code).is_error();
        let errors: Vec<_> = (0..17).filter(|code| is_error(*code)).collect();
        assert_eq!(errors, [2, 4, 12, 13, 14, 15]);
        assert!(!Outcome::of_code(5).is_error() && !Outcome::Dropped.is_error());
        assert!(!Outcome::Http(StatusCode::NOT_FOUND).is_error());
        assert!(Outcome::Http(StatusCode::BAD_GATEWAY).is_error());
    }

    #[test]
    fn a_status_is_read_from_headers_and_never_out_of_range() {
        let ended = |code: &'static str| {
            let headers = HeaderMap::from_iter([(
                http::HeaderName::from_static("grpc-status"),
                http::HeaderValue::from_static(code),
            )]);
            Outcome::of_grpc(&headers).map(Outcome::code)
        };
        assert_eq!(ended("0"), Some("OK"));
        assert_eq!(ended("16"), Some("UNAUTHENTICATED"));
        assert_eq!(ended("17"), Some("UNKNOWN"));
        assert_eq!(ended("no"), None);
        assert_eq!(Outcome::of_grpc(&HeaderMap::new()), None);
        assert_eq!(Outcome::of_code(-1).code(), "UNKNOWN");
    }
}
