//! The header `Host` of a request.

use http::{HeaderMap, HeaderValue, header::HOST};

/// A request has several `Host` headers: which one counts depends on the reader (RFC 9112, section 3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeveralHosts;

/// The header `Host`, if there is one.
///
/// # Errors
/// There are several.
pub fn host(headers: &HeaderMap) -> Result<Option<&HeaderValue>, SeveralHosts> {
    let mut hosts = headers.get_all(HOST).iter();
    let host = hosts.next();
    hosts.next().is_none().then_some(host).ok_or(SeveralHosts)
}
