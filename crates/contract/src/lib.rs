//! The gRPC contract, read once from its encoded descriptors (`FileDescriptorSet`).
//!
//! - [`Method`] names a method and its properties: which direction streams, whether a call may be repeated, the
//!   [`Scope`] that its caller needs, and the [`Class`] of its cost. Copied freely; servers, clients and telemetry
//!   share it.
//! - [`Methods`] finds a method by its path, and [`declared`] lists the methods of a descriptor set, with their bindings
//!   to HTTP ([`HttpRule`]).
//! - [`Messages`] has the fields of each message, for JSON and query parameters.
//! - [`breaking`] lists the changes of a contract that break clients of the earlier one.
//!
//! Independent of the generated code: descriptors are passed in.

mod class;
mod compatibility;
mod declared;
mod http_rule;
mod messages;
mod method;
mod methods;
mod options;
mod scope;
mod shape;

pub use class::Class;
pub use compatibility::{Breaking, breaking};
pub use declared::{Declared, declared};
pub use http_rule::HttpRule;
pub use messages::{Choice, Field, Holds, Messages};
pub use method::Method;
pub use methods::Methods;
pub use scope::Scope;
pub use shape::{Idempotency, Shape};
