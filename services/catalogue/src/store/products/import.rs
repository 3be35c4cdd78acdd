//! Writes a batch of imported rows in one transaction.

use std::{collections::HashMap, sync::Arc};

use sea_orm::ConnectionTrait;

use super::{history, read, save};
use crate::{
    domain::{ImportId, Product, ProductId, Result, Sku, now},
    import::{ApplyOptions, Batch, CommitTurn, DryRun, Outcome, Row},
    store::{
        Store, imports,
        writes::{Unit, Write, WriteContext, Written},
    },
};

impl Store {
    /// Applies the rows in order and commits their changes together. The outcome lists rejected
    /// rows; `options.on_error` decides whether the rows after a rejected one are applied. `turn` is
    /// the place of this batch among concurrent ones, and `import` the one it belongs to, which has begun.
    pub(crate) async fn settle(
        &self,
        context: WriteContext,
        import: ImportId,
        rows: Vec<Row>,
        options: ApplyOptions,
        turn: CommitTurn,
    ) -> Result<Outcome> {
        if rows.is_empty() {
            return Ok(Outcome::default());
        }
        let ours = turn.clone();
        let write = Write { written, ..Write::plain(context) };
        let settled = self.write(write, move |unit| {
            Box::pin(async move {
                turn.start_attempt().await?;
                let outcome = settle(unit, &import, rows, options, &turn).await;
                if outcome.is_err() {
                    turn.attempt_failed();
                }
                outcome
            })
        });
        let outcome = settled.await?;
        ours.committed();
        Ok(outcome)
    }

    /// The turn of a batch that may be written while the one before it is still being written. None
    /// if it has to wait for the end of that one.
    pub(crate) fn turn_beside(&self, before: &CommitTurn, rows: &[Row]) -> Option<CommitTurn> {
        let permit = Arc::clone(&self.0.import_slots).try_acquire_owned().ok()?;
        before.next(rows, permit)
    }

    /// The outcome that [`Store::settle`] would have, after all earlier batches of the dry run. Writes
    /// nothing.
    pub(crate) async fn rehearse(
        &self,
        dry_run: &mut DryRun,
        rows: Vec<Row>,
        options: ApplyOptions,
    ) -> Result<Outcome> {
        if rows.is_empty() {
            return Ok(Outcome::default());
        }
        let stored = affected(&self.0.reader, &rows).await?;
        // The tree has every category that these products are in.
        let tree = self.tree_for(&stored).await?;
        let mut batch = dry_run.begin(&rows, stored, &tree, now());
        batch.apply(rows, options)?;
        Ok(dry_run.end(batch))
    }
}

async fn settle(
    unit: &mut Unit,
    import: &ImportId,
    rows: Vec<Row>,
    options: ApplyOptions,
    turn: &CommitTurn,
) -> Result<Outcome> {
    imports::lock_for_write(unit, import).await?;
    // Products named by external id alone are not locked; if one changes meanwhile, writing it fails
    // with `Error::Raced`.
    unit.lock_products(rows.iter().filter_map(|row| row.id.as_ref())).await?;
    let known = affected(&unit.tx, &rows).await?;
    unit.load_categories(rows.iter().flat_map(|row| &row.details.category_ids)).await?;
    let batch = Batch::new(known, Arc::clone(&unit.tree), unit.now);
    let mut batch = batch.by(&unit.context.actor);
    batch.apply(rows, options)?;
    turn.applied(batch.only_creates());
    save_batch(unit, &batch).await?;
    imports::record(&unit.tx, import, &batch.imported(options.set_stock)).await?;
    turn.wait_to_commit().await?;
    let (tree, outcome) = batch.finish();
    unit.tree = tree;
    Ok(outcome)
}

fn written(outcome: &Outcome) -> Written {
    let count = i32::try_from(outcome.created + outcome.updated).unwrap_or(i32::MAX);
    Written { count, ..Written::of("", 0) }
}

/// The products that the rows name by id, external id, SKU or GTIN.
async fn affected(db: &impl ConnectionTrait, rows: &[Row]) -> Result<Vec<Product>> {
    // The SKU of a product without variants is its id.
    let alone = rows.iter().filter(|row| row.id.is_none()).filter_map(|row| row.sku.as_ref());
    let alone = alone.filter_map(|sku| ProductId::parse(sku.as_str()).ok());
    let ids = rows.iter().filter_map(|row| row.id.clone());
    let ids: Vec<ProductId> = ids.chain(alone).collect();
    let external_ids: Vec<&str> =
        rows.iter().filter_map(|row| row.details.external_id.as_deref()).collect();
    let products = read::by_ids(db, &ids).await?;
    let others = read::by_external_ids(db, &external_ids).await?;
    let skus: Vec<&str> = rows.iter().flat_map(Row::skus).map(Sku::as_str).collect();
    let by_sku = read::by_skus(db, &skus).await?;
    let gtins: Vec<&str> = rows.iter().filter_map(|row| row.gtin.as_deref()).collect();
    let by_gtin = read::by_gtins(db, &gtins).await?;
    let all = products.into_iter().chain(others).chain(by_sku).chain(by_gtin);
    let distinct: HashMap<_, _> = all.map(|product| (product.id.clone(), product)).collect();
    Ok(distinct.into_values().collect())
}

async fn save_batch(unit: &mut Unit, batch: &Batch) -> Result<()> {
    if !batch.new_categories().is_empty() {
        unit.lock_tree().await?;
        save::categories(&unit.tx, batch.new_categories()).await?;
    }
    save::release_external_ids(&unit.tx, &batch.releasing_external_ids()).await?;
    save::new_products(&unit.tx, &batch.created_products()).await?;
    save::products(&unit.tx, &batch.updated_products()).await?;
    let moved = batch.with_changed_categories();
    save::variants(&unit.tx, &batch.with_changed_variants()).await?;
    save::memberships(&unit.tx, &moved).await?;
    unit.memberships_changed |= batch.undeletes() || !moved.is_empty() || batch.changes_statuses();
    history::record(unit, batch.revisions()).await?;
    unit.append_changes(batch.changes()).await
}
