//! The process of a service: how it starts, runs and stops.
//!
//! - [`run()`] owns the process: telemetry, the background runtime, signals; [`config`] reads the
//!   settings.
//! - [`admin`] is the port for operators, orchestrators and scrapers.
//! - [`announce()`] keeps the instance in the registry, and [`Drain`] is the order in which it stops.
//! - [`supervise`] restarts background loops that panic.

pub mod admin;
mod announce;
mod background;
mod build;
pub mod config;
mod drain;
mod run;
mod running;

pub use announce::announce;
pub use background::supervise;
pub use drain::Drain;
pub use run::run;
pub use running::Running;
pub use tokio_util::sync::CancellationToken;
