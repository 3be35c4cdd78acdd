//! The fields that all requests for changes have: scope and cursor.

use tonic::Request;

use super::cursor::Cursor;
use crate::{
    domain::{Error, Result, Violations},
    feed::{MAX_IDS, Scope},
    grpc::{
        convert::product_ids,
        pages::{RawSelection, check_category_exists},
        visible::{Visible, reveals_actors, visible},
    },
    store::{FeedBounds, Store},
};

/// The scope of a request.
pub(super) struct RequestScope {
    pub(super) scope: Scope,
    /// The scope of an unrestricted caller, if this one is restricted.
    pub(super) unrestricted: Option<Scope>,
}

impl RequestScope {
    /// Parses the scope of a request with these fields, as far as its caller may see it.
    ///
    /// # Errors
    /// A field is malformed, or the category does not exist.
    pub(super) fn of<T>(
        store: &Store,
        request: &Request<T>,
        (category_id, ids, filter): (&str, &[String], &str),
    ) -> Result<Self> {
        let parse = |visible| parse_scope(store, category_id, ids, filter, visible);
        let visible = visible(request);
        let scope = parse(visible)?.revealing_actors(reveals_actors(request));
        Ok(match visible {
            Visible::All => Self { scope, unrestricted: None },
            Visible::Active => {
                Self { scope: scope.public(), unrestricted: Some(parse(Visible::All)?) }
            }
        })
    }
}

/// Parses the scope of a request.
///
/// # Errors
/// A field is malformed, or the category does not exist.
fn parse_scope(
    store: &Store,
    category_id: &str,
    ids: &[String],
    filter: &str,
    visible: Visible,
) -> Result<Scope> {
    let selection =
        RawSelection { category_id, filter, show_deleted: false, may_be_stale: false, visible };
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
    RequestScope { scope, unrestricted }: &RequestScope,
) -> Result<Cursor> {
    let cursor = Cursor::decode(cursor)
        .filter(|cursor| cursor.epoch == store.feed_epoch() && bounds.can_resume(cursor.place))
        .ok_or(Error::CursorExpired)?;
    if !cursor.fits(scope) {
        // Made while the same caller could see more: its place is not one of the current scope.
        if unrestricted.as_ref().is_some_and(|scope| cursor.fits(scope)) {
            return Err(Error::CursorExpired);
        }
        return Err(Error::CursorMismatch(
            "was made with another category_id, product_ids or filter; repeat these, or start without a cursor",
        ));
    }
    Ok(cursor)
}
