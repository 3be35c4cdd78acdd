//! Audits the calls of the general stack.

use std::net::IpAddr;

use access::{Caller, Origin, Scopes};
use audit::{OK, Trail, WriteCall, author_headers, outcome_of};
use axum::extract::Request;
use contract::Method;
use http::HeaderMap;
use tonic::{Code, Status};

/// A call as the audit trail sees it.
pub(super) enum Audited {
    /// It may write: its handler gets the same [`WriteCall`] as an extension.
    Write(WriteCall, Method),
    /// It reads. Its handler may still find that the caller lacks a scope.
    Read(Box<Reader>),
    /// Another service audits it, or no caller without a scope can make it.
    Elsewhere,
}

/// The data to audit a read that is refused.
pub(super) struct Reader {
    trail: Trail,
    method: Method,
    caller: Caller,
    client: IpAddr,
    headers: HeaderMap,
}

impl Audited {
    pub(super) fn begin(
        trail: &Trail,
        method: Method,
        caller: &Caller,
        origin: &Origin,
        request: &mut Request,
    ) -> Self {
        if let Some(call) = WriteCall::begin(trail, method, caller, request.headers(), origin) {
            request.extensions_mut().insert(call.clone());
            return Self::Write(call, method);
        }
        if method.scope.is_none() || trail.is_of_edge() || caller.scopes == Scopes::ALL {
            return Self::Elsewhere;
        }
        let headers = author_headers(request.headers());
        let client = trail.client(request.headers(), origin);
        let (trail, caller) = (trail.clone(), caller.clone());
        Self::Read(Box::new(Reader { trail, method, caller, client, headers }))
    }

    /// The call is answered with these headers. Of a stream they do not say how it ends: its handler does.
    pub(super) fn end(self, headers: &HeaderMap) {
        let status = Status::from_header_map(headers);
        match (self, status) {
            (Self::Write(call, _), Some(status)) if status.code() != Code::Ok => {
                call.end(outcome_of(&status));
            }
            (Self::Write(call, method), _) if !method.shape.streams() => call.end(OK),
            (Self::Read(reader), Some(status)) if is_refusal(&status) => {
                let Reader { trail, method, caller, client, headers } = *reader;
                trail.denied(method.name(), &caller, &headers, client, &outcome_of(&status));
            }
            (Self::Write(..) | Self::Read(_) | Self::Elsewhere, _) => {}
        }
    }
}

fn is_refusal(status: &Status) -> bool {
    matches!(status.code(), Code::Unauthenticated | Code::PermissionDenied)
}
