//! Page requests and the tokens that continue them.

use chassis::token::Signer;

use super::convert;
use crate::{
    domain::{CategoryId, Error, ProductId, Result, Violations},
    store::{Selection, Store},
};

/// A page as it was asked for.
#[derive(Debug)]
pub(super) struct PageRequest {
    /// As asked; not negative. 0 when the client left it out.
    pub(super) size: usize,
    pub(super) selection: Selection,
    /// The last product of the page before.
    pub(super) after: Option<ProductId>,
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
    pub(super) fn parse(
        &self,
        store: &Store,
        size: i32,
        token: &str,
        category_id: &str,
        show_deleted: bool,
    ) -> Result<PageRequest> {
        let mut violations = Violations::default();
        let category = convert::optional_category_id("category_id", category_id, &mut violations);
        let size = usize::try_from(size);
        if size.is_err() {
            violations.add("page_size", "must not be negative");
        }
        violations.check()?;
        let selection = Selection { category, show_deleted };
        let after = match token {
            "" => None,
            token => Some(self.open(token, &selection).ok_or(Error::PageToken)?),
        };
        check_exists(store, selection.category.as_ref())?;
        Ok(PageRequest { size: size.unwrap_or(0), selection, after })
    }

    /// The token that goes on behind `last`.
    pub(super) fn seal(&self, last: &str, selection: &Selection) -> String {
        self.signer.seal(self.purpose, &binding(selection), last.as_bytes())
    }

    fn open(&self, token: &str, selection: &Selection) -> Option<ProductId> {
        let payload = self.signer.open(self.purpose, &binding(selection), token)?;
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

/// No category has a blank in its id, so no two selections read the same.
fn binding(selection: &Selection) -> String {
    let category = selection.category.as_ref().map_or("", CategoryId::as_str);
    let deleted = if selection.show_deleted { " show_deleted" } else { "" };
    format!("{category}{deleted}")
}
