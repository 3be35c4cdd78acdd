//! How a call ended, read from where gRPC says it: headers of an answer without a body, else the
//! trailers.

use http::HeaderMap;

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

/// The end of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// The code's name, or `HTTP` with the status's class for plain HTTP.
    pub(crate) code: &'static str,
    /// Whether the server is at fault, rather than the caller or nobody.
    pub(crate) fault: bool,
}

impl Outcome {
    /// The caller went away, or the connection did.
    pub(crate) const DROPPED: Self = Self { code: "CANCELLED", fault: false };
    /// A stream that ended without a status.
    pub(crate) const SILENT: Self = Self { code: "UNKNOWN", fault: true };

    pub(crate) fn of_grpc(headers: &HeaderMap) -> Option<Self> {
        let code = headers.get("grpc-status")?.to_str().ok()?.parse::<usize>().ok()?;
        let code = NAMES.get(code).copied().unwrap_or("UNKNOWN");
        let fault = matches!(code, "UNKNOWN" | "INTERNAL" | "UNAVAILABLE" | "DATA_LOSS");
        Some(Self { code, fault })
    }

    pub(crate) fn of_http(status: http::StatusCode) -> Self {
        let code = match status.as_u16() / 100 {
            1 => "HTTP_1XX",
            2 => "HTTP_2XX",
            3 => "HTTP_3XX",
            4 => "HTTP_4XX",
            _ => "HTTP_5XX",
        };
        Self { code, fault: status.is_server_error() }
    }
}
