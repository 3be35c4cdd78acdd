//! Fuzzing of strangers' input: queries, filters, page tokens, JSON, rows of imports. Inputs are made from valid ones,
//! and sent to the real programs: none may be a fault of the server, and none may end a program.

mod mutator;
mod target;

use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use anyhow::Result;
use futures::future::join_all;
use testkit::{Figure, Fleet, Service};
use tokio::time::Instant;

use self::{
    mutator::Mutator,
    target::{Answer, Client, Target},
};
use crate::{Experiment, RunConfig};

/// Time for each target at full size.
const TIME: Duration = Duration::from_secs(60);
const LEAST_TIME: Duration = Duration::from_secs(1);
const CLIENTS: u64 = 4;

pub(crate) fn experiments() -> Vec<Experiment> {
    vec![
        Experiment::new("query", "queries of searches", async |config: &RunConfig| {
            run(Target::Query, config).await
        }),
        Experiment::new("filter", "filters of lists and searches", async |config: &RunConfig| {
            run(Target::Filter, config).await
        }),
        Experiment::new("page-token", "page tokens of lists", async |config: &RunConfig| {
            run(Target::PageToken, config).await
        }),
        Experiment::new(
            "transcoder",
            "addresses and bodies of JSON",
            async |config: &RunConfig| run(Target::Transcoder, config).await,
        ),
        Experiment::new("import", "rows and messages of imports", async |config: &RunConfig| {
            run(Target::Import, config).await
        }),
    ]
}

/// How many inputs had which answer.
#[derive(Debug, Default)]
struct Counts {
    accepted: AtomicU64,
    refused: AtomicU64,
    faults: AtomicU64,
}

async fn run(target: Target, config: &RunConfig) -> Result<Vec<Figure>> {
    let mut fleet = Fleet::start_with(&["--log=warn"]).await;
    let client = Client::open(&fleet).await?;
    let (examples, counts) = (client.examples(target).await?, Counts::default());
    let (time, began) = (config.time(TIME).max(LEAST_TIME), Instant::now());
    join_all((0..CLIENTS).map(async |number| {
        let random = config.random(&format!("{target:?} {number}"));
        let mut mutator = Mutator::new(random, examples.clone(), target.words());
        while began.elapsed() < time {
            let count = match client.send(target, &mut mutator).await {
                Answer::Accepted => &counts.accepted,
                Answer::Refused => &counts.refused,
                Answer::Fault(input, answer) => {
                    println!("{target:?}: {answer}\n  to {input:?}");
                    &counts.faults
                }
            };
            count.fetch_add(1, Relaxed);
        }
    }))
    .await;
    let mut ended = 0;
    for service in [Service::Catalogue, Service::Search, Service::Gateway] {
        ended += usize::from(fleet.process(service).exit_status().is_some());
    }
    let read = |count: &AtomicU64| count.load(Relaxed);
    Ok(vec![
        Figure::at_least("inputs accepted", read(&counts.accepted), u64::from(target.accepts())),
        Figure::at_least("inputs refused", read(&counts.refused), 1),
        Figure::exactly("faults of the server", read(&counts.faults), 0),
        Figure::exactly("programs that ended", ended, 0),
    ])
}
