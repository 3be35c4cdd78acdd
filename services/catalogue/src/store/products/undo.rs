//! Undoes imports: batches of their products, each a transaction.

use std::collections::HashMap;

use sea_orm::ConnectionTrait;

use super::{
    history, read,
    restorable::{self, Planned},
    save,
};
use crate::{
    domain::{Field, ImportId, Micros, Product, ProductId, Result, Revision, now},
    import::{Conflict, Undo, UndoneProduct},
    store::{
        Store, UndoTotals,
        imports::{self, PendingProduct, Settlement, UndoneConflict},
        writes::{Unit, Write, WriteContext, Written},
    },
};

/// Products in one transaction: each may be large, and other writers wait for them.
const BATCH: u64 = 200;

/// Which products of an import are undone in a pass over them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UndoPass {
    /// All that are not undone yet.
    All,
    /// Conflicts over keys that belonged to others, which may have given them back since.
    Retaken,
}

/// The outcome of a batch.
#[derive(Debug)]
pub(crate) struct UndoStep {
    /// The last product of the batch; `None` if there are no more.
    pub(crate) last: Option<ProductId>,
    /// Added to the counts.
    pub(crate) change: UndoTotals,
    /// Conflicts that later passes may resolve.
    pub(crate) resolvable: usize,
    /// All conflicts, in a rehearsal.
    pub(crate) conflicts: Vec<UndoneConflict>,
}

impl Store {
    /// Undoes the next products of an import after `after`.
    ///
    /// # Errors
    /// [`ImportError::NotFound`](crate::domain::ImportError::NotFound); the store is busy, full or broken.
    pub(crate) async fn undo_batch(
        &self,
        context: WriteContext,
        import: ImportId,
        after: Option<ProductId>,
        pass: UndoPass,
    ) -> Result<UndoStep> {
        let write = Write { written, ..Write::plain(context) };
        self.write(write, move |unit| {
            Box::pin(async move {
                imports::lock_for_undo(unit, &import).await?;
                let reasons = match pass {
                    UndoPass::All => None,
                    UndoPass::Retaken => Some(&Conflict::RESOLVABLE[..]),
                };
                let pending =
                    imports::pending(&unit.tx, &import, after.as_ref(), reasons, BATCH).await?;
                unit.lock_products(pending.iter().map(|it| &it.imported.product_id)).await?;
                let mut planned = plan(&unit.tx, pending, unit.now).await?;
                let categories = planned.iter().filter_map(Planned::undone);
                let categories = categories.flat_map(|it| &it.product.details.category_ids);
                let categories: Vec<_> = categories.cloned().collect();
                unit.load_categories(&categories).await?;
                restorable::check_content(&unit.tree, &mut planned);
                restorable::check_keys(&unit.tx, &mut planned, None).await?;
                save(unit, &planned).await?;
                let step = step(&planned);
                let settled: Vec<_> = planned.into_iter().map(settlement).collect();
                imports::settle(&unit.tx, &import, &settled).await?;
                Ok(step)
            })
        })
        .await
    }

    /// The outcome that [`Store::undo_batch`] would have. Writes nothing.
    pub(crate) async fn rehearse_undo(
        &self,
        import: &ImportId,
        after: Option<&ProductId>,
    ) -> Result<UndoStep> {
        let db = &self.0.reader;
        let pending = imports::pending(db, import, after, None, BATCH).await?;
        let mut planned = plan(db, pending, now()).await?;
        restorable::check_content(&self.tree(), &mut planned);
        restorable::check_keys(db, &mut planned, Some(import)).await?;
        let step = step(&planned);
        let conflicts = planned.into_iter().filter_map(|product| match settlement(product) {
            (product_id, Settlement::Conflict(Conflict { reason, message })) => {
                Some(UndoneConflict { product_id, reason: reason.to_owned(), message })
            }
            _ => None,
        });
        Ok(UndoStep { conflicts: conflicts.collect(), ..step })
    }
}

