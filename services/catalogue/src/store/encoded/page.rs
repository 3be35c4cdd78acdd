//! Pages of encoded products, in the order of their ids.

use std::sync::Arc;

use bytes::Bytes;
use futures::TryStreamExt as _;
use sea_orm::{DatabaseConnection, QueryTrait as _, StreamTrait as _};

use super::{Columns, Encoder, id};
use crate::{
    domain::{ProductId, Result, Selection, Tree},
    store::{Store, categories, page::Window},
};

/// A page ends behind the product with which it becomes as large as this, in bytes: memory is
/// bounded however large the products are that follow small ones.
const MAX_BYTES: usize = 128 << 10;

/// Some products of a selection, as encoded `catalogue.v1.Product` messages.
#[derive(Debug, Default)]
pub(crate) struct EncodedPage {
    /// In the order of their ids. All share one allocation.
    pub(crate) messages: Vec<Bytes>,
    /// More of the selection may follow this product. None: there is no more.
    pub(crate) rest: Option<ProductId>,
}

/// Why the rows of a statement were not read to their end.
enum Stopped {
    /// The page is large enough.
    Full,
    /// The next product is in a category that the tree does not have.
    TreeBehind,
}

/// The categories that products are encoded with.
struct Categories {
    tree: Arc<Tree>,
    /// The tree is as the database had it just now. A replica may still have products in categories
    /// that are gone: they are encoded without the names.
    is_latest: bool,
}

impl Categories {
    fn are_behind(&self, row: &Columns<'_>) -> bool {
        !self.is_latest && !row.category_ids().all(|id| self.tree.contains(id))
    }
}

/// Messages one behind the other.
#[derive(Default)]
struct Buffer {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl EncodedPage {
    /// The id of the last product.
    pub(crate) fn last(&self) -> Option<ProductId> {
        self.messages.last().and_then(|message| id(message))
    }
}

impl Store {
    /// The next products of a selection behind `after`, in the order of their ids: `limit` of them
    /// at most. There may be none although there is a rest.
    ///
    /// # Errors
    /// The store cannot be read.
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
        let tree = Arc::new(categories::load(&self.0.reader).await?);
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
                replica.answer(self.encoded_from(db, categories, selection, after, limit).await)
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

/// Reads a page, row by row. None if the tree is behind the first product already.
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
        if categories.are_behind(&row) {
            stopped = Some(Stopped::TreeBehind);
            break;
        }
        buffer.push(&row, &mut encoder)?;
        if buffer.bytes.len() >= MAX_BYTES {
            stopped = Some(Stopped::Full);
            break;
        }
    }
    let is_cut = match stopped {
        Some(Stopped::TreeBehind) if buffer.ends.is_empty() => return Ok(None),
        Some(Stopped::TreeBehind | Stopped::Full) => true,
        None => buffer.ends.len() == limit,
    };
    let mut page = buffer.into_page();
    page.rest = if is_cut { page.last() } else { window.end };
    Ok(Some(page))
}

impl Buffer {
    fn push(&mut self, row: &Columns<'_>, encoder: &mut Encoder<'_>) -> Result<()> {
        encoder.encode(row, &mut self.bytes)?;
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
