//! Repeated kills (SIGKILL) of search while the catalogue changes.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use testkit::Figure;

use super::{
    changes::Changes,
    replica::{SearchReplica, revisions},
};
use crate::RunConfig;

const RATE: u64 = 300;
/// Maximum time from a start to the next kill, which can happen during the start.
const MAX_UPTIME: Duration = Duration::from_millis(1_200);
/// Timeout until the index has caught up after the last change.
const TIMEOUT: Duration = Duration::from_secs(60);

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let mut replica = SearchReplica::start().await?;
    let changes = Changes::start(&replica.catalogue.channel()?, RATE, &config.random("changes"));
    let mut random = config.random("when");
    let (kills, mut killed) = (config.count(200), 0);
    for _ in 0..kills {
        tokio::time::sleep(Duration::from_millis(random.below(MAX_UPTIME.as_millis() as u64)))
            .await;
        killed += u64::from(replica.kill());
        replica.restart()?;
    }
    replica.ready().await;
    let (made, rate) = changes.stop().await?;

    let expected = replica.expected().await?;
    let began = Instant::now();
    let found = loop {
        let found = replica.found().await?;
        let caught_up = replica.status().await?.caught_up;
        let equal = caught_up && revisions(found.clone()) == expected;
        if equal || began.elapsed() > TIMEOUT {
            break found;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    let ids: BTreeSet<&str> = found.iter().map(|product| product.id.as_str()).collect();
    let duplicates = found.len() - ids.len();
    let found = revisions(found.clone());
    let missing = expected.keys().filter(|id| !found.contains_key(*id)).count();
    let extra = found.keys().filter(|id| !expected.contains_key(*id)).count();
    let other = expected
        .iter()
        .filter(|(id, revision)| found.get(*id).is_some_and(|found| found != *revision));
    let status = replica.status().await?;
    let snapshots = replica.log().lines().filter(|line| line.contains(SECOND_SNAPSHOT)).count();
    // Only a release build, which runs at full size, reaches the rate.
    let min_rate = if config.scale() < 1.0 { 1 } else { RATE * 9 / 10 };
    Ok(vec![
        Figure::exactly("kills", killed, kills),
        Figure::at_least("changes made", made, kills),
        Figure::at_least("changes a second", rate, min_rate),
        Figure::at_least("products in the catalogue", expected.len(), 1),
        Figure::exactly("products missing", missing, 0),
        Figure::exactly("products that should not be found", extra, 0),
        Figure::exactly("products of another revision", other.count(), 0),
        Figure::exactly("duplicate products", duplicates, 0),
        Figure::exactly("documents", status.product_count, expected.len() as i64),
        Figure::exactly("additional snapshots", snapshots, 0),
    ])
}

/// Logged with a second snapshot: the generation of its index.
const SECOND_SNAPSHOT: &str = "\"generation\":2";
