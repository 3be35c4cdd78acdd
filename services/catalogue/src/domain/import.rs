//! Imports, and how far those of files are.

use super::{ImportId, Micros};

/// Time without a report after which an import counts as interrupted.
const INTERRUPTED_AFTER: Micros = 60 * 1_000_000;

/// An import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Import {
    pub(crate) id: ImportId,
    pub(crate) created_at: Micros,
    pub(crate) actor: String,
    pub(crate) undone_at: Option<Micros>,
    /// Of a file that was posted to a gateway.
    pub(crate) operation: Option<ImportOperation>,
}

/// How far the import of a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ImportOperation {
    pub(crate) state: ImportState,
    pub(crate) updated_at: Micros,
    pub(crate) cancelled_at: Option<Micros>,
    /// The encoded report.
    pub(crate) report: Vec<u8>,
}

/// The state of an import of a file. The number is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ImportState {
    Queued = 1,
    Running = 2,
    Succeeded = 3,
    Failed = 4,
    Cancelled = 5,
}

impl ImportState {
    pub(crate) const ALL: [Self; 5] =
        [Self::Queued, Self::Running, Self::Succeeded, Self::Failed, Self::Cancelled];

    pub(crate) fn has_ended(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

impl ImportOperation {
    /// Whether its gateway has ceased to report it.
    pub(crate) fn is_interrupted(&self, now: Micros) -> bool {
        !self.state.has_ended() && now - self.updated_at > INTERRUPTED_AFTER
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_that_is_not_reported_is_interrupted_unless_it_has_ended() {
        let at = |state| ImportOperation {
            state,
            updated_at: 1_000,
            cancelled_at: None,
            report: Vec::new(),
        };
        let late = 1_000 + INTERRUPTED_AFTER + 1;
        assert!(at(ImportState::Running).is_interrupted(late));
        assert!(at(ImportState::Queued).is_interrupted(late));
        assert!(!at(ImportState::Running).is_interrupted(late - 1));
        assert!(!at(ImportState::Succeeded).is_interrupted(late));
    }
}
