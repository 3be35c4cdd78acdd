//! How many there are: changed by guarded statements, so that racing callers add up.
//!
//! The product's row always comes first: whoever has changed it owns its variants' stock until the
//! end of the transaction. Several products are changed in the order of their ids, so that no two
//! transactions wait for each other.

use sea_orm::{ConnectionTrait as _, QueryResult, Statement, Value};

use super::{
    Store, history, save,
    stock_levels::{levels, products_of, resolve, variants_of},
    unit::Unit,
    write::Write,
};
use crate::domain::{
    Change, Error, Field, Item, ItemKey, Mask, ProductId, Result, Revision, Sku, Stock,
    StockDeltas, StockLevel,
};

/// Which products a stock may be of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// Those that are not deleted.
    Present,
    /// Deleted ones too: they may come back.
    All,
}

impl Store {
    /// How many there are of a product, in all and of each variant; of one variant, if that is
    /// what was asked for.
    ///
    /// # Errors
    /// There is no such product or sku; the store cannot be read.
    pub(crate) async fn stock(&self, asked: ItemKey) -> Result<Stock> {
        let db = &self.0.reader;
        let item = resolve(db, &[asked]).await?.swap_remove(0);
        let stock = levels(db, &item.product_id).await?;
        let mut stock = stock.ok_or(Error::ProductNotFound(item.product_id))?;
        if item.sku.is_some() {
            stock.variants.retain(|level| level.item.sku == item.sku);
        }
        Ok(stock)
    }

    /// Adds `delta` to a stock, in statements that check what they change.
    ///
    /// # Errors
    /// There is no such product or sku, or its stock would leave what can be.
    pub(crate) async fn adjust_stock<A: Send + 'static>(
        &self,
        write: Write<StockLevel, A>,
        asked: ItemKey,
        delta: i32,
    ) -> Result<A> {
        let adjust = || {
            let asked = asked.clone();
            self.write(write.clone(), move |unit| {
                Box::pin(async move {
                    let item = resolve(&unit.tx, &[asked]).await?.swap_remove(0);
                    add_to(unit, item, i64::from(delta)).await
                })
            })
        };
        self.with_what_has_expired(adjust).await
    }

    /// Makes a stock what was counted, if it is what the caller believes it to be.
    ///
    /// # Errors
    /// There is no such product or sku, or its stock is another.
    pub(crate) async fn set_stock<A: Send + 'static>(
        &self,
        write: Write<StockLevel, A>,
        asked: ItemKey,
        stock_qty: i32,
        expected_qty: Option<i32>,
    ) -> Result<A> {
        self.write(write, move |unit| {
            Box::pin(async move {
                let item = resolve(&unit.tx, &[asked]).await?.swap_remove(0);
                unit.lock_products([&item.product_id]).await?;
                let level = of_item(&stock_of(unit, &item.product_id).await?, &item)?;
                if expected_qty.is_some_and(|expected| expected != level.stock_qty) {
                    return Err(Error::StockChanged { item, stock_qty: level.stock_qty });
                }
                match i64::from(stock_qty) - i64::from(level.stock_qty) {
                    0 => Ok(level),
                    delta => add_to(unit, item, delta).await,
                }
            })
        })
        .await
    }
}

async fn add_to(unit: &mut Unit, item: Item, delta: i64) -> Result<StockLevel> {
    let mut moves = StockDeltas::default();
    moves.add(item, delta);
    Ok(add(unit, &moves, Of::Present).await?.swap_remove(0))
}

/// Adds to stocks, all of them or, on an error, none; and tells the feed. Returns the levels in the
/// order of the moves.
///
/// # Errors
/// There is no such product or variant, or a stock would leave what can be.
pub(super) async fn add(unit: &mut Unit, moves: &StockDeltas, of: Of) -> Result<Vec<StockLevel>> {
    let mut levels = Vec::new();
    let (mut revisions, mut changes) = (Vec::new(), Vec::new());
    for (id, amounts) in moves.by_product() {
        let added = add_to_product(unit, id, amounts.values().sum(), of).await?;
        let Some((total, revision)) = added else {
            return Err(refusal(unit, id, amounts).await?);
        };
        let mut replaced = Vec::new();
        for (sku, amount) in amounts {
            let added = match sku {
                Some(sku) => add_to_variant(unit, id, sku, *amount).await?,
                // Looked at now that nobody else can give it some.
                None if has_variants(unit, id).await? => None,
                None => Some(total),
            };
            let Some(stock_qty) = added else {
                return Err(refusal(unit, id, [(sku, amount)]).await?);
            };
            if let Some(sku) = sku {
                replaced.push((sku.clone(), before(stock_qty, *amount)));
            }
            let item = Item { product_id: id.clone(), sku: sku.clone() };
            levels.push(StockLevel { item, stock_qty, revision, reserved_qty: 0 });
        }
        let old = before(total, amounts.values().sum());
        revisions.push(Revision::stock(id.clone(), revision, old, replaced, unit.now));
        let stock = Mask::default().with(Field::StockQty);
        changes.push(Change::updated(id.clone(), stock, unit.now));
    }
    history::keep(unit, &revisions).await?;
    save::changes(unit, &changes).await?;
    Ok(levels)
}

