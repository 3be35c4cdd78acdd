//! What one reader has been told about its products.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use axum::response::sse::Event;
use proto::catalogue::v1::{BatchGetProductsResponse, StockLevel};
use serde_json::json;

use crate::live::{Stock, StockUpdate, VariantStock};

/// The products of one stream, each with what was last said of it.
pub(super) struct Shown {
    products: HashMap<String, Said>,
    with_variants: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Nothing,
    Missing,
    Stock {
        last: Stock,
        /// The variants' stock in a few bytes: there may be many streams of many variants.
        digest: u64,
    },
}

impl Shown {
    pub(super) fn new(product_ids: &[String], with_variants: bool) -> Self {
        let products = product_ids.iter().map(|id| (id.clone(), Said::Nothing)).collect();
        Self { products, with_variants }
    }

    /// The events for a frame, if it is about a product of ours and news. `again` says them even if
    /// they are no news, for a reader who was told that they may not be true any more.
    pub(super) fn frame(&mut self, frame: &StockUpdate, again: bool) -> Vec<Event> {
        match frame.stock {
            Some(stock) => self.stock(frame, stock, again),
            None => self.missing(&frame.product_id).into_iter().collect(),
        }
    }

    /// The events for the products as they were read just now.
    pub(super) fn read(&mut self, answer: BatchGetProductsResponse, again: bool) -> Vec<Event> {
        let found = answer.products.into_iter().map(StockUpdate::of);
        let missing = answer.missing_ids.into_iter().map(StockUpdate::missing);
        found.chain(missing).flat_map(|frame| self.frame(&frame, again)).collect()
    }

    fn stock(&mut self, frame: &StockUpdate, stock: Stock, again: bool) -> Vec<Event> {
        let Some(said) = self.products.get_mut(&*frame.product_id) else { return Vec::new() };
        let before = match *said {
            Said::Stock { last, digest } => Some((last, digest)),
            Said::Missing | Said::Nothing => None,
        };
        if before.is_some_and(|(last, _)| last.revision > stock.revision) {
            return Vec::new();
        }
        let digest = digest(&frame.variants);
        *said = Said::Stock { last: stock, digest };
        let mut events = Vec::new();
        if again || before.is_none_or(|(last, _)| last.quantity != stock.quantity) {
            events.push(availability(&frame.product_id, stock));
        }
        let is_asked = self.with_variants && !frame.variants.is_empty();
        if is_asked && (again || before.is_none_or(|(_, last)| last != digest)) {
            events.push(variants(&frame.product_id, stock.revision, &frame.variants));
        }
        events
    }

    fn missing(&mut self, product_id: &str) -> Option<Event> {
        let said = self.products.get_mut(product_id)?;
        if *said == Said::Missing {
            return None;
        }
        *said = Said::Missing;
        let data = json!({ "productId": product_id });
        Some(Event::default().event("missing").data(data.to_string()))
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
    let data = serde_json::to_string(&level).expect("texts and numbers are JSON");
    Event::default().event("availability").id(revision.to_string()).data(data)
}

fn variants(product_id: &str, revision: i64, variants: &[VariantStock]) -> Event {
    let revision = revision.to_string();
    let data = json!({ "productId": product_id, "revision": revision, "variants": variants });
    Event::default().event("variants").id(revision).data(data.to_string())
}

#[cfg(test)]
mod tests {
    use proto::catalogue::v1::{Product, Variant};

    use super::*;

    fn mug(stock_qty: i32, revision: i64) -> Product {
        Product { id: "mug".into(), stock_qty, revision, ..Default::default() }
    }

    fn frame(stock_qty: i32, revision: i64) -> StockUpdate {
        StockUpdate::of(mug(stock_qty, revision))
    }

    fn answer(stock_qty: i32, revision: i64) -> BatchGetProductsResponse {
        let missing_ids = Vec::new();
        BatchGetProductsResponse { products: vec![mug(stock_qty, revision)], missing_ids }
    }

    fn shown(with_variants: bool) -> Shown {
        Shown::new(&["mug".to_owned()], with_variants)
    }

    #[test]
    fn only_newer_and_different_stock_is_said() {
        let mut shown = shown(false);
        assert_eq!(shown.read(answer(5, 2), false).len(), 1);
        assert!(shown.frame(&frame(9, 1), false).is_empty(), "older");
        assert!(shown.frame(&frame(5, 3), false).is_empty(), "the name changed, say");
        assert_eq!(shown.frame(&frame(4, 4), false).len(), 1);
        assert!(shown.read(answer(4, 4), false).is_empty());
        assert_eq!(shown.read(answer(4, 4), true).len(), 1, "after an outage");
    }

    #[test]
    fn a_product_that_goes_and_comes_back_is_followed() {
        let mut shown = shown(false);
        let gone = StockUpdate::missing("mug".to_owned());
        assert_eq!(shown.read(answer(5, 7), false).len(), 1);
        assert_eq!(shown.frame(&gone, false).len(), 1);
        assert!(shown.frame(&gone, false).is_empty());
        assert_eq!(shown.frame(&frame(1, 1), false).len(), 1);
    }

    #[test]
    fn variants_are_said_to_those_who_ask_and_when_one_of_them_changes() {
        let of = |red, blue, revision| {
            let variant = |sku: &str, stock_qty| Variant {
                sku: sku.to_owned(),
                stock_qty,
                ..Default::default()
            };
            let variants = vec![variant("red", red), variant("blue", blue)];
            StockUpdate::of(Product { variants, ..mug(red + blue, revision) })
        };
        let mut plain = shown(false);
        assert_eq!(plain.frame(&of(1, 4, 1), false).len(), 1);
        assert!(plain.frame(&of(2, 3, 2), false).is_empty());
        let mut with_variants = shown(true);
        assert_eq!(with_variants.frame(&of(1, 4, 1), false).len(), 2);
        assert_eq!(with_variants.frame(&of(2, 3, 2), false).len(), 1, "the sum is the same");
        assert!(with_variants.frame(&of(2, 3, 3), false).is_empty());
        assert!(with_variants.frame(&of(9, 9, 2), false).is_empty(), "older");
        assert_eq!(with_variants.frame(&of(2, 3, 3), true).len(), 2, "after an outage");
    }
}
