//! Page requests and the tokens that continue them.

use page_token::Keyring;

use super::{convert, visible::Visible};
use crate::{
    domain::{CategoryId, Error, ProductId, Result, Selection, Violations},
    store::Store,
};

/// The unparsed fields of a request for a page.
pub(super) struct RawPageRequest<'a> {
    pub(super) size: i32,
    pub(super) token: &'a str,
    pub(super) selection: RawSelection<'a>,
}

/// The unparsed fields that select products.
pub(super) struct RawSelection<'a> {
    pub(super) category_id: &'a str,
    pub(super) filter: &'a str,
    pub(super) show_deleted: bool,
    pub(super) may_be_stale: bool,
    /// The products that the caller may see.
    pub(super) visible: Visible,
}

/// A parsed request for a page.
#[derive(Debug)]
pub(super) struct PageRequest {
    /// As requested, without limits; 0 if not set.
    pub(super) size: usize,
    pub(super) selection: Selection,
    /// Id of the last product of the previous page.
    pub(super) after: Option<ProductId>,
}

impl RawSelection<'_> {
    /// Parses the selection. Does not check whether the category exists.
    ///
    /// # Errors
    /// A field is malformed; includes the given violations of other fields.
    pub(super) fn parse(self, mut violations: Violations) -> Result<Selection> {
        let category =
            convert::optional_category_id("category_id", self.category_id, &mut violations);
        violations.check()?;
        let filter = self.visible.restrict(Selection::parse_filter(self.filter)?);
        let Self { show_deleted, may_be_stale, .. } = self;
        if show_deleted {
            self.visible.require_all()?;
        }
        Ok(Selection { category, filter, show_deleted, may_be_stale })
    }
}

/// The number of items of a page: `default` if the request has 0, and at most `max`.
///
/// # Errors
/// The number is negative.
pub(super) fn page_size(size: i32, default: usize, max: usize) -> Result<usize> {
    match usize::try_from(size) {
        Ok(0) => Ok(default),
        Ok(size) => Ok(size.min(max)),
        Err(_) => Err(Error::field("page_size", "must not be negative")),
    }
}

/// Page tokens of one method. A token is bound to its selection as well.
pub(super) struct PageTokens<'a> {
    pub(super) keyring: &'a Keyring,
    pub(super) purpose: &'static str,
}

impl PageTokens<'_> {
    /// Parses a request.
    ///
    /// # Errors
    /// A field is malformed, the token is invalid, or the category does not exist.
    pub(super) fn parse(&self, store: &Store, raw: RawPageRequest<'_>) -> Result<PageRequest> {
        let mut violations = Violations::default();
        let size = usize::try_from(raw.size);
        if size.is_err() {
            violations.add("page_size", "must not be negative");
        }
        let selection = raw.selection.parse(violations)?;
        let after = match raw.token {
            "" => None,
            token => Some(self.open(token, &selection).ok_or(Error::PageToken)?),
        };
        check_category_exists(store, selection.category.as_ref())?;
        Ok(PageRequest { size: size.unwrap_or(0), selection, after })
    }

    /// Returns the token of the page after the product `last`.
    pub(super) fn seal(&self, last: &str, selection: &Selection) -> String {
        self.keyring.seal(self.purpose, &selection.text(), last.as_bytes())
    }

    fn open(&self, token: &str, selection: &Selection) -> Option<ProductId> {
        let payload = self.keyring.open(self.purpose, &selection.text(), token)?;
        ProductId::parse(std::str::from_utf8(&payload).ok()?).ok()
    }
}

/// Checks that the category exists, if there is one.
///
/// # Errors
/// [`Error::CategoryNotFound`].
pub(super) fn check_category_exists(store: &Store, category: Option<&CategoryId>) -> Result<()> {
    match category {
        Some(id) if store.tree().get(id).is_none() => Err(Error::CategoryNotFound(id.clone())),
        _ => Ok(()),
    }
}
