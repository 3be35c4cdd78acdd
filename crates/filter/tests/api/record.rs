//! A record to match filters against.

use filter::{Decimal, Lookup, Value};
use time::OffsetDateTime;

/// The filterable fields of a product.
#[derive(Debug, Clone, Default)]
pub(crate) struct Record {
    pub(crate) brand: Option<&'static str>,
    pub(crate) stock: Option<i64>,
    pub(crate) price_cents: Option<i64>,
    pub(crate) created_second: Option<i64>,
    pub(crate) in_stock: Option<bool>,
    pub(crate) labels: Vec<&'static str>,
    /// Depth of the record's category in the tree, which has one branch: `c0`, its child `c1`, ...
    pub(crate) category_depth: Option<usize>,
    pub(crate) size: Option<Size>,
}

/// The attribute `size`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Size {
    Text(&'static str),
    Cents(i64),
    Flag(bool),
}

pub(crate) const CATEGORIES: [&str; 4] = ["c0", "c1", "c2", "c3"];

impl Lookup for Record {
    fn values(&self, field: &'static str, key: Option<&str>, visit: &mut dyn FnMut(Value<'_>)) {
        let decimal = |cents| Decimal::new(cents, 2).unwrap();
        let instant = |second| OffsetDateTime::from_unix_timestamp(second).unwrap();
        match (field, key) {
            ("brand", None) => self.brand.into_iter().for_each(|it| visit(Value::Text(it))),
            ("stock_qty", None) => self.stock.into_iter().for_each(|it| visit(Value::Integer(it))),
            ("price", None) => {
                self.price_cents.into_iter().for_each(|it| visit(Value::Decimal(decimal(it))));
            }
            ("created_at", None) => {
                self.created_second.into_iter().for_each(|it| visit(Value::Timestamp(instant(it))));
            }
            ("in_stock", None) => self.in_stock.into_iter().for_each(|it| visit(Value::Flag(it))),
            ("labels", None) => self.labels.iter().for_each(|it| visit(Value::Text(it))),
            ("category", None) => {
                let above = self.category_depth.map_or(0, |depth| depth + 1);
                CATEGORIES[..above].iter().for_each(|it| visit(Value::Text(it)));
            }
            ("attributes", Some("size")) => match self.size {
                Some(Size::Text(text)) => visit(Value::Text(text)),
                Some(Size::Cents(cents)) => visit(Value::Number(cents as f64 / 100.0)),
                Some(Size::Flag(flag)) => visit(Value::Flag(flag)),
                None => {}
            },
            _ => {}
        }
    }
}
