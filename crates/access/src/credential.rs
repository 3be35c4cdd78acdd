//! The headers of a call with its credential.

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{AUTHORIZATION, Entry},
};

use crate::{
    forwarded::{CLIENT_ADDRESS, FORWARDED_CALLER, SERVICE_PROOF},
    key::KeyText,
};

/// Only the headers of `headers` by which the caller is known, to check it again.
pub fn credential_of(headers: &HeaderMap) -> HeaderMap {
    let mut kept = HeaderMap::new();
    for name in [AUTHORIZATION, SERVICE_PROOF, FORWARDED_CALLER, CLIENT_ADDRESS] {
        for value in headers.get_all(&name) {
            kept.append(name.clone(), value.clone());
        }
    }
    kept
}

/// Sets a header to the value alone, or removes it.
pub(crate) fn replace(headers: &mut HeaderMap, name: HeaderName, value: Option<HeaderValue>) {
    match (headers.entry(name), value) {
        (Entry::Vacant(entry), Some(value)) => drop(entry.insert(value)),
        (Entry::Occupied(mut entry), Some(value)) => drop(entry.insert_mult(value)),
        (Entry::Occupied(entry), None) => drop(entry.remove_entry_mult()),
        (Entry::Vacant(_), None) => {}
    }
}

/// The id in the credential of `headers`, if it has the form of a key.
pub fn claimed_key_id(headers: &HeaderMap) -> Option<&str> {
    let credential = headers.get(AUTHORIZATION)?.to_str().ok().and_then(bearer)?;
    KeyText::id_in(credential).filter(|id| id.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The credential in the value of `authorization` (RFC 6750, section 2.1).
pub(crate) fn bearer(value: &str) -> Option<&str> {
    let (scheme, credential) = value.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && !credential.is_empty()).then_some(credential)
}
