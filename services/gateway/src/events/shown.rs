//! What one reader has been told about its products.

use std::collections::HashMap;

use axum::response::sse::Event;
use proto::catalogue::v1::{BatchGetProductsResponse, StockLevel};

use crate::live::{Frame, Stock};

/// The products of one stream, each with what was last said of it.
pub(super) struct Shown(HashMap<String, Said>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Nothing,
    Missing,
    Stock(Stock),
}

impl Shown {
    pub(super) fn new(product_ids: &[String]) -> Self {
        Self(product_ids.iter().map(|id| (id.clone(), Said::Nothing)).collect())
    }

    /// The event for a frame, if it is about a product of ours and news.
    pub(super) fn frame(&mut self, frame: &Frame) -> Option<Event> {
        match frame.stock {
            Some(stock) => self.stock(&frame.product_id, stock, false),
            None => self.missing(&frame.product_id),
        }
    }

    /// The events for the products as they were read just now. `again` says them even if they are
    /// no news, for a reader who was told that they may not be true any more.
    pub(super) fn read(&mut self, answer: &BatchGetProductsResponse, again: bool) -> Vec<Event> {
        let products = answer.products.iter().filter_map(|product| {
            let stock = Stock { quantity: product.stock_qty, revision: product.revision };
            self.stock(&product.id, stock, again)
        });
        let mut events: Vec<_> = products.collect();
        events.extend(answer.missing_ids.iter().filter_map(|id| self.missing(id)));
        events
    }

    fn stock(&mut self, product_id: &str, stock: Stock, again: bool) -> Option<Event> {
        let said = self.0.get_mut(product_id)?;
        let last = match *said {
            Said::Stock(last) => Some(last),
            Said::Missing | Said::Nothing => None,
        };
        if last.is_some_and(|last| last.revision > stock.revision) {
            return None;
        }
        *said = Said::Stock(stock);
        let is_news = last.is_none_or(|last| last.quantity != stock.quantity);
        (is_news || again).then(|| availability(product_id, stock))
    }

    fn missing(&mut self, product_id: &str) -> Option<Event> {
        let said = self.0.get_mut(product_id)?;
        if *said == Said::Missing {
            return None;
        }
        *said = Said::Missing;
        let data = serde_json::json!({ "productId": product_id });
        Some(Event::default().event("missing").data(data.to_string()))
    }
}

fn availability(product_id: &str, stock: Stock) -> Event {
    let Stock { quantity, revision } = stock;
    let level = StockLevel {
        product_id: product_id.to_owned(),
        stock_qty: quantity,
        revision,
        ..Default::default()
    };
    let data = serde_json::to_string(&level).expect("a string and two numbers are JSON");
    Event::default().event("availability").id(revision.to_string()).data(data)
}

#[cfg(test)]
mod tests {
    use proto::catalogue::v1::Product;

    use super::*;

    fn frame(quantity: i32, revision: i64) -> Frame {
        Frame { product_id: "mug".into(), stock: Some(Stock { quantity, revision }) }
    }

    fn answer(stock_qty: i32, revision: i64) -> BatchGetProductsResponse {
        let product = Product { id: "mug".into(), stock_qty, revision, ..Default::default() };
        BatchGetProductsResponse { products: vec![product], missing_ids: Vec::new() }
    }

    #[test]
    fn only_newer_and_different_stock_is_said() {
        let mut shown = Shown::new(&["mug".to_owned()]);
        assert_eq!(shown.read(&answer(5, 2), false).len(), 1);
        assert!(shown.frame(&frame(9, 1)).is_none(), "older");
        assert!(shown.frame(&frame(5, 3)).is_none(), "the name changed, say");
        assert!(shown.frame(&frame(4, 4)).is_some());
        assert!(shown.read(&answer(4, 4), false).is_empty());
        assert_eq!(shown.read(&answer(4, 4), true).len(), 1, "after an outage");
    }

    #[test]
    fn a_product_that_goes_and_comes_back_is_followed() {
        let mut shown = Shown::new(&["mug".to_owned()]);
        let gone = Frame { product_id: "mug".into(), stock: None };
        assert_eq!(shown.read(&answer(5, 7), false).len(), 1);
        assert!(shown.frame(&gone).is_some());
        assert!(shown.frame(&gone).is_none());
        assert!(shown.frame(&frame(1, 1)).is_some());
    }
}
