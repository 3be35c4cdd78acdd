//! Stock of a product, as it is broadcast.

use std::sync::Arc;

use proto::{
    catalogue::v1::{Change, Product, change::Op, watch_changes_response::Event},
    google::r#type::Money,
};

use crate::prices;

/// Maximum number of variants of a product in an update. Pages show no more either.
pub(crate) const MAX_VARIANTS: usize = 200;

/// The stock of a product after a change.
#[derive(Clone, Debug)]
pub(crate) struct StockUpdate {
    pub(crate) product_id: Arc<str>,
    /// Absent if the product has been deleted.
    pub(crate) stock: Option<Stock>,
    /// The first [`MAX_VARIANTS`] variants.
    pub(crate) variants: Arc<[VariantStock]>,
    /// Absent if the product has no price.
    pub(crate) prices: Option<Arc<Prices>>,
}

/// The prices of a product.
#[derive(Debug, PartialEq, serde::Serialize)]
pub(crate) struct Prices {
    pub(crate) lowest: Money,
    pub(crate) highest: Money,
    /// Of the first [`MAX_VARIANTS`] variants.
    pub(crate) variants: Vec<VariantPrice>,
}

/// The price of a variant.
#[derive(Debug, PartialEq, serde::Serialize)]
pub(crate) struct VariantPrice {
    sku: String,
    price: Money,
}

impl Prices {
    fn of(product: &Product) -> Option<Self> {
        let (lowest, highest) = prices::range(product)?;
        let variants = product.variants.iter().take(MAX_VARIANTS).filter_map(|variant| {
            let price = prices::of_variant(product, variant)?.clone();
            Some(VariantPrice { sku: variant.sku.clone(), price })
        });
        Some(Self {
            lowest: lowest.clone(),
            highest: highest.clone(),
            variants: variants.collect(),
        })
    }
}

/// The quantity in stock at a revision of the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stock {
    pub(crate) quantity: i32,
    pub(crate) revision: i64,
}

/// The quantity in stock of a variant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VariantStock {
    pub(crate) sku: String,
    pub(crate) stock_qty: i32,
}

impl StockUpdate {
    /// The stock of an existing product.
    pub(crate) fn of(product: &Product) -> Self {
        let stock = Stock { quantity: product.stock_qty, revision: product.revision };
        let variants = product.variants.iter().take(MAX_VARIANTS);
        let variants = variants
            .map(|variant| VariantStock { sku: variant.sku.clone(), stock_qty: variant.stock_qty });
        let product_id = product.id.as_str().into();
        Self {
            product_id,
            stock: Some(stock),
            variants: variants.collect(),
            prices: Prices::of(product).map(Arc::new),
        }
    }

    /// A product that does not exist, or has been deleted.
    pub(crate) fn missing(product_id: &str) -> Self {
        let variants = Arc::default();
        Self { product_id: product_id.into(), stock: None, variants, prices: None }
    }

    /// The update in an event of the change feed, if it concerns a product.
    pub(super) fn from_event(event: &Event) -> Option<Self> {
        match event {
            // A change of a category.
            Event::Change(Change { product_id, .. }) if product_id.is_empty() => None,
            Event::Change(Change { op, product_id, .. }) if *op == i32::from(Op::Deleted) => {
                Some(Self::missing(product_id))
            }
            Event::Change(change) => change.product.as_ref().map(Self::of),
            Event::SnapshotItem(product) => Some(Self::of(product)),
            Event::SnapshotComplete(_) | Event::Heartbeat(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proto::catalogue::v1::Category;

    use super::*;

    #[test]
    fn only_changes_of_products_update_stock() {
        let change = |op: Op| Change {
            op: op.into(),
            category_id: "mugs".into(),
            category: (op != Op::Deleted).then(Category::default),
            ..Default::default()
        };
        for op in [Op::Updated, Op::Deleted] {
            assert!(StockUpdate::from_event(&Event::Change(change(op))).is_none(), "{op:?}");
        }
        let deleted =
            Change { op: Op::Deleted.into(), product_id: "mug".into(), ..Default::default() };
        let update = StockUpdate::from_event(&Event::Change(deleted));
        assert!(update.is_some_and(|update| update.stock.is_none()));
        let product = Product { id: "mug".into(), stock_qty: 3, ..Default::default() };
        let changed =
            Change { product_id: "mug".into(), product: Some(product), ..Default::default() };
        let update = StockUpdate::from_event(&Event::Change(changed)).unwrap();
        assert_eq!(update.stock.map(|stock| stock.quantity), Some(3));
    }
}
