//! One key: seals and opens tokens.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// Length of the truncated tag, in bytes: half of HMAC-SHA256 (RFC 2104, section 5).
const TAG_LEN: usize = 16;
const VERSION: u8 = 1;
/// Maximum length of a token, in bytes.
const MAX_TOKEN_LEN: usize = 4_096;

/// Seals and opens tokens with one secret key.
#[derive(Clone)]
pub struct Signer {
    mac: Hmac<Sha256>,
}

impl Signer {
    /// Creates a signer. Replicas that accept each other's tokens share the key.
    pub fn new(key: [u8; 32]) -> Self {
        Self { mac: Hmac::new_from_slice(&key).expect("HMAC takes keys of any length") }
    }

    /// A URL-safe token with `payload`, valid only for the same `purpose` and `binding` (the filter and order
    /// of the request).
    pub fn seal(&self, purpose: &str, binding: &str, payload: &[u8]) -> String {
        let mut token = Vec::with_capacity(1 + TAG_LEN + payload.len());
        token.push(VERSION);
        token.extend_from_slice(
            &self.tag(purpose, binding, payload).finalize().into_bytes()[..TAG_LEN],
        );
        token.extend_from_slice(payload);
        URL_SAFE_NO_PAD.encode(token)
    }

    /// The payload of a token that [`Signer::seal`] made for this purpose and binding; None for any other.
    pub fn open(&self, purpose: &str, binding: &str, token: &str) -> Option<Vec<u8>> {
        if token.len() > MAX_TOKEN_LEN {
            return None;
        }
        let token = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (&version, rest) = token.split_first()?;
        let (tag, payload) = rest.split_at_checked(TAG_LEN)?;
        if version != VERSION {
            return None;
        }
        self.tag(purpose, binding, payload).verify_truncated_left(tag).ok()?;
        Some(payload.to_vec())
    }

    /// The tag over the parts, each preceded by its length, so that the encoding is unambiguous.
    fn tag(&self, purpose: &str, binding: &str, payload: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.mac.clone();
        for part in [purpose.as_bytes(), binding.as_bytes(), payload] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac
    }
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_opens_for_its_purpose_and_binding_only() {
        let signer = Signer::new([7; 32]);
        let token = signer.seal("list", "category=mugs", b"last-id");
        assert_eq!(signer.open("list", "category=mugs", &token).unwrap(), b"last-id");
        assert_eq!(signer.open("list", "category=cups", &token), None);
        assert_eq!(signer.open("browse", "category=mugs", &token), None);
        assert_eq!(Signer::new([8; 32]).open("list", "category=mugs", &token), None);
    }

    #[test]
    fn a_flipped_bit_invalidates_a_token() {
        let signer = Signer::new([7; 32]);
        let token = URL_SAFE_NO_PAD.decode(signer.seal("list", "", b"last-id")).unwrap();
        for bit in 0..token.len() * 8 {
            let mut forged = token.clone();
            forged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(signer.open("list", "", &URL_SAFE_NO_PAD.encode(forged)), None, "bit {bit}");
        }
    }

    #[test]
    fn garbage_is_rejected() {
        let signer = Signer::new([7; 32]);
        for garbage in ["", "x", "????", &"A".repeat(10_000)] {
            assert_eq!(signer.open("list", "", garbage), None);
        }
    }
}
