//! Settling a batch of imported rows in one transaction.

use std::collections::HashMap;

use sea_orm::ConnectionTrait;

use super::{Store, history, page, save, unit::Unit, write::Write};
use crate::{
    domain::{Product, ProductId, Result, Sku, now},
    import::{Batch, OnError, Outcome, Rehearsal, Row},
};

impl Store {
    /// Applies the rows in their order and keeps what they change: all of it or, on an error,
    /// nothing. A row that cannot be taken is in the outcome, and the others are kept, or only those
    /// before it.
    ///
    /// # Errors
    /// The store is busy, full or broken.
    pub(crate) async fn settle(
        &self,
        actor: String,
        rows: Vec<Row>,
        on_error: OnError,
    ) -> Result<Outcome> {
        self.write(Write::plain(actor, false), move |unit| {
            Box::pin(async move {
                // Those found by external id alone are not locked; if they change meanwhile, that
                // is noticed when they are written.
                unit.lock_products(rows.iter().filter_map(|row| row.id.as_ref())).await?;
                let known = concerned(&unit.tx, &rows).await?;
                unit.know_categories(rows.iter().flat_map(|row| &row.details.category_ids)).await?;
                let mut batch = Batch::new(known, std::sync::Arc::clone(&unit.tree), unit.now)
                    .by(&unit.context.actor);
                batch.apply(rows, on_error)?;
                keep(unit, &batch).await?;
                let (tree, outcome) = batch.finish();
                unit.tree = tree;
                Ok(outcome)
            })
        })
        .await
    }

    /// What [`Store::settle`] would do, after all that was rehearsed before. Writes nothing.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(crate) async fn rehearse(
        &self,
        rehearsal: &mut Rehearsal,
        rows: Vec<Row>,
        on_error: OnError,
    ) -> Result<Outcome> {
        let stored = concerned(&self.0.reader, &rows).await?;
        // The tree has every category that these products are in.
        let tree = self.tree_for(&stored).await?;
        let mut batch = rehearsal.begin(&rows, stored, &tree, now());
        batch.apply(rows, on_error)?;
        Ok(rehearsal.end(batch))
    }
}

/// The products that the rows name by id, external id or sku.
async fn concerned(db: &impl ConnectionTrait, rows: &[Row]) -> Result<Vec<Product>> {
    let ids: Vec<ProductId> = rows.iter().filter_map(|row| row.id.clone()).collect();
    let external_ids: Vec<&str> =
        rows.iter().filter_map(|row| row.details.external_id.as_deref()).collect();
    let products = page::load(db, &ids).await?;
    let others = page::load_external(db, &external_ids).await?;
    let skus: Vec<&str> = rows.iter().flat_map(Row::skus).map(Sku::as_str).collect();
    let sellers = page::load_sellers(db, &skus).await?;
    let all = products.into_iter().chain(others).chain(sellers);
    let distinct: HashMap<_, _> = all.map(|product| (product.id.clone(), product)).collect();
    Ok(distinct.into_values().collect())
}

async fn keep(unit: &mut Unit, batch: &Batch) -> Result<()> {
    if !batch.new_categories().is_empty() {
        unit.claim_tree().await?;
        save::categories(&unit.tx, batch.new_categories()).await?;
    }
    save::release_external_ids(&unit.tx, &batch.released()).await?;
    save::products(&unit.tx, &batch.changed_products()).await?;
    let moved = batch.moved_products();
    save::variants(&unit.tx, &batch.varied_products()).await?;
    save::memberships(&unit.tx, &moved).await?;
    unit.moved_products |= batch.revives() || !moved.is_empty();
    history::keep(unit, batch.revisions()).await?;
    save::changes(unit, batch.changes()).await
}
