//! Restarts of the database.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use proto::catalogue::v1::{
    CreateProductRequest, catalogue_service_client::CatalogueServiceClient,
};
use testkit::{Figure, Shutdown};
use tokio::{sync::mpsc, time::MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use super::process::{CatalogueProcess, Engine, product};
use crate::RunConfig;

/// Interval of 200 writes per second.
const INTERVAL: Duration = Duration::from_millis(5);
/// Time after a restart during which calls may fail.
const GRACE: Duration = Duration::from_secs(2);

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let mut catalogue = CatalogueProcess::start(Engine::Postgres).await?;
    let (calls, mut outcomes) = mpsc::unbounded_channel();
    let stop = CancellationToken::new();
    let writing = tokio::spawn(write(catalogue.channel()?, calls, stop.clone()));

    let calm = config.time(Duration::from_secs(10)).max(Duration::from_secs(3));
    let mut windows = Vec::new();
    for how in [Shutdown::Fast, Shutdown::Immediate] {
        tokio::time::sleep(calm).await;
        let began = Instant::now();
        catalogue.postgres()?.0.restart(how).await?;
        windows.push((began, Instant::now() + GRACE));
    }
    tokio::time::sleep(calm).await;
    stop.cancel();
    writing.await?;

    let (mut written, mut outside, mut inside) = (BTreeSet::new(), Vec::new(), 0_u64);
    while let Ok(call) = outcomes.try_recv() {
        match call.failed {
            None => {
                written.insert(call.id);
            }
            Some(failed) => {
                let overlaps =
                    |(from, to): &(Instant, Instant)| call.began <= *to && call.ended >= *from;
                if windows.iter().any(overlaps) {
                    inside += 1;
                } else {
                    outside.push(failed);
                }
            }
        }
    }
    let found: BTreeSet<String> = catalogue.products().await?.into_iter().map(|it| it.id).collect();
    let lost = written.difference(&found).count();
    if let Some(first) = outside.first() {
        println!("failed outside of the restarts: {first}");
    }
    Ok(vec![
        Figure::at_least("writes acknowledged", written.len(), 500),
        Figure::at_least("errors during restarts", inside, 1),
        Figure::exactly("errors at other times", outside.len(), 0),
        Figure::exactly("acknowledged writes lost", lost, 0),
    ])
}

struct Call {
    id: String,
    began: Instant,
    ended: Instant,
    failed: Option<String>,
}

/// Writes at a steady rate, independent of earlier calls.
async fn write(
    channel: tonic::transport::Channel,
    calls: mpsc::UnboundedSender<Call>,
    stop: CancellationToken,
) {
    let mut ticks = tokio::time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0_u64.. {
        tokio::select! {
            _ = ticks.tick() => {}
            () = stop.cancelled() => break,
        }
        let (mut client, calls) = (CatalogueServiceClient::new(channel.clone()), calls.clone());
        tasks.spawn(async move {
            let (id, began) = (format!("p-{number:06}"), Instant::now());
            let product = Some(product(&id));
            let request = CreateProductRequest { product, ..Default::default() };
            let failed = client.create_product(request).await.err().map(|it| it.to_string());
            calls.send(Call { id, began, ended: Instant::now(), failed }).ok();
        });
    }
    tasks.join_all().await;
}
