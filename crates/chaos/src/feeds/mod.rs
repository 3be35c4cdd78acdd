//! Experiments with feeds of other systems, which follow the catalogue.

mod changes;
mod push;

use crate::Experiment;

pub(crate) fn experiments() -> Vec<Experiment> {
    vec![Experiment::new(
        "push",
        "300 kills of `catctl feed push` and of a host that validates and loses answers, while products change: \
         the host has what the catalogue has, and was sent nothing invalid (needs the specification of ACP)",
        push::run,
    )]
}
