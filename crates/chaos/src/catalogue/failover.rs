//! Failover from a primary to its standby under writes.

use std::{collections::BTreeSet, time::Duration};

use anyhow::{Context as _, ensure};
use proto::catalogue::v1::{
    CreateProductRequest, catalogue_service_client::CatalogueServiceClient,
};
use testkit::Figure;
use tokio::time::sleep;

use super::process::{CatalogueProcess, Engine, product};
use crate::{RunConfig, load::Load};

/// Writes per second.
const RATE: f64 = 200.0;
/// Time in which the catalogue finds the promoted server.
const GRACE: Duration = Duration::from_secs(3);
/// Time for calls in flight at the end.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Kills the primary of a synchronous pair, and promotes its standby.
pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let mut catalogue = CatalogueProcess::prepare(Engine::Postgres).await?;
    let (primary, url) = catalogue.postgres()?;
    let standby = primary.standby().await?;
    let hosts = [primary.addr(), standby.addr()].map(|addr| addr.to_string());
    let both = url.replace(&hosts[0], &hosts.join(","));
    ensure!(both.contains(','), "{url} does not name {}", hosts[0]);
    let flag = format!("--database-url={both}?target_session_attrs=read-write");
    catalogue.set_flags(&[&flag]);
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
    let calm = config.time(Duration::from_secs(20)).max(Duration::from_secs(2));
    sleep(calm).await;
    let began = load.elapsed();
    catalogue.postgres()?.0.kill().await?;
    sleep(Duration::from_millis(500)).await;
    standby.promote().await?;
    let promoted = load.elapsed();
    sleep(GRACE + calm).await;
    let calls = load.stop(TIMEOUT).await?;

    let first = calls.succeeded().map(|call| call.at + call.took).find(|at| *at > promoted);
    let outage = first.context("no write after the failover")?.saturating_sub(promoted);
    let outside = calls
        .failed()
        .filter(|(call, _)| call.at + call.took < began || call.at > promoted + GRACE);
    let outside = outside.inspect(|(call, status)| println!("at {:?}: {status}", call.at)).count();
    let written: BTreeSet<String> = calls.succeeded().map(|call| id(call.number)).collect();
    let found: BTreeSet<String> = catalogue.products().await?.into_iter().map(|it| it.id).collect();
    let lost = written.difference(&found).count();
    Ok(vec![
        Figure::at_least("writes acknowledged", written.len(), 400),
        Figure::at_most(
            "first write after the promotion, ms",
            outage.as_millis(),
            GRACE.as_millis(),
        ),
        Figure::exactly("errors at other times", outside, 0),
        Figure::exactly("acknowledged writes lost", lost, 0),
    ])
}

fn id(number: u64) -> String {
    format!("p-{number:06}")
}
