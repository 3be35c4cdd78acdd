//! Experiments on search: a real replica that follows a real catalogue, each in its own process.

mod changes;
mod kill;
mod subject;

use super::Experiment;

/// All experiments on search.
pub fn search_experiments() -> Vec<Experiment> {
    vec![Experiment::new(
        "kill",
        "kill -9 of search during 300 changes a second: the index equals the catalogue afterwards, \
         nothing is in it twice, nothing is filled anew",
        kill::run,
    )]
}
