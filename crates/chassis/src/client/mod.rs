//! The way to another service.
//!
//! An [`Upstream`] is a gRPC transport: give it to a generated client, or requests as bytes.
//! **Invariant:** a call ends. It has a deadline, or at least its headers have, and a service that
//! cannot be reached answers UNAVAILABLE with a reason.

mod endpoint;
mod pick;
mod upstream;

pub use upstream::Upstream;
