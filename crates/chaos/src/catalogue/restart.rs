//! Restarts of the database.

use std::{collections::BTreeSet, time::Duration};

use proto::catalogue::v1::{
    CreateProductRequest, catalogue_service_client::CatalogueServiceClient,
};
use testkit::{Figure, Shutdown};
use tokio::time::sleep;

use super::process::{CatalogueProcess, Engine, product};
use crate::{RunConfig, load::Load};

/// Writes per second.
const RATE: f64 = 200.0;
/// Time after a restart during which calls may fail.
const GRACE: Duration = Duration::from_secs(2);
/// Calls that may wait for the database: those of ten seconds. A disk that others keep busy delays commits by more than
/// half a second, and this is not the experiment about overload.
const MIN_CALLS: u32 = 2_000;
/// Time for calls in flight at the end.
const TIMEOUT: Duration = Duration::from_secs(30);

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let mut catalogue = CatalogueProcess::prepare(Engine::Postgres).await?;
    catalogue
        .set_flags(&[&format!("--min-calls={MIN_CALLS}"), &format!("--min-reads={MIN_CALLS}")]);
    catalogue.restart().await?;
    let channel = catalogue.channel()?;
    let load = Load::start(RATE, move |number| {
        let mut client = CatalogueServiceClient::new(channel.clone());
        async move {
            let product = Some(product(id(number)));
            let request = CreateProductRequest { product, ..Default::default() };
            client.create_product(request).await.map(drop)
        }
    });

    let calm = config.time(Duration::from_secs(10)).max(Duration::from_secs(3));
    let mut windows = Vec::new();
    for how in [Shutdown::Fast, Shutdown::Immediate] {
        sleep(calm).await;
        let began = load.elapsed();
        catalogue.postgres()?.0.restart(how).await?;
        windows.push((began, load.elapsed() + GRACE));
    }
    sleep(calm).await;
    let calls = load.stop(TIMEOUT).await?;

    let overlaps = |at: Duration, took: Duration| {
        windows.iter().any(|(from, to)| at <= *to && at + took >= *from)
    };
    let (during, outside): (Vec<_>, Vec<_>) =
        calls.failed().partition(|(call, _)| overlaps(call.at, call.took));
    if let Some((_, first)) = outside.first() {
        println!("failed outside of the restarts: {first}");
    }
    let written: BTreeSet<String> = calls.succeeded().map(|call| id(call.number)).collect();
    let found: BTreeSet<String> = catalogue.products().await?.into_iter().map(|it| it.id).collect();
    let lost = written.difference(&found).count();
    Ok(vec![
        Figure::at_least("writes acknowledged", written.len(), 500),
        Figure::at_least("errors during restarts", during.len(), 1),
        Figure::exactly("errors at other times", outside.len(), 0),
        Figure::exactly("acknowledged writes lost", lost, 0),
    ])
}

fn id(number: u64) -> String {
    format!("p-{number:06}")
}
