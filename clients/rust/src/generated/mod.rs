//! The methods of the contract (`tests/codegen.rs`) and the reasons of errors (`clients/generate`).

#[rustfmt::skip]
mod methods;
#[rustfmt::skip]
mod reason;

pub use reason::Reason;
