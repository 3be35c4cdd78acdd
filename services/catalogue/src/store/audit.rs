//! The audit trail.

use audit::Event;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait as _, EntityTrait as _, ExprTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Statement,
    sea_query::{Expr, Query},
};

use super::{
    Store,
    rows::audit_event,
    schema::entity::{
        access_key,
        audit_event::{Column, Entity},
    },
    sessions,
    writes::{Unit, Write},
};
use crate::domain::{AuditQuery, Micros, Person, Result, actor::SEPARATOR};

/// Rows deleted in one transaction.
const BATCH: u64 = 2_000;
/// The use of a key is recorded at most once in this time.
const USE_INTERVAL: Micros = 60 * 1_000_000;

/// Where a person's name may stand beneath the trail: tables and columns of actors.
const ACTORS: [(&str, &str); 4] = [
    ("products", "created_by"),
    ("product_revisions", "actor"),
    ("changes", "actor"),
    ("reservations", "actor"),
];

impl Store {
    /// Adds events, and when keys were used.
    pub(crate) async fn record_audit(
        &self,
        events: Vec<Event>,
        uses: Vec<(String, Micros)>,
    ) -> Result<()> {
        if events.is_empty() && uses.is_empty() {
            return Ok(());
        }
        self.write(Write::internal(), move |unit| {
            Box::pin(async move {
                audit_event::insert(&unit.tx, &events).await?;
                for (id, at) in uses {
                    let last = Expr::col(access_key::Column::LastUsedAt);
                    let is_due = last.clone().is_null().or(last.lte(at - USE_INTERVAL));
                    access_key::Entity::update_many()
                        .col_expr(access_key::Column::LastUsedAt, Expr::value(at))
                        .filter(access_key::Column::Id.eq(id))
                        .filter(is_due)
                        .exec(&unit.tx)
                        .await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// At most `limit` events with their ids below `below`, the newest first.
    pub(crate) async fn audit_events(
        &self,
        query: AuditQuery,
        below: Option<i64>,
        limit: u64,
    ) -> Result<Vec<(i64, Event)>> {
        let mut wanted = Condition::all();
        if !query.principal.is_empty() {
            wanted = wanted.add(Column::Principal.eq(query.principal));
        }
        if !query.resource.is_empty() {
            wanted = wanted.add(Column::Resource.eq(query.resource));
        }
        if !query.method.is_empty() {
            let is_whole = Column::Method.eq(query.method.as_str());
            wanted =
                wanted.add(is_whole.or(Column::Method.ends_with(format!("/{}", query.method))));
        }
        wanted = wanted
            .add_option(query.start.map(|start| Column::At.gte(start)))
            .add_option(query.end.map(|end| Column::At.lt(end)))
            .add_option(below.map(|below| Column::Id.lt(below)));
        let newest_first = Entity::find().filter(wanted).order_by_desc(Column::Id);
        let rows = newest_first.limit(limit).all(&self.0.reader).await?;
        Ok(rows.into_iter().map(|row| (row.id, audit_event::event(row))).collect())
    }

    /// Deletes the events before `end`.
    pub(crate) async fn delete_audit_before(&self, end: Micros) -> Result<()> {
        loop {
            let deleted = self
                .write(Write::internal(), move |unit| {
                    Box::pin(async move {
                        let old = Query::select()
                            .column(Column::Id)
                            .from(Entity)
                            .and_where(Column::At.lt(end))
                            .limit(BATCH)
                            .take();
                        let delete = Entity::delete_many().filter(Column::Id.in_subquery(old));
                        Ok(delete.exec(&unit.tx).await?.rows_affected)
                    })
                })
                .await?;
            if deleted < BATCH {
                return Ok(());
            }
        }
    }

    /// Replaces a person by a pseudonym wherever it is named; returns the number of changed rows.
    pub(crate) async fn erase(
        &self,
        write: Write<u64>,
        person: Person,
        pseudonym: String,
    ) -> Result<u64> {
        self.write(write, move |unit| {
            Box::pin(async move {
                let mut changed = 0;
                if let Some(address) = &person.address {
                    changed += replace(unit, Column::Address, address, &pseudonym).await?;
                }
                if let Some(name) = &person.name {
                    changed += replace(unit, Column::Principal, name, &pseudonym).await?;
                    changed += replace(unit, Column::Note, name, &pseudonym).await?;
                    changed += rename_keys(unit, name, &pseudonym).await?;
                    changed += sessions::end_all_of(&unit.tx, name).await?;
                    for actors in ACTORS {
                        changed += replace_actor(unit, actors, name, &pseudonym).await?;
                    }
                }
                Ok(changed)
            })
        })
        .await
    }
}

async fn replace(unit: &Unit, column: Column, old: &str, new: &str) -> Result<u64> {
    let all = Entity::update_many().col_expr(column, Expr::value(new)).filter(column.eq(old));
    Ok(all.exec(&unit.tx).await?.rows_affected)
}

/// Renames the keys that are called like the person.
async fn rename_keys(unit: &Unit, principal: &str, pseudonym: &str) -> Result<u64> {
    let name = principal.strip_prefix("key:").unwrap_or(principal);
    let all = access_key::Entity::update_many()
        .col_expr(access_key::Column::Name, Expr::value(pseudonym))
        .filter(access_key::Column::Name.eq(name));
    Ok(all.exec(&unit.tx).await?.rows_affected)
}

/// Replaces the name in a column of [actors](crate::domain::actor), as the principal and as the note.
async fn replace_actor(
    unit: &Unit,
    (table, column): (&str, &str),
    name: &str,
    pseudonym: &str,
) -> Result<u64> {
    let sql = format!(
        "UPDATE {table} SET {column} = trim(replace($1 || {column} || $1, $2, $3), $1) \
         WHERE replace($1 || {column} || $1, $2, $3) <> $1 || {column} || $1"
    );
    let between = |name: &str| format!("{SEPARATOR}{name}{SEPARATOR}");
    let mut changed = 0;
    // Twice: principal and note share the separator between them.
    for _ in 0..2 {
        let values = [SEPARATOR.to_string(), between(name), between(pseudonym)];
        let values = values.map(sea_orm::Value::from);
        let engine = unit.tx.get_database_backend();
        let statement = Statement::from_sql_and_values(engine, &sql, values);
        changed += unit.tx.execute_raw(statement).await?.rows_affected();
    }
    Ok(changed)
}
