//! Stock levels, and changes of stock.

use std::{collections::BTreeMap, fmt};

use super::{ProductId, Sku};

/// A unit of stock: a product without variants, or a variant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Item {
    pub(crate) product_id: ProductId,
    /// `None` for a product without variants.
    pub(crate) sku: Option<Sku>,
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.sku {
            Some(sku) => write!(f, "sku {sku} of product {}", self.product_id),
            None => write!(f, "product {}", self.product_id),
        }
    }
}

/// Identifies an item in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ItemKey {
    Product(ProductId),
    /// The SKU, which is unique in the catalogue, and the product it must belong to, if given.
    Sku(Sku, Option<ProductId>),
}

/// The stock of a product or of a variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StockLevel {
    /// Without a SKU: the whole product.
    pub(crate) item: Item,
    /// Available stock.
    pub(crate) stock_qty: i32,
    /// The product's revision with this stock.
    pub(crate) revision: i64,
    /// Reserved stock, if it was requested; otherwise 0.
    pub(crate) reserved_qty: i64,
}

/// The stock of a product and of its variants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stock {
    pub(crate) total: StockLevel,
    /// In the order of the variants.
    pub(crate) variants: Vec<StockLevel>,
}

/// Amounts to add to stocks, in the order of the products' ids, in which all transactions lock
/// products to prevent deadlocks.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct StockDeltas(BTreeMap<ProductId, Amounts>);

/// Amounts by SKU; without a SKU, of the product itself.
pub(crate) type Amounts = BTreeMap<Option<Sku>, i64>;

impl StockDeltas {
    /// Increases the amount of an item.
    pub(crate) fn add(&mut self, item: Item, amount: i64) {
        let amounts = self.0.entry(item.product_id).or_default();
        *amounts.entry(item.sku).or_default() += amount;
    }

    pub(crate) fn products(&self) -> impl Iterator<Item = &ProductId> {
        self.0.keys()
    }

    pub(crate) fn by_product(&self) -> impl Iterator<Item = (&ProductId, &Amounts)> {
        self.0.iter()
    }

    /// Keeps the products whose total amounts satisfy `fits`.
    pub(crate) fn retain_products(&mut self, mut fits: impl FnMut(&ProductId, i64) -> bool) {
        self.0.retain(|id, amounts| fits(id, amounts.values().sum()));
    }

    /// Keeps the items that satisfy `fits`.
    pub(crate) fn retain(&mut self, mut fits: impl FnMut(&ProductId, &Option<Sku>, i64) -> bool) {
        self.0.retain(|id, amounts| {
            amounts.retain(|sku, amount| fits(id, sku, *amount));
            !amounts.is_empty()
        });
    }
}
