//! The author of a call.

use std::net::IpAddr;

use access::{Caller, claimed_key_id};
use http::{HeaderMap, HeaderName};

/// Maximum length of a text that the client has sent, in characters.
const MAX_TEXT: usize = 128;

const REQUEST_ID: &str = "x-request-id";
const ACTOR: &str = "x-actor";

/// The headers of a request that events of its author need, for a call that may be refused after its request is gone.
pub fn author_headers(headers: &HeaderMap) -> HeaderMap {
    let names = [REQUEST_ID, ACTOR].map(HeaderName::from_static);
    let found =
        names.into_iter().filter_map(|name| headers.get(&name).cloned().map(|it| (name, it)));
    found.collect()
}

/// The caller of a call, as events name it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Author {
    pub(crate) principal: String,
    pub(crate) key_id: String,
    pub(crate) address: String,
    pub(crate) request_id: String,
    pub(crate) note: String,
}

impl Author {
    /// The author of a call by this caller.
    pub(crate) fn of(caller: &Caller, headers: &HeaderMap, address: IpAddr) -> Self {
        Self {
            principal: caller.principal.to_string(),
            key_id: caller.key_id().unwrap_or_default().to_owned(),
            ..Self::unproven(headers, address)
        }
    }

    /// The author of a call with an invalid credential.
    pub(crate) fn unknown(headers: &HeaderMap, address: IpAddr) -> Self {
        Self {
            principal: "unknown".to_owned(),
            key_id: claimed_key_id(headers).unwrap_or_default().to_owned(),
            ..Self::unproven(headers, address)
        }
    }

    fn unproven(headers: &HeaderMap, address: IpAddr) -> Self {
        Self {
            address: address.to_canonical().to_string(),
            request_id: text(headers, REQUEST_ID),
            note: text(headers, ACTOR),
            ..Self::default()
        }
    }
}

/// The text of a header, shortened, without control characters; empty without the header.
fn text(headers: &HeaderMap, name: &str) -> String {
    let value = headers.get(name).and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
    value.unwrap_or_default().chars().filter(|it| !it.is_control()).take(MAX_TEXT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_client_claims_is_short_and_printable() {
        let mut headers = HeaderMap::new();
        headers.insert("x-actor", "a\tb".repeat(100).parse().unwrap());
        headers.insert("authorization", "Bearer nonsense".parse().unwrap());
        let author = Author::unknown(&headers, "::ffff:10.0.0.7".parse().unwrap());
        assert_eq!(author.note, "ab".repeat(64));
        assert_eq!((author.principal.as_str(), author.key_id.as_str()), ("unknown", ""));
        assert_eq!((author.address.as_str(), author.request_id.as_str()), ("10.0.0.7", ""));
    }
}
