//! Experiments with the registry: effects on clients and services while Consul dies, freezes, loses its
//! data, or returns wrong data. Three catalogues register, and a gateway discovers them, each in its own
//! process.

mod agent;
mod lies;
mod load;
mod shop;
mod stop;

use crate::Experiment;

pub(crate) fn experiments() -> Vec<Experiment> {
    vec![
        Experiment::new(
            "killed",
            "the agent is killed under 200 calls per second, and restarts without data: no call fails, all \
             pass again within 10 s",
            agent::killed,
        ),
        Experiment::new(
            "frozen",
            "the agent is frozen (SIGSTOP) and resumed: no call fails, the age of the endpoints is \
             reported",
            agent::frozen,
        ),
        Experiment::new(
            "restarted",
            "an agent that keeps its data is restarted: no call fails, nothing is registered twice",
            agent::restarted,
        ),
        Experiment::new(
            "lies",
            "an agent that lists nothing, fails, returns garbage, hangs and changes 1,000 times per \
             second: no call fails",
            lies::run,
        ),
        Experiment::new(
            "stop",
            "replicas are stopped: deregistered within a second, no call fails",
            stop::graceful,
        ),
        Experiment::new(
            "ghost",
            "a replica is killed (-9): no call fails from 2 s on, it is deregistered within 95 s, or when its \
             successor starts",
            stop::killed,
        ),
    ]
}
