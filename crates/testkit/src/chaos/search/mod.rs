//! Experiments on search: a real replica that follows a real catalogue, each in its own process.

mod changes;
mod damage;
mod kill;
mod queries;
mod rebuild;
mod subject;

use super::Experiment;

/// All experiments on search.
pub fn search_experiments() -> Vec<Experiment> {
    vec![
        Experiment::new(
            "kill",
            "kill -9 of search during 300 changes a second: the index equals the catalogue \
             afterwards, nothing is in it twice, nothing is filled anew",
            kill::run,
        ),
        Experiment::new(
            "rebuild",
            "the index is built anew under 50 queries a second: none fails, none sees a part",
            rebuild::under_load,
        ),
        Experiment::new(
            "rebuild-kill",
            "kill -9 in the middle of rebuilds: the index is whole at once, nothing is left behind",
            rebuild::killed,
        ),
        Experiment::new(
            "damage",
            "random damage to the index's files under queries and before starts: none is answered \
             wrongly, and the replica is whole again by itself",
            damage::run,
        ),
        Experiment::new(
            "queries",
            "a minute of queries that nobody means: each is answered or refused, none breaks it",
            queries::run,
        ),
    ]
}
