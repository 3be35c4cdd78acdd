//! Categories: changing the tree, and the products in a category and its descendants.

mod counts;
mod members;
mod write;

pub(crate) use counts::{Count, Counts};
pub(crate) use write::CountedCategory;
