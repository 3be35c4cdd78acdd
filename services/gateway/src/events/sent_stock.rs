//! The stock that one stream has sent, so that it sends only changes.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::Arc,
};

use proto::catalogue::v1::{BatchGetProductsResponse, StockLevel};
use serde_json::json;

use super::Event;
use crate::live::{Prices, Stock, StockUpdate, VariantStock};

/// The products of one stream, each with the state that was last sent.
pub(super) struct SentStock {
    products: HashMap<String, Sent>,
    with_variants: bool,
    /// By product; absent if the stream is without prices.
    prices: Option<HashMap<String, Option<Arc<Prices>>>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sent {
    Nothing,
    Missing,
    Stock {
        stock: Stock,
        /// A hash of the variants' stock, because many streams may have many variants.
        digest: u64,
    },
}

impl SentStock {
    pub(super) fn new(product_ids: &[String], with_variants: bool, with_prices: bool) -> Self {
        let products = product_ids.iter().map(|id| (id.clone(), Sent::Nothing)).collect();
        Self { products, with_variants, prices: with_prices.then(HashMap::new) }
    }

    /// The events for an update: none for a product of another stream, and none without a change, unless
    /// `confirm` is set. It confirms unchanged stock after a `stale` event.
    pub(super) fn on_update(&mut self, update: &StockUpdate, confirm: bool) -> Vec<Event> {
        match update.stock {
            Some(stock) => self.on_stock(update, stock, confirm),
            None => self.on_missing(&update.product_id).into_iter().collect(),
        }
    }

    /// The events for products that were just read.
    pub(super) fn on_read(&mut self, read: BatchGetProductsResponse, confirm: bool) -> Vec<Event> {
        let found = read.products.iter().map(StockUpdate::of);
        let missing = read.missing_ids.iter().map(|id| StockUpdate::missing(id));
        found.chain(missing).flat_map(|update| self.on_update(&update, confirm)).collect()
    }

    fn on_stock(&mut self, update: &StockUpdate, stock: Stock, confirm: bool) -> Vec<Event> {
        let Some(sent) = self.products.get_mut(&*update.product_id) else { return Vec::new() };
        let before = match *sent {
            Sent::Stock { stock, digest } => Some((stock, digest)),
            Sent::Missing | Sent::Nothing => None,
        };
        if before.is_some_and(|(before, _)| before.revision > stock.revision) {
            return Vec::new();
        }
        let digest = digest(&update.variants);
        *sent = Sent::Stock { stock, digest };
        let mut events = Vec::new();
        if confirm || before.is_none_or(|(before, _)| before.quantity != stock.quantity) {
            events.push(availability(&update.product_id, stock));
        }
        let has_variants = self.with_variants && !update.variants.is_empty();
        if has_variants && (confirm || before.is_none_or(|(_, before)| before != digest)) {
            events.push(variants(&update.product_id, stock.revision, &update.variants));
        }
        events.extend(self.on_prices(update, stock.revision));
        events
    }

    fn on_prices(&mut self, update: &StockUpdate, revision: i64) -> Option<Event> {
        let sent = self.prices.as_mut()?;
        if sent.get(&*update.product_id).is_some_and(|sent| *sent == update.prices) {
            return None;
        }
        sent.insert(update.product_id.to_string(), update.prices.clone());
        Some(price(&update.product_id, revision, update.prices.as_deref(), self.with_variants))
    }

    fn on_missing(&mut self, product_id: &str) -> Option<Event> {
        let sent = self.products.get_mut(product_id)?;
        if *sent == Sent::Missing {
            return None;
        }
        *sent = Sent::Missing;
        let data = json!({ "productId": product_id });
        Some(Event::new("missing", &data.to_string(), ""))
    }
}

fn digest(variants: &[VariantStock]) -> u64 {
    let mut hasher = DefaultHasher::new();
    variants.hash(&mut hasher);
    hasher.finish()
}

fn availability(product_id: &str, stock: Stock) -> Event {
    let Stock { quantity, revision } = stock;
    let level = StockLevel {
        product_id: product_id.to_owned(),
        stock_qty: quantity,
        revision,
        ..Default::default()
    };
    let data = serde_json::to_string(&level).expect("strings and numbers serialize");
    Event::new("availability", &data, &revision.to_string())
}

fn variants(product_id: &str, revision: i64, variants: &[VariantStock]) -> Event {
    let revision = revision.to_string();
    let data = json!({ "productId": product_id, "revision": revision, "variants": variants });
    Event::new("variants", &data.to_string(), &revision)
}

fn price(product_id: &str, revision: i64, prices: Option<&Prices>, with_variants: bool) -> Event {
    let revision = revision.to_string();
    let variants = prices.filter(|_| with_variants).map(|prices| &prices.variants);
    let data = json!({
        "productId": product_id,
        "revision": revision,
        "lowest": prices.map(|prices| &prices.lowest),
        "highest": prices.map(|prices| &prices.highest),
        "variants": variants.map_or(&[][..], Vec::as_slice),
    });
    Event::new("price", &data.to_string(), &revision)
}

#[cfg(test)]
mod tests {
    use proto::catalogue::v1::{Product, Variant};

