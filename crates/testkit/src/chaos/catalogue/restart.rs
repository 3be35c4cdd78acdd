//! The database goes away and comes back.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use proto::catalogue::v1::{
    CreateProductRequest, catalogue_service_client::CatalogueServiceClient,
};
use tokio::{sync::mpsc, time::MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use super::subject::{Engine, Subject, product};
use crate::{Figure, Setting, Shutdown};

/// 200 a second.
const EVERY: Duration = Duration::from_millis(5);
/// How long after the database is back a call may still fail.
const GRACE: Duration = Duration::from_secs(2);

pub(super) async fn run(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let mut subject = Subject::start(Engine::Postgres).await?;
    let (calls, mut called) = mpsc::unbounded_channel();
    let stop = CancellationToken::new();
    let writing = tokio::spawn(write(subject.channel()?, calls, stop.clone()));

    let calm = setting.time(Duration::from_secs(10)).max(Duration::from_secs(3));
    let mut windows = Vec::new();
    for how in [Shutdown::Fast, Shutdown::Immediate] {
        tokio::time::sleep(calm).await;
        let began = Instant::now();
        subject.postgres()?.0.restart(how).await?;
        windows.push((began, Instant::now() + GRACE));
    }
    tokio::time::sleep(calm).await;
    stop.cancel();
    writing.await?;

    let (mut written, mut outside, mut inside) = (BTreeSet::new(), Vec::new(), 0_u64);
    while let Ok(call) = called.try_recv() {
        match call.failed {
            None => {
                written.insert(call.id);
            }
            Some(failed) => {
                let meets =
                    |(from, to): &(Instant, Instant)| call.began <= *to && call.ended >= *from;
                if windows.iter().any(meets) {
                    inside += 1;
                } else {
                    outside.push(failed);
                }
            }
        }
    }
    let found: BTreeSet<String> = subject.products().await?.into_iter().map(|it| it.id).collect();
    let lost = written.difference(&found).count();
    if let Some(first) = outside.first() {
        println!("outside of the windows: {first}");
    }
    Ok(vec![
        Figure::at_least("writes acknowledged", written.len(), 500),
        Figure::at_least("errors while it was away", inside, 1),
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

/// Writes at its pace, whatever becomes of the calls before.
async fn write(
    channel: tonic::transport::Channel,
    calls: mpsc::UnboundedSender<Call>,
    stop: CancellationToken,
) {
    let mut ticks = tokio::time::interval(EVERY);
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
