//! A load of changes of every kind, at a steady rate.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use crate::catalogue::product;
use proto::catalogue::v1::{
    AdjustStockRequest, CreateProductRequest, DeleteProductRequest, Product,
    UndeleteProductRequest, UpdateProductRequest, catalogue_service_client::CatalogueServiceClient,
    product::Status, stock_service_client::StockServiceClient,
};
use testkit::Random;
use tokio::{task::JoinSet, time::MissedTickBehavior};
use tokio_util::sync::CancellationToken;
use tonic::transport::Channel;

const WRITERS: u64 = 8;
/// Minimum number of products of a writer.
const MIN_PRODUCTS: usize = 30;
/// Maximum number of products of a writer: few enough that all can be read page by page.
const MAX_PRODUCTS: usize = 120;

/// Running writers.
pub(super) struct Changes {
    tasks: JoinSet<anyhow::Result<()>>,
    made: Arc<AtomicU64>,
    stop: CancellationToken,
    began: Instant,
}

impl Changes {
    /// Starts `rate` changes per second.
    pub(super) fn start(channel: &Channel, rate: u64, random: &Random) -> Self {
        let (made, stop) = (Arc::default(), CancellationToken::new());
        let mut tasks = JoinSet::new();
        for number in 0..WRITERS {
            let writer = Writer {
                number,
                channel: channel.clone(),
                random: random.branch(&number.to_string()),
                next: 0,
                live: Vec::new(),
                deleted: Vec::new(),
            };
            let every = Duration::from_secs(WRITERS) / u32::try_from(rate).unwrap_or(u32::MAX);
            tasks.spawn(writer.run(every, Arc::clone(&made), stop.clone()));
        }
        Self { tasks, made, stop, began: Instant::now() }
    }

    /// Stops the writers. Returns the number of changes, in total and per second.
    pub(super) async fn stop(mut self) -> anyhow::Result<(u64, u64)> {
        let seconds = self.began.elapsed().as_secs_f64();
        self.stop.cancel();
        while let Some(ended) = self.tasks.join_next().await {
            ended??;
        }
        let made = self.made.load(Ordering::Relaxed);
        Ok((made, (made as f64 / seconds) as u64))
    }
}

/// A client that changes its own products.
struct Writer {
    number: u64,
    channel: Channel,
    random: Random,
    next: u64,
    live: Vec<String>,
    deleted: Vec<String>,
}

impl Writer {
    async fn run(
        mut self,
        every: Duration,
        made: Arc<AtomicU64>,
        stop: CancellationToken,
    ) -> anyhow::Result<()> {
        let mut ticks = tokio::time::interval(every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        while !stop.is_cancelled() {
            ticks.tick().await;
            self.change().await?;
            made.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    async fn change(&mut self) -> Result<(), tonic::Status> {
        let mut catalogue = CatalogueServiceClient::new(self.channel.clone());
        let kind = self.random.below(100);
        if self.live.len() < MIN_PRODUCTS || (kind < 8 && self.live.len() < MAX_PRODUCTS) {
            self.next += 1;
            let product = Some(product(format!("w{}-{}", self.number, self.next)));
            let request = CreateProductRequest { product, ..Default::default() };
            self.live.push(catalogue.create_product(request).await?.into_inner().id);
            return Ok(());
        }
        let place = self.random.below(self.live.len() as u64) as usize;
        if kind < 16 {
            let product_id = self.live.swap_remove(place);
            self.deleted.push(product_id.clone());
            let request = DeleteProductRequest { product_id, ..Default::default() };
            catalogue.delete_product(request).await?;
            return Ok(());
        }
        if kind < 20 && !self.deleted.is_empty() {
            let place = self.random.below(self.deleted.len() as u64) as usize;
            let product_id = self.deleted.swap_remove(place);
            self.live.push(product_id.clone());
            let request = UndeleteProductRequest { product_id, ..Default::default() };
            catalogue.undelete_product(request).await?;
            return Ok(());
        }
        let product_id = self.live[place].clone();
        if kind < 60 {
            let request = AdjustStockRequest { product_id, delta: 1, ..Default::default() };
            StockServiceClient::new(self.channel.clone()).adjust_stock(request).await?;
            return Ok(());
        }
        // Drafts are not in the index; changing the status adds and removes products.
        let status = if kind < 66 { Status::Draft } else { Status::Active };
        let name = format!("Changed {}", self.random.below(1_000));
        let product = Product { id: product_id, name, status: status.into(), ..Default::default() };
        let update_mask =
            pbjson_types::FieldMask { paths: vec!["name".to_owned(), "status".to_owned()] };
        let request = UpdateProductRequest {
            product: Some(product),
            update_mask: Some(update_mask),
            ..Default::default()
        };
        catalogue.update_product(request).await?;
        Ok(())
    }
}
