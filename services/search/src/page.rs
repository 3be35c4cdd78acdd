//! Which part of the results is asked for.

use anyhow::{Context as _, bail};
use chassis::{
    status::invalid_because,
    token::{Signer, random_key},
};
use std::{fmt, fs, path::Path, str::FromStr};
use tonic::Status;

/// Results of a query that can be reached: further down nobody looks, and each page costs as much
/// as all before it.
pub(crate) const REACHABLE: usize = 10_000;

const DEFAULT_SIZE: usize = 20;
const LARGEST_SIZE: usize = 100;

/// What tokens are made for, so that no other token passes for one.
const PURPOSE: &str = "search";

/// A part of the results.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Page {
    pub(crate) offset: usize,
    pub(crate) limit: usize,
}

/// Reads and writes page tokens.
#[derive(Clone, Debug)]
pub(crate) struct Pages {
    signer: Signer,
}

impl Pages {
    pub(crate) fn new(key: Key) -> Self {
        Self { signer: Signer::new(key.0) }
    }

    /// Returns the page that a request asks for. `binding` is what the request asks of it: a token
    /// opens for no other question.
    ///
    /// # Errors
    /// INVALID_ARGUMENT for a token that was not made here for this question.
    pub(crate) fn read(&self, size: i32, token: &str, binding: &str) -> Result<Page, Status> {
        let offset = if token.is_empty() {
            0
        } else {
            let payload = self.signer.open(PURPOSE, binding, token);
            let offset = payload.and_then(|bytes| bytes.try_into().ok()).map(u32::from_be_bytes);
            offset.ok_or_else(|| {
                let what = "is not the next_page_token of an earlier answer to this query";
                invalid_because("PAGE_TOKEN_INVALID", [("page_token", what)])
            })? as usize
        };
        let size = match usize::try_from(size) {
            Ok(0) | Err(_) => DEFAULT_SIZE,
            Ok(size) => size.min(LARGEST_SIZE),
        };
        Ok(Page { offset, limit: size.min(REACHABLE.saturating_sub(offset)).max(1) })
    }

    /// Returns the token of the page that begins at `offset`, or nothing when there is none.
    pub(crate) fn next(&self, offset: usize, total: usize, binding: &str) -> String {
        if offset >= total.min(REACHABLE) {
            return String::new();
        }
        let offset = u32::try_from(offset).expect("REACHABLE fits");
        self.signer.seal(PURPOSE, binding, &offset.to_be_bytes())
    }
}

/// A key that signs page tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl Key {
    /// Returns the key kept in `folder`, making one at the first call.
    ///
    /// # Errors
    /// The file cannot be read or written, or holds something else.
    pub(crate) fn kept_in(folder: &Path) -> anyhow::Result<Self> {
        let file = folder.join("page-token.key");
        if !file.exists() {
            let hex: String = random_key().iter().map(|byte| format!("{byte:02x}")).collect();
            let written = crate::files::replace(&file, hex.as_bytes());
            written.with_context(|| format!("writing {}", file.display()))?;
        }
        let text = fs::read_to_string(&file);
        let text = text.with_context(|| format!("reading {}", file.display()))?;
        let told = || format!("{} holds no key; delete it to have one made", file.display());
        text.trim().parse().with_context(told)
    }
}

impl FromStr for Key {
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

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_results_end_where_they_are_out_of_reach() {
        let pages = Pages::new(Key([7; 32]));
        let mut page = pages.read(100, "", "q").unwrap();
        let mut count = 1;
        loop {
            let token = pages.next(page.offset + page.limit, 1_000_000, "q");
            if token.is_empty() {
                break;
            }
            page = pages.read(99, &token, "q").unwrap();
            count += 1;
        }
        assert_eq!(page.offset + page.limit, REACHABLE);
        assert_eq!(count, 101);
    }

    #[test]
    fn a_token_is_for_one_question() {
        let pages = Pages::new(Key([7; 32]));
        let page = pages.read(0, "", "q").unwrap();
        assert_eq!(page, Page { offset: 0, limit: 20 });
        let token = pages.next(20, 50, "q");
        assert_eq!(pages.read(500, &token, "q").unwrap(), Page { offset: 20, limit: 100 });
        let refused = pages.read(0, &token, "other").unwrap_err();
        assert_eq!(chassis::status::reason(&refused).unwrap(), "PAGE_TOKEN_INVALID");
        assert_eq!(pages.next(20, 20, "q"), "");
    }

    #[test]
    fn a_key_is_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let key = Key::kept_in(folder.path()).unwrap();
        assert!(key == Key::kept_in(folder.path()).unwrap());
        fs::write(folder.path().join("page-token.key"), "short").unwrap();
        assert!(Key::kept_in(folder.path()).is_err());
    }
}
