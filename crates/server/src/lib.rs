//! The public port of a service.
//!
//! - [`Server`] binds and serves it: one current-thread runtime a core, HTTP/1.1 and HTTP/2 on one
//!   listener, limits on everything a client can ask for, connections that age. [`Server::grpc`] adds what
//!   every gRPC server needs.
//! - [`unary`] serves frequent unary methods ahead of the general stack.
//! - [`overload`] refuses calls that cannot be answered in time; [`tls`] encrypts connections.
//! - [`Health`] says whether the service is ready, and answers gRPC health checks.

mod args;
mod bodies;
mod connection;
pub mod grpc;
mod health;
mod host;
mod lifetime;
mod listen;
mod message;
mod methods;
pub mod metrics;
pub mod open_files;
pub mod overload;
mod panic;
mod peers;
mod quota;
mod server;
mod thread;
pub mod tls;
pub mod unary;

pub use args::{ConnectionArgs, MessageArgs, ServeArgs};
pub use bodies::BodyArgs;
pub use connection::Upgrade;
pub use health::{Condition, Health};
pub use host::{SeveralHosts, host};
pub use server::Server;
pub use tokio_util::sync::CancellationToken;
