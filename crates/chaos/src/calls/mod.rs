//! Experiments with client calls: replicas that die, freeze, fail and slow down.

mod balanced;
mod dead;
mod deadline;
mod failing;
mod freeze;
mod heal;
mod impatient;
mod kill;
mod pushback;
mod slow;
mod spread;
mod system;

use crate::Experiment;
use freeze::Freeze;

pub(crate) fn experiments() -> Vec<Experiment> {
    vec![
        Experiment::new(
            "kill-replica",
            "kill -9 of one of three catalogues at 500 reads/s through the gateway: no read fails",
            kill::run,
        ),
        Experiment::new(
            "freeze",
            "one of three catalogues is stopped by SIGSTOP: calls time out and are routed to the others",
            async |config| freeze::run(config, Freeze::Stopped).await,
        ),
        Experiment::new(
            "black-hole",
            "the network to one of three catalogues drops everything: the same",
            async |config| freeze::run(config, Freeze::BlackHole).await,
        ),
        Experiment::new(
            "spread",
            "three equal replicas share the load, one 20 ms slower gets little, a new one is used soon",
            spread::run,
        ),
        Experiment::new(
            "slow",
            "one of three replicas has ten times the latency: it gets little",
            slow::run,
        ),
        Experiment::new(
            "failing",
            "one of three fails always, every other time, or immediately, with and without retries",
            failing::run,
        ),
        Experiment::new("heal", "all three fail for ten seconds, and recover", heal::run),
        Experiment::new(
            "dead",
            "a dead leaf below three layers that all retry: retries do not multiply",
            dead::run,
        ),
        Experiment::new(
            "deadline",
            "the leaf receives the time left of a deadline; expired calls are not started",
            deadline::run,
        ),
        Experiment::new(
            "pushback",
            "a server sends a retry pushback: clients wait as long, or do not retry",
            pushback::run,
        ),
        Experiment::new(
            "impatient-callers",
            "calls cancelled after a millisecond trip no breaker",
            impatient::run,
        ),
    ]
}
