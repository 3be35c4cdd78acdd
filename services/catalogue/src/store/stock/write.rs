//! Changes stock by UPDATEs with a guard on the result, so that concurrent changes add up.
//!
//! The product's row is updated before its variants, so its lock also protects their stock until the
//! transaction ends. Several products are updated in the order of their ids, which rules out
//! deadlocks.

use sea_orm::{ConnectionTrait as _, QueryResult, Statement, Value};

use super::read::{product_totals, resolve, stock_of, variant_levels};
use crate::{
    domain::{
        Change, Error, Field, Item, ItemKey, Mask, ProductId, Result, Revision, Sku, Status, Stock,
        StockDeltas, StockLevel,
    },
    store::{
        Store,
        products::history,
        rows::product::status,
        writes::{Unit, Write},
    },
};

/// The products that a change of stock applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// Active and not deleted.
    ForSale,
    NotDeleted,
    /// Including deleted ones, which may be undeleted.
    All,
}

impl Store {
    /// Adds `delta` to a stock.
    ///
    /// # Errors
    /// The product or SKU does not exist, or its stock would leave its range.
    pub(crate) async fn adjust_stock<A: Send + 'static>(
        &self,
        write: Write<StockLevel, A>,
        key: ItemKey,
        delta: i32,
    ) -> Result<A> {
        let adjust = || {
            let key = key.clone();
            self.write(write.clone(), move |unit| {
                Box::pin(async move {
                    let item = resolve(&unit.tx, &[key]).await?.swap_remove(0);
                    add_to(unit, item, i64::from(delta)).await
                })
            })
        };
        self.retry_after_expiry(adjust).await
    }

    /// Sets a stock to `stock_qty`, if it is `expected_qty` or none is expected.
    ///
    /// # Errors
    /// The product or SKU does not exist, or its stock is not the expected one.
    pub(crate) async fn set_stock<A: Send + 'static>(
        &self,
        write: Write<StockLevel, A>,
        key: ItemKey,
        stock_qty: i32,
        expected_qty: Option<i32>,
    ) -> Result<A> {
        self.write(write, move |unit| {
            Box::pin(async move {
                let item = resolve(&unit.tx, &[key]).await?.swap_remove(0);
                unit.lock_products([&item.product_id]).await?;
                let level = level_of(&existing_stock(unit, &item.product_id).await?, &item)?;
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
    let mut deltas = StockDeltas::default();
    deltas.add(item, delta);
    Ok(add(unit, &deltas, Scope::NotDeleted).await?.swap_remove(0))
}

/// Applies all deltas, and records them in the history and the feed. Returns the new levels in the
/// order of the deltas. On an error the unit must be rolled back.
///
/// # Errors
/// A product or variant does not exist, or a stock would leave its range.
pub(super) async fn add(
    unit: &mut Unit,
    deltas: &StockDeltas,
    scope: Scope,
) -> Result<Vec<StockLevel>> {
    let mut levels = Vec::new();
    let (mut revisions, mut changes) = (Vec::new(), Vec::new());
    for (id, amounts) in deltas.by_product() {
        let added = add_to_product(unit, id, amounts.values().sum(), scope).await?;
        let Some((total, revision)) = added else {
            return Err(explain_failure(unit, id, amounts, scope).await?);
        };
        let mut replaced = Vec::new();
        for (sku, amount) in amounts {
            let added = match sku {
                Some(sku) => add_to_variant(unit, id, sku, *amount).await?,
                // Checked now that the lock on the product keeps variants from being added.
                None if has_variants(unit, id).await? => None,
                None => Some(total),
            };
            let Some(stock_qty) = added else {
                return Err(explain_failure(unit, id, [(sku, amount)], scope).await?);
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
    history::record(unit, &revisions).await?;
    unit.append_changes(&changes).await?;
    Ok(levels)
}

/// The stock before `amount` was added.
fn before(stock_qty: i32, amount: i64) -> i32 {
    let before = i64::from(stock_qty) - amount;
    i32::try_from(before).expect("the stock was stored in 32 bits before the change")
}

/// Returns reserved goods to stock, also to that of deleted products. An item that does not exist
/// any more, or whose product has gained or lost its variants since, is skipped with a warning.
pub(super) async fn return_to_stock(unit: &mut Unit, mut deltas: StockDeltas) -> Result<()> {
    unit.lock_products(deltas.products()).await?;
    let products = product_totals(unit, deltas.products()).await?;
    let variants = variant_levels(unit, deltas.products()).await?;
    deltas.retain(|id, sku, amount| {
        let current = match (sku, variants.get(id)) {
            (None, None) => products.get(id),
            (Some(sku), Some(variants)) => variants.get(sku),
            (None, Some(_)) | (Some(_), None) => None,
        };
        let fits = current.is_some_and(|current| fits(*current, amount));
        if !fits {
            tracing::warn!(product = %id, ?sku, amount, "reserved goods were not returned: their item does not exist any more");
        }
        fits
    });
    deltas.retain_products(|id, amount| products.get(id).is_some_and(|total| fits(*total, amount)));
    add(unit, &deltas, Scope::All).await?;
    Ok(())
}

fn fits(stock_qty: i32, amount: i64) -> bool {
    i32::try_from(i64::from(stock_qty) + amount).is_ok_and(|sum| sum >= 0)
}

/// Adds to the product's total. Returns its new stock and revision; None if the guard failed.
async fn add_to_product(
    unit: &Unit,
    id: &ProductId,
    amount: i64,
    scope: Scope,
) -> Result<Option<(i32, i64)>> {
    const SQL: &str = "UPDATE products \
        SET stock_qty = stock_qty + $1, revision = revision + 1, updated_at = $2 \
        WHERE id = $3 AND stock_qty + $1 BETWEEN 0 AND 2147483647";
    const ACTIVE: i32 = Status::Active as i32;
    let within = match scope {
        Scope::ForSale => format!(" AND deleted_at IS NULL AND status = {ACTIVE}"),
        Scope::NotDeleted => " AND deleted_at IS NULL".to_owned(),
        Scope::All => String::new(),
    };
    let sql = format!("{SQL}{within} RETURNING stock_qty, revision");
    let row = query_one(unit, &sql, [amount.into(), unit.now.into(), id.as_str().into()]).await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
}

/// Adds to the variant's stock. Returns the new stock; None if the guard failed.
async fn add_to_variant(
    unit: &Unit,
    id: &ProductId,
    sku: &Sku,
    amount: i64,
) -> Result<Option<i32>> {
    const SQL: &str = "UPDATE product_variants SET stock_qty = stock_qty + $1 \
        WHERE sku = $2 AND product_id = $3 AND stock_qty + $1 BETWEEN 0 AND 2147483647 \
        RETURNING stock_qty";
    let row =
        query_one(unit, SQL, [amount.into(), sku.as_str().into(), id.as_str().into()]).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}

async fn has_variants(unit: &Unit, id: &ProductId) -> Result<bool> {
    const SQL: &str = "SELECT 1 FROM product_variants WHERE product_id = $1 LIMIT 1";
    Ok(query_one(unit, SQL, [id.as_str().into()]).await?.is_some())
}

async fn query_one<const N: usize>(
    unit: &Unit,
    sql: &str,
    values: [Value; N],
) -> Result<Option<QueryResult>> {
    let backend = unit.tx.get_database_backend();
    Ok(unit.tx.query_one_raw(Statement::from_sql_and_values(backend, sql, values)).await?)
}

/// The error that explains why these amounts could not be added.
async fn explain_failure<'a>(
    unit: &Unit,
    id: &ProductId,
    amounts: impl IntoIterator<Item = (&'a Option<Sku>, &'a i64)>,
    scope: Scope,
) -> Result<Error> {
    if scope == Scope::ForSale
        && let Some(state) = state_not_for_sale(unit, id).await?
    {
        return Ok(Error::ProductNotForSale(id.clone(), state));
    }
    let stock = existing_stock(unit, id).await?;
    let whole = Item { product_id: id.clone(), sku: None };
    let (total, mut all) = (stock.total.stock_qty, 0);
    for (sku, &amount) in amounts {
        all += amount;
        let item = Item { sku: sku.clone(), ..whole.clone() };
        let level = match level_of(&stock, &item) {
            Ok(level) => level,
            Err(error) => return Ok(error),
        };
        if !fits(level.stock_qty, amount) {
            return Ok(out_of_range(item, level.stock_qty, amount));
        }
    }
    Ok(out_of_range(whole, total, all))
}

/// Why the product is not for sale; None if it is, or does not exist.
async fn state_not_for_sale(unit: &Unit, id: &ProductId) -> Result<Option<&'static str>> {
    const SQL: &str = "SELECT status, deleted_at FROM products WHERE id = $1";
    let Some(row) = query_one(unit, SQL, [id.as_str().into()]).await? else { return Ok(None) };
    let (number, deleted_at): (i32, Option<i64>) =
        (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    Ok(match status(number)? {
        _ if deleted_at.is_some() => Some("deleted"),
        Status::Draft => Some("a draft"),
        Status::Archived => Some("archived"),
        Status::Active => None,
    })
}

/// The stock of a product.
///
/// # Errors
/// The product does not exist, or is deleted.
async fn existing_stock(unit: &Unit, id: &ProductId) -> Result<Stock> {
    match stock_of(&unit.tx, id).await? {
        Some(stock) => Ok(stock),
        None if product_totals(unit, [id]).await?.is_empty() => {
            Err(Error::ProductNotFound(id.clone()))
        }
        None => Err(Error::ProductDeleted(id.clone())),
    }
}

/// The level of one item in the stock of its product.
fn level_of(stock: &Stock, item: &Item) -> Result<StockLevel> {
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
