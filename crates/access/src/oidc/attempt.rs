//! An attempt to sign in, from the page that sends the browser to the identity provider to the one it comes back to.
//!
//! The browser keeps a random number and a time as a cookie. The secrets of the attempt follow from these and from the
//! client's secret, so that any gateway can finish an attempt of another, and none stores it: the state, which ties
//! the way back to the browser; the nonce, which ties the ID token to the attempt; and the code verifier (PKCE, RFC 7636),
//! which never leaves the gateways until the code is redeemed.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{digest, hmac};

use crate::key::is_same;

/// Time for signing in at the identity provider.
const MAX_AGE: Duration = Duration::from_secs(600);

/// The clocks of two gateways may differ by as much.
const LEEWAY: Duration = Duration::from_secs(60);

/// An attempt to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attempt {
    /// `RANDOM.TIME`, in hexadecimal digits and seconds since the Unix epoch.
    text: String,
}

/// The secret of a client, from which the secrets of attempts follow.
#[derive(Debug)]
pub(super) struct AttemptKey(hmac::Key);

impl AttemptKey {
    pub(super) fn new(client_secret: &str) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, client_secret.as_bytes()))
    }

    /// The secret of an attempt for this purpose.
    fn derive(&self, purpose: &str, attempt: &Attempt) -> String {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(purpose.as_bytes());
        context.update(&[0]);
        context.update(attempt.text.as_bytes());
        URL_SAFE_NO_PAD.encode(context.sign())
    }
}

impl Attempt {
    /// A new one, from the random bytes of the operating system.
    pub(super) fn new(now: SystemTime) -> Self {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).expect("the system gives random bytes");
        Self { text: format!("{}.{}", URL_SAFE_NO_PAD.encode(bytes), seconds(now)) }
    }

    /// The one in a cookie; `None` if it is none, or too old.
    pub(super) fn parse(text: &str, now: SystemTime) -> Option<Self> {
        let (random, begun) = text.split_once('.')?;
        let is_random = URL_SAFE_NO_PAD.decode(random).is_ok_and(|bytes| bytes.len() == 32);
        let (now, begun) = (seconds(now), begun.parse::<u64>().ok()?);
        let is_new = now.saturating_sub(begun) <= MAX_AGE.as_secs()
            && begun.saturating_sub(now) <= LEEWAY.as_secs();
        (is_random && is_new).then(|| Self { text: text.to_owned() })
    }

    /// The value of its cookie.
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn state(&self, key: &AttemptKey) -> String {
        key.derive("state", self)
    }

    /// Whether a state is this attempt's.
    pub(super) fn has_state(&self, key: &AttemptKey, state: &str) -> bool {
        is_same(self.state(key).as_bytes(), state.as_bytes())
    }

    pub(super) fn nonce(&self, key: &AttemptKey) -> String {
        key.derive("nonce", self)
    }

    pub(super) fn verifier(&self, key: &AttemptKey) -> String {
        key.derive("verifier", self)
    }

    /// The challenge of its verifier, by S256.
    pub(super) fn challenge(&self, key: &AttemptKey) -> String {
        let verifier = self.verifier(key);
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()))
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_has_secrets_of_its_own_for_ten_minutes() {
        let (key, now) = (AttemptKey::new("secret"), SystemTime::now());
        let (one, other) = (Attempt::new(now), Attempt::new(now));
        assert_eq!(Attempt::parse(one.as_str(), now).as_ref(), Some(&one));
        let secrets = [one.state(&key), one.nonce(&key), one.verifier(&key), other.state(&key)];
        for (index, secret) in secrets.iter().enumerate() {
            assert!(secret.len() == 43 && !secrets[..index].contains(secret));
        }
        assert!(one.has_state(&key, &secrets[0]) && !other.has_state(&key, &secrets[0]));
        assert!(!one.has_state(&AttemptKey::new("other"), &secrets[0]));
        let later = now + MAX_AGE;
        assert!(Attempt::parse(one.as_str(), later).is_some());
        assert!(Attempt::parse(one.as_str(), later + Duration::from_secs(1)).is_none());
        assert!(Attempt::parse(one.as_str(), now - LEEWAY).is_some());
        assert!(Attempt::parse(one.as_str(), now - 2 * LEEWAY).is_none());
        for bad in ["", ".", "a.1", &one.as_str()[1..], &format!("{}9", one.as_str())] {
            assert!(Attempt::parse(bad, now).is_none(), "{bad}");
        }
    }
}
