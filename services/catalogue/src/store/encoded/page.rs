//! Pages of encoded products, in the order of their ids.

use std::sync::Arc;

use bytes::Bytes;
use futures::TryStreamExt as _;
use sea_orm::{DatabaseConnection, StreamTrait as _};

use super::{
    columns::Columns,
    message::{Encoder, id as encoded_id},
    packed::{self, PackedRow},
};
use crate::{
    domain::{Error, ProductId, Result, Selection, Status, Tree},
    store::{Store, products::Window},
};

/// The size of rows, in bytes, from which a page takes no further product. Bounds memory when large products
/// follow small ones.
pub(super) const MAX_PAGE_BYTES: usize = 128 << 10;

/// A page of a selection, as encoded `catalogue.v1.Product` messages.
#[derive(Debug, Default)]
pub(crate) struct EncodedPage {
    /// In the order of ids. All share one allocation.
    pub(crate) messages: Vec<Bytes>,
    /// The product after which the next page starts. None after the last page.
    pub(crate) rest: Option<ProductId>,
}

/// A row of a page, and its message.
pub(in crate::store) struct EncodedRow<'a> {
    pub(in crate::store) id: &'a str,
    pub(in crate::store) revision: i64,
    pub(in crate::store) is_deleted: bool,
    pub(in crate::store) is_active: bool,
    /// Whether the message contains category paths, and so depends on the category tree.
    pub(in crate::store) has_categories: bool,
    pub(in crate::store) message: &'a [u8],
}

type TakeRow<'a> = dyn FnMut(EncodedRow<'_>) + Send + 'a;

/// The category tree to encode products with.
struct Categories {
    tree: Arc<Tree>,
    /// Whether the tree was just loaded. A read replica may still have products in deleted categories;
    /// they are encoded without those.
    is_latest: bool,
}

impl Categories {
    fn lack_any_of(&self, row: &Columns<'_>) -> bool {
        !self.is_latest && !row.category_ids().all(|id| self.tree.contains(id))
    }
}

/// Concatenated messages.
#[derive(Default)]
struct Buffer {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl EncodedPage {
    /// The id of the last product.
    pub(crate) fn last(&self) -> Option<ProductId> {
        self.messages.last().and_then(|message| encoded_id(message))
    }
}

impl Store {
    /// Reads the page of a selection after `after`, in the order of ids: at most `limit` products. It may be empty and
    /// still have a `rest`. Hands each row to `cacheable` if it was read from the primary database and encoded with the
    /// published category tree.
    pub(in crate::store) async fn read_encoded_page(
        &self,
        selection: &Selection,
        after: Option<&ProductId>,
        limit: usize,
        cacheable: &mut TakeRow<'_>,
    ) -> Result<EncodedPage> {
        let published = Categories { tree: self.tree(), is_latest: false };
        if let Some(page) =
            self.encoded_with(&published, selection, after, limit, cacheable).await?
        {
            return Ok(page);
        }
        let tree = Arc::new(self.stored_tree().await?);
        let latest = Categories { tree, is_latest: true };
        let page = self.encoded_with(&latest, selection, after, limit, &mut |_| {}).await?;
        Ok(page.unwrap_or_default())
    }

    async fn encoded_with(
        &self,
        categories: &Categories,
        selection: &Selection,
        after: Option<&ProductId>,
        limit: usize,
        cacheable: &mut TakeRow<'_>,
    ) -> Result<Option<EncodedPage>> {
        if let Some((replica, db)) = self.replica_for(selection) {
            let window = self.window(db, selection, after, limit).await;
            let page = async { read(db, window?, limit, categories, &mut |_| {}).await };
            if let Some(page) = replica.check(page.await) {
                return page;
            }
        }
        let db = &self.0.reader;
        let window = self.window(db, selection, after, limit).await?;
        read(db, window, limit, categories, cacheable).await
    }
}

/// Reads a page. None if the tree lacks a category of the first product.
async fn read(
    db: &DatabaseConnection,
    window: Window,
    limit: usize,
    categories: &Categories,
    take: &mut TakeRow<'_>,
) -> Result<Option<EncodedPage>> {
    let statement = packed::statement(db.get_database_backend(), window.products, MAX_PAGE_BYTES);
    let mut responses = db.stream_raw(statement).await?;
    let mut encoder = Encoder::new(&categories.tree);
    let mut buffer = Buffer::default();
    let (mut bytes, mut is_stale) = (0, false);
    while let Some(response) = responses.try_next().await? {
        let row = PackedRow::of(&response)?;
        let row = Columns::read(&row).map_err(Error::Damaged)?;
        is_stale = categories.lack_any_of(&row);
        if is_stale {
            break;
        }
        let message = buffer.push(&row, &mut encoder)?;
        take(EncodedRow {
            id: row.id,
            revision: row.revision,
            is_deleted: row.deleted_at.is_some(),
            is_active: row.status == Status::Active as i64,
            has_categories: row.has_categories(),
            message,
        });
        bytes += row.bytes();
        if bytes >= MAX_PAGE_BYTES {
            break;
        }
    }
    if is_stale && buffer.ends.is_empty() {
        return Ok(None);
    }
    let is_cut = is_stale || bytes >= MAX_PAGE_BYTES || buffer.ends.len() == limit;
    let mut page = buffer.into_page();
    page.rest = if is_cut { page.last() } else { window.end };
    Ok(Some(page))
}

impl Buffer {
    /// Encodes a row and returns its message.
    fn push(&mut self, row: &Columns<'_>, encoder: &mut Encoder<'_>) -> Result<&[u8]> {
        let begin = self.bytes.len();
        encoder.encode(row, &mut self.bytes).map_err(|error| error.in_product(row.id))?;
        self.ends.push(self.bytes.len());
        Ok(&self.bytes[begin..])
    }

    fn into_page(self) -> EncodedPage {
        let bytes = Bytes::from(self.bytes);
        let mut begin = 0;
        let message = |end| bytes.slice(std::mem::replace(&mut begin, end)..end);
        let messages = self.ends.into_iter().map(message).collect();
        EncodedPage { messages, rest: None }
    }
}

/// The page of all products after an id.
#[cfg(test)]
pub(super) async fn after(
    db: &DatabaseConnection,
    id: &str,
    limit: u64,
    tree: &Tree,
) -> Result<EncodedPage> {
    use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

    use crate::store::{products::read::select, schema::entity::product::Column};
    let products = select(db.get_database_backend()).filter(Column::Id.gt(id));
    let window = Window { products: products.order_by_asc(Column::Id).limit(limit), end: None };
    let categories = Categories { tree: Arc::new(tree.clone()), is_latest: true };
    Ok(read(db, window, limit as usize, &categories, &mut |_| {}).await?.unwrap_or_default())
}
