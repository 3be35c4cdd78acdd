//! Page sizes and page tokens.

use page_token::Keyring;

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

impl Page {
    /// The page that begins `count` results later. `None` if it is out of reach.
    pub(crate) fn after(self, count: i32) -> Option<Self> {
        let offset = self.offset.checked_add(usize::try_from(count).ok()?)?;
        let limit = self.limit.min(MAX_RESULTS.checked_sub(offset)?);
        (limit > 0).then_some(Self { offset, limit })
    }
}

/// Issues and verifies page tokens.
#[derive(Clone, Debug)]
pub(crate) struct PageTokens {
    keys: Keyring,
}

impl PageTokens {
    pub(crate) fn new(keys: Keyring) -> Self {
        Self { keys }
    }

    /// Returns the requested page, or `None` if the token is invalid. A token is valid only with the
    /// `binding` that it was issued for.
    pub(crate) fn parse(&self, size: i32, token: &str, binding: &str) -> Option<Page> {
        let offset = if token.is_empty() {
            0
        } else {
            let payload = self.keys.open(PURPOSE, binding, token)?;
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
        self.keys.seal(PURPOSE, binding, &offset.to_be_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_end_at_the_maximum() {
        let tokens = PageTokens::new(Keyring::default());
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
    fn skipped_results_are_within_the_maximum() {
        let first = Page { offset: 0, limit: 20 };
        assert_eq!(first.after(0), Some(first));
        assert_eq!(first.after(40), Some(Page { offset: 40, limit: 20 }));
        assert_eq!(first.after(9_990), Some(Page { offset: 9_990, limit: 10 }));
        for skip in [-1, 10_000, i32::MAX] {
            assert_eq!(first.after(skip), None, "{skip}");
        }
    }

    #[test]
    fn a_token_is_valid_for_one_query() {
        let tokens = PageTokens::new(Keyring::default());
        let page = tokens.parse(0, "", "q").unwrap();
        assert_eq!(page, Page { offset: 0, limit: 20 });
        let token = tokens.issue(20, 50, "q");
        assert_eq!(tokens.parse(500, &token, "q").unwrap(), Page { offset: 20, limit: 100 });
        assert_eq!(tokens.parse(0, &token, "other"), None);
        assert_eq!(tokens.issue(20, 20, "q"), "");
    }
}
