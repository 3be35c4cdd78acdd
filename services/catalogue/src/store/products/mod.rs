//! Products: reading and writing them, their history, and batches of imported rows.

mod delete;
pub(super) mod history;
mod import;
mod page;
pub(super) mod read;
mod read_replica;
mod restorable;
pub(super) mod save;
mod undo;
mod write;

pub(crate) use history::PastRevision;
pub(super) use page::Window;
pub(super) use read_replica::ReadReplica;
pub(crate) use undo::UndoPass;
