//! Subjects of the tokens with which people sign in at an identity provider.

use super::Access;

impl Access {
    /// The subject of an ID token for a client and an attempt; `None` if it is not valid.
    pub(crate) fn identity(&self, token: &str, client_id: &str, nonce: &str) -> Option<String> {
        self.0.tokens.as_ref()?.identity(token, client_id, nonce)
    }

    /// The subject of an access token; `None` if it is not accepted.
    pub(crate) fn subject_of(&self, token: &str) -> Option<String> {
        let checked = self.0.tokens.as_ref()?.check(token, || Ok(()));
        checked.ok().map(|record| record.subject.clone())
    }
}
