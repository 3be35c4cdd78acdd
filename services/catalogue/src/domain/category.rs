//! Categories.

use super::CategoryId;

/// Maximum depth of the tree; roots have depth 1.
pub(crate) const MAX_DEPTH: usize = 8;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Category {
    pub(crate) id: CategoryId,
    /// Unique among its siblings.
    pub(crate) name: String,
    /// `None` for a root.
    pub(crate) parent_id: Option<CategoryId>,
    /// Siblings are sorted by position, then by name.
    pub(crate) position: i32,
    /// Number of changes, from 1.
    pub(crate) revision: i64,
}

impl Category {
    /// Differs after every change of the category.
    pub(crate) fn etag(&self) -> String {
        format!("{:x}", self.revision)
    }
}

/// Input for creating a category.
#[derive(Debug, Clone)]
pub(crate) struct NewCategory {
    /// `None`: generated from the names on its path.
    pub(crate) id: Option<CategoryId>,
    pub(crate) name: String,
    pub(crate) parent_id: Option<CategoryId>,
    pub(crate) position: i32,
}

/// Input for updating a category; `None` leaves a field unchanged.
#[derive(Debug, Clone, Default)]
pub(crate) struct CategoryUpdate {
    pub(crate) name: Option<String>,
    pub(crate) position: Option<i32>,
}