/// How many there were.
fn before(stock_qty: i32, amount: i64) -> i32 {
    let before = i64::from(stock_qty) - amount;
    i32::try_from(before).expect("a stock that was kept before it was changed fits")
}

/// Puts goods back where they came from, also to a deleted product. What is no longer there, or is
/// sold as something else by now, gets nothing.
///
/// # Errors
/// The store cannot be written.
pub(super) async fn give_back(unit: &mut Unit, mut moves: StockDeltas) -> Result<()> {
    unit.lock_products(moves.products()).await?;
    let products = products_of(unit, moves.products()).await?;
    let variants = variants_of(unit, moves.products()).await?;
    moves.retain(|id, sku, amount| {
        let there = match (sku, variants.get(id)) {
            (None, None) => products.get(id),
            (Some(sku), Some(variants)) => variants.get(sku),
            (None, Some(_)) | (Some(_), None) => None,
        };
        let fits = there.is_some_and(|there| fits(*there, amount));
        if !fits {
            tracing::warn!(product = %id, ?sku, amount, "reserved goods have no stock to return to");
        }
        fits
    });
    moves.retain_products(|id, amount| products.get(id).is_some_and(|there| fits(*there, amount)));
    add(unit, &moves, Of::All).await?;
    Ok(())
}

fn fits(there: i32, amount: i64) -> bool {
    i32::try_from(i64::from(there) + amount).is_ok_and(|sum| sum >= 0)
}

/// The product's stock and revision, if it could be changed.
async fn add_to_product(
    unit: &Unit,
    id: &ProductId,
    amount: i64,
    of: Of,
) -> Result<Option<(i32, i64)>> {
    const SQL: &str = "UPDATE products \
        SET stock_qty = stock_qty + $1, revision = revision + 1, updated_at = $2 \
        WHERE id = $3 AND stock_qty + $1 BETWEEN 0 AND 2147483647";
    let deleted = match of {
        Of::Present => " AND deleted_at IS NULL",
        Of::All => "",
    };
    let sql = format!("{SQL}{deleted} RETURNING stock_qty, revision");
    let row = one(unit, &sql, [amount.into(), unit.now.into(), id.as_str().into()]).await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
}

/// The variant's stock, if it could be changed.
async fn add_to_variant(
    unit: &Unit,
    id: &ProductId,
    sku: &Sku,
    amount: i64,
) -> Result<Option<i32>> {
    const SQL: &str = "UPDATE product_variants SET stock_qty = stock_qty + $1 \
        WHERE sku = $2 AND product_id = $3 AND stock_qty + $1 BETWEEN 0 AND 2147483647 \
        RETURNING stock_qty";
    let row = one(unit, SQL, [amount.into(), sku.as_str().into(), id.as_str().into()]).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}

async fn has_variants(unit: &Unit, id: &ProductId) -> Result<bool> {
    const SQL: &str = "SELECT 1 FROM product_variants WHERE product_id = $1 LIMIT 1";
    Ok(one(unit, SQL, [id.as_str().into()]).await?.is_some())
}

async fn one<const N: usize>(
    unit: &Unit,
    sql: &str,
    values: [Value; N],
) -> Result<Option<QueryResult>> {
    let backend = unit.tx.get_database_backend();
    Ok(unit.tx.query_one_raw(Statement::from_sql_and_values(backend, sql, values)).await?)
}

/// Why one of these amounts could not be added, none of which has been.
async fn refusal<'a>(
    unit: &Unit,
    id: &ProductId,
    amounts: impl IntoIterator<Item = (&'a Option<Sku>, &'a i64)>,
) -> Result<Error> {
    let stock = stock_of(unit, id).await?;
    let whole = Item { product_id: id.clone(), sku: None };
    let (there, mut all) = (stock.total.stock_qty, 0);
    for (sku, &amount) in amounts {
        all += amount;
        let item = Item { sku: sku.clone(), ..whole.clone() };
        let level = match of_item(&stock, &item) {
            Ok(level) => level,
            Err(error) => return Ok(error),
        };
        if !fits(level.stock_qty, amount) {
            return Ok(out_of_range(item, level.stock_qty, amount));
        }
    }
    Ok(out_of_range(whole, there, all))
}

/// The stock of a product that must be there.
async fn stock_of(unit: &Unit, id: &ProductId) -> Result<Stock> {
    match levels(&unit.tx, id).await? {
        Some(stock) => Ok(stock),
        None if products_of(unit, [id]).await?.is_empty() => {
            Err(Error::ProductNotFound(id.clone()))
        }
        None => Err(Error::ProductDeleted(id.clone())),
    }
}

/// The item's own level.
fn of_item(stock: &Stock, item: &Item) -> Result<StockLevel> {
    let Some(sku) = &item.sku else {
        if stock.variants.is_empty() {
            return Ok(stock.total.clone());
        }
        return Err(Error::SkuRequired {
            field: "sku".to_owned(),
            product: item.product_id.clone(),
        });
    };
    let level = stock.variants.iter().find(|level| level.item == *item);
    level.cloned().ok_or_else(|| Error::SkuNotFound(sku.clone()))
}

fn out_of_range(item: Item, stock_qty: i32, amount: i64) -> Error {
    if amount < 0 {
        Error::InsufficientStock { item, stock_qty, wanted: -amount }
    } else {
        Error::StockTooLarge { item, stock_qty, added: amount }
    }
}
