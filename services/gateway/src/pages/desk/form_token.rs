//! Tokens of forms: each shows that a page of the session has made the form, which no other site can read.
//!
//! A token is a random number and its HMAC under the session's cookie, so every gateway can check it and keeps
//! nothing. It is another one on each page: compressed pages with a secret that stays the same would give it away
//! (BREACH).

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use uuid::Uuid;

use super::cookie::SessionCookie;

/// A token for the forms of a page.
pub(super) fn issue(session: &SessionCookie) -> String {
    let nonce = Uuid::new_v4();
    let tag = mac(session, nonce).finalize().into_bytes();
    let tag: String = tag.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{nonce}.{tag}")
}

/// Whether a page of this session has the token.
pub(super) fn is_valid(session: &SessionCookie, token: &str) -> bool {
    let parts = token.split_once('.');
    let parts = parts.and_then(|(nonce, tag)| Some((nonce.parse().ok()?, bytes(tag)?)));
    parts.is_some_and(|(nonce, tag)| mac(session, nonce).verify_slice(&tag).is_ok())
}

fn mac(session: &SessionCookie, nonce: Uuid) -> Hmac<Sha256> {
    let key = session.value();
    let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes());
    mac.expect("HMAC takes keys of any length").chain_update(nonce.as_bytes())
}

fn bytes(digits: &str) -> Option<[u8; 32]> {
    access::Digest::from_hex(digits).map(|digest| digest.bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_for_one_session() {
        let (one, other) = (SessionCookie::anonymous(), SessionCookie::anonymous());
        let (first, second) = (issue(&one), issue(&one));
        assert_ne!(first, second);
        assert!(is_valid(&one, &first) && is_valid(&one, &second));
        assert!(!is_valid(&other, &first));
        let swapped = [&second[..36], &first[36..]].concat();
        for forged in ["", ".", &first[1..], &first[..first.len() - 2], &swapped] {
            assert!(!is_valid(&one, forged), "{forged}");
        }
    }
}
