//! Conditions on which a row may update its product.

use super::{ApplyOptions, Mode, Row, known::Entry};
use crate::domain::{
    Details, Error, Field, Mask, Product, Result, Tree, Violations, check_stock_mask,
    check_variants, check_whole,
};

/// Checks the etag of a row, and whether it may update at all. A row that changes nothing passes:
/// after a cut it may be sent again.
pub(super) fn check(tree: &Tree, entry: &Entry, row: &Row, options: ApplyOptions) -> Result<()> {
    let product = &entry.product;
    let is_current =
        |etag: &String| *etag == product.etag() || *etag == product.etag_at(entry.read_revision);
    let is_stale = options.check_etags && row.etag.as_ref().is_some_and(|etag| !is_current(etag));
    let is_forbidden = options.mode == Mode::CreateOnly && product.deleted_at.is_none();
    if !(is_stale || is_forbidden) || !would_change(tree, product, row) {
        return Ok(());
    }
    Err(match is_stale {
        true => Error::EtagMismatch(product.id.clone()),
        false => Error::ProductExists(product.id.clone()),
    })
}

fn would_change(tree: &Tree, product: &Product, row: &Row) -> bool {
    let mut new = row.details.clone();
    if row.mask.has(Field::CategoryIds) && new.category_ids.is_empty() {
        for path in &row.category_paths {
            let Some(id) = tree.find(&path.names) else { return true };
            new.category_ids.push(id.clone());
        }
    }
    !product.details.clone().take(&new, row.mask).is_empty()
}

/// Checks the limits of the whole product with the row's fields.
pub(super) fn check_merged(product: &Product, new: &Details, mask: Mask) -> Result<()> {
    let mut merged = product.details.clone();
    let mut violations = Violations::default();
    check_stock_mask(&merged, mask, &mut violations);
    merged.take(new, mask);
    if mask.has(Field::Variants) {
        check_variants(&merged, &mut violations);
    }
    check_whole(&merged, &mut violations);
    violations.check()
}

/// Checks the limits of a product that is made of parts.
pub(super) fn check_new(details: &Details) -> Result<()> {
    let mut violations = Violations::default();
    check_variants(details, &mut violations);
    check_whole(details, &mut violations);
    violations.check()
}
