//! A client of the product catalogue over gRPC: products, stock, search and live changes.
//!
//! A [`Client`] has a method for each of the contract, made of it (`generated/methods.rs`), and this thin layer by
//! hand: attempts that repeat the `request_id` ([`Client`]), walks over pages (`…_all`), watches that resume
//! ([`Client::follow_changes`], [`Client::follow_availability`]), and errors by their [`Reason`].
//!
//! ```no_run
#![doc = include_str!("../examples/quick_start.rs")]
//! ```

mod builder;
mod call;
mod error;
mod generated;
mod pages;
mod pause;
mod watch;

pub use builder::Builder;
pub use call::{Client, Messages};
pub use error::{CatalogueError, Error, FieldError, Result};
pub use generated::Reason;
/// Messages of the contract.
pub use proto::{catalogue, google, search};
pub use watch::{ChangeEvent, WatchEvent};
