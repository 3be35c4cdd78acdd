//! kill -9 of search while the catalogue changes, over and over.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use super::{
    changes::Changes,
    subject::{Replica, revisions},
};
use crate::{Figure, Setting};

const RATE: u64 = 300;
/// The longest time between a start and the kill after it: some fall into the start itself.
const LONGEST: Duration = Duration::from_millis(1_200);
/// How long the index may take to catch up once nothing changes any more.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) async fn run(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let mut replica = Replica::start().await?;
    let changes = Changes::begin(&replica.catalogue.channel()?, RATE, &setting.random("changes"));
    let mut random = setting.random("when");
    let kills = setting.count(200);
    for _ in 0..kills {
        tokio::time::sleep(Duration::from_millis(random.below(LONGEST.as_millis() as u64))).await;
        replica.kill();
        replica.restart()?;
    }
    replica.ready().await;
    let (made, rate) = changes.end().await?;

    let expected = replica.expected().await?;
    let began = Instant::now();
    let found = loop {
        let found = replica.found().await?;
        let caught_up = replica.status().await?.caught_up;
        let equal = caught_up && revisions(found.clone()) == expected;
        if equal || began.elapsed() > PATIENCE {
            break found;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    let ids: BTreeSet<&str> = found.iter().map(|product| product.id.as_str()).collect();
    let twice = found.len() - ids.len();
    let found = revisions(found.clone());
    let missing = expected.keys().filter(|id| !found.contains_key(*id)).count();
    let extra = found.keys().filter(|id| !expected.contains_key(*id)).count();
    let other = expected
        .iter()
        .filter(|(id, revision)| found.get(*id).is_some_and(|found| found != *revision));
    let status = replica.status().await?;
    let snapshots = replica.log().lines().filter(|line| line.contains(REFILLED)).count();
    // At full size it is a release build that has to keep the pace.
    let fewest = if setting.scale() < 1.0 { 1 } else { RATE * 9 / 10 };
    Ok(vec![
        Figure::exactly("kills", kills, kills),
        Figure::at_least("changes made", made, kills),
        Figure::at_least("changes a second", rate, fewest),
        Figure::at_least("products to find", expected.len(), 1),
        Figure::exactly("products missing", missing, 0),
        Figure::exactly("products that are not for sale", extra, 0),
        Figure::exactly("products of another revision", other.count(), 0),
        Figure::exactly("products found twice", twice, 0),
        Figure::exactly("documents", status.product_count, expected.len() as i64),
        Figure::exactly("times it was filled anew", snapshots, 0),
    ])
}

/// What the log says when a second snapshot is taken: its generation.
const REFILLED: &str = "\"generation\":2";
