//! Settling a batch of imported rows in one transaction.

use std::collections::HashMap;

use super::{Store, page, save, unit::Unit, write::Write};
use crate::{
    domain::{Product, ProductId, Result},
    import::{Batch, Outcome, Row},
};

impl Store {
    /// Applies the rows in their order and keeps what they change: all of it or, on an error,
    /// nothing. A row that cannot be taken is in the outcome, and the others are kept.
    ///
    /// # Errors
    /// The store is busy, full or broken.
    pub(crate) async fn settle(&self, actor: String, rows: Vec<Row>) -> Result<Outcome> {
        self.write(Write::plain(actor, false), move |unit| {
            Box::pin(async move {
                let known = concerned(unit, &rows).await?;
                let mut batch = Batch::new(known, std::sync::Arc::clone(&unit.tree), unit.now);
                for row in rows {
                    batch.apply(row)?;
                }
                keep(unit, &batch).await?;
                let (tree, outcome) = batch.finish();
                unit.tree = tree;
                Ok(outcome)
            })
        })
        .await
    }
}

/// The products that the rows name by id or by external id.
async fn concerned(unit: &Unit, rows: &[Row]) -> Result<Vec<Product>> {
    let ids: Vec<ProductId> = rows.iter().filter_map(|row| row.id.clone()).collect();
    let external_ids: Vec<&str> =
        rows.iter().filter_map(|row| row.details.external_id.as_deref()).collect();
    let products = page::load(&unit.tx, &ids).await?;
    let others = page::load_external(&unit.tx, &external_ids).await?;
    let all = products.into_iter().chain(others);
    let distinct: HashMap<_, _> = all.map(|product| (product.id.clone(), product)).collect();
    Ok(distinct.into_values().collect())
}

async fn keep(unit: &mut Unit, batch: &Batch) -> Result<()> {
    save::categories(&unit.tx, batch.new_categories()).await?;
    save::release_external_ids(&unit.tx, &batch.released()).await?;
    save::products(&unit.tx, &batch.changed_products()).await?;
    let moved = batch.moved_products();
    save::memberships(&unit.tx, &moved).await?;
    unit.moved_products |= !moved.is_empty();
    save::changes(unit, batch.changes()).await
}
