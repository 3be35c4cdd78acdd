//! Shared by `cargo xtask` and the programs that it starts: the command lines of `chaos` and `bench`, and
//! how PostgreSQL, Consul, Prometheus and a collector are found on the machine.
//!
//! xtask is built before anything else runs, so this crate has no dependencies that xtask lacks.

pub mod bench;
pub mod chaos;
pub mod postgres;
pub mod provision;
