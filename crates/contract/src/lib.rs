//! The gRPC contract, read once from its encoded descriptors (`FileDescriptorSet`).
//!
//! - [`Method`] names a method and says how it may be called: which direction streams, whether a
//!   call may be repeated, what its caller must hold ([`Scope`]), and what a call costs ([`Class`]). Copied freely; servers, clients and telemetry share it.
//! - [`Methods`] finds a method by its path, and [`declared`] lists those of a descriptor set.
//! - [`Messages`] has the fields of each message, for JSON and query parameters.
//! - [`breaking`] says what of a changed contract breaks clients of the earlier one.
//!
//! Independent of the generated code: descriptors are passed in.

mod class;
mod compatibility;
mod declared;
mod messages;
mod method;
mod methods;
mod options;
mod scope;
mod shape;

pub use class::Class;
pub use compatibility::{Breaking, breaking};
pub use declared::{Declared, declared};
pub use messages::{Field, Holds, Messages};
pub use method::Method;
pub use methods::Methods;
pub use scope::Scope;
pub use shape::{Idempotency, Shape};
