//! The keys that replicas share.

use std::{fmt, sync::Arc, time::SystemTime};

use tokio::sync::watch;

use crate::{Signer, random_key};

/// A key that replicas share.
#[derive(Clone, PartialEq, Eq)]
pub struct Key {
    /// The secret.
    pub secret: [u8; 32],
    /// When it begins to sign. Until then it only opens tokens, so that all replicas know it first.
    pub signs_from: SystemTime,
    /// Until when it opens tokens; `None`: until it is replaced.
    pub opens_until: Option<SystemTime>,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("signs_from", &self.signs_from).finish_non_exhaustive()
    }
}

/// Seals and opens tokens with shared keys, and with one of its own. Cheap to clone; clones share the keys.
#[derive(Clone)]
pub struct Keyring {
    own: Signer,
    /// Whether the own key signs although there are shared ones.
    own_signs: bool,
    shared: watch::Sender<Arc<Vec<(Key, Signer)>>>,
}

impl Keyring {
    /// A keyring without shared keys. Until it has some, it signs with `own`, which opens tokens for ever.
    pub fn new(own: [u8; 32]) -> Self {
        Self { own: Signer::new(own), own_signs: false, shared: watch::Sender::default() }
    }

    /// A keyring that always signs with `own`; the shared keys only open tokens.
    pub fn overriding(own: [u8; 32]) -> Self {
        Self { own_signs: true, ..Self::new(own) }
    }

    /// Replaces the shared keys, which are in the order in which they begin to sign. Returns whether they
    /// are others than before.
    pub fn replace(&self, keys: Vec<Key>) -> bool {
        self.shared.send_if_modified(|shared| {
            if shared.iter().map(|(key, _)| key).eq(&keys) {
                return false;
            }
            let signer = |key: Key| (key.clone(), Signer::new(key.secret));
            *shared = Arc::new(keys.into_iter().map(signer).collect());
            true
        })
    }

    /// The shared keys.
    pub fn shared(&self) -> Vec<Key> {
        self.shared.borrow().iter().map(|(key, _)| key.clone()).collect()
    }

    /// A receiver that is marked as changed when the shared keys are others.
    pub fn changes(&self) -> watch::Receiver<impl Sized + use<>> {
        self.shared.subscribe()
    }

    /// A URL-safe token with `payload`, valid only for the same `purpose` and `binding`.
    pub fn seal(&self, purpose: &str, binding: &str, payload: &[u8]) -> String {
        let (now, shared) = (SystemTime::now(), Arc::clone(&self.shared.borrow()));
        // The first one signs before its time too: there is no earlier one.
        let newest = shared.iter().rev().find(|(key, _)| key.signs_from <= now).or(shared.first());
        let signer = match newest {
            Some((_, signer)) if !self.own_signs => signer,
            _ => &self.own,
        };
        signer.seal(purpose, binding, payload)
    }

    /// The payload of a token that any replica has made for this purpose and binding; None for any other.
    pub fn open(&self, purpose: &str, binding: &str, token: &str) -> Option<Vec<u8>> {
        let (now, shared) = (SystemTime::now(), Arc::clone(&self.shared.borrow()));
        let open = |signer: &Signer| signer.open(purpose, binding, token);
        let opens = |key: &Key| key.opens_until.is_none_or(|until| until > now);
        let mut shared = shared.iter().rev().filter(|(key, _)| opens(key));
        shared.find_map(|(_, signer)| open(signer)).or_else(|| open(&self.own))
    }
}

/// A keyring with a random key of its own.
impl Default for Keyring {
    fn default() -> Self {
        Self::new(random_key())
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keyring(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    fn key(byte: u8, signs_from: SystemTime, opens_until: Option<SystemTime>) -> Key {
        Key { secret: [byte; 32], signs_from, opens_until }
    }

    fn opens(keyring: &Keyring, token: &str) -> bool {
        keyring.open("list", "", token).is_some()
    }

    #[test]
    fn replicas_with_the_same_keys_open_each_others_tokens() {
        let (first, second) = (Keyring::default(), Keyring::default());
        let before = first.seal("list", "", b"x");
        assert!(opens(&first, &before) && !opens(&second, &before));
        let now = SystemTime::now();
        for keyring in [&first, &second] {
            assert!(keyring.replace(vec![key(1, now - HOUR, None)]));
            assert!(!keyring.replace(vec![key(1, now - HOUR, None)]), "the same");
        }
        assert!(opens(&second, &first.seal("list", "", b"x")));
        assert!(opens(&first, &before), "its own from before");
    }

    #[test]
    fn a_new_key_opens_before_it_signs_and_an_old_one_opens_for_a_while() {
        let now = SystemTime::now();
        let keyring = |keys| {
            let keyring = Keyring::default();
            keyring.replace(keys);
            keyring
        };
        let only = |byte| keyring(vec![key(byte, now - HOUR, None)]);
        let (old, new) = (only(1), only(2));
        let rotating = keyring(vec![
            key(1, now - HOUR, Some(now + HOUR)),
            key(2, now + HOUR, None), // not yet
        ]);
        assert!(opens(&old, &rotating.seal("list", "", b"x")), "the old one signs");
        assert!(opens(&rotating, &new.seal("list", "", b"x")), "the new one opens");
        let rotated = keyring(vec![key(1, now - HOUR, Some(now + HOUR)), key(2, now, None)]);
        assert!(opens(&new, &rotated.seal("list", "", b"x")), "the new one signs");
        assert!(opens(&rotated, &old.seal("list", "", b"x")), "the old one opens");
        let over = keyring(vec![key(1, now - HOUR, Some(now)), key(2, now, None)]);
        assert!(!opens(&over, &old.seal("list", "", b"x")), "no longer");
    }

    #[test]
    fn a_given_key_signs_beside_shared_ones() {
        let given = Keyring::overriding([7; 32]);
        given.replace(vec![key(1, SystemTime::now() - HOUR, None)]);
        assert!(opens(&Keyring::new([7; 32]), &given.seal("list", "", b"x")));
        let shared = Keyring::default();
        shared.replace(given.shared());
        assert!(opens(&given, &shared.seal("list", "", b"x")));
    }
}
