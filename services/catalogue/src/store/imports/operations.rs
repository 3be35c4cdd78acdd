//! Imports as operations: reading, listing, reporting and cancelling them.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
    sea_query::{Expr, ExprTrait as _, OnConflict},
};

use super::record;
use crate::{
    domain::{Error, Import, ImportError, ImportId, ImportOperation, ImportState, Micros, Result},
    store::{
        Store,
        schema::{entity::import, import_report},
        writes::{Write, WriteContext, Written},
    },
};

impl Store {
    /// The import of this id.
    ///
    /// # Errors
    /// [`ImportError::NotFound`].
    pub(crate) async fn import(&self, id: &ImportId) -> Result<Import> {
        find(&self.0.reader, id).await
    }

    /// Imports, the newest first: at most `limit` after the one that was begun at this time with this id.
    pub(crate) async fn imports(
        &self,
        after: Option<(Micros, &str)>,
        limit: usize,
    ) -> Result<Vec<Import>> {
        let mut newest = import::Entity::find()
            .order_by_desc(import::Column::CreatedAt)
            .order_by_desc(import::Column::Id)
            .limit(limit as u64);
        if let Some((created_at, id)) = after {
            let same = Condition::all()
                .add(import::Column::CreatedAt.eq(created_at))
                .add(import::Column::Id.lt(id));
            let older = Condition::any().add(import::Column::CreatedAt.lt(created_at)).add(same);
            newest = newest.filter(older);
        }
        let found = newest.all(&self.0.reader).await?;
        let ids = found.iter().map(|import| import.id.as_str());
        let reports = import_report::Entity::find()
            .filter(import_report::Column::ImportId.is_in(ids))
            .all(&self.0.reader)
            .await?;
        let mut reports: std::collections::HashMap<String, import_report::Model> =
            reports.into_iter().map(|report| (report.import_id.clone(), report)).collect();
        let import = |row: import::Model| {
            let report = reports.remove(&row.id);
            to_import(row, report)
        };
        found.into_iter().map(import).collect()
    }

    /// Stores the report of an import. One that has ended stays as it is. If it `begins`, there must be no other
    /// report of it: the same one, whose response was lost, is no other.
    ///
    /// # Errors
    /// [`ImportError::Exists`].
    pub(crate) async fn report_import(
        &self,
        context: WriteContext,
        id: ImportId,
        state: ImportState,
        report: Vec<u8>,
        begins: bool,
    ) -> Result<Import> {
        // Reports are no writes of the client's, and each second has one: they have no event.
        let write = Write {
            written: |_| Written { count: 0, ..Written::of("", 0) },
            ..Write::plain(context)
        };
        self.write(write, move |unit| {
            Box::pin(async move {
                record::begin(&unit.tx, &id, &unit.context.actor, unit.now).await?;
                let row = import_report::ActiveModel {
                    import_id: Set(id.as_str().to_owned()),
                    state: Set(state as i32),
                    updated_at: Set(unit.now),
                    cancelled_at: Set(None),
                    report: Set(report.clone()),
                };
                import_report::Entity::insert(row)
                    .on_conflict(if begins { keep_first() } else { replace_unless_ended() })
                    .exec_without_returning(&unit.tx)
                    .await?;
                let import = find(&unit.tx, &id).await?;
                let is_stored = import.operation.as_ref().is_some_and(|it| it.report == report);
                if begins && !is_stored {
                    return Err(ImportError::Exists(id).into());
                }
                Ok(import)
            })
        })
        .await
    }

    /// Asks the gateway that runs an import to end it.
    ///
    /// # Errors
    /// [`ImportError::NotFound`].
    pub(crate) async fn cancel_import(&self, write: Write<Import>, id: ImportId) -> Result<Import> {
        write.context.name_resource(id.as_str());
        self.write(write, move |unit| {
            Box::pin(async move {
                import_report::Entity::update_many()
                    .col_expr(import_report::Column::CancelledAt, Expr::value(unit.now))
                    .filter(import_report::Column::ImportId.eq(id.as_str()))
                    .filter(import_report::Column::State.lte(ImportState::Running as i32))
                    .filter(import_report::Column::CancelledAt.is_null())
                    .exec(&unit.tx)
                    .await?;
                find(&unit.tx, &id).await
            })
        })
        .await
    }
}

fn keep_first() -> OnConflict {
    OnConflict::column(import_report::Column::ImportId).do_nothing().to_owned()
}

fn replace_unless_ended() -> OnConflict {
    let mut over = OnConflict::column(import_report::Column::ImportId);
    over.update_columns([
        import_report::Column::State,
        import_report::Column::UpdatedAt,
        import_report::Column::Report,
    ]);
    let stored = Expr::col((import_report::Entity, import_report::Column::State));
    over.action_and_where(stored.lte(ImportState::Running as i32));
    over
}

async fn find(db: &impl ConnectionTrait, id: &ImportId) -> Result<Import> {
    let row = import::Entity::find_by_id(id.as_str()).one(db).await?;
    let row = row.ok_or_else(|| ImportError::NotFound(id.clone()))?;
    let report = import_report::Entity::find_by_id(id.as_str()).one(db).await?;
    to_import(row, report)
}

fn to_import(row: import::Model, report: Option<import_report::Model>) -> Result<Import> {
    let operation = report.map(|report| {
        let state = ImportState::ALL.into_iter().find(|state| *state as i32 == report.state);
        let damaged = || Error::Damaged(format!("an import of state {}", report.state).into());
        Ok::<_, Error>(ImportOperation {
            state: state.ok_or_else(damaged)?,
            updated_at: report.updated_at,
            cancelled_at: report.cancelled_at,
            report: report.report,
        })
    });
    Ok(Import {
        id: ImportId::known(row.id),
        created_at: row.created_at,
        actor: row.actor,
        undone_at: row.undone_at,
        operation: operation.transpose()?,
    })
}
