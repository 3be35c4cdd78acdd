//! A seller, one product at a time.

use anyhow::{Context as _, Result, ensure};
use proto::catalogue::v1::{
    AdjustStockRequest, CommitReservationRequest, ListProductsRequest, Product, ReservationLine,
    ReserveStockRequest, SetStockRequest, catalogue_service_client::CatalogueServiceClient,
    stock_service_client::StockServiceClient,
};
use tonic::transport::Channel;

/// Products that are sold in turn.
const PRODUCTS: usize = 20;
const STOCK: i32 = 1_000_000;

/// The seller, with the stock that it knows of each product.
pub(super) struct Seller {
    stock: StockServiceClient<Channel>,
    sold: Vec<(Product, i32)>,
    others: Vec<String>,
}

/// A sale that was acknowledged.
#[derive(Debug)]
pub(super) struct Sale {
    pub(super) product: Product,
    /// The stock that is left.
    pub(super) left: i32,
    reservation: Option<String>,
}

impl Seller {
    /// Fills the stock of some products.
    ///
    /// # Errors
    /// A call fails.
    pub(super) async fn open(channel: Channel) -> Result<Self> {
        let mut catalogue = CatalogueServiceClient::new(channel.clone());
        let list = catalogue.list_products(ListProductsRequest::default()).await?;
        let (mut list, mut products) = (list.into_inner(), Vec::new());
        while let Some(product) = list.message().await? {
            products.push(product);
        }
        ensure!(products.iter().all(|it| it.variants.is_empty()), "products have variants");
        let others = products.split_off(PRODUCTS.min(products.len()));
        let others = others.into_iter().map(|product| product.id).collect();
        let mut stock = StockServiceClient::new(channel);
        for product in &products {
            let product_id = product.id.clone();
            let request = SetStockRequest { product_id, stock_qty: STOCK, ..Default::default() };
            stock.set_stock(request).await.context("filling a stock")?;
        }
        let sold = products.into_iter().map(|product| (product, STOCK)).collect();
        Ok(Self { stock, sold, others })
    }

    pub(super) fn products(&self) -> usize {
        self.sold.len()
    }

    /// Ids of products that are not sold here.
    pub(super) fn others(&self) -> Vec<String> {
        self.others.clone()
    }

    /// Sells one of a product: every other sale is a reservation.
    ///
    /// # Errors
    /// The call fails.
    pub(super) async fn sell(&mut self, number: u32) -> Result<Sale> {
        let at = number as usize % self.sold.len();
        let (product, left) = &mut self.sold[at];
        *left -= 1;
        let (product, left) = (product.clone(), *left);
        let product_id = product.id.clone();
        let reservation = if (number as usize / self.sold.len()).is_multiple_of(2) {
            let request = AdjustStockRequest { product_id, delta: -1, ..Default::default() };
            self.stock.adjust_stock(request).await.context("selling")?;
            None
        } else {
            let line = ReservationLine { product_id, quantity: 1, ..Default::default() };
            let request = ReserveStockRequest { lines: vec![line], ..Default::default() };
            let reservation = self.stock.reserve_stock(request).await.context("reserving")?;
            Some(reservation.into_inner().id)
        };
        Ok(Sale { product, left, reservation })
    }

    /// Commits the reservation of a sale.
    ///
    /// # Errors
    /// The call fails.
    pub(super) async fn settle(&mut self, sale: Sale) -> Result<()> {
        if let Some(reservation_id) = sale.reservation {
            let request = CommitReservationRequest { reservation_id, ..Default::default() };
            self.stock.commit_reservation(request).await.context("committing")?;
        }
        Ok(())
    }
}
