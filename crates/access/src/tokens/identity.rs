//! ID tokens: that the identity provider has signed somebody in (OpenID Connect Core 1.0, section 3.1.3.7).

use super::{MAX_LENGTH, Texts, Tokens, key_set::Found};
use crate::key::is_same;

/// The claims of an ID token beside those that are validated.
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
        let header =
            jsonwebtoken::decode_header(token).ok().filter(|_| token.len() <= MAX_LENGTH)?;
        // An access token says so (RFC 9068), and is none.
        if header.typ.is_some_and(|typ| !typ.eq_ignore_ascii_case("jwt")) {
            return None;
        }
        let keys = self.source.keys()?;
        let key = match keys.find(header.kid.as_deref(), header.alg) {
            Found::One(key) => key,
            Found::Unfit => return None,
            Found::Unknown => {
                self.source.refresh();
                return None;
            }
        };
        let mut validation = key.validation.clone();
        validation.set_audience(&[client_id]);
        let claims = jsonwebtoken::decode::<Claims>(token, &key.key, &validation).ok()?.claims;
        let is_for_client = match &claims.azp {
            Some(party) => party == client_id,
            None => claims.aud.parts().count() == 1,
        };
        let is_valid = is_for_client && is_same(claims.nonce.as_bytes(), nonce.as_bytes());
        is_valid.then_some(claims.sub)
    }
}
