//! Forgets imports of long ago, which can then not be undone any more.

use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::Query,
};

use crate::{
    domain::{Micros, Result},
    store::{
        Store,
        schema::{
            entity::{import, imported_product},
            import_report,
        },
        writes::Write,
    },
};

/// Products forgotten in one transaction.
const BATCH: u64 = 2_000;

impl Store {
    /// Forgets the imports that began before `end`.
    pub(crate) async fn forget_imports_before(&self, end: Micros) -> Result<()> {
        loop {
            let oldest = import::Entity::find()
                .select_only()
                .column(import::Column::Id)
                .filter(import::Column::CreatedAt.lt(end))
                .order_by_asc(import::Column::CreatedAt);
            let oldest: Option<String> = oldest.into_tuple().one(&self.0.reader).await?;
            let Some(id) = oldest else { return Ok(()) };
            self.forget_import(id).await?;
        }
    }

    async fn forget_import(&self, id: String) -> Result<()> {
        loop {
            let id = id.clone();
            let forgotten = self.write(Write::internal(), move |unit| {
                Box::pin(async move {
                    let some = Query::select()
                        .column(imported_product::Column::ProductId)
                        .from(imported_product::Entity)
                        .and_where(imported_product::Column::ImportId.eq(id.as_str()))
                        .limit(BATCH)
                        .take();
                    let delete = imported_product::Entity::delete_many()
                        .filter(imported_product::Column::ImportId.eq(id.as_str()))
                        .filter(imported_product::Column::ProductId.in_subquery(some));
                    let deleted = delete.exec(&unit.tx).await?.rows_affected;
                    if deleted < BATCH {
                        import_report::Entity::delete_by_id(id.as_str()).exec(&unit.tx).await?;
                        import::Entity::delete_by_id(id).exec(&unit.tx).await?;
                    }
                    Ok(deleted)
                })
            });
            if forgotten.await? < BATCH {
                return Ok(());
            }
        }
    }
}
