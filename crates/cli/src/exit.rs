//! Exit codes, by the kind of failure.

use std::{fmt, process::ExitCode};

use tonic::{Code, Status};

use crate::grpc_error;

/// The kind of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// None of the others.
    Failure = 1,
    Usage = 2,
    NotFound = 3,
    Conflict = 4,
    Refused = 5,
    Unreachable = 6,
}

impl Kind {
    /// The kind of a failed request.
    pub(crate) fn of(status: &Status) -> Self {
        if grpc_error::is_retryable_write(status) {
            return Self::Unreachable;
        }
        match status.code() {
            Code::InvalidArgument | Code::OutOfRange => Self::Usage,
            Code::NotFound => Self::NotFound,
            Code::AlreadyExists | Code::Aborted | Code::FailedPrecondition => Self::Conflict,
            Code::Unauthenticated | Code::PermissionDenied => Self::Refused,
            Code::Unavailable | Code::DeadlineExceeded => Self::Unreachable,
            Code::Ok
            | Code::Cancelled
            | Code::Unknown
            | Code::ResourceExhausted
            | Code::Unimplemented
            | Code::Internal
            | Code::DataLoss => Self::Failure,
        }
    }

    /// The exit code of a command that failed with this error.
    pub(crate) fn exit_code(error: &anyhow::Error) -> ExitCode {
        ExitCode::from(Self::in_error(error) as u8)
    }

    /// The kind of an error.
    pub(crate) fn in_error(error: &anyhow::Error) -> Self {
        let failure = error.chain().find_map(|cause| cause.downcast_ref::<Failure>());
        failure.map_or(Self::Failure, |failure| failure.kind)
    }

    /// An error of this kind with a message for the user.
    pub(crate) fn error(self, message: impl Into<String>) -> anyhow::Error {
        anyhow::Error::new(Failure { kind: self, message: message.into() })
    }
}

/// An error whose kind is known.
#[derive(Debug)]
struct Failure {
    kind: Kind,
    message: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::*;

    #[test]
    fn the_kind_of_a_failure_survives_its_context() {
        let error: anyhow::Result<()> = Err(Kind::Conflict.error("the etag differs"));
        let error = error.context("reverting").unwrap_err();
        assert_eq!(Kind::exit_code(&error), ExitCode::from(4));
        assert_eq!(Kind::exit_code(&anyhow::anyhow!("no file")), ExitCode::from(1));
        for (code, kind) in [
            (Code::NotFound, Kind::NotFound),
            (Code::Unauthenticated, Kind::Refused),
            (Code::PermissionDenied, Kind::Refused),
            (Code::Unavailable, Kind::Unreachable),
            (Code::DeadlineExceeded, Kind::Unreachable),
            (Code::Aborted, Kind::Conflict),
            (Code::InvalidArgument, Kind::Usage),
            (Code::Internal, Kind::Failure),
        ] {
            assert_eq!(Kind::of(&Status::new(code, "")), kind, "{code:?}");
        }
    }
}
