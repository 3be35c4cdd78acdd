//! Products as encoded `catalogue.v1.Product` messages, straight from database rows.
//!
//! A read that only forwards products needs no domain `Product`: the row is encoded column by column,
//! and JSON columns are parsed as streams into the output. This module is the one exception to the
//! rule that the wire format stays in `grpc`: encoding here saves a copy of every field on the path
//! of most reads. It writes the protobuf wire format itself, in `wire`; of other crates it uses
//! `proto::money` for the parts of a price and `prost` to decode a varint, but no generated message.
//!
//! **Invariant:** the bytes equal the encoding of the domain product of the same row
//! (`grpc::convert::product`), which the tests check.

mod columns;
mod json_lists;
mod message;
mod offer;
mod packed;
mod page;
#[cfg(test)]
mod tests;
mod wire;

pub(crate) use message::id as encoded_id;
pub(crate) use page::EncodedPage;
pub(super) use page::EncodedRow;

use std::sync::LazyLock;

use bytes::Bytes;
use sea_orm::{DbBackend, QueryResult, QueryTrait as _};

use self::{columns::Columns, message::Encoder};
use super::{engine, products::read::select};
use crate::domain::{ProductId, Result, Status, Tree};

/// An encoded product with the fields that the cache needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EncodedProduct {
    pub(crate) id: ProductId,
    /// The number of the product's revision, from 1.
    pub(crate) revision: i64,
    pub(crate) is_deleted: bool,
    pub(crate) is_active: bool,
    /// Whether the message contains category paths, and so depends on the category tree.
    pub(crate) has_categories: bool,
    /// The encoded `catalogue.v1.Product`.
    pub(crate) message: Bytes,
}

/// Products by id, in the order of their rows. A damaged row fails alone.
pub(super) type EncodedRows = Vec<(ProductId, Result<EncodedProduct>)>;

/// Encodes rows that were read by [`sql`]; `copy` makes the message from a scratch buffer. Also returns
/// whether `tree` has all of their categories: paths leave out those that it lacks.
///
/// # Errors
/// The rows are not rows of products.
pub(super) fn encoded_rows(
    rows: &[QueryResult],
    tree: &Tree,
    copy: fn(&[u8]) -> Bytes,
) -> Result<(EncodedRows, bool)> {
    let rows = rows.iter().map(Columns::of).collect::<Result<Vec<_>>>()?;
    let is_complete = rows.iter().flat_map(Columns::category_ids).all(|id| tree.contains(id));
    Ok((encode(&rows, tree, copy).collect(), is_complete))
}

/// Encodes each row. `copy` allocates each message separately, since the cache may hold one long after
/// the others are evicted.
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
            is_active: row.status == Status::Active as i64,
            has_categories: row.has_categories(),
            message: copy(&scratch),
        });
        (id, encoded)
    })
}

/// The statement that reads products by id. The ids are bound as one value: an array on PostgreSQL, a
/// JSON list on SQLite.
pub(super) fn sql(engine: DbBackend) -> &'static str {
    static POSTGRES: LazyLock<String> = LazyLock::new(|| text(DbBackend::Postgres));
    static SQLITE: LazyLock<String> = LazyLock::new(|| text(DbBackend::Sqlite));
    fn text(engine: DbBackend) -> String {
        let condition = engine::in_bound_list(engine, "products.id");
        format!("{} WHERE {condition}", select(engine).build(engine).sql)
    }
    match engine {
        DbBackend::Postgres => &POSTGRES,
        _ => &SQLITE,
    }
}
