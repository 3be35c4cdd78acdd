//! The ways to call a method: which direction streams, and whether a call may be repeated.

/// How many messages go each way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One in, one out.
    Unary,
    /// One in, many out.
    ServerStream,
    /// Many in, one out.
    ClientStream,
    /// Many in, many out.
    Both,
}

impl Shape {
    pub(crate) fn of(requests_stream: bool, responses_stream: bool) -> Self {
        match (requests_stream, responses_stream) {
            (false, false) => Self::Unary,
            (false, true) => Self::ServerStream,
            (true, false) => Self::ClientStream,
            (true, true) => Self::Both,
        }
    }

    /// Whether either direction streams.
    pub fn streams(self) -> bool {
        self != Self::Unary
    }

    /// The value of the `grpc_type` label (grpc-prometheus).
    pub fn name(self) -> &'static str {
        match self {
            Self::Unary => "unary",
            Self::ServerStream => "server_stream",
            Self::ClientStream => "client_stream",
            Self::Both => "bidi_stream",
        }
    }
}

/// Whether a call may be repeated, as the contract says (`option idempotency_level`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Idempotency {
    /// Not declared: the method counts as one that writes.
    Unknown,
    /// A repeated call has the effect of one.
    Idempotent,
    /// The method only reads.
    NoSideEffects,
}
