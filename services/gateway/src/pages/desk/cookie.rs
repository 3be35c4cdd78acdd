//! The cookie of a session.
//!
//! Browsers take one whose name begins with `__Host-` only over TLS or from loopback, and send it to this host alone; no
//! script reads it, and a form of another site does not bring it along (SameSite).

use access::KeyText;
use http::{HeaderMap, HeaderValue, header};
use uuid::Uuid;

const NAME: &str = "__Host-session";
const ATTRIBUTES: &str = "Path=/; Secure; HttpOnly; SameSite=Lax";
/// Begins the value of one without a key.
const ANONYMOUS: &str = "anonymous-";

/// The part of a session that its browser keeps.
#[derive(Clone)]
pub(super) enum SessionCookie {
    /// The session's key.
    Key(KeyText),
    /// Of an anonymous caller: random, for the tokens of its forms.
    Anonymous(Uuid),
}

impl SessionCookie {
    /// A new one of an anonymous caller.
    pub(super) fn anonymous() -> Self {
        Self::Anonymous(Uuid::new_v4())
    }

    /// The one that a request has.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        Self::parse(super::super::cookie(headers, NAME)?)
    }

    fn parse(value: &str) -> Option<Self> {
        match value.strip_prefix(ANONYMOUS) {
            Some(id) => id.parse().ok().map(Self::Anonymous),
            None => KeyText::parse(value).map(Self::Key),
        }
    }

    /// Its value, which is secret.
    pub(super) fn value(&self) -> String {
        match self {
            Self::Key(key) => key.as_str().to_owned(),
            Self::Anonymous(id) => format!("{ANONYMOUS}{id}"),
        }
    }

    /// `Set-Cookie`. The browser forgets it when it closes.
    pub(super) fn set(&self) -> HeaderValue {
        host_cookie(NAME, &self.value(), None)
    }

    /// `Set-Cookie` that removes it.
    pub(super) fn removed() -> HeaderValue {
        host_cookie(NAME, "", Some(0))
    }

    /// The headers with which calls of the session are made.
    pub(super) fn credential(&self) -> HeaderMap {
        match self {
            Self::Key(key) => bearer(key.as_str()).unwrap_or_default(),
            Self::Anonymous(_) => HeaderMap::new(),
        }
    }
}

/// The headers with which calls with a credential are made; `None` for one that no header can have.
pub(super) fn bearer(credential: &str) -> Option<HeaderMap> {
    let mut value = HeaderValue::from_str(&format!("Bearer {credential}")).ok()?;
    value.set_sensitive(true);
    Some([(header::AUTHORIZATION, value)].into_iter().collect())
}

/// `Set-Cookie` of a `__Host-` cookie with an ASCII value. `max_age` in seconds; without it the browser forgets the cookie
/// when it closes.
pub(super) fn host_cookie(name: &str, value: &str, max_age: Option<u32>) -> HeaderValue {
    let max_age = max_age.map(|seconds| format!(" Max-Age={seconds};")).unwrap_or_default();
    let cookie = format!("{name}={value};{max_age} {ATTRIBUTES}");
    let mut header = HeaderValue::try_from(cookie).expect("values of cookies are ASCII");
    header.set_sensitive(true);
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_read_as_it_was_set() {
        for cookie in [SessionCookie::Key(KeyText::random()), SessionCookie::anonymous()] {
            let set = cookie.set();
            assert!(set.is_sensitive());
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let mut headers = HeaderMap::new();
            let sent = format!("lang=de; {pair}");
            headers.insert(header::COOKIE, HeaderValue::from_str(&sent).unwrap());
            assert_eq!(SessionCookie::of(&headers).unwrap().value(), cookie.value());
        }
    }

    #[test]
    fn other_values_are_no_sessions() {
        let key = KeyText::random();
        for value in ["", "anonymous-", "anonymous-1", "pck_", &key.as_str()[1..], "pck_a_b"] {
            assert!(SessionCookie::parse(value).is_none(), "{value}");
        }
    }
}
