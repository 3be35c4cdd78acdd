//! What every service shares: how it starts, listens, answers, calls others and stops.
//!
//! - [`run()`] owns the process: settings, telemetry, runtimes, signals.
//! - [`Server`] owns the public port: one current-thread runtime a core, HTTP/1.1 and HTTP/2 on one
//!   listener, a bounded number of connections, a drain that ends.
//! - [`grpc::router`] puts around a service what every gRPC server needs.
//! - [`client::Upstream`] is the way to another service: never a hang, always a reason.
//! - [`Health`] and [`admin`] say how the service is.
//!
//! This crate alone touches tonic's plumbing.

pub mod admin;
pub mod client;
pub mod config;
mod deadline;
pub mod grpc;
mod health;
mod run;
mod running;
mod server;
pub mod status;
pub mod token;

pub use health::Health;
pub use run::run;
pub use running::Running;
pub use server::{ServeArgs, Server};
pub use tokio_util::sync::CancellationToken;
