//! Experiments with the gateway's port: attacks from one address, with a good client of another alongside.

mod attacker;
mod bodies;
mod chunks;
mod document;
mod everything;
mod filters;
mod floods;
mod idle;
mod shop;
mod streams;

use crate::Experiment;

pub(crate) fn experiments() -> Vec<Experiment> {
    vec![
        Experiment::new(
            "bodies",
            "1,400 requests whose bodies never come: they are given up, and take no capacity from others",
            bodies::run,
        ),
        Experiment::new(
            "streams",
            "hundreds of unread streams, each with a watch or a list of its own upstream: calls of others \
             do not wait for them",
            streams::run,
        ),
        Experiment::new(
            "chunks",
            "200 bodies of 4 MB in chunks of one byte, from several addresses: memory follows the bound on bodies",
            chunks::run,
        ),
        Experiment::new(
            "idle",
            "1,100 idle connections at a limit of 1,024 open files: others are served, and the admin port answers",
            idle::run,
        ),
        Experiment::new(
            "filters",
            "the costliest filters, 30 at once: those beyond the bound are refused by name, others are served",
            filters::run,
        ),
        Experiment::new(
            "floods",
            "PING, SETTINGS, PRIORITY, WINDOW_UPDATE, unknown frames, resets and CONTINUATION without end: each is cut \
             within 10 s, and memory stays",
            floods::run,
        ),
        Experiment::new(
            "schemathesis",
            "ten minutes of requests that are valid by the OpenAPI document, and ones that are not: each is answered as \
             documented",
            document::run,
        ),
        Experiment::new(
            "everything",
            "20 minutes of attacks, kills and load at half of the peak together: nothing acknowledged is lost, no \
             manual step afterwards",
            everything::run,
        ),
    ]
}
