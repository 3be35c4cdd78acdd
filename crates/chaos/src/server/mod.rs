//! Experiments with servers: overload, connections, shutdown and restart.

mod age;
mod event_reader;
mod hang_up;
mod impatient;
mod leave;
mod overload;
mod readers;
mod replicas;
mod rolling;
mod slow;

use crate::{Experiment, run_config::RunConfig};

pub(crate) fn experiments() -> Vec<Experiment> {
    vec![
        Experiment::new(
            "overload",
            "1, 2 and 3 times the peak load: throughput and latency stay the same, and the rest is refused \
             immediately",
            overload::run,
        ),
        Experiment::new(
            "overload-json",
            "the same at the gateway's port, over JSON",
            overload::run_json,
        ),
        Experiment::new(
            "slow-database",
            "the database latency rises by 200 ms: the limit of concurrent calls falls, and recovers afterwards",
            slow::run,
        ),
        Experiment::new(
            "impatient",
            "5,000 clients that cancel after 1 ms: another client is not affected",
            impatient::run,
        ),
        Experiment::new(
            "hang-up",
            "clients that cancel during a statement: the statement is cancelled, and its connection becomes \
             free",
            hang_up::run,
        ),
        Experiment::new(
            "readers",
            "10,000 open event streams, half of which are not read, at 500 changes per second: readers get each \
             change, laggards one resync, other calls do not fail, memory is bounded",
            readers::run,
        ),
        Experiment::new(
            "leave",
            "a stopped catalogue: streams end with status, reason and cursor, no change is missed, a second \
             signal ends it immediately",
            leave::run,
        ),
        Experiment::new(
            "age",
            "connections at their maximum age are closed gracefully, and no call fails",
            age::run,
        ),
        Experiment::new(
            "rolling",
            "every replica restarted ten times under 500 calls per second: no call fails",
            rolling::run,
        ),
    ]
}

/// A bound of a duration: ten times as long at a small scale, because other tests run at the same time.
fn bound(config: &RunConfig, full: f64) -> f64 {
    if config.scale() < 1.0 { full * 10.0 } else { full }
}