/// Plans the products of a batch, as far as that depends on each alone.
async fn plan(
    db: &impl ConnectionTrait,
    pending: Vec<PendingProduct>,
    now: Micros,
) -> Result<Vec<Planned>> {
    let ids: Vec<_> = pending.iter().map(|it| it.imported.product_id.clone()).collect();
    let products = read::by_ids(db, &ids).await?;
    let mut products: HashMap<ProductId, Product> =
        products.into_iter().map(|product| (product.id.clone(), product)).collect();
    let restorable = pending.iter().map(|it| &it.imported).filter(|imported| {
        let product = products.get(&imported.product_id);
        !imported.is_creation() && product.is_some_and(|product| imported.is_current(product))
    });
    let mut revisions: HashMap<ProductId, Vec<Revision>> = HashMap::new();
    for revision in history::of_imports(db, restorable).await? {
        revisions.entry(revision.product_id.clone()).or_default().push(revision);
    }
    let plan = |pending: PendingProduct| {
        let id = &pending.imported.product_id;
        let revisions = revisions.get(id).map_or(&[][..], Vec::as_slice);
        let undo = Undo::plan(&pending.imported, products.remove(id), revisions, now);
        Planned { pending, undo }
    };
    Ok(pending.into_iter().map(plan).collect())
}

async fn save(unit: &mut Unit, planned: &[Planned]) -> Result<()> {
    let undone: Vec<&UndoneProduct> = planned.iter().filter_map(Planned::undone).collect();
    let releasing = select(&undone, |undone| undone.released_external_id.is_some());
    let releasing: Vec<_> = releasing.iter().map(|product| &product.id).collect();
    let products = select(&undone, |_| true);
    let varied = select(&undone, |undone| undone.changed.has(Field::Variants));
    let moved = select(&undone, |undone| undone.changed.has(Field::CategoryIds));
    save::release_external_ids(&unit.tx, &releasing).await?;
    save::products(&unit.tx, &products).await?;
    save::variants(&unit.tx, &varied).await?;
    save::memberships(&unit.tx, &moved).await?;
    let counts_otherwise =
        |it: &&UndoneProduct| it.changes_deletion() || it.changed.has(Field::Status);
    unit.memberships_changed |= !moved.is_empty() || undone.iter().any(counts_otherwise);
    let revisions: Vec<_> = undone.iter().flat_map(|it| it.revisions.iter().cloned()).collect();
    history::record(unit, &revisions).await?;
    let changes: Vec<_> = undone.iter().flat_map(|it| it.changes.iter().cloned()).collect();
    unit.append_changes(&changes).await
}

fn select<'a>(
    undone: &[&'a UndoneProduct],
    wanted: impl Fn(&UndoneProduct) -> bool,
) -> Vec<&'a Product> {
    undone.iter().filter(|undone| wanted(undone)).map(|undone| &undone.product).collect()
}

fn step(planned: &[Planned]) -> UndoStep {
    let (mut change, mut resolvable) = (UndoTotals::default(), 0);
    for product in planned {
        change.conflicted -= i64::from(product.pending.was_conflict);
        let total = match &product.undo {
            Undo::Unchanged => &mut change.unchanged,
            Undo::Write(undone) if undone.is_creation => &mut change.deleted,
            Undo::Write(_) => &mut change.restored,
            Undo::Conflict(conflict) => {
                resolvable += usize::from(Conflict::RESOLVABLE.contains(&conflict.reason));
                &mut change.conflicted
            }
        };
        *total += 1;
        if product.pending.imported.stock_set && !product.pending.was_conflict {
            change.stock_kept += 1;
        }
    }
    let last = planned.last().map(|product| product.id().clone());
    UndoStep { last, change, resolvable, conflicts: Vec::new() }
}

fn settlement(Planned { pending, undo }: Planned) -> (ProductId, Settlement) {
    let settlement = match undo {
        Undo::Unchanged => Settlement::Unchanged,
        Undo::Write(undone) if undone.is_creation => Settlement::Deleted,
        Undo::Write(_) => Settlement::Restored,
        Undo::Conflict(conflict) => Settlement::Conflict(conflict),
    };
    (pending.imported.product_id, settlement)
}

fn written(step: &UndoStep) -> Written {
    let UndoTotals { deleted, restored, .. } = step.change;
    let count = i32::try_from(deleted + restored).unwrap_or(i32::MAX);
    Written { count, ..Written::of("", 0) }
}
