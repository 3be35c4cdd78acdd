//! Queries of the audit trail.

use super::Micros;

/// The events that are wanted; empty texts and `None` select all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AuditQuery {
    pub(crate) principal: String,
    /// The full name of a method, or its last part.
    pub(crate) method: String,
    pub(crate) resource: String,
    pub(crate) start: Option<Micros>,
    pub(crate) end: Option<Micros>,
}

/// A person as the trail names it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Person {
    /// A principal, or a note.
    pub(crate) name: Option<String>,
    pub(crate) address: Option<String>,
}
