//! A client of one replica, with mostly reads and some writes.

use std::sync::{Arc, atomic::Ordering};

use anyhow::bail;
use proto::catalogue::v1::{
    AdjustStockRequest, BatchGetProductsRequest, GetProductRequest, Product, UpdateProductRequest,
    catalogue_service_client::CatalogueServiceClient, stock_service_client::StockServiceClient,
};
use testkit::Random;
use tonic::{Code, Status, transport::Channel};

use super::model::Model;

/// Share of writes.
const WRITES: f64 = 0.01;
/// Share of reads of several products.
const BATCHES: f64 = 0.02;
const BATCH_SIZE: usize = 8;
/// Share of reads with the newest write as `min_revision`.
const NAMED: f64 = 0.1;

/// A Zipf distribution of products: the n-th is read 1/n as often as the first.
pub(super) struct Zipf(Vec<f64>);

impl Zipf {
    pub(super) fn new(products: usize) -> Self {
        let mut sum = 0.0;
        let sums = (1..=products).map(|rank| {
            sum += 1.0 / rank as f64;
            sum
        });
        Self(sums.collect())
    }

    fn sample(&self, random: &mut Random) -> usize {
        let total = self.0.last().copied().unwrap_or_default();
        let sample = random.below(1 << 53) as f64 / (1_u64 << 53) as f64 * total;
        self.0.partition_point(|sum| *sum <= sample).min(self.0.len() - 1)
    }
}

pub(super) struct Client {
    pub(super) replica: usize,
    pub(super) channel: Channel,
    pub(super) model: Arc<Model>,
    pub(super) zipf: Arc<Zipf>,
    pub(super) random: Random,
}

pub(super) fn id(number: usize) -> String {
    format!("p-{number:05}")
}

impl Client {
    /// Calls until `is_done` returns true. During faults, calls may fail with the codes of outages.
    pub(super) async fn run(mut self, is_done: impl Fn() -> bool) -> anyhow::Result<()> {
        while !is_done() {
            let result = match () {
                () if self.random.chance(WRITES) => self.write().await,
                () if self.random.chance(BATCHES) => self.read_batch().await,
                () => self.read().await,
            };
            match result.map_err(|status| (status.code(), status)) {
                Ok(()) => {}
                Err((
                    Code::Unavailable
                    | Code::DeadlineExceeded
                    | Code::Cancelled
                    | Code::Aborted
                    | Code::Unknown,
                    _,
                )) => {
                    self.model.counts.failed.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
                }
                Err((_, status)) => bail!("a call failed: {status}"),
            }
        }
        Ok(())
    }

    async fn read(&mut self) -> Result<(), Status> {
        let product = self.zipf.sample(&mut self.random);
        let expected = self.model.expect(self.replica, product, self.random.chance(NAMED));
        let request = GetProductRequest {
            product_id: id(product),
            min_revision: expected.token.clone(),
            ..Default::default()
        };
        let mut products = CatalogueServiceClient::new(self.channel.clone());
        let read = products.get_product(request).await?.into_inner();
        self.model.check(&expected, read.revision);
        Ok(())
    }

    async fn read_batch(&mut self) -> Result<(), Status> {
        let mut numbers: Vec<usize> =
            (0..BATCH_SIZE).map(|_| self.zipf.sample(&mut self.random)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let expected = numbers.iter().map(|it| self.model.expect(self.replica, *it, false));
        let expected: Vec<_> = expected.collect();
        let product_ids = numbers.iter().map(|number| id(*number)).collect();
        let request = BatchGetProductsRequest { product_ids, ..Default::default() };
        let mut products = CatalogueServiceClient::new(self.channel.clone());
        let read = products.batch_get_products(request).await?.into_inner();
        if read.products.len() != expected.len() {
            return Err(Status::not_found(format!("missing: {:?}", read.missing_ids)));
        }
        for (expected, product) in expected.iter().zip(&read.products) {
            self.model.check(expected, product.revision);
        }
        Ok(())
    }

    async fn write(&mut self) -> Result<(), Status> {
        let product = self.zipf.sample(&mut self.random);
        let (revision, token) = if self.random.chance(0.5) {
            let request =
                AdjustStockRequest { product_id: id(product), delta: 1, ..Default::default() };
            let mut stock = StockServiceClient::new(self.channel.clone());
            let level = stock.adjust_stock(request).await?.into_inner();
            (level.revision, level.revision_token)
        } else {
            let brand = format!("Brand {}", self.random.number());
            let update_mask = Some(pbjson_types::FieldMask { paths: vec!["brand".to_owned()] });
            let written = Product { id: id(product), brand, ..Default::default() };
            let request =
                UpdateProductRequest { product: Some(written), update_mask, ..Default::default() };
            let mut products = CatalogueServiceClient::new(self.channel.clone());
            let written = products.update_product(request).await?.into_inner();
            (written.revision, written.revision_token)
        };
        self.model.acknowledge(self.replica, product, revision, token);
        Ok(())
    }
}
