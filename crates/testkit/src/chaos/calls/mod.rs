//! Experiments on calls: replicas die, freeze, fail and slow down, and callers should not notice.

mod balanced;
mod dead;
mod deadline;
mod failing;
mod freeze;
mod heal;
mod impatient;
mod kill;
mod load;
mod pushback;
mod slow;
mod spread;
mod system;

use super::Experiment;
use freeze::Way;

/// All experiments on calls.
pub fn calls_experiments() -> Vec<Experiment> {
    vec![
        Experiment::new(
            "kill-replica",
            "kill -9 of one of three catalogues at 500 reads/s through the gateway: no read fails",
            kill::run,
        ),
        Experiment::new(
            "freeze",
            "one of three catalogues is stopped by SIGSTOP: calls end in time and go elsewhere",
            async |setting| freeze::run(setting, Way::Stopped).await,
        ),
        Experiment::new(
            "black-hole",
            "the network to one of three catalogues swallows everything: the same",
            async |setting| freeze::run(setting, Way::Swallowed).await,
        ),
        Experiment::new(
            "spread",
            "three equals share evenly, one that is 20 ms away gets little, a new one is used soon",
            spread::run,
        ),
        Experiment::new("slow", "a replica that answers at ten times the latency", slow::run),
        Experiment::new(
            "failing",
            "one of three fails always, half the time, or at once, with and without retries",
            failing::run,
        ),
        Experiment::new("heal", "all three fail for ten seconds, and are well again", heal::run),
        Experiment::new(
            "dead",
            "a dead leaf under three layers that all retry: it is not asked much more often",
            dead::run,
        ),
        Experiment::new(
            "deadline",
            "of 500 ms, 400 are spent half-way: the leaf is told; what has expired is not begun",
            deadline::run,
        ),
        Experiment::new("pushback", "a server says when to come back, or never", pushback::run),
        Experiment::new(
            "impatient-callers",
            "calls given up after a millisecond trip no breaker",
            impatient::run,
        ),
    ]
}
