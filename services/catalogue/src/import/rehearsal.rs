//! What a dry run remembers.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
};

use super::{Batch, Outcome, Row};
use crate::domain::{Category, Micros, NewCategory, Product, ProductId, Sku, Tree};

/// The text of the products that are remembered, in bytes.
const MAX_BYTES: usize = 32 << 20;
/// What remembering a product costs beside its text, in bytes.
const OVERHEAD: usize = 512;

/// The products that earlier batches of a dry run would have written, so that later rows meet what
/// an import would have them meet.
///
/// The memory is bounded: the products that were rehearsed longest ago are forgotten first, and a
/// row that names one of them again is compared with what is stored.
#[derive(Debug, Default)]
pub(crate) struct Rehearsal {
    products: HashMap<ProductId, (u64, Product)>,
    owners: HashMap<String, ProductId>,
    sellers: HashMap<Sku, ProductId>,
    /// By age; one that was written again is further behind, too, and counts only there.
    order: VecDeque<(u64, ProductId)>,
    turn: u64,
    bytes: usize,
    /// Products whose ids are made up: an import would give them others.
    nameless: HashSet<ProductId>,
    categories: Vec<Category>,
}

impl Rehearsal {
    /// A batch of what would be there: `stored`, which is all that the rows name, as the batches
    /// before would have left it.
    pub(crate) fn begin(
        &self,
        rows: &[Row],
        stored: Vec<Product>,
        tree: &Arc<Tree>,
        now: Micros,
    ) -> Batch {
        let ids = rows.iter().filter_map(|row| row.id.as_ref());
        let external_ids = rows.iter().filter_map(|row| row.details.external_id.as_ref());
        let owners = external_ids.filter_map(|external_id| self.owners.get(external_id));
        let skus = rows.iter().flat_map(Row::skus);
        let sellers = skus.filter_map(|sku| self.sellers.get(sku));
        let stored = stored.into_iter().map(|product| (product.id.clone(), product));
        let mut known: HashMap<_, _> = stored.collect();
        let named: Vec<_> = ids.chain(owners).chain(sellers).chain(known.keys()).cloned().collect();
        for id in named {
            if let Some((_, product)) = self.products.get(&id) {
                known.insert(id, product.clone());
            }
        }
        let mut tree = Arc::clone(tree);
        if !self.categories.is_empty() {
            let grown = Arc::make_mut(&mut tree);
            for Category { id, name, parent_id, position, .. } in self.categories.iter().cloned() {
                // Refused when someone else has really added it meanwhile.
                grown.add(NewCategory { id: Some(id), name, parent_id, position }).ok();
            }
        }
        Batch::new(known.into_values().collect(), tree, now).with_diffs()
    }

    /// Remembers what the batch would have written, and says what became of its rows.
    pub(crate) fn end(&mut self, batch: Batch) -> Outcome {
        self.categories.extend_from_slice(batch.new_categories());
        for product in batch.changed_products() {
            if batch.made_ids().contains(&product.id) {
                self.nameless.insert(product.id.clone());
            }
            self.remember(product.clone());
        }
        let (_, mut outcome) = batch.finish();
        for diff in &mut outcome.diffs {
            diff.id.take_if(|id| self.nameless.contains(id));
        }
        while self.bytes > MAX_BYTES {
            self.forget_oldest();
        }
        if self.order.len() > 2 * self.products.len() {
            let products = &self.products;
            let newest = |(turn, id): &(u64, _)| products.get(id).is_some_and(|p| p.0 == *turn);
            self.order.retain(newest);
        }
        outcome
    }

    fn remember(&mut self, product: Product) {
        self.forget(&product.id.clone());
        self.turn += 1;
        self.bytes += cost(&product);
        if let Some(external_id) = product.details.external_id.clone() {
            self.owners.insert(external_id, product.id.clone());
        }
        for variant in &product.details.variants {
            self.sellers.insert(variant.sku.clone(), product.id.clone());
        }
        self.order.push_back((self.turn, product.id.clone()));
        self.products.insert(product.id.clone(), (self.turn, product));
    }

    fn forget_oldest(&mut self) {
        let Some((turn, id)) = self.order.pop_front() else { return };
        if self.products.get(&id).is_some_and(|(newest, _)| *newest == turn) {
            self.forget(&id);
            self.nameless.remove(&id);
        }
    }

    fn forget(&mut self, id: &ProductId) {
        let Some((_, product)) = self.products.remove(id) else { return };
        self.bytes -= cost(&product);
        for variant in &product.details.variants {
            if self.sellers.get(&variant.sku) == Some(id) {
                self.sellers.remove(&variant.sku);
            }
        }
        let external_id = product.details.external_id;
        // Another may have taken it over by now.
        if let Some(external_id) = external_id
            && self.owners.get(&external_id) == Some(id)
        {
            self.owners.remove(&external_id);
        }
    }
}

fn cost(product: &Product) -> usize {
    product.details.bytes() + OVERHEAD
}
