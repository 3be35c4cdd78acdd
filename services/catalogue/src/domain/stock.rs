//! What is kept in stock, and how many there are of it.

use std::{collections::BTreeMap, fmt};

use super::{ProductId, Sku};

/// One thing that can be bought: a product without variants, or one variant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Item {
    pub(crate) product_id: ProductId,
    /// None for a product without variants.
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

/// An item by what the caller knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ItemKey {
    Product(ProductId),
    /// Unique in the catalogue; of this product, if the caller says so.
    Sku(Sku, Option<ProductId>),
}

/// How many there are of a product, or of one of its variants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StockLevel {
    /// Without a sku: the whole product.
    pub(crate) item: Item,
    /// What can be sold now.
    pub(crate) stock_qty: i32,
    /// The product's revision that has it.
    pub(crate) revision: i64,
    /// Held by reservations. Known only where it was asked for; else 0.
    pub(crate) reserved_qty: i64,
}

/// How many there are of a product, and of what it can be bought as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stock {
    pub(crate) total: StockLevel,
    /// In the order of the variants.
    pub(crate) variants: Vec<StockLevel>,
}

/// What is to be added to stocks, in the order of the products' ids: whoever changes several keeps
/// to it, so that no two wait for each other.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct StockDeltas(BTreeMap<ProductId, Amounts>);

/// By sku; without one, of the product itself.
pub(crate) type Amounts = BTreeMap<Option<Sku>, i64>;

impl StockDeltas {
    /// Adds `amount` to what is to be added to the item.
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

    /// Keeps the products whose amounts together fit.
    pub(crate) fn retain_products(&mut self, mut fits: impl FnMut(&ProductId, i64) -> bool) {
        self.0.retain(|id, amounts| fits(id, amounts.values().sum()));
    }

    /// Keeps the items that fit.
    pub(crate) fn retain(&mut self, mut fits: impl FnMut(&ProductId, &Option<Sku>, i64) -> bool) {
        self.0.retain(|id, amounts| {
            amounts.retain(|sku, amount| fits(id, sku, *amount));
            !amounts.is_empty()
        });
    }
}
