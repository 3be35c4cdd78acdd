//! What every service shares: how it starts, listens, answers, calls others and stops.
//!
//! - [`run()`] owns the process: settings, telemetry, runtimes, signals.
//! - [`Server`] owns the public port: one current-thread runtime a core, HTTP/1.1 and HTTP/2 on one
//!   listener, limits on all that a peer can ask for, connections that age. [`Server::grpc`] puts
//!   around a service what every gRPC server needs.
//! - [`overload`] refuses what cannot be answered in time, and [`tls`] is what is spoken below.
//! - [`Drain`] is the order in which a service leaves.
//! - [`client::Upstream`] is the way to another service: never a hang, always a reason.
//! - [`supervise`] keeps loops in the background going.
//! - [`Health`] and [`admin`] say how the service is; [`announce()`] puts it on the list that callers
//!   go by.
//!
//! This crate alone touches tonic's plumbing.

pub mod admin;
mod announce;
mod background;
mod build;
pub mod client;
pub mod config;
mod deadline;
mod descriptors;
mod drain;
pub mod grpc;
mod health;
mod metrics;
pub mod overload;
mod random;
mod received;
mod run;
mod running;
mod server;
pub mod status;
pub mod tls;
pub mod token;

pub use announce::announce;
pub use background::supervise;
pub use drain::Drain;
pub use health::Health;
pub use run::run;
pub use running::Running;
pub use server::{ConnectionArgs, MessageArgs, ServeArgs, Server, unary};
pub use tokio_util::sync::CancellationToken;
