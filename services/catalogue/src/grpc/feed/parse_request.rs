//! The fields that all requests for changes have: scope and cursor.

use super::cursor::Cursor;
use crate::{
    domain::{Error, Result, Violations},
    feed::{MAX_IDS, Scope},
    grpc::{
        convert::product_ids,
        pages::{RawSelection, check_category_exists},
    },
    store::{FeedBounds, Store},
};

/// Parses the scope of a request.
///
/// # Errors
/// A field is malformed, or the category does not exist.
pub(super) fn parse_scope(
    store: &Store,
    category_id: &str,
    ids: &[String],
    filter: &str,
) -> Result<Scope> {
    let selection = RawSelection { category_id, filter, show_deleted: false, may_be_stale: false };
    let selection = selection.parse(Violations::default())?;
    let ids = product_ids(ids, MAX_IDS)?;
    check_category_exists(store, selection.category.as_ref())?;
    Ok(Scope::new(selection, ids))
}

/// Parses a cursor that resumes in this scope.
///
/// # Errors
/// The cursor is of another feed or scope, or its changes are no longer stored.
pub(super) fn parse_cursor(
    store: &Store,
    bounds: FeedBounds,
    cursor: &str,
    scope: &Scope,
) -> Result<Cursor> {
    let cursor = Cursor::decode(cursor)
        .filter(|cursor| cursor.epoch == store.feed_epoch() && bounds.can_resume(cursor.place))
        .ok_or(Error::CursorExpired)?;
    if !cursor.fits(scope) {
        return Err(Error::CursorMismatch(
            "was made with another category_id, product_ids or filter; repeat these, or start without a cursor",
        ));
    }
    Ok(cursor)
}
