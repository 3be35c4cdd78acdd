//! Pages of encoded products, in the order of their ids.

use std::sync::Arc;

use bytes::Bytes;
use futures::TryStreamExt as _;
use sea_orm::{DatabaseConnection, QueryTrait as _, StreamTrait as _};

use super::{
    columns::Columns,
    message::{Encoder, id as encoded_id},
};
use crate::{
    domain::{ProductId, Result, Selection, Tree},
    store::{Store, products::Window},
};

/// The size, in bytes, from which a page takes no further product. Bounds memory when large products
/// follow small ones.
const MAX_BYTES: usize = 128 << 10;

/// A page of a selection, as encoded `catalogue.v1.Product` messages.
#[derive(Debug, Default)]
pub(crate) struct EncodedPage {
    /// In the order of ids. All share one allocation.
    pub(crate) messages: Vec<Bytes>,
    /// The product after which the next page starts. None after the last page.
    pub(crate) rest: Option<ProductId>,
}

/// The reason to stop reading rows early.
enum Stopped {
    /// The page has reached its size.
    Full,
    /// The tree lacks a category of the next product.
    StaleTree,
}

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
    /// The page of a selection after `after`, in the order of ids: at most `limit` products. It may
    /// be empty and still have a `rest`.
    pub(crate) async fn encoded_page(
        &self,
        selection: &Selection,
        after: Option<&ProductId>,
        limit: usize,
    ) -> Result<EncodedPage> {
        let published = Categories { tree: self.tree(), is_latest: false };
        if let Some(page) = self.encoded_with(&published, selection, after, limit).await? {
            return Ok(page);
        }
        let tree = Arc::new(self.stored_tree().await?);
        let latest = Categories { tree, is_latest: true };
        let page = self.encoded_with(&latest, selection, after, limit).await?;
        Ok(page.unwrap_or_default())
    }

    async fn encoded_with(
        &self,
        categories: &Categories,
        selection: &Selection,
        after: Option<&ProductId>,
        limit: usize,
    ) -> Result<Option<EncodedPage>> {
        if let Some((replica, db)) = self.replica_for(selection)
            && let Some(page) =
                replica.check(self.encoded_from(db, categories, selection, after, limit).await)
        {
            return page;
        }
        self.encoded_from(&self.0.reader, categories, selection, after, limit).await
    }

    async fn encoded_from(
        &self,
        db: &DatabaseConnection,
        categories: &Categories,
        selection: &Selection,
        after: Option<&ProductId>,
        limit: usize,
    ) -> Result<Option<EncodedPage>> {
        let window = self.window(db, selection, after, limit).await?;
        read(db, window, limit, categories).await
    }
}

/// Reads a page row by row. None if the tree lacks a category of the first product.
async fn read(
    db: &DatabaseConnection,
    window: Window,
    limit: usize,
    categories: &Categories,
) -> Result<Option<EncodedPage>> {
    let statement = window.products.build(sea_orm::ConnectionTrait::get_database_backend(db));
    let mut rows = db.stream_raw(statement).await?;
    let mut encoder = Encoder::new(&categories.tree);
    let mut buffer = Buffer::default();
    let mut stopped = None;
    while let Some(row) = rows.try_next().await? {
        let row = Columns::of(&row)?;
        if categories.lack_any_of(&row) {
            stopped = Some(Stopped::StaleTree);
            break;
        }
        buffer.push(&row, &mut encoder)?;
        if buffer.bytes.len() >= MAX_BYTES {
            stopped = Some(Stopped::Full);
            break;
        }
    }
    let is_cut = match stopped {
        Some(Stopped::StaleTree) if buffer.ends.is_empty() => return Ok(None),
        Some(Stopped::StaleTree | Stopped::Full) => true,
        None => buffer.ends.len() == limit,
    };
    let mut page = buffer.into_page();
    page.rest = if is_cut { page.last() } else { window.end };
    Ok(Some(page))
}

impl Buffer {
    fn push(&mut self, row: &Columns<'_>, encoder: &mut Encoder<'_>) -> Result<()> {
        encoder.encode(row, &mut self.bytes).map_err(|error| error.in_product(row.id))?;
        self.ends.push(self.bytes.len());
        Ok(())
    }

    fn into_page(self) -> EncodedPage {
        let bytes = Bytes::from(self.bytes);
        let mut begin = 0;
        let message = |end| bytes.slice(std::mem::replace(&mut begin, end)..end);
        let messages = self.ends.into_iter().map(message).collect();
        EncodedPage { messages, rest: None }
    }
}
