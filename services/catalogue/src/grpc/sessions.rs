//! Sessions: what `KeyService` makes of who calls.

use access::{Caller, Digest, KeyText};
use proto::catalogue::v1::CreateSessionRequest;

use super::convert::micros;
use crate::domain::{EndedSessions, Error, KeyError, Micros, Result, Session, micros_of, now};

/// A session with this text for a caller: with its scopes, and for no longer than its credential.
///
/// # Errors
/// The caller has no credential that a session can end with, or the request is invalid.
pub(super) fn new_session(
    caller: &Caller,
    request: &CreateSessionRequest,
    text: &KeyText,
) -> Result<Session> {
    let ttl = request.ttl.as_ref().map_or(Session::DEFAULT_TTL, micros);
    if !Session::TTL.contains(&ttl) {
        return Err(Error::field("ttl", "must be a second to 12 hours"));
    }
    let (holder, name) = caller.session_holder().ok_or(KeyError::NoSessionHolder)?;
    let created_at = now();
    let expires_at = caller.expires().map_or(Micros::MAX, micros_of).min(created_at + ttl);
    Ok(Session {
        id: text.id().to_owned(),
        holder,
        name: name.to_owned(),
        scopes: caller.scopes,
        digest: Digest::of(text.as_str()),
        created_at,
        expires_at,
    })
}

/// The sessions that a caller ends: the one that it is in, or all of its holder. `None` if there can be none.
pub(super) fn ended_by(caller: &Caller, everywhere: bool) -> Option<EndedSessions> {
    match (caller.session(), everywhere) {
        (Some((id, _)), false) => Some(EndedSessions::One(id.to_owned())),
        (Some((_, holder)), true) => Some(EndedSessions::Of(holder.clone())),
        (None, true) => caller.session_holder().map(|(holder, _)| EndedSessions::Of(holder)),
        (None, false) => None,
    }
}
