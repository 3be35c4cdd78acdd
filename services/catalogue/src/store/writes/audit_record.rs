//! The audit record of a unit: its event, stored in its own transaction.

use super::{
    context::{WriteContext, Written},
    unit::Unit,
};
use crate::{domain::Result, store::rows::audit_event};

impl Unit {
    /// Records the event of a write, if the write is audited.
    pub(super) async fn record_event(&mut self, written: Written) -> Result<()> {
        let Written { resource, revision, count } = written;
        let Some(call) = &self.context.audit else { return Ok(()) };
        if count == 0 {
            call.changes_nothing();
            return Ok(());
        }
        if !resource.is_empty() {
            call.set_resource(resource);
        }
        call.set_revision(revision);
        audit_event::insert(&self.tx, &[call.event(count)]).await?;
        self.recorded_events = count;
        Ok(())
    }
}

/// Marks the event as stored, after the commit of the transaction with it.
pub(super) fn mark_stored(context: &WriteContext, recorded_events: i32) {
    if let Some(call) = &context.audit
        && recorded_events > 0
    {
        call.stored(recorded_events);
    }
}
