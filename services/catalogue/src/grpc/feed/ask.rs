//! What a request for changes asks: of what, and from where on.

use crate::{
    domain::{Error, Result, Violations},
    feed::{Cursor, MAX_IDS, Scope},
    grpc::{
        convert::product_ids,
        pages::{AskedSelection, check_exists},
    },
    store::{Kept, Store},
};

/// The scope of a request.
///
/// # Errors
/// A field is malformed, or there is no such category.
pub(super) fn scope(
    store: &Store,
    category_id: &str,
    ids: &[String],
    filter: &str,
) -> Result<Scope> {
    let selection =
        AskedSelection { category_id, filter, show_deleted: false, may_be_behind: false };
    let selection = selection.parse(Violations::default())?;
    let ids = product_ids(ids, MAX_IDS)?;
    check_exists(store, selection.category.as_ref())?;
    Ok(Scope::new(selection, ids))
}

/// A cursor that can be resumed in this scope.
///
/// # Errors
/// It is not one of this feed's, it is too old, or it was made for another scope.
pub(super) fn cursor(store: &Store, kept: Kept, cursor: &str, scope: &Scope) -> Result<Cursor> {
    let cursor = Cursor::decode(cursor)
        .filter(|cursor| cursor.epoch == store.feed_epoch() && kept.can_resume(cursor.place))
        .ok_or(Error::CursorExpired)?;
    if !cursor.fits(scope) {
        return Err(Error::CursorMismatch(
            "was made with another category_id, product_ids or filter; ask as then, or begin anew",
        ));
    }
    Ok(cursor)
}
