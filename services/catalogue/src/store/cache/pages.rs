//! Pages from the cache: the database only lists the products of a page and their revisions, which costs a fraction of
//! reading them.

use std::collections::HashMap;

use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DbBackend, QuerySelect as _, QueryTrait as _,
};

use super::{entries::ProductCache, framed::FramedProduct, stamps::Stamp};
use crate::{
    domain::{Error, ProductId, Result, Selection},
    store::{
        EncodedPage, Store, encoded::EncodedRow, products::Window, schema::entity::product::Column,
    },
};

/// The size of a page from the cache, in bytes, from which it takes no further product. It holds references, which keep
/// products in memory that are displaced meanwhile.
const MAX_CACHED_BYTES: usize = 1 << 20;

/// A look-up of a page in the cache.
enum Cached<'a> {
    /// All of its products.
    Page(EncodedPage),
    /// Not all of them. `Fill` caches those that are read instead, if there is room.
    Missed(Option<Fill<'a>>),
}

/// Caches the products of a page that was not cached.
struct Fill<'a> {
    cache: &'a ProductCache,
    /// Of the missing products, taken before they are read.
    stamps: HashMap<String, Stamp>,
}

impl Store {
    /// The page of a selection after `after`, in the order of ids: at most `limit` products from the cache, or `batch` from
    /// the database. It may be empty and still have a `rest`. `may_be_cached`: whether the cache may have it, and may be
    /// filled with it.
    pub(crate) async fn encoded_page(
        &self,
        selection: &Selection,
        after: Option<&ProductId>,
        (limit, batch): (usize, usize),
        may_be_cached: bool,
    ) -> Result<EncodedPage> {
        let cached = match may_be_cached {
            true => self.cached_page(selection, after, limit).await?,
            false => Cached::Missed(None),
        };
        let fill = match cached {
            Cached::Page(page) => return Ok(page),
            Cached::Missed(fill) => fill,
        };
        let mut insert = |row: EncodedRow<'_>| {
            if let Some(fill) = &fill {
                fill.insert(row);
            }
        };
        self.read_encoded_page(selection, after, limit.min(batch), &mut insert).await
    }

    /// Reads a page of a selection after `after` from the cache, which cannot have it if it is disabled or bypassed, a
    /// filter has to be evaluated, or a read replica serves the selection.
    async fn cached_page(
        &self,
        selection: &Selection,
        after: Option<&ProductId>,
        limit: usize,
    ) -> Result<Cached<'_>> {
        let Some(cache) = self.0.reads.cache().filter(|cache| !cache.is_bypassed()) else {
            return Ok(Cached::Missed(None));
        };
        if selection.filter.is_some() || self.replica_for(selection).is_some() {
            return Ok(Cached::Missed(None));
        }
        let db = &self.0.reader;
        let window = self.window(db, selection, after, limit).await?;
        let listed = list(db, window).await?;
        let (mut page, mut bytes, mut missing) = (EncodedPage::default(), 0, HashMap::new());
        for product in products(&listed) {
            let (id, revision) = product?;
            match cache.get(id).filter(|cached| cached.revision == revision) {
                Some(cached) => {
                    let message = cached.message();
                    bytes += message.len();
                    page.messages.push(message);
                }
                None => drop(missing.insert(id.to_owned(), cache.stamp(id))),
            }
            if bytes >= MAX_CACHED_BYTES {
                break;
            }
        }
        if !missing.is_empty() {
            let fill = cache.has_room().then_some(Fill { cache, stamps: missing });
            return Ok(Cached::Missed(fill));
        }
        if bytes >= MAX_CACHED_BYTES || page.messages.len() == limit {
            page.rest = page.last();
        }
        Ok(Cached::Page(page))
    }
}

impl Fill<'_> {
    fn insert(&self, row: EncodedRow<'_>) {
        let Some((id, stamp)) = self.stamps.get_key_value(row.id) else { return };
        let product = FramedProduct {
            revision: row.revision,
            is_deleted: row.is_deleted,
            is_active: row.is_active,
            frame: rpc::frame::framed(row.message),
        };
        self.cache.insert(&ProductId::known(id.clone()), &product, *stamp, row.has_categories);
    }
}

/// The ids and revisions of a page, in its order, each followed by a blank, which no id contains: one value, because
/// a row for each of them would cost more.
async fn list(db: &DatabaseConnection, window: Window) -> Result<String> {
    let engine = db.get_database_backend();
    let rows = window.products.select_only().column(Column::Id).column(Column::Revision);
    let mut statement = rows.build(engine);
    let concatenated = match engine {
        DbBackend::Postgres => "string_agg(id || ' ' || revision || ' ', '')",
        _ => "group_concat(id || ' ' || revision || ' ', '')",
    };
    statement.sql = format!("SELECT {concatenated} FROM ({}) AS listed", statement.sql);
    let row = db.query_one_raw(statement).await?;
    let listed = row.map(|row| row.try_get_by_index::<Option<String>>(0)).transpose()?;
    Ok(listed.flatten().unwrap_or_default())
}

/// The ids and revisions in the text of [`list`].
fn products(listed: &str) -> impl Iterator<Item = Result<(&str, i64)>> {
    let mut words = listed.split_ascii_whitespace();
    std::iter::from_fn(move || {
        let id = words.next()?;
        let revision = words.next().unwrap_or_default().parse();
        Some(
            revision
                .map(|revision| (id, revision))
                .map_err(|error| Error::Damaged(Box::new(error))),
        )
    })
}
