//! Experiments with a search process that follows a catalogue process.

mod changes;
mod damage;
mod fleet;
mod kill;
mod queries;
mod rebuild;
mod replica;
mod replicas;

use crate::Experiment;

pub(crate) fn experiments() -> Vec<Experiment> {
    vec![
        Experiment::new(
            "kill",
            "kill -9 of search during 300 changes per second: the index then equals the catalogue, without \
             duplicates or another snapshot",
            kill::run,
        ),
        Experiment::new(
            "rebuild",
            "the index is rebuilt under 50 queries per second: none fails, none sees a partial index",
            rebuild::under_load,
        ),
        Experiment::new(
            "rebuild-kill",
            "kill -9 during rebuilds: the index is complete after the restart, no directory is left behind",
            rebuild::killed,
        ),
        Experiment::new(
            "damage",
            "random damage to index files under queries and before starts: no wrong response, and the index \
             is complete again without an operator",
            damage::run,
        ),
        Experiment::new(
            "replicas",
            "three replicas behind two gateways: pages are walked through over rotations of the key and kills, \
             no token is refused, and a synonym set once holds on all within a second",
            replicas::agree,
        ),
        Experiment::new(
            "queries",
            "a minute of random queries: each succeeds or is refused as invalid, none fails",
            queries::run,
        ),
    ]
}
