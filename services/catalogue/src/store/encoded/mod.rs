//! Products as encoded `catalogue.v1.Product` messages, straight from database rows.
//!
//! A reader that only passes products on needs no `Product`: its row is encoded column by column,
//! and JSON columns are parsed in streaming form into the output.
//!
//! **Invariant:** the bytes are those that the domain product of the same row encodes to
//! (`grpc::convert::product`); the tests hold it.

mod columns;
mod lists;
mod message;
mod page;
#[cfg(test)]
mod tests;
mod wire;

pub(crate) use message::id;
pub(crate) use page::EncodedPage;

use std::sync::LazyLock;

use bytes::Bytes;
use sea_orm::{DbBackend, QueryResult, QueryTrait as _};

use self::{columns::Columns, message::Encoder};
use super::{engine, page::select};
use crate::domain::{ProductId, Result, Tree};

/// A product as clients receive it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EncodedProduct {
    pub(crate) id: ProductId,
    /// Counts every change of the product, from 1.
    pub(crate) revision: i64,
    pub(crate) is_deleted: bool,
    /// The message names categories, so it also changes with the tree of categories.
    pub(crate) has_categories: bool,
    /// The encoded `catalogue.v1.Product`.
    pub(crate) message: Bytes,
}

/// Products by id, in the order of their rows. A damaged one has failed alone.
pub(super) type EncodedRows = Vec<(ProductId, Result<EncodedProduct>)>;

/// The products of rows that were read by [`sql`]: each on its own, so that a damaged one does not
/// spoil the others. `copy` makes the message. Also says whether `tree` has all of their categories;
/// those that it lacks are left out of the paths.
///
/// # Errors
/// The rows are not of products.
pub(super) fn encoded_rows(
    rows: &[QueryResult],
    tree: &Tree,
    copy: fn(&[u8]) -> Bytes,
) -> Result<(EncodedRows, bool)> {
    let rows = rows.iter().map(Columns::of).collect::<Result<Vec<_>>>()?;
    let is_complete = rows.iter().flat_map(Columns::category_ids).all(|id| tree.contains(id));
    Ok((encode(&rows, tree, copy).collect(), is_complete))
}

/// Encodes each row. The message gets an allocation of its own by `copy`: a cache may keep one
/// product long after its neighbours.
fn encode<'a>(
    rows: &'a [Columns<'_>],
    tree: &'a Tree,
    copy: fn(&[u8]) -> Bytes,
) -> impl Iterator<Item = (ProductId, Result<EncodedProduct>)> + use<'a> {
    let mut encoder = Encoder::new(tree);
    let mut scratch = Vec::new();
    rows.iter().map(move |row| {
        scratch.clear();
        let id = ProductId::known(row.id.to_owned());
        let encoded = encoder.encode(row, &mut scratch).map(|()| EncodedProduct {
            id: id.clone(),
            revision: row.revision,
            is_deleted: row.deleted_at.is_some(),
            has_categories: row.has_categories(),
            message: copy(&scratch),
        });
        (id, encoded)
    })
}

/// The statement that reads products by id. Its one value is an array of them on
/// PostgreSQL, a JSON list on SQLite.
pub(super) fn sql(engine: DbBackend) -> &'static str {
    static POSTGRES: LazyLock<String> = LazyLock::new(|| text(DbBackend::Postgres));
    static SQLITE: LazyLock<String> = LazyLock::new(|| text(DbBackend::Sqlite));
    fn text(engine: DbBackend) -> String {
        let condition = engine::is_in_list(engine, "products.id");
        format!("{} WHERE {condition}", select(engine).build(engine).sql)
    }
    match engine {
        DbBackend::Postgres => &POSTGRES,
        _ => &SQLITE,
    }
}
