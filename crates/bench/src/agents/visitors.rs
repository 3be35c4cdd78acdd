//! A light load beside: visitors that read, search and buy other products.

use std::time::{Duration, Instant};

use anyhow::Result;
use proto::catalogue::v1::{
    AdjustStockRequest, GetProductRequest, catalogue_service_client::CatalogueServiceClient,
    stock_service_client::StockServiceClient,
};
use testkit::HttpClient;
use tokio::{
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};
use tokio_util::sync::CancellationToken;
use tonic::transport::Channel;

/// Time from a call to the next.
const INTERVAL: Duration = Duration::from_millis(10);

/// The visitors, in a separate task.
pub(super) struct Visitors {
    stop: CancellationToken,
    task: JoinHandle<Visits>,
}

/// Calls of visitors.
#[derive(Debug, Default)]
pub(super) struct Visits {
    pub(super) all: u64,
    pub(super) failed: u64,
    took: Duration,
}

impl Visits {
    /// Calls a second.
    pub(super) fn rate(&self) -> f64 {
        self.all as f64 / self.took.as_secs_f64()
    }
}

impl Visitors {
    /// Starts them. They visit these products, by id.
    pub(super) fn start(gateway: HttpClient, channel: Channel, products: Vec<String>) -> Self {
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let visit = Visit {
            gateway,
            catalogue: CatalogueServiceClient::new(channel.clone()),
            stock: StockServiceClient::new(channel),
        };
        let task = tokio::spawn(async move {
            let (mut visits, began) = (Visits::default(), Instant::now());
            let mut ticks = interval(INTERVAL);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            for (number, id) in products.iter().cycle().enumerate() {
                ticks.tick().await;
                if stopped.is_cancelled() {
                    break;
                }
                visits.all += 1;
                if let Err(error) = visit.make(number, id).await {
                    println!("a call beside failed: {error:#}");
                    visits.failed += 1;
                }
            }
            visits.took = began.elapsed();
            visits
        });
        Self { stop, task }
    }

    pub(super) async fn stop(self) -> Result<Visits> {
        self.stop.cancel();
        Ok(self.task.await?)
    }
}

struct Visit {
    gateway: HttpClient,
    catalogue: CatalogueServiceClient<Channel>,
    stock: StockServiceClient<Channel>,
}

impl Visit {
    /// One call: a product over gRPC, one as JSON, a search, or a sale.
    async fn make(&self, number: usize, id: &str) -> Result<()> {
        let product_id = id.to_owned();
        let path = match number % 8 {
            0..4 => {
                let request = GetProductRequest { product_id, ..Default::default() };
                self.catalogue.clone().get_product(request).await?;
                return Ok(());
            }
            4 => {
                let request = AdjustStockRequest { product_id, delta: 1, ..Default::default() };
                self.stock.clone().adjust_stock(request).await?;
                return Ok(());
            }
            5 => "/v1/search?q=stoneware+mug&pageSize=20".to_owned(),
            _ => format!("/v1/products/{id}"),
        };
        let response = self.gateway.get(&path).await?;
        anyhow::ensure!(response.status.is_success(), "{path}: {}", response.status);
        Ok(())
    }
}
