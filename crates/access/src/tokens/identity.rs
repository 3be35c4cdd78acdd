//! Validation of ID tokens (OpenID Connect Core 1.0, section 3.1.3.7).

use super::{MAX_LENGTH, Texts, Tokens};
use crate::key::is_same;

/// The claims of an ID token, without issuer and times, which the decoder validates.
#[derive(serde::Deserialize)]
struct Claims {
    sub: String,
    aud: Texts,
    nonce: String,
    azp: Option<String>,
}

impl Tokens {
    /// The subject of an ID token for this client and attempt; `None` if it is not valid, or its key not known yet.
    pub(crate) fn identity(&self, token: &str, client_id: &str, nonce: &str) -> Option<String> {
        if token.len() > MAX_LENGTH {
            return None;
        }
        let claims: Claims = self.verify(token, is_id_token, Some(client_id)).ok()?;
        let is_for_client = match &claims.azp {
            Some(party) => party == client_id,
            None => claims.aud.parts().count() == 1,
        };
        let is_valid = is_for_client && is_same(claims.nonce.as_bytes(), nonce.as_bytes());
        is_valid.then_some(claims.sub)
    }
}

/// Whether a token of this `typ` may be an ID token. Access tokens have a type of their own (RFC 9068).
fn is_id_token(typ: Option<&str>) -> bool {
    typ.is_none_or(|typ| typ.eq_ignore_ascii_case("jwt"))
}
