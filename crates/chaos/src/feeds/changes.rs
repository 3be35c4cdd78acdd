//! A shop that changes its products all the time.

use std::time::Duration;

use anyhow::{Result, ensure};
use pbjson_types::FieldMask;
use proto::{
    catalogue::v1::{
        CreateProductRequest, DeleteProductRequest, OptionValue, Product, SetStockRequest,
        UndeleteProductRequest, UpdateProductRequest, Variant,
        catalogue_service_client::CatalogueServiceClient, product::Status,
        stock_service_client::StockServiceClient,
    },
    money,
};
use testkit::Random;
use tokio::{task::JoinHandle, time::sleep};
use tokio_util::sync::CancellationToken;
use tonic::transport::Channel;

/// Pause between changes.
const PAUSE: Duration = Duration::from_millis(15);
const STATUSES: [Status; 4] = [Status::Draft, Status::Active, Status::Active, Status::Archived];

/// The shop, in a separate task.
pub(super) struct Changes {
    stop: CancellationToken,
    task: JoinHandle<Result<Counts>>,
}

/// Changes that were acknowledged.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Counts {
    /// Names, prices and statuses.
    pub(super) edited: u64,
    pub(super) stock: u64,
    pub(super) created: u64,
    /// Also for good.
    pub(super) deleted: u64,
    undeleted: u64,
}

impl Changes {
    /// Creates products, and changes them until it is stopped.
    pub(super) async fn start(channel: Channel, random: Random, products: u64) -> Result<Self> {
        let mut shop = Shop::new(channel, random);
        for _ in 0..products {
            shop.create().await?;
        }
        shop.counts = Counts::default();
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let task = tokio::spawn(async move {
            while !stopped.is_cancelled() {
                shop.change().await?;
                sleep(PAUSE).await;
            }
            Ok(shop.counts)
        });
        Ok(Self { stop, task })
    }

    pub(super) async fn stop(self) -> Result<Counts> {
        self.stop.cancel();
        self.task.await?
    }
}

struct Shop {
    catalogue: CatalogueServiceClient<Channel>,
    stock: StockServiceClient<Channel>,
    random: Random,
    next: u64,
    /// Numbers of products that are there, and of those that can be undeleted.
    present: Vec<u64>,
    deleted: Vec<u64>,
    counts: Counts,
}

impl Shop {
    fn new(channel: Channel, random: Random) -> Self {
        let catalogue = CatalogueServiceClient::new(channel.clone());
        let stock = StockServiceClient::new(channel);
        let (present, deleted) = (Vec::new(), Vec::new());
        Self { catalogue, stock, random, next: 0, present, deleted, counts: Counts::default() }
    }

    /// Makes one change at random. As many are deleted as are created and undeleted.
    async fn change(&mut self) -> Result<()> {
        match self.random.below(20) {
            0 => self.create().await,
            1 => self.undelete().await,
            2 => self.delete(false).await,
            3 => self.delete(true).await,
            4..10 => self.set_stock().await,
            10..13 => {
                let name = format!("Mug {} & \"more\"", self.random.below(1_000));
                self.edit("name", Product { name, ..Product::default() }).await
            }
            13 | 14 => {
                let status = STATUSES[self.random.below(4) as usize].into();
                self.edit("status", Product { status, ..Product::default() }).await
            }
            _ => {
                let price = Some(money::from_minor(self.random.below(10_000) as i64, "EUR"));
                self.edit("price", Product { price, ..Product::default() }).await
            }
        }
    }

    /// A product that is there; at least one always is.
    fn pick(&mut self) -> Result<u64> {
        ensure!(!self.present.is_empty(), "there is no product");
        let at = self.random.below(self.present.len() as u64) as usize;
        Ok(self.present[at])
    }

    async fn create(&mut self) -> Result<()> {
        let number = self.next;
        self.next += 1;
        let product = Some(product(number));
        let request = CreateProductRequest { product, ..Default::default() };
        self.catalogue.create_product(request).await?;
        self.present.push(number);
        self.counts.created += 1;
        Ok(())
    }

    async fn edit(&mut self, field: &str, edited: Product) -> Result<()> {
        let product = Some(Product { id: id(self.pick()?), ..edited });
        let update_mask = Some(FieldMask { paths: vec![field.to_owned()] });
        let request = UpdateProductRequest { product, update_mask, ..Default::default() };
        self.catalogue.update_product(request).await?;
        self.counts.edited += 1;
        Ok(())
    }

    /// Sets a stock; a third is sold out.
    async fn set_stock(&mut self) -> Result<()> {
        let number = self.pick()?;
        let stock_qty = self.random.below(3) as i32;
        let sku = skus(number).first().cloned().unwrap_or_default();
        let product_id = id(number);
        let request = SetStockRequest { product_id, sku, stock_qty, ..Default::default() };
        self.stock.set_stock(request).await?;
        self.counts.stock += 1;
        Ok(())
    }

    async fn delete(&mut self, purge: bool) -> Result<()> {
        if self.present.len() < 10 {
            return self.create().await;
        }
        let number = self.pick()?;
        let product_id = id(number);
        let request = DeleteProductRequest { product_id, purge, ..Default::default() };
        self.catalogue.delete_product(request).await?;
        self.present.retain(|it| *it != number);
        if !purge {
            self.deleted.push(number);
        }
        self.counts.deleted += 1;
        Ok(())
    }

    async fn undelete(&mut self) -> Result<()> {
        let Some(number) = self.deleted.pop() else { return self.create().await };
        let request = UndeleteProductRequest { product_id: id(number), ..Default::default() };
        self.catalogue.undelete_product(request).await?;
        self.present.push(number);
        self.counts.undeleted += 1;
        Ok(())
    }
}

fn id(number: u64) -> String {
    format!("p-{number:05}")
}

/// The SKUs of a product's variants. Every third product has two.
fn skus(number: u64) -> Vec<String> {
    match number % 3 {
        0 => ["S", "M"].map(|size| format!("{}-{size}", id(number))).to_vec(),
        _ => Vec::new(),
    }
}

fn product(number: u64) -> Product {
    let variant = |sku: String| Variant {
        option_values: vec![OptionValue { name: "Size".to_owned(), value: sku.clone() }],
        sku,
        stock_qty: 1,
        ..Variant::default()
    };
    let variants: Vec<_> = skus(number).into_iter().map(variant).collect();
    Product {
        id: id(number),
        name: format!("Mug {number}"),
        description: "Holds tea\nand \u{2615}".to_owned(),
        price: Some(money::from_minor(1_000 + number as i64, "EUR")),
        stock_qty: if variants.is_empty() { 3 } else { 0 },
        image_urls: vec!["/media/mug.svg".to_owned()],
        variants,
        ..Product::default()
    }
}
