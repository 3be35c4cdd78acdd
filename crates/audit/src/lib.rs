//! The audit trail: writes and refusals, and their callers.
//!
//! - [`Event`] is a write or a refusal. Each is logged as a line of target `audit`, and stored by the
//!   catalogue as a row.
//! - [`Trail`] collects the events of a process until its service stores them or sends them to the catalogue.
//! - [`WriteCall`] is the audited call of a method that writes; its handler names the resource. A store that records
//!   the event in the write's own transaction marks it as stored.
//!
//! **Invariant:** refusals and failed writes, which strangers can cause at any rate, make at most
//! twenty-two lines and events a second: beyond ten different ones of a kind they are counted.

mod author;
mod event;
mod sampler;
mod trail;
mod write_call;

pub use author::author_headers;
pub use event::{Event, OK, outcome_of};
pub use trail::Trail;
pub use write_call::WriteCall;
