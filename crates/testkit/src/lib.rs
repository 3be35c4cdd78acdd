//! What tests of the whole system need: the real programs as processes on free ports, a browser,
//! an HTTP client, PostgreSQL, Consul, Prometheus, a collector for OpenTelemetry, a network that
//! misbehaves, experiments with bounds, and patience with a limit.
//!
//! Dev-only. **Invariant:** whatever a test starts ends with it, however the test ends.

mod browser;
mod chaos;
mod collector;
mod consul;
mod contract;
#[expect(dead_code, reason = "the tests of the client stack use the rest of it")]
mod fake;
mod fault_proxy;
mod fleet;
pub mod http2_peer;
mod http_client;
mod postgres;
mod process;
mod programs;
mod prometheus;
mod provision;
mod random;
mod ready;
mod wait;
mod wire;

pub use browser::{Browser, Page};
pub use chaos::{
    Experiment, Figure, Setting, calls_experiments, catalogue_experiments, consul_experiments,
    run_experiments, search_experiments, server_experiments,
};
pub use collector::Collector;
pub use consul::{Consul, ConsulFault, ConsulOptions, FakeConsul};
pub use contract::test_contract;
pub use fault_proxy::{Fault, FaultProxy};
pub use fleet::{Fleet, Service};
pub use http_client::{Answer, delete, get, get_page, patch, post, request};
pub use http2_peer::Http2Peer;
pub use postgres::{Database, Options as PostgresOptions, Postgres, PostgresServer, Shutdown};
pub use process::{Output, Process, peak_bytes, processor_seconds, run};
pub use programs::{program, repository, shared_data};
pub use prometheus::prometheus;
pub use random::Random;
pub use ready::ready_answer;
pub use wait::{until, until_within};
pub use wire::Wire;

/// Past the capture of the test runner, which shows what is printed by failed tests only.
fn aloud(text: &str) {
    use std::io::Write as _;
    writeln!(std::io::stderr(), "{text}").ok();
}
