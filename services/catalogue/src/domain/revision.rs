//! A product's history.

/// What a revision was. The store keeps the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RevisionKind {
    Updated = 2,
}
