//! A writer: random writes of one product, and their effects on its stock.

use std::time::Instant;

use anyhow::ensure;
use http::Method;
use pbjson_types::FieldMask;
use proto::catalogue::v1::{
    AdjustStockRequest, CommitReservationRequest, CreateProductRequest, ImportProductsRequest,
    ImportRow, Product, ReleaseReservationRequest, ReservationLine, ReserveStockRequest,
    RevertProductRequest, SetStockRequest, UpdateProductRequest,
};
use serde_json::{Value, json};
use testkit::Random;

use super::{
    book::{Counts, Ledger},
    clients::{Clients, Outcome, http_outcome, outcome},
    kind::{Kind, SHORT, variant},
};

/// Writes of a writer.
const WRITES: u64 = 3;

pub(super) struct Writer<'a> {
    clients: &'a Clients,
    kind: Kind,
    number: u64,
    /// The product as it was when the round began.
    read: Product,
    /// The same as JSON.
    document: Value,
    random: Random,
    end: End,
}

/// The result of a writer.
#[derive(Default)]
pub(super) struct End {
    pub(super) ledger: Ledger,
    pub(super) counts: Counts,
    pub(super) held: Vec<Held>,
}

/// A reservation that was left to expire.
pub(super) struct Held {
    pub(super) id: String,
    pub(super) sku: String,
    pub(super) quantity: i32,
    /// When it was made.
    pub(super) at: Instant,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        clients: &'a Clients,
        kind: Kind,
        number: u64,
        read: Product,
        document: Value,
        random: Random,
    ) -> Self {
        Self { clients, kind, number, read, document, random, end: End::default() }
    }

    pub(super) async fn run(mut self) -> anyhow::Result<End> {
        for write in 0..WRITES {
            if self.random.chance(0.55) {
                self.change_stock().await?;
                self.end.counts.stock += 1;
            } else if self.kind == Kind::Changing {
                self.change_variants(write).await?;
                self.end.counts.documents += 1;
            } else {
                self.write_document(write).await?;
                self.end.counts.documents += 1;
            }
        }
        Ok(self.end)
    }

    /// Whether the write was done. Counts the others.
    fn is_done<T>(&mut self, outcome: &Outcome<T>) -> bool {
        match outcome {
            Outcome::Written(_) => return true,
            Outcome::Refused => self.end.counts.refused += 1,
            Outcome::Busy => self.end.counts.busy += 1,
        }
        false
    }

    async fn change_stock(&mut self) -> anyhow::Result<()> {
        let sku = self.any_sku();
        match self.random.below(4) {
            0 | 1 => self.reserve(sku).await,
            2 => self.adjust(sku).await,
            _ => self.count(sku).await,
        }
    }

    /// A SKU of the product; empty if it has no variants.
    fn any_sku(&mut self) -> String {
        let variants = &self.read.variants;
        let index = self.random.below(variants.len() as u64) as usize;
        variants.get(index).map(|variant| variant.sku.clone()).unwrap_or_default()
    }

    async fn adjust(&mut self, sku: String) -> anyhow::Result<()> {
        let delta = [-3, -2, -1, 1, 2, 4][self.random.below(6) as usize];
        let request = AdjustStockRequest {
            product_id: self.read.id.clone(),
            sku: sku.clone(),
            delta,
            ..Default::default()
        };
        let adjusted = self.clients.stock().adjust_stock(request).await;
        let adjusted = outcome(adjusted, &["INSUFFICIENT_STOCK", "SKU_NOT_FOUND"])?;
        if self.is_done(&adjusted) {
            self.end.ledger.add(&sku, delta);
        }
        Ok(())
    }

    /// Sets the stock, if it is still the value that was read.
    async fn count(&mut self, sku: String) -> anyhow::Result<()> {
        let expected = match self.read.variants.iter().find(|variant| variant.sku == sku) {
            Some(variant) => variant.stock_qty,
            None => self.read.stock_qty,
        };
        let counted = self.random.below(12) as i32;
        let request = SetStockRequest {
            product_id: self.read.id.clone(),
            sku: sku.clone(),
            stock_qty: counted,
            expected_qty: Some(expected),
            ..Default::default()
        };
        let set = self.clients.stock().set_stock(request).await;
        let set = outcome(set, &["STOCK_CHANGED", "SKU_NOT_FOUND"])?;
        if self.is_done(&set) {
            self.end.ledger.add(&sku, counted - expected);
        }
        Ok(())
    }

    /// Reserves some, and ends the reservation in one of several ways.
    async fn reserve(&mut self, sku: String) -> anyhow::Result<()> {
        let quantity = 1 + self.random.below(3) as i32;
        let line = ReservationLine { product_id: self.read.id.clone(), sku: sku.clone(), quantity };
        let ttl = (self.kind == Kind::Expiring).then(|| pbjson_types::Duration::from(SHORT));
        let request = ReserveStockRequest { lines: vec![line], ttl, ..Default::default() };
        let reserved = self.clients.stock().reserve_stock(request).await;
        let reserved = outcome(reserved, &["INSUFFICIENT_STOCK", "SKU_NOT_FOUND"])?;
        if !self.is_done(&reserved) {
            return Ok(());
        }
        let Outcome::Written(reserved) = reserved else { return Ok(()) };
        self.end.ledger.reserve(&sku, quantity);
        let id = reserved.id;
        if self.kind == Kind::Expiring {
            let at = Instant::now();
            self.end.held.push(Held { id, sku, quantity, at });
            return Ok(());
        }
        let (is_sold, is_released) = self.end_reservation(&id).await?;
        if is_sold || is_released {
            self.end.ledger.reserve(&sku, -quantity);
        }
        if is_sold {
            self.end.ledger.add(&sku, -quantity);
        }
        Ok(())
    }

    /// Returns whether the reservation was committed, and whether it was released.
    async fn end_reservation(&mut self, id: &str) -> anyhow::Result<(bool, bool)> {
        let is_written = |outcome: Outcome<()>| matches!(outcome, Outcome::Written(()));
        let clients = self.clients;
        Ok(match self.random.below(4) {
            0 => (is_written(commit(clients, id, &[]).await?), false),
            1 => (false, is_written(release(clients, id, &[]).await?)),
            2 => {
                let (sold, released) = tokio::try_join!(
                    commit(clients, id, &["RESERVATION_RELEASED"]),
                    release(clients, id, &["RESERVATION_COMMITTED"]),
                )?;
                let (is_sold, is_released) = (is_written(sold), is_written(released));
                ensure!(!(is_sold && is_released), "reservation {id} was sold and released");
                (is_sold, is_released)
            }
            _ => (false, false),
        })
    }

    /// Writes a document that may be out of date. It must not change the stock.
    async fn write_document(&mut self, write: u64) -> anyhow::Result<()> {
        if self.random.chance(0.2) {
            self.read = self.clients.read(&self.read.id).await?;
        }
        let name = format!("Written by {} as {write}", self.number);
        match self.random.below(7) {
            0 => self.send(Method::PUT, &name).await,
            1 => self.send(Method::PATCH, &name).await,
            2 => self.patch_parts(&name).await,
            3 => self.update(name).await,
            4 => self.import(name).await,
            5 => self.revert().await,
            _ => self.create_again().await,
        }
    }

    async fn send(&mut self, method: Method, name: &str) -> anyhow::Result<()> {
        let mut document = self.document.clone();
        document["name"] = json!(name);
        // Otherwise the etag in it is a condition.
        document["etag"] = json!("");
        let path = format!("/v1/products/{}", self.read.id);
        let response = self.clients.gateway.send(method, &path, &[], document.to_string()).await?;
        let sent = http_outcome(&response, &[])?;
        self.is_done(&sent);
        Ok(())
    }

    /// Patches a field, and tries to patch the stock.
    async fn patch_parts(&mut self, name: &str) -> anyhow::Result<()> {
        let path = format!("/v1/products/{}", self.read.id);
        let patch = async |body: Value| {
            self.clients.gateway.send(Method::PATCH, &path, &[], body.to_string()).await
        };
        let patched = http_outcome(&patch(json!({ "brand": name })).await?, &[])?;
        let stocked = patch(json!({ "stockQty": 77 })).await?;
        ensure!(stocked.status.as_u16() == 400, "{}: {}", stocked.status, stocked.text());
        self.is_done(&patched);
        Ok(())
    }

    async fn update(&mut self, name: String) -> anyhow::Result<()> {
        let masks: [&[&str]; 3] = [&[], &["*"], &["name", "variants"]];
        let paths = masks[self.random.below(3) as usize].iter().map(|path| (*path).to_owned());
        let request = UpdateProductRequest {
            product: Some(Product { name, etag: String::new(), ..self.read.clone() }),
            update_mask: Some(FieldMask { paths: paths.collect() }),
            ..Default::default()
        };
        let updated = outcome(self.clients.products().update_product(request).await, &[])?;
        self.is_done(&updated);
        Ok(())
    }

    async fn import(&mut self, name: String) -> anyhow::Result<()> {
        let product = Some(Product { name, ..self.read.clone() });
        let rows = vec![ImportRow { line: 1, product, update_mask: None }];
        let request = ImportProductsRequest { rows, options: None };
        let mut transfer = self.clients.transfer();
        let call = transfer.import_products(futures::stream::iter([request])).await;
        let mut responses = match outcome(call, &[])? {
            Outcome::Written(responses) => responses,
            other => {
                self.is_done(&other);
                return Ok(());
            }
        };
        loop {
            let response = responses.message().await.map(tonic::Response::new);
            let response = outcome(response, &[])?;
            match &response {
                Outcome::Written(None) => return Ok(()),
                Outcome::Written(Some(response)) => {
                    ensure!(response.rejected == 0, "{:?}", response.rejects);
                }
                Outcome::Refused | Outcome::Busy => {
                    self.is_done(&response);
                    return Ok(());
                }
            }
        }
    }

    async fn revert(&mut self) -> anyhow::Result<()> {
        let product_id = self.read.id.clone();
        let request = RevertProductRequest { product_id, revision: 1, ..Default::default() };
        let reverted = outcome(self.clients.products().revert_product(request).await, &[])?;
        self.is_done(&reverted);
        Ok(())
    }

    async fn create_again(&mut self) -> anyhow::Result<()> {
        let product = Some(Product { stock_qty: 88, ..self.read.clone() });
        let request = CreateProductRequest { product, ..Default::default() };
        let created = self.clients.products().create_product(request).await;
        let created = outcome(created, &["PRODUCT_EXISTS"])?;
        ensure!(!self.is_done(&created), "a product was created twice");
        Ok(())
    }

    /// Adds a variant to the product as it now is, or removes one.
    async fn change_variants(&mut self, write: u64) -> anyhow::Result<()> {
        self.read = self.clients.read(&self.read.id).await?;
        let mut new = self.read.clone();
        let removed = if new.variants.len() > 1 && self.random.chance(0.4) {
            let index = self.random.below(new.variants.len() as u64) as usize;
            Some(new.variants.remove(index).sku)
        } else {
            let size = format!("{}-{write}", self.number);
            new.variants.push(variant(&new.id, &size, self.random.below(6) as i32));
            None
        };
        let added = new.variants.last().cloned().unwrap_or_default();
        let request = UpdateProductRequest { product: Some(new), ..Default::default() };
        let updated = self.clients.products().update_product(request).await;
        let updated = outcome(updated, &["ETAG_MISMATCH"])?;
        if self.is_done(&updated) {
            match removed {
                Some(sku) => self.end.ledger.remove(&sku),
                None => self.end.ledger.add(&added.sku, added.stock_qty),
            }
        }
        Ok(())
    }
}

/// Commits a reservation.
pub(super) async fn commit(
    clients: &Clients,
    id: &str,
    expected: &[&str],
) -> anyhow::Result<Outcome<()>> {
    let reservation_id = id.to_owned();
    let request = CommitReservationRequest { reservation_id, ..Default::default() };
    let response = clients.stock().commit_reservation(request).await;
    outcome(response.map(|response| response.map(drop)), expected)
}

/// Releases a reservation.
pub(super) async fn release(
    clients: &Clients,
    id: &str,
    expected: &[&str],
) -> anyhow::Result<Outcome<()>> {
    let reservation_id = id.to_owned();
    let request = ReleaseReservationRequest { reservation_id, ..Default::default() };
    let response = clients.stock().release_reservation(request).await;
    outcome(response.map(|response| response.map(drop)), expected)
}
