//! Products that are pushed again though they have not changed: their sales have begun or ended.

use std::time::{Duration, SystemTime};

use anyhow::Result;
use proto::catalogue::v1::{
    BatchGetProductsRequest, BatchGetProductsResponse, ExportProductsRequest, Product,
};
use tokio::time::{Instant, sleep};

use super::{BATCH, Pusher, sales::has_sale};
use crate::{client::Client, grpc_error, output::warn};

/// Delay before the catalogue is asked again for products.
const RETRY: Duration = Duration::from_secs(5);

impl Pusher {
    /// Pushes the products with a sale, one of which may have begun or ended while no push ran.
    ///
    /// # Errors
    /// The catalogue or the host refuses it.
    pub(in crate::feeds) async fn push_sales(&mut self, client: &Client) -> Result<()> {
        loop {
            let request = ExportProductsRequest {
                filter: "status = ACTIVE".to_owned(),
                ..ExportProductsRequest::default()
            };
            let status = match client.try_call(client.transfer().export_products(request)).await {
                Ok(mut batches) => loop {
                    match batches.message().await {
                        Ok(Some(batch)) => self.add_sales(&batch.products).await?,
                        Ok(None) => return Ok(()),
                        Err(status) => break status,
                    }
                },
                Err(status) => status,
            };
            if !grpc_error::is_transient(&status) {
                return Err(client.to_error(&status));
            }
            warn(&format!("{}; trying again", client.describe(&status)));
            sleep(RETRY).await;
        }
    }

    async fn add_sales(&mut self, products: &[Product]) -> Result<()> {
        for product in products.iter().filter(|product| has_sale(product)) {
            self.add(&product.id, Some(product))?;
            if self.is_full() {
                self.flush().await?;
            }
        }
        Ok(())
    }

    /// Pushes the products of which a sale has begun or ended since they were pushed.
    ///
    /// # Errors
    /// The catalogue or the host refuses it.
    pub(in crate::feeds) async fn push_due(&mut self, client: &Client) -> Result<()> {
        while self.retry_at.is_none_or(|at| at <= Instant::now()) {
            let due = self.sales.due(SystemTime::now(), BATCH.0);
            if due.is_empty() {
                break;
            }
            self.retry_at = None;
            let request = BatchGetProductsRequest { product_ids: due, ..Default::default() };
            match client.try_call(client.catalogue().batch_get_products(request)).await {
                Ok(response) => self.repeat(response).await?,
                Err(status) if grpc_error::is_transient(&status) => {
                    self.retry_at = Some(Instant::now() + RETRY);
                }
                Err(status) => return Err(client.to_error(&status)),
            }
        }
        Ok(())
    }

    /// Adds products that are due, as they are now.
    pub(super) async fn repeat(&mut self, response: BatchGetProductsResponse) -> Result<()> {
        let BatchGetProductsResponse { products, missing_ids } = response;
        // The change feed says what became of them.
        missing_ids.iter().for_each(|id| self.sales.forget(id));
        for product in products {
            if self.sales.is_outdated(&product) {
                self.retry_at = Some(Instant::now() + RETRY);
                continue;
            }
            self.add(&product.id, Some(&product))?;
        }
        if self.is_full() { self.flush().await } else { Ok(()) }
    }
}
