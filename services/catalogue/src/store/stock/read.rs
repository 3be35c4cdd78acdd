//! Reads stock levels, and finds the product of a SKU.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    Statement,
};

use crate::{
    domain::{Error, Item, ItemKey, ProductId, Result, Sku, Stock, StockLevel},
    store::{
        Store,
        schema::entity::{product, variant},
        writes::Unit,
    },
};

impl Store {
    /// The stock of a product, in total and of each variant; of one variant if `key` names it.
    ///
    /// # Errors
    /// The product or SKU does not exist; the store cannot be read.
    pub(crate) async fn stock(&self, key: ItemKey) -> Result<Stock> {
        let db = &self.0.reader;
        let item = resolve(db, &[key]).await?.swap_remove(0);
        let stock = stock_of(db, &item.product_id).await?;
        let mut stock = stock.ok_or(Error::ProductNotFound(item.product_id))?;
        if item.sku.is_some() {
            stock.variants.retain(|level| level.item.sku == item.sku);
        }
        Ok(stock)
    }

    /// The total stock of each of these products that is not deleted, in no particular order and
    /// without reserved quantities.
    pub(crate) async fn stock_levels(&self, ids: &[ProductId]) -> Result<Vec<StockLevel>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let columns = [product::Column::Id, product::Column::StockQty, product::Column::Revision];
        let levels = product::Entity::find()
            .select_only()
            .columns(columns)
            .filter(product::Column::Id.is_in(ids.iter().map(ProductId::as_str)))
            .filter(product::Column::DeletedAt.is_null());
        let levels: Vec<(String, i32, i64)> = levels.into_tuple().all(&self.0.reader).await?;
        let level = |(id, stock_qty, revision)| StockLevel {
            item: Item { product_id: ProductId::known(id), sku: None },
            stock_qty,
            revision,
            reserved_qty: 0,
        };
        Ok(levels.into_iter().map(level).collect())
    }
}

/// Finds the items that a request names, in its order, without checking that the products exist.
///
/// # Errors
/// A SKU does not exist, or belongs to another product than the one named beside it.
pub(super) async fn resolve(db: &impl ConnectionTrait, keys: &[ItemKey]) -> Result<Vec<Item>> {
    let skus = keys.iter().filter_map(|key| match key {
        ItemKey::Product(_) => None,
        ItemKey::Sku(sku, _) => Some(sku.as_str()),
    });
    let skus: Vec<&str> = skus.collect();
    let mut owners: HashMap<String, String> = HashMap::new();
    if !skus.is_empty() {
        let rows = variant::Entity::find()
            .select_only()
            .columns([variant::Column::Sku, variant::Column::ProductId])
            .filter(variant::Column::Sku.is_in(skus));
        owners.extend(rows.into_tuple::<(String, String)>().all(db).await?);
    }
    let resolve = |key: &ItemKey| {
        let (sku, named_product) = match key {
            ItemKey::Product(id) => return Ok(Item { product_id: id.clone(), sku: None }),
            ItemKey::Sku(sku, product) => (sku, product),
        };
        let not_found = || Error::SkuNotFound(sku.clone());
        let item = match owners.get(sku.as_str()) {
            Some(owner) => {
                let product_id = ProductId::known(owner.clone());
                Item { product_id, sku: Some(sku.clone()) }
            }
            // The SKU of a product without variants is its id.
            None => {
                let product_id = ProductId::parse(sku.as_str()).map_err(|_rule| not_found())?;
                Item { product_id, sku: None }
            }
        };
        match named_product {
            Some(named) if *named != item.product_id => Err(not_found()),
            _ => Ok(item),
        }
    };
    keys.iter().map(resolve).collect()
}

/// The stock and the reserved quantities of a product and each of its variants; None if the product
/// does not exist or is deleted. Read in one statement, so in one snapshot.
pub(super) async fn stock_of(db: &impl ConnectionTrait, id: &ProductId) -> Result<Option<Stock>> {
    const SQL: &str = "SELECT 0, '', CAST(p.stock_qty AS BIGINT), p.revision FROM products p \
            WHERE p.id = $1 AND p.deleted_at IS NULL \
        UNION ALL SELECT 1, v.sku, CAST(v.stock_qty AS BIGINT), CAST(v.position AS BIGINT) \
            FROM product_variants v WHERE v.product_id = $1 \
        UNION ALL SELECT 2, l.sku, CAST(sum(l.quantity) AS BIGINT), CAST(0 AS BIGINT) \
            FROM reservation_lines l JOIN reservations r ON r.id = l.reservation_id \
            WHERE l.product_id = $1 AND r.state = 1 GROUP BY l.sku \
        ORDER BY 1, 4";
    let values = [id.as_str().into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), SQL, values);
    let (mut product, mut variants, mut reserved) = (None, Vec::new(), HashMap::new());
    for row in db.query_all_raw(statement).await? {
        let (kind, sku): (i32, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let (quantity, revision_or_position): (i64, i64) =
            (row.try_get_by_index(2)?, row.try_get_by_index(3)?);
        match kind {
            0 => product = Some((quantity, revision_or_position)),
            1 => variants.push((sku, quantity)),
            _ => {
                reserved.insert(sku, quantity);
            }
        }
    }
    let Some((stock_qty, revision)) = product else { return Ok(None) };
    let level = |sku: Option<Sku>, stock_qty: i64, reserved_qty: i64| {
        let item = Item { product_id: id.clone(), sku };
        // The column has 32 bits.
        let stock_qty = i32::try_from(stock_qty).unwrap_or(i32::MAX);
        StockLevel { item, stock_qty, revision, reserved_qty }
    };
    let total = level(None, stock_qty, reserved.values().sum());
    let variant = |(sku, quantity): (String, i64)| {
        let reserved = reserved.get(&sku).copied().unwrap_or(0);
        level(Some(Sku::known(sku)), quantity, reserved)
    };
    Ok(Some(Stock { total, variants: variants.into_iter().map(variant).collect() }))
}

/// The total stock of each of these products, deleted or not.
pub(super) async fn product_totals(
    unit: &Unit,
    ids: impl IntoIterator<Item = &ProductId>,
) -> Result<HashMap<ProductId, i32>> {
    let rows = product::Entity::find()
        .select_only()
        .columns([product::Column::Id, product::Column::StockQty])
        .filter(product::Column::Id.is_in(ids.into_iter().map(ProductId::as_str)))
        .into_tuple::<(String, i32)>()
        .all(&unit.tx)
        .await?;
    Ok(rows.into_iter().map(|(id, stock_qty)| (ProductId::known(id), stock_qty)).collect())
}

/// The stock of each variant of these products.
pub(super) async fn variant_levels(
    unit: &Unit,
    ids: impl IntoIterator<Item = &ProductId>,
) -> Result<HashMap<ProductId, HashMap<Sku, i32>>> {
    let rows = variant::Entity::find()
        .select_only()
        .columns([variant::Column::ProductId, variant::Column::Sku, variant::Column::StockQty])
        .filter(variant::Column::ProductId.is_in(ids.into_iter().map(ProductId::as_str)))
        .into_tuple::<(String, String, i32)>()
        .all(&unit.tx)
        .await?;
    let mut variants: HashMap<ProductId, HashMap<Sku, i32>> = HashMap::new();
    for (id, sku, stock_qty) in rows {
        variants.entry(ProductId::known(id)).or_default().insert(Sku::known(sku), stock_qty);
    }
    Ok(variants)
}
