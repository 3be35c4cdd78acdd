//! Chaos experiments: each injects a fault into real processes under load, and measures the effect.
//!
//! An [`Experiment`] is written once. Tests run it at a small scale with [`Experiment::check`], and
//! `cargo xtask chaos` at full size. Both pass a [`RunConfig`], and the experiment returns
//! [`Figure`](testkit::Figure)s, each with its bound.

mod access;
mod calls;
mod catalogue;
mod consul;
mod deploy;
mod edge;
mod experiment;
mod feeds;
mod files;
mod fuzz;
mod load;
mod report;
mod run_config;
mod runner;
mod search;
mod server;

pub use devtools::chaos::Group;
pub use experiment::Experiment;
pub use run_config::RunConfig;
pub use runner::run;

/// The experiments of a group, in the order in which they run.
#[must_use]
pub fn experiments(group: Group) -> Vec<Experiment> {
    match group {
        Group::Access => access::experiments(),
        Group::Calls => calls::experiments(),
        Group::Catalogue => catalogue::experiments(),
        Group::Consul => consul::experiments(),
        Group::Deploy => deploy::experiments(),
        Group::Edge => edge::experiments(),
        Group::Feeds => feeds::experiments(),
        Group::Files => files::experiments(),
        Group::Fuzz => fuzz::experiments(),
        Group::Search => search::experiments(),
        Group::Server => server::experiments(),
    }
}
