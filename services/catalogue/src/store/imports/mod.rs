//! Imports: which products each has written, and what undoing it has made of them.
//!
//! An import is locked before any product: by its batches together with each other, by undoing it alone. So
//! no batch is committed once undoing has begun.

mod operations;
mod record;
mod settled;

pub(super) use record::{begin, lock_for_undo, lock_for_write, record};
pub(super) use settled::{PendingProduct, Settlement, pending, settle, written_by};
pub(crate) use settled::{UndoTotals, UndoneConflict};
