//! Rows of `audit_events`.

use audit::Event;
use sea_orm::{ConnectionTrait, Value};

use super::insert::{Insert, LazyInsert, Row};
use crate::{
    domain::{Result, micros_of, time_of},
    store::{engine::ColumnKind, schema::entity::audit_event},
};

/// Adds events to the trail.
pub(in crate::store) async fn insert(db: &impl ConnectionTrait, events: &[Event]) -> Result<()> {
    static INSERT: LazyInsert<11> = LazyInsert::new(|| Insert::new::<EventRow>("audit_events", ""));
    INSERT.run(db, &events.iter().map(EventRow).collect::<Vec<_>>()).await?;
    Ok(())
}

struct EventRow<'a>(&'a Event);

impl Row<11> for EventRow<'_> {
    const COLUMNS: [(&'static str, ColumnKind); 11] = [
        ("at", ColumnKind::BigInteger),
        ("principal", ColumnKind::Text),
        ("key_id", ColumnKind::Text),
        ("address", ColumnKind::Text),
        ("method", ColumnKind::Text),
        ("resource", ColumnKind::Text),
        ("request_id", ColumnKind::Text),
        ("note", ColumnKind::Text),
        ("outcome", ColumnKind::Text),
        ("revision", ColumnKind::BigInteger),
        ("count", ColumnKind::Integer),
    ];

    fn values(&self) -> Result<[Value; 11]> {
        let event = self.0;
        Ok([
            micros_of(event.at).into(),
            event.principal.as_str().into(),
            event.key_id.as_str().into(),
            event.address.as_str().into(),
            event.method.as_str().into(),
            event.resource.as_str().into(),
            event.request_id.as_str().into(),
            event.note.as_str().into(),
            event.outcome.as_str().into(),
            event.revision.into(),
            event.count.into(),
        ])
    }
}

/// The event of a row.
pub(in crate::store) fn event(row: audit_event::Model) -> Event {
    Event {
        at: time_of(row.at),
        principal: row.principal,
        key_id: row.key_id,
        address: row.address,
        method: row.method,
        resource: row.resource,
        request_id: row.request_id,
        note: row.note,
        revision: row.revision,
        outcome: row.outcome,
        count: row.count,
    }
}
