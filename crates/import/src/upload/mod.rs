//! Uploads rows to the catalogue.
//!
//! An [`Upload`] streams rows, and buffers each until the catalogue has acknowledged or rejected it ([`window`]): from
//! then on the row is settled. It reconnects until every row is, and records what becomes of them in a [`Progress`].
//! All queues are bounded, so a file may be larger than memory.

mod catalogue;
mod client;
mod missing;
mod progress;
mod reader;
mod rejects;
mod window;

pub use catalogue::{Catalogue, Responding};
pub use client::{Upload, UploadError, UploadOutcome};
pub use missing::{
    MissingAction, MissingError, MissingLimit, MissingPolicy, MissingProducts, TakenOut,
};
pub use progress::{Counts, Progress, Tally};
pub use reader::{ReadResult, spawn_reader};
pub use rejects::{Reject, RejectsFile};
