//! Experiments with limits on the rate of calls: one caller that floods, and callers that claim to be many.

mod addresses;
mod flood;
mod shop;

use crate::Experiment;

pub(crate) fn experiments() -> Vec<Experiment> {
    vec![
        Experiment::new(
            "flood",
            "one holder of a credential calls ten times as often as it may: it gets its limit, and others notice nothing",
            flood::run,
        ),
        Experiment::new(
            "addresses",
            "a million addresses that a proxy names: each has its limit, and their memory is bounded",
            addresses::many,
        ),
        Experiment::new(
            "forged",
            "one client that claims another address with each call: it gets the limit of one",
            addresses::forged,
        ),
    ]
}
