//! Whether what products were before an import can come back: their categories exist, and their external ids and
//! SKUs belong to no other product.

use std::collections::HashMap;

use sea_orm::ConnectionTrait;

use super::read;
use crate::{
    domain::{Field, ImportId, ProductId, Result, Sku, Tree, Violations, check_whole},
    import::{Conflict, Undo, UndoneProduct},
    store::imports::{self, PendingProduct},
};

/// A product of an import, and how it is undone.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) pending: PendingProduct,
    pub(super) undo: Undo,
}

impl Planned {
    pub(super) fn id(&self) -> &ProductId {
        &self.pending.imported.product_id
    }

    /// The product as it would be written.
    pub(super) fn undone(&self) -> Option<&UndoneProduct> {
        match &self.undo {
            Undo::Write(undone) => Some(undone),
            Undo::Unchanged | Undo::Conflict(_) => None,
        }
    }
}

/// Makes conflicts of the products that refer to a category that does not exist, or break a rule.
pub(super) fn check_content(tree: &Tree, planned: &mut [Planned]) {
    for product in planned {
        let Some(undone) = product.undone() else { continue };
        if let Some(conflict) = content_conflict(tree, undone) {
            product.undo = Undo::Conflict(conflict);
        }
    }
}

fn content_conflict(tree: &Tree, undone: &UndoneProduct) -> Option<Conflict> {
    let details = &undone.product.details;
    if undone.changed.has(Field::CategoryIds) {
        let mut categories = details.category_ids.iter();
        if let Some(gone) = categories.find(|id| tree.get(id).is_none()) {
            return Some(Conflict::category_gone(gone.as_str()));
        }
    }
    if undone.changed.is_empty() {
        return None;
    }
    let mut violations = Violations::default();
    check_whole(details, &mut violations);
    let (field, rule) = violations.iter().next()?;
    Some(Conflict::invalid(format!("its former {field} {rule}")))
}

/// Makes conflicts of the products whose external id or SKU belongs to a product that keeps it. `rehearsed`: the
/// import whose other products count as undone, in a rehearsal.
pub(super) async fn check_keys(
    db: &impl ConnectionTrait,
    planned: &mut [Planned],
    rehearsed: Option<&ImportId>,
) -> Result<()> {
    let owners = Owners::read(db, planned, rehearsed).await?;
    // A conflict keeps what others may have counted on.
    loop {
        let conflicts = owners.conflicts(planned);
        if conflicts.is_empty() {
            return Ok(());
        }
        for (index, conflict) in conflicts {
            planned[index].undo = Undo::Conflict(conflict);
        }
    }
}

/// The present owners of the keys that products would have again.
#[derive(Debug)]
struct Owners {
    external_ids: HashMap<String, ProductId>,
    skus: HashMap<Sku, ProductId>,
    /// Owners that count as undone, though they are in another batch.
    undone: HashMap<ProductId, crate::domain::ImportedProduct>,
}

impl Owners {
    async fn read(
        db: &impl ConnectionTrait,
        planned: &[Planned],
        rehearsed: Option<&ImportId>,
    ) -> Result<Self> {
        let undone = || planned.iter().filter_map(Planned::undone);
        let wanted: Vec<&str> =
            undone().filter_map(UndoneProduct::regained_external_id).map(String::as_str).collect();
        let by_external_id = read::by_external_ids(db, &wanted).await?;
        let external_ids = by_external_id.into_iter().filter_map(|owner| {
            let external_id = owner.details.external_id?;
            Some((external_id, owner.id))
        });
        let external_ids: HashMap<_, _> = external_ids.collect();
        let wanted: Vec<&str> =
            undone().flat_map(|undone| &undone.regained_skus).map(Sku::as_str).collect();
        let by_sku = read::by_skus(db, &wanted).await?;
        let skus = by_sku.into_iter().flat_map(|owner| {
            let id = owner.id;
            owner.details.variants.into_iter().map(move |variant| (variant.sku, id.clone()))
        });
        let skus: HashMap<_, _> = skus.collect();
        let undone = match rehearsed {
            None => HashMap::new(),
            Some(import) => {
                let owners: Vec<_> = external_ids.values().chain(skus.values()).collect();
                let written = imports::written_by(db, import, &owners).await?;
                // A product that the import created keeps its keys when it is deleted.
                written.into_iter().filter(|(_, imported)| !imported.is_creation()).collect()
            }
        };
        Ok(Self { external_ids, skus, undone })
    }

    /// The products that would have a key of another one, by their index.
    fn conflicts(&self, planned: &[Planned]) -> Vec<(usize, Conflict)> {
        if self.external_ids.is_empty() && self.skus.is_empty() {
            return Vec::new();
        }
        let by_id: HashMap<&ProductId, &UndoneProduct> =
            planned.iter().filter_map(|product| Some((product.id(), product.undone()?))).collect();
        let conflict = |undone: &UndoneProduct| {
            let keeps = |owner: &&ProductId, keeps: &dyn Fn(&UndoneProduct) -> bool| {
                **owner != undone.product.id
                    && !self.undone.contains_key(*owner)
                    && by_id.get(*owner).is_none_or(|other| keeps(other))
            };
            if let Some(external_id) = undone.regained_external_id() {
                let owner = self.external_ids.get(external_id);
                let taken = |other: &UndoneProduct| {
                    other.product.details.external_id.as_ref() == Some(external_id)
                };
                if let Some(owner) = owner.filter(|owner| keeps(owner, &taken)) {
                    return Some(Conflict::external_id_taken(external_id, owner));
                }
            }
            undone.regained_skus.iter().find_map(|sku| {
                let taken = |other: &UndoneProduct| {
                    other.product.details.variants.iter().any(|variant| variant.sku == *sku)
                };
                let owner = self.skus.get(sku).filter(|owner| keeps(owner, &taken));
                owner.map(|owner| Conflict::sku_taken(sku, owner))
            })
        };
        let planned = planned.iter().enumerate();
        planned.filter_map(|(index, product)| Some((index, conflict(product.undone()?)?))).collect()
    }
}
