//! Records what an import writes.

use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait, EntityTrait as _,
    IntoActiveModel as _, QuerySelect as _, sea_query::OnConflict,
};

use crate::{
    domain::{ImportError, ImportId, ImportedProduct, Micros, Result},
    store::{
        Store,
        rows::{
            imported_product::ImportedRow,
            insert::{Insert, LazyInsert},
        },
        schema::entity::import::{ActiveModel, Column, Entity},
        writes::{Unit, Write, WriteContext},
    },
};

impl Store {
    /// Begins an import, or continues it.
    ///
    /// # Errors
    /// [`ImportError::Undone`].
    pub(crate) async fn begin_import(&self, context: WriteContext, id: ImportId) -> Result<()> {
        // In a transaction of its own: otherwise the second batch would wait for the end of the first.
        let write = Write::plain(WriteContext { audit: None, ..context });
        self.write(write, move |unit| {
            Box::pin(async move {
                begin(&unit.tx, &id, &unit.context.actor, unit.now).await?;
                lock_for_write(unit, &id).await
            })
        })
        .await
    }
}

/// Adds the row of an import, if there is none yet.
pub(in crate::store) async fn begin(
    db: &impl ConnectionTrait,
    id: &ImportId,
    actor: &str,
    now: Micros,
) -> Result<()> {
    let row = ActiveModel {
        id: Set(id.as_str().to_owned()),
        created_at: Set(now),
        actor: Set(actor.to_owned()),
        undone_at: Set(None),
    };
    let keep_existing = OnConflict::column(Column::Id).do_nothing().to_owned();
    Entity::insert(row).on_conflict(keep_existing).exec_without_returning(db).await?;
    Ok(())
}

/// Locks an import until the transaction ends, beside other batches of it. Call it before any product is locked.
///
/// # Errors
/// [`ImportError::Undone`], [`ImportError::NotFound`].
pub(in crate::store) async fn lock_for_write(unit: &Unit, id: &ImportId) -> Result<()> {
    let import = Entity::find_by_id(id.as_str()).lock_shared().one(&unit.tx).await?;
    match import {
        Some(import) if import.undone_at.is_some() => Err(ImportError::Undone(id.clone()).into()),
        Some(_) => Ok(()),
        None => Err(ImportError::NotFound(id.clone()).into()),
    }
}

/// Locks an import until the transaction ends, and from now on for all of its batches.
///
/// # Errors
/// [`ImportError::NotFound`].
pub(in crate::store) async fn lock_for_undo(unit: &Unit, id: &ImportId) -> Result<()> {
    let import = Entity::find_by_id(id.as_str()).lock_exclusive().one(&unit.tx).await?;
    let import = import.ok_or_else(|| ImportError::NotFound(id.clone()))?;
    if import.undone_at.is_none() {
        let mut import = import.into_active_model();
        import.undone_at = Set(Some(unit.now));
        import.update(&unit.tx).await?;
    }
    Ok(())
}

/// Records the products that a batch of an import has written. Of one that an earlier batch has written, the state
/// before that one remains the state before the import.
pub(in crate::store) async fn record(
    db: &impl ConnectionTrait,
    import: &ImportId,
    products: &[ImportedProduct],
) -> Result<()> {
    static UPSERT: LazyInsert<9> = LazyInsert::new(|| {
        // The content that this batch found is not what the import had left: another writer was between them.
        let is_mixed = "import_products.mixed = 1 \
            OR import_products.created_at <> excluded.created_at \
            OR import_products.last_content <> excluded.before_content";
        let over = format!(
            "ON CONFLICT (import_id, product_id) DO UPDATE SET \
             mixed = CASE WHEN {is_mixed} THEN 1 ELSE 0 END, \
             last_revision = excluded.last_revision, last_content = excluded.last_content, \
             stock_set = CASE WHEN excluded.stock_set = 1 THEN 1 ELSE import_products.stock_set END"
        );
        Insert::new::<ImportedRow<'_>>("import_products", &over)
    });
    let rows: Vec<_> = products.iter().map(|product| ImportedRow { import, product }).collect();
    UPSERT.run(db, &rows).await?;
    Ok(())
}
