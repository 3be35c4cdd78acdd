//! Writes: a unit of work in one transaction, the stored response of its request, and its changes
//! in the feed.

mod append;
mod audit_record;
mod context;
pub(super) mod requests;
mod run;
mod unit;

pub(crate) use context::{AfterWrite, RequestKey, Write, WriteContext, Written};
pub(super) use unit::Unit;
