//! Page requests and the tokens that continue them.

use page_token::Signer;

use super::convert;
use crate::{
    domain::{CategoryId, Error, ProductId, Result, Selection, Violations},
    store::Store,
};

/// What a request for a page has in its fields.
pub(super) struct Asked<'a> {
    pub(super) size: i32,
    pub(super) token: &'a str,
    pub(super) selection: AskedSelection<'a>,
}

/// What a request has in its fields of which products it is about.
pub(super) struct AskedSelection<'a> {
    pub(super) category_id: &'a str,
    pub(super) filter: &'a str,
    pub(super) show_deleted: bool,
    pub(super) may_be_behind: bool,
}

/// A page as it was asked for.
#[derive(Debug)]
pub(super) struct PageRequest {
    /// As asked; not negative. 0 when the client left it out.
    pub(super) size: usize,
    pub(super) selection: Selection,
    /// The last product of the page before.
    pub(super) after: Option<ProductId>,
}

impl AskedSelection<'_> {
    /// Checks it, and says what else was found wrong before.
    ///
    /// # Errors
    /// A field is malformed. Whether there is such a category is not asked.
    pub(super) fn parse(self, mut violations: Violations) -> Result<Selection> {
        let category =
            convert::optional_category_id("category_id", self.category_id, &mut violations);
        violations.check()?;
        let filter = Selection::parse_filter(self.filter)?;
        let Self { show_deleted, may_be_behind, .. } = self;
        Ok(Selection { category, filter, show_deleted, may_be_behind })
    }
}

/// What a token is good for: one method and one filter.
pub(super) struct Tokens<'a> {
    pub(super) signer: &'a Signer,
    pub(super) purpose: &'static str,
}

impl Tokens<'_> {
    /// Checks a page request in all its parts.
    ///
    /// # Errors
    /// A field is malformed, the token is not ours, or there is no such category.
    pub(super) fn parse(&self, store: &Store, asked: Asked<'_>) -> Result<PageRequest> {
        let mut violations = Violations::default();
        let size = usize::try_from(asked.size);
        if size.is_err() {
            violations.add("page_size", "must not be negative");
        }
        let selection = asked.selection.parse(violations)?;
        let after = match asked.token {
            "" => None,
            token => Some(self.open(token, &selection).ok_or(Error::PageToken)?),
        };
        check_exists(store, selection.category.as_ref())?;
        Ok(PageRequest { size: size.unwrap_or(0), selection, after })
    }

    /// The token that goes on behind `last`.
    pub(super) fn seal(&self, last: &str, selection: &Selection) -> String {
        self.signer.seal(self.purpose, &selection.text(), last.as_bytes())
    }

    fn open(&self, token: &str, selection: &Selection) -> Option<ProductId> {
        let payload = self.signer.open(self.purpose, &selection.text(), token)?;
        ProductId::parse(std::str::from_utf8(&payload).ok()?).ok()
    }
}

/// The category, if one is asked for, must exist.
///
/// # Errors
/// [`Error::CategoryNotFound`].
pub(super) fn check_exists(store: &Store, category: Option<&CategoryId>) -> Result<()> {
    match category {
        Some(id) if store.tree().get(id).is_none() => Err(Error::CategoryNotFound(id.clone())),
        _ => Ok(()),
    }
}
