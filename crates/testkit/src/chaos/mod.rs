//! Experiments: something breaks on purpose, and figures say what it cost.
//!
//! An [`Experiment`] is written once. A test runs it small, by [`Experiment::check`]; at its full
//! size `cargo xtask chaos` does, by [`run_experiments`]. Both give it a [`Setting`], and it gives
//! back [`Figure`]s, each with the bound that it must keep.

mod calls;
mod catalogue;
mod consul;
mod experiment;
mod figure;
mod report;
mod runner;
mod search;
mod server;
mod setting;

pub use calls::calls_experiments;
pub use catalogue::catalogue_experiments;
pub use consul::consul_experiments;
pub use experiment::Experiment;
pub use figure::Figure;
pub use runner::run_experiments;
pub use search::search_experiments;
pub use server::server_experiments;
pub use setting::Setting;
