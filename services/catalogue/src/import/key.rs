//! Finds the product of a row by its key.

use super::{Row, known::KnownProducts};
use crate::domain::{Error, ProductId, Result, Sku};

/// The product of the row; `None` if the row creates one without naming its id. Resolves a GTIN to
/// the SKU of its variant.
///
/// # Errors
/// No variant, or more than one, has the GTIN that is the row's key.
pub(super) fn find(known: &KnownProducts, row: &mut Row) -> Result<Option<ProductId>> {
    if let Some(id) = &row.id {
        return Ok(Some(id.clone()));
    }
    if let Some(external_id) = &row.details.external_id {
        return Ok(known.external_id_owners.get(external_id).cloned());
    }
    if let Some(gtin) = row.gtin.take() {
        let (id, sku) = by_gtin(known, gtin)?;
        for variant in row.details.variants.iter_mut().take(1) {
            variant.sku = sku.clone();
        }
        row.sku = Some(sku);
        return Ok(Some(id));
    }
    let Some(sku) = &row.sku else { return Ok(None) };
    let owner = known.sku_owners.get(sku).cloned();
    // The SKU of a product without variants is its id.
    Ok(owner.or_else(|| known.product(sku.as_str()).map(|product| product.id.clone())))
}

/// The name that the row has for its product, for messages.
pub(super) fn shown(row: &Row, id: &ProductId) -> ProductId {
    let external_id = row.details.external_id.clone();
    let sku = row.sku.as_ref().filter(|_| row.is_keyed_by_sku()).map(Sku::to_string);
    external_id.or(sku).map_or_else(|| id.clone(), ProductId::known)
}

fn by_gtin(known: &KnownProducts, gtin: String) -> Result<(ProductId, Sku)> {
    let mut found = known.products().flat_map(|product| {
        let variants = product.details.variants.iter();
        variants.filter(|each| each.gtin == gtin).map(|each| (&product.id, &each.sku))
    });
    match (found.next(), found.next()) {
        (Some((id, sku)), None) => Ok((id.clone(), sku.clone())),
        (None, _) => Err(Error::GtinNotFound(gtin)),
        (Some(_), Some(_)) => Err(Error::GtinAmbiguous(gtin)),
    }
}
