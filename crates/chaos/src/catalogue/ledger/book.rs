//! The ledger: the effects of acknowledged writes on the stock of one product.

use std::collections::{BTreeMap, BTreeSet};

use proto::catalogue::v1::{GetStockResponse, StockLevel};

/// Numbers of a run.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Counts {
    pub(super) rounds: u64,
    /// Writes that changed stock, or set some aside.
    pub(super) stock: u64,
    /// Documents written.
    pub(super) documents: u64,
    /// Writes that were rightly refused.
    pub(super) refused: u64,
    /// Writes refused because the store was busy.
    pub(super) busy: u64,
    /// Items with a stock that differs from the ledger.
    pub(super) wrong: u64,
}

impl Counts {
    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            rounds: self.rounds + other.rounds,
            stock: self.stock + other.stock,
            documents: self.documents + other.documents,
            refused: self.refused + other.refused,
            busy: self.busy + other.busy,
            wrong: self.wrong + other.wrong,
        }
    }
}

/// The changes of a product's stock, by SKU; the SKU of a product without variants is empty.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    on_hand: BTreeMap<String, i64>,
    reserved: BTreeMap<String, i64>,
    removed: BTreeSet<String>,
}

impl Ledger {
    /// Records a change of the stock on hand.
    pub(super) fn add(&mut self, sku: &str, amount: i32) {
        *self.on_hand.entry(sku.to_owned()).or_default() += i64::from(amount);
    }

    /// Records a reservation, or with a negative amount the end of one.
    pub(super) fn reserve(&mut self, sku: &str, amount: i32) {
        *self.reserved.entry(sku.to_owned()).or_default() += i64::from(amount);
    }

    /// Records that a variant was removed, with its stock. A SKU is not used again.
    pub(super) fn remove(&mut self, sku: &str) {
        self.removed.insert(sku.to_owned());
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (sku, amount) in other.on_hand {
            *self.on_hand.entry(sku).or_default() += amount;
        }
        for (sku, amount) in other.reserved {
            *self.reserved.entry(sku).or_default() += amount;
        }
        self.removed.extend(other.removed);
    }

    /// Describes each difference from the stock of the catalogue.
    pub(super) fn differences(&self, stock: &GetStockResponse) -> Vec<String> {
        let mut differences = Vec::new();
        let total = stock.total.clone().unwrap_or_default();
        let levels = if stock.variants.is_empty() {
            std::slice::from_ref(&total)
        } else {
            let sum: i32 = stock.variants.iter().map(|level| level.stock_qty).sum();
            if sum != total.stock_qty {
                differences.push(format!("the total is {}, the variants' {sum}", total.stock_qty));
            }
            &stock.variants[..]
        };
        let expected = self.on_hand.keys().filter(|sku| !self.removed.contains(*sku));
        let found: BTreeSet<_> = levels.iter().map(|level| &level.sku).collect();
        let expected: BTreeSet<_> = expected.collect();
        if found != expected {
            differences.push(format!("the SKUs are {found:?}, not {expected:?}"));
        }
        differences.extend(levels.iter().filter_map(|level| self.difference(level)));
        differences
    }

    fn difference(&self, level: &StockLevel) -> Option<String> {
        let of = |amounts: &BTreeMap<String, i64>| amounts.get(&level.sku).copied().unwrap_or(0);
        let (on_hand, reserved) = (of(&self.on_hand), of(&self.reserved));
        let expected = (Some(on_hand), reserved, on_hand - reserved);
        let found = (
            level.on_hand_qty.map(i64::from),
            i64::from(level.reserved_qty.unwrap_or_default()),
            i64::from(level.stock_qty),
        );
        (found != expected).then(|| {
            let names = "(on hand, reserved, available)";
            format!("{:?} has {names} {found:?}, the ledger {expected:?}", level.sku)
        })
    }
}
