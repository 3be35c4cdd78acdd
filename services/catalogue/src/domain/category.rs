//! A category: a place in the tree that products are sorted into.

use super::CategoryId;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Category {
    pub(crate) id: CategoryId,
    /// Unique among its siblings.
    pub(crate) name: String,
    /// None for a root.
    pub(crate) parent_id: Option<CategoryId>,
    /// Siblings are shown by position, then by name.
    pub(crate) position: i32,
    /// Counts its changes, from 1.
    pub(crate) revision: i64,
}

impl Category {
    /// Changes with every change of the category.
    pub(crate) fn etag(&self) -> String {
        format!("{:x}", self.revision)
    }
}

/// What a creator decides of a category.
#[derive(Debug, Clone)]
pub(crate) struct NewCategory {
    /// None: made from its names.
    pub(crate) id: Option<CategoryId>,
    pub(crate) name: String,
    pub(crate) parent_id: Option<CategoryId>,
    pub(crate) position: i32,
}

/// What is to be different of a category; None stays.
#[derive(Debug, Clone, Default)]
pub(crate) struct CategoryUpdate {
    pub(crate) name: Option<String>,
    pub(crate) position: Option<i32>,
}
