//! The products that the rows of a batch refer to, as the rows so far have left them.

use std::collections::HashMap;

use super::Row;
use crate::domain::{Error, Field, Mask, Product, ProductId, Result, Sku, Variant};

/// Products by id, and the owners of external ids and SKUs.
#[derive(Debug)]
pub(super) struct KnownProducts {
    pub(super) entries: HashMap<ProductId, Entry>,
    pub(super) external_id_owners: HashMap<String, ProductId>,
    pub(super) sku_owners: HashMap<Sku, ProductId>,
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) product: Product,
    /// The content revision before the batch, whose changes are no conflict with its other rows.
    pub(super) read_revision: i64,
    /// The revision before the batch; 0 for a product that it creates.
    pub(super) stored_revision: i64,
    pub(super) changed: Mask,
    pub(super) is_new: bool,
    /// Whether the product was deleted, and the batch undeletes it.
    pub(super) undeleted: bool,
    /// Whether the stored external id of the product has been changed or removed.
    pub(super) releases_external_id: bool,
}

impl KnownProducts {
    pub(super) fn new(known: Vec<Product>) -> Self {
        let owner =
            |product: &Product| Some((product.details.external_id.clone()?, product.id.clone()));
        let external_id_owners = known.iter().filter_map(owner).collect();
        let sku_owners = known.iter().flat_map(|product| {
            let variants = product.details.variants.iter();
            variants.map(|variant| (variant.sku.clone(), product.id.clone()))
        });
        let sku_owners = sku_owners.collect();
        let entry = |product: Product| {
            let id = product.id.clone();
            (
                id,
                Entry {
                    read_revision: product.content_revision,
                    stored_revision: product.revision,
                    product,
                    changed: Mask::default(),
                    is_new: false,
                    undeleted: false,
                    releases_external_id: false,
                },
            )
        };
        let entries = known.into_iter().map(entry).collect();
        Self { entries, external_id_owners, sku_owners }
    }

    pub(super) fn product(&self, id: &str) -> Option<&Product> {
        self.entries.get(id).map(|entry| &entry.product)
    }

    pub(super) fn products(&self) -> impl Iterator<Item = &Product> {
        self.entries.values().map(|entry| &entry.product)
    }

    /// Checks that the external id and the SKUs of the row belong to no other product.
    pub(super) fn check_owners(&self, row: &Row, id: &ProductId) -> Result<()> {
        let is_new = !self.entries.contains_key(id);
        let external_id = row.details.external_id.as_ref();
        let owner = external_id.and_then(|external_id| self.external_id_owners.get(external_id));
        if let (Some(external_id), Some(owner)) = (external_id, owner)
            && (is_new || row.mask.has(Field::ExternalId))
            && owner != id
        {
            let (external_id, owner) = (external_id.clone(), owner.clone());
            return Err(Error::ExternalIdTaken { external_id, owner });
        }
        if is_new || row.mask.has(Field::Variants) {
            for Variant { sku, .. } in &row.details.variants {
                if let Some(owner) = self.sku_owners.get(sku)
                    && owner != id
                {
                    return Err(Error::SkuTaken { sku: sku.clone(), owner: owner.clone() });
                }
            }
        }
        Ok(())
    }
}
