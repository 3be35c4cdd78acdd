//! API keys as text: `pck_ID_SECRET`.

use sha2::{Digest as _, Sha256};

/// The beginning of every key, so that a leaked one is recognised.
const PREFIX: &str = "pck_";
/// Length of an id, in hexadecimal digits.
const ID_LENGTH: usize = 12;
/// Length of a secret, in hexadecimal digits: 256 random bits.
const SECRET_LENGTH: usize = 64;

/// SHA-256 of a credential. A key has 256 random bits, so no slower digest is needed against guessing.
#[derive(Clone, Copy)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of a credential.
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }

    /// The digest with these bytes; `None` unless there are 32.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The digest with these hexadecimal digits; `None` unless there are 64.
    pub fn from_hex(digits: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if digits.len() != 2 * bytes.len() || !digits.bytes().all(|it| it.is_ascii_hexdigit()) {
            return None;
        }
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&digits[2 * index..2 * index + 2], 16).ok()?;
        }
        Some(Self(bytes))
    }

    /// Its hexadecimal digits.
    pub fn to_hex(self) -> String {
        hex(&self.0)
    }

    /// Its bytes.
    pub fn bytes(&self) -> [u8; 32] {
        self.0
    }
}

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        is_same(&self.0, &other.0)
    }
}

/// Whether two texts are the same, in a time that does not depend on where they differ.
pub(crate) fn is_same(one: &[u8], other: &[u8]) -> bool {
    let pairs = one.iter().zip(other);
    one.len() == other.len()
        && pairs.fold(0, |differences, (one, other)| differences | (one ^ other)) == 0
}

impl Eq for Digest {}

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Digest(..)")
    }
}

/// A key, as its holder has it.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyText(String);

impl KeyText {
    /// A new key, from the random bytes of the operating system.
    ///
    /// # Panics
    /// If it provides none.
    pub fn random() -> Self {
        let mut bytes = [0; (ID_LENGTH + SECRET_LENGTH) / 2];
        getrandom::fill(&mut bytes).expect("the system gives random bytes");
        let (id, secret) = bytes.split_at(ID_LENGTH / 2);
        Self(format!("{PREFIX}{}_{}", hex(id), hex(secret)))
    }

    /// The key with this text; `None` if it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let is_plain = text.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
        Self::id_in(text).filter(|_| is_plain).map(|_| Self(text.to_owned()))
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id, by which the key is recognised.
    pub fn id(&self) -> &str {
        &self.0[PREFIX.len()..PREFIX.len() + ID_LENGTH]
    }

    /// The id in the text of a key; `None` if it is no text of a key.
    pub(crate) fn id_in(text: &str) -> Option<&str> {
        let (id, secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
        (id.len() == ID_LENGTH && secret.len() == SECRET_LENGTH).then_some(id)
    }
}

impl std::fmt::Debug for KeyText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyText({PREFIX}{}_..)", self.id())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_differ_and_are_recognised_by_their_ids() {
        let (one, other) = (KeyText::random(), KeyText::random());
        assert_ne!(one, other);
        assert_eq!(KeyText::id_in(one.as_str()), Some(one.id()));
        assert_ne!(Digest::of(one.as_str()), Digest::of(other.as_str()));
        let digest = Digest::of(one.as_str());
        assert_eq!(Digest::from_hex(&digest.to_hex()), Some(digest));
        assert_eq!(Digest::from_hex("0g"), None);
        for bad in ["", "pck_", "pck_0123456789ab_", &one.as_str()[1..], &one.as_str()[..80]] {
            assert_eq!(KeyText::id_in(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_key_is_not_shown_whole() {
        let key = KeyText::random();
        let shown = format!("{key:?} {:?}", Digest::of(key.as_str()));
        assert!(shown.contains(key.id()) && !shown.contains(&key.as_str()[20..]));
    }
}
