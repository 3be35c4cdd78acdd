//! Page sizes, page tokens, and the key that signs them.

use anyhow::{Context as _, bail};
use page_token::{Signer, random_key};
use std::{fmt, fs, io, path::Path, str::FromStr};

/// Maximum number of results that pages reach. Each page costs as much as all pages before it.
pub(crate) const MAX_RESULTS: usize = 10_000;

const DEFAULT_SIZE: usize = 20;
const MAX_SIZE: usize = 100;

/// Purpose in the signature, so that other services' tokens are invalid.
const PURPOSE: &str = "search";

/// A page of the results.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Page {
    pub(crate) offset: usize,
    pub(crate) limit: usize,
}

/// Issues and verifies page tokens.
#[derive(Clone, Debug)]
pub(crate) struct PageTokens {
    signer: Signer,
}

impl PageTokens {
    pub(crate) fn new(key: PageTokenKey) -> Self {
        Self { signer: Signer::new(key.0) }
    }

    /// Returns the requested page, or `None` if the token is invalid. A token is valid only with the
    /// `binding` that it was issued for.
    pub(crate) fn parse(&self, size: i32, token: &str, binding: &str) -> Option<Page> {
        let offset = if token.is_empty() {
            0
        } else {
            let payload = self.signer.open(PURPOSE, binding, token)?;
            u32::from_be_bytes(payload.try_into().ok()?) as usize
        };
        let size = match usize::try_from(size) {
            Ok(0) | Err(_) => DEFAULT_SIZE,
            Ok(size) => size.min(MAX_SIZE),
        };
        Some(Page { offset, limit: size.min(MAX_RESULTS.saturating_sub(offset)).max(1) })
    }

    /// Returns the token of the page that starts at `offset`; empty after the last page.
    pub(crate) fn issue(&self, offset: usize, total: usize, binding: &str) -> String {
        if offset >= total.min(MAX_RESULTS) {
            return String::new();
        }
        let offset = u32::try_from(offset).expect("MAX_RESULTS fits");
        self.signer.seal(PURPOSE, binding, &offset.to_be_bytes())
    }
}

/// The key that signs page tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct PageTokenKey([u8; 32]);

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
    fn pages_end_at_the_maximum() {
        let tokens = PageTokens::new(PageTokenKey([7; 32]));
        let mut page = tokens.parse(100, "", "q").unwrap();
        let mut count = 1;
        loop {
            let token = tokens.issue(page.offset + page.limit, 1_000_000, "q");
            if token.is_empty() {
                break;
            }
            page = tokens.parse(99, &token, "q").unwrap();
            count += 1;
        }
        assert_eq!(page.offset + page.limit, MAX_RESULTS);
        assert_eq!(count, 101);
    }

    #[test]
    fn a_token_is_valid_for_one_query() {
        let tokens = PageTokens::new(PageTokenKey([7; 32]));
        let page = tokens.parse(0, "", "q").unwrap();
        assert_eq!(page, Page { offset: 0, limit: 20 });
        let token = tokens.issue(20, 50, "q");
        assert_eq!(tokens.parse(500, &token, "q").unwrap(), Page { offset: 20, limit: 100 });
        assert_eq!(tokens.parse(0, &token, "other"), None);
        assert_eq!(tokens.issue(20, 20, "q"), "");
    }

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