    use super::*;

    fn mug(stock_qty: i32, revision: i64) -> Product {
        Product { id: "mug".into(), stock_qty, revision, ..Default::default() }
    }

    fn update(stock_qty: i32, revision: i64) -> StockUpdate {
        StockUpdate::of(&mug(stock_qty, revision))
    }

    fn read(stock_qty: i32, revision: i64) -> BatchGetProductsResponse {
        let missing_ids = Vec::new();
        BatchGetProductsResponse { products: vec![mug(stock_qty, revision)], missing_ids }
    }

    fn sent_stock(with_variants: bool) -> SentStock {
        SentStock::new(&["mug".to_owned()], with_variants, false)
    }

    #[test]
    fn only_newer_and_different_stock_is_sent() {
        let mut sent = sent_stock(false);
        assert_eq!(sent.on_read(read(5, 2), false).len(), 1);
        assert!(sent.on_update(&update(9, 1), false).is_empty(), "older");
        assert!(sent.on_update(&update(5, 3), false).is_empty(), "the name changed, say");
        assert_eq!(sent.on_update(&update(4, 4), false).len(), 1);
        assert!(sent.on_read(read(4, 4), false).is_empty());
        assert_eq!(sent.on_read(read(4, 4), true).len(), 1, "after an outage");
    }

    #[test]
    fn product_that_is_deleted_and_created_again_is_sent() {
        let mut sent = sent_stock(false);
        let gone = StockUpdate::missing("mug");
        assert_eq!(sent.on_read(read(5, 7), false).len(), 1);
        assert_eq!(sent.on_update(&gone, false).len(), 1);
        assert!(sent.on_update(&gone, false).is_empty());
        assert_eq!(sent.on_update(&update(1, 1), false).len(), 1);
    }

    #[test]
    fn prices_are_sent_on_request_and_when_they_change() {
        let of = |minor, revision| {
            let price = Some(proto::money::from_minor(minor, "EUR"));
            StockUpdate::of(&Product { price, ..mug(5, revision) })
        };
        let mut sent = SentStock::new(&["mug".to_owned()], false, true);
        assert_eq!(sent.on_update(&of(1_250, 1), false).len(), 2, "stock and price");
        assert!(sent.on_update(&of(1_250, 2), false).is_empty());
        let [event] = &sent.on_update(&of(999, 3), false)[..] else { panic!("the price") };
        let text = format!("{event:?}");
        assert!(text.contains("event: price") && text.contains("990000000"), "{text}");
        assert!(sent.on_update(&of(1, 2), false).is_empty(), "older");
        assert_eq!(sent_stock(false).on_update(&of(1, 1), false).len(), 1);
    }

    #[test]
    fn variants_are_sent_on_request_and_when_one_changes() {
        let of = |red, blue, revision| {
            let variant = |sku: &str, stock_qty| Variant {
                sku: sku.to_owned(),
                stock_qty,
                ..Default::default()
            };
            let variants = vec![variant("red", red), variant("blue", blue)];
            StockUpdate::of(&Product { variants, ..mug(red + blue, revision) })
        };
        let mut plain = sent_stock(false);
        assert_eq!(plain.on_update(&of(1, 4, 1), false).len(), 1);
        assert!(plain.on_update(&of(2, 3, 2), false).is_empty());
        let mut with_variants = sent_stock(true);
        assert_eq!(with_variants.on_update(&of(1, 4, 1), false).len(), 2);
        assert_eq!(with_variants.on_update(&of(2, 3, 2), false).len(), 1, "the sum is the same");
        assert!(with_variants.on_update(&of(2, 3, 3), false).is_empty());
        assert!(with_variants.on_update(&of(9, 9, 2), false).is_empty(), "older");
        assert_eq!(with_variants.on_update(&of(2, 3, 3), true).len(), 2, "after an outage");
    }
}
