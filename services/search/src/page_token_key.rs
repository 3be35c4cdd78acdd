//! The key that signs page tokens: given, or kept in the data directory.

use std::{fmt, fs, io, path::Path, str::FromStr};

use anyhow::{Context as _, bail};
use page_token::random_key;

/// The key that signs page tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct PageTokenKey(pub(crate) [u8; 32]);

impl PageTokenKey {
    /// Reads the key saved in `folder`, generating one at the first start. A damaged key is
    /// replaced: clients then start their lists of results again, as after a change of the key.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn open(folder: &Path) -> anyhow::Result<Self> {
        let file = folder.join("page-token.key");
        let damage = match fs::read_to_string(&file) {
            Ok(text) => match text.trim().parse() {
                Ok(key) => return Ok(key),
                Err(error) => Some(error),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => Some(error.into()),
        };
        if let Some(error) = damage {
            let file = file.display();
            tracing::error!(%error, %file, "page token key damaged; issued tokens become invalid");
        }
        let key = random_key();
        let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        let written = crate::atomic_file::replace(&file, hex.as_bytes());
        written.with_context(|| format!("writing {}", file.display()))?;
        Ok(Self(key))
    }
}

impl FromStr for PageTokenKey {
    type Err = anyhow::Error;

    fn from_str(hex: &str) -> anyhow::Result<Self> {
        let mut key = [0; 32];
        if hex.len() != 64 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            bail!("a key is 64 hexadecimal digits");
        }
        for (byte, digits) in key.iter_mut().zip(hex.as_bytes().chunks(2)) {
            let value = |digit: u8| (digit as char).to_digit(16).expect("checked above") as u8;
            *byte = value(digits[0]) << 4 | value(digits[1]);
        }
        Ok(Self(key))
    }
}

impl fmt::Debug for PageTokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PageTokenKey(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_generated_once() {
        let folder = tempfile::tempdir().unwrap();
        let key = PageTokenKey::open(folder.path()).unwrap();
        assert!(key == PageTokenKey::open(folder.path()).unwrap());
    }

    #[test]
    fn a_damaged_key_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        for damaged in [&b""[..], b"short", b"\xff", &[b'x'; 64]] {
            fs::write(folder.path().join("page-token.key"), damaged).unwrap();
            let key = PageTokenKey::open(folder.path()).unwrap();
            assert!(key == PageTokenKey::open(folder.path()).unwrap());
        }
    }
}
