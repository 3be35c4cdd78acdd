//! Experiments on the registry: what callers and services notice while it dies, freezes, forgets and
//! lies. Three catalogues and a gateway that knows them by name only, each in its own process.

mod agent;
mod lies;
mod load;
mod shop;
mod stop;

use super::Experiment;

/// All experiments on the registry.
pub fn consul_experiments() -> Vec<Experiment> {
    vec![
        Experiment::new(
            "killed",
            "the agent is killed under 200 calls a second, and comes back knowing nothing: no call \
             fails, all pass again within 10 s",
            agent::killed,
        ),
        Experiment::new(
            "frozen",
            "the agent is frozen (SIGSTOP) and thawed: no call fails, and the age of what is known \
             shows",
            agent::frozen,
        ),
        Experiment::new(
            "restarted",
            "an agent that keeps its data is restarted: no call fails, nothing is registered twice",
            agent::restarted,
        ),
        Experiment::new(
            "lies",
            "an agent that lists nothing, fails, talks nonsense, hangs and flaps 1,000 times a \
             second: no call fails",
            lies::run,
        ),
        Experiment::new(
            "stop",
            "replicas are told to stop: off the list within a second, no call fails",
            stop::in_order,
        ),
        Experiment::new(
            "ghost",
            "a replica is killed (-9): no call fails from 2 s on, it is off the list within 95 s, and \
             at once when its successor starts",
            stop::killed,
        ),
    ]
}
