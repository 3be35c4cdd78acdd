//! Clients that cancel calls immediately.

use std::time::Duration;

use proto::catalogue::v1::{GetProductRequest, catalogue_service_client::CatalogueServiceClient};
use testkit::{Figure, get, until};
use tokio::time::timeout;
use tonic::{Status, transport::Channel};

use crate::catalogue::{CatalogueProcess, Engine, product};
use crate::{
    RunConfig,
    load::{at_rate, quantile},
};

const CANCELLED: u64 = 5_000;
const RATE: f64 = 1_000.0;

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let catalogue = CatalogueProcess::start(Engine::Sqlite).await?;
    catalogue.create(product("p")).await?;
    let (cancelling, waiting) = (catalogue.channel()?, catalogue.channel()?);
    let time = Duration::from_secs_f64(config.count(CANCELLED) as f64 / RATE);
    let cancelled = at_rate(RATE, time, |_| {
        let channel = cancelling.clone();
        async move {
            let result = timeout(Duration::from_millis(1), call(channel)).await;
            result.unwrap_or_else(|_| Err(Status::cancelled("cancelled by the test")))
        }
    });
    let completed = at_rate(100.0, time, |_| call(waiting.clone()));
    let (cancelling, waiting) = tokio::join!(cancelled, completed);
    let admin = catalogue.admin();
    until("no call is in flight", async || {
        let metrics = get(&format!("http://{admin}/metrics")).await.ok()?.text();
        let lines = metrics.lines().filter(|line| line.starts_with("rpc_server_under_way{"));
        // One series each for reads and writes.
        (lines.filter(|line| line.ends_with(" 0")).count() == 2).then_some(())
    })
    .await;
    if let Some((_, status)) = waiting.failed().next() {
        println!("a call that was not cancelled failed: {status}");
    }
    let count = cancelling.failed().count();
    let other = cancelling
        .failed()
        .filter(|(_, status)| status.message() != "cancelled by the test")
        .count();
    println!(
        "{count} calls cancelled; p99 of the others {:.1} ms",
        quantile(waiting.succeeded(), 0.99)
    );
    Ok(vec![
        Figure::at_least(
            "calls to cancel",
            cancelling.all.len() as u64,
            config.count(CANCELLED) / 2,
        ),
        Figure::exactly("calls to cancel that failed otherwise", other, 0),
        Figure::exactly("failures of other calls", waiting.failed().count(), 0),
    ])
}

async fn call(channel: Channel) -> Result<(), Status> {
    let request = GetProductRequest { product_id: "p".to_owned(), ..Default::default() };
    CatalogueServiceClient::new(channel).get_product(request).await.map(drop)
}
