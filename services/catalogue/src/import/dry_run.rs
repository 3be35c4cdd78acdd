//! Dry run: the products that earlier batches would have written.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
};

use super::{Batch, Outcome, Row};
use crate::domain::{Category, Micros, NewCategory, Product, ProductId, Sku, Tree};

/// Maximum size of the remembered products, in bytes.
const MAX_BYTES: usize = 32 << 20;
/// Size of a remembered product besides its text, in bytes.
const OVERHEAD: usize = 512;

/// The products that earlier batches of a dry run would have written, so that later rows see the
/// same state as in an import.
///
/// Memory is bounded: the oldest products are evicted first, and later rows for an evicted product
/// are compared with the stored one.
#[derive(Debug, Default)]
pub(crate) struct DryRun {
    products: HashMap<ProductId, (u64, Product)>,
    external_id_owners: HashMap<String, ProductId>,
    sku_owners: HashMap<Sku, ProductId>,
    gtin_owners: HashMap<String, HashSet<ProductId>>,
    /// Products by the time of their last write, oldest first. Earlier entries of a product that was
    /// written again are outdated.
    order: VecDeque<(u64, ProductId)>,
    writes: u64,
    bytes: usize,
    /// Products with generated ids, which an import would generate differently.
    generated_ids: HashSet<ProductId>,
    categories: Vec<Category>,
}

impl DryRun {
    /// Starts a batch with the stored products that the rows refer to, updated by the earlier batches.
    pub(crate) fn begin(
        &self,
        rows: &[Row],
        stored: Vec<Product>,
        tree: &Arc<Tree>,
        now: Micros,
    ) -> Batch {
        let ids = rows.iter().filter_map(|row| row.id.as_ref());
        let external_ids = rows.iter().filter_map(|row| row.details.external_id.as_ref());
        let owners =
            external_ids.filter_map(|external_id| self.external_id_owners.get(external_id));
        let skus = rows.iter().flat_map(Row::skus);
        let sellers = skus.filter_map(|sku| self.sku_owners.get(sku));
        let stored = stored.into_iter().map(|product| (product.id.clone(), product));
        let mut known: HashMap<_, _> = stored.collect();
        let alone = rows.iter().filter_map(|row| row.sku.as_ref());
        let alone = alone.filter_map(|sku| self.products.get_key_value(sku.as_str()));
        let alone = alone.map(|(id, _)| id);
        let gtins = rows.iter().filter_map(|row| row.gtin.as_deref());
        let with_gtin = gtins.filter_map(|gtin| self.gtin_owners.get(gtin)).flatten();
        let owners = owners.chain(sellers).chain(alone).chain(with_gtin);
        let named: Vec<_> = ids.chain(owners).chain(known.keys()).cloned().collect();
        for id in named {
            if let Some((_, product)) = self.products.get(&id) {
                known.insert(id, product.clone());
            }
        }
        let mut tree = Arc::clone(tree);
        if !self.categories.is_empty() {
            let grown = Arc::make_mut(&mut tree);
            for Category { id, name, parent_id, position, .. } in self.categories.iter().cloned() {
                // Fails if it has been created in the meantime.
                grown.add(NewCategory { id: Some(id), name, parent_id, position }).ok();
            }
        }
        Batch::new(known.into_values().collect(), tree, now).with_diffs()
    }

    /// Remembers the products that the batch would have written, and returns its outcome.
    pub(crate) fn end(&mut self, batch: Batch) -> Outcome {
        self.categories.extend_from_slice(batch.new_categories());
        for product in batch.written_products() {
            if batch.generated_ids().contains(&product.id) {
                self.generated_ids.insert(product.id.clone());
            }
            self.remember(product.clone());
        }
        let (_, mut outcome) = batch.finish();
        for diff in &mut outcome.diffs {
            diff.id.take_if(|id| self.generated_ids.contains(id));
        }
        while self.bytes > MAX_BYTES {
            self.evict_oldest();
        }
        if self.order.len() > 2 * self.products.len() {
            let products = &self.products;
            let newest = |(write, id): &(u64, _)| products.get(id).is_some_and(|p| p.0 == *write);
            self.order.retain(newest);
        }
        outcome
    }

    fn remember(&mut self, product: Product) {
        self.remove(&product.id.clone());
        self.writes += 1;
        self.bytes += size(&product);
        if let Some(external_id) = product.details.external_id.clone() {
            self.external_id_owners.insert(external_id, product.id.clone());
        }
        for variant in &product.details.variants {
            self.sku_owners.insert(variant.sku.clone(), product.id.clone());
            if !variant.gtin.is_empty() {
                let owners = self.gtin_owners.entry(variant.gtin.clone()).or_default();
                owners.insert(product.id.clone());
            }
        }
        self.order.push_back((self.writes, product.id.clone()));
        self.products.insert(product.id.clone(), (self.writes, product));
    }

    fn evict_oldest(&mut self) {
        let Some((write, id)) = self.order.pop_front() else { return };
        if self.products.get(&id).is_some_and(|(newest, _)| *newest == write) {
            self.remove(&id);
            self.generated_ids.remove(&id);
        }
    }

    fn remove(&mut self, id: &ProductId) {
        let Some((_, product)) = self.products.remove(id) else { return };
        self.bytes -= size(&product);
        for variant in &product.details.variants {
            if self.sku_owners.get(&variant.sku) == Some(id) {
                self.sku_owners.remove(&variant.sku);
            }
            if let Some(owners) = self.gtin_owners.get_mut(&variant.gtin) {
                owners.remove(id);
                if owners.is_empty() {
                    self.gtin_owners.remove(&variant.gtin);
                }
            }
        }
        let external_id = product.details.external_id;
        // Another product may have taken it over.
        if let Some(external_id) = external_id
            && self.external_id_owners.get(&external_id) == Some(id)
        {
            self.external_id_owners.remove(&external_id);
        }
    }
}

fn size(product: &Product) -> usize {
    product.details.bytes() + OVERHEAD
}
