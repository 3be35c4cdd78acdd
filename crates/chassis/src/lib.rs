//! The process of a service: how it starts, runs and stops.
//!
//! - [`run()`] owns the process: telemetry, the background runtime, signals; [`config`] reads the
//!   settings.
//! - [`Bootstrap`] starts a service: ports, readiness, registration; [`Drain`] is the order in which it
//!   stops.
//! - [`instance_service`] and the admin port answer operators, orchestrators and scrapers.
//! - [`AllowedHosts`] refuses requests to names that are not the server's own.
//! - [`supervise`] restarts background loops that panic.

mod admin;
mod allowed_hosts;
mod announce;
mod background;
mod bootstrap;
mod build;
pub mod config;
mod drain;
mod effective_settings;
mod health_probe;
mod instance;
mod reload;
mod run;
mod running;
mod service_manager;
mod settings_file;

pub use allowed_hosts::{AllowedHosts, HostError};
pub use background::supervise;
pub use bootstrap::{Bootstrap, BootstrapArgs};
pub use build::Program;
pub use drain::Drain;
pub use instance::instance_service;
pub use run::run;
pub use running::Running;
pub use tokio_util::sync::CancellationToken;
