//! The columns of a product's row, borrowed from it.

use sea_orm::{
    QueryResult,
    sqlx::{ColumnIndex, Decode, Row, Type},
};

use crate::domain::{Error, Micros, Result};

/// A row that [`super::super::page::select`] reads.
#[derive(Debug, Clone)]
pub(super) struct Columns<'a> {
    pub(super) id: &'a str,
    pub(super) external_id: Option<&'a str>,
    pub(super) name: &'a str,
    pub(super) description: &'a str,
    pub(super) brand: &'a str,
    pub(super) price_minor: Option<i64>,
    pub(super) currency: Option<&'a str>,
    pub(super) stock_qty: i32,
    /// JSON, as are the next two.
    pub(super) media: &'a str,
    pub(super) attributes: &'a str,
    pub(super) labels: &'a str,
    pub(super) revision: i64,
    pub(super) content_revision: i64,
    pub(super) created_at: Micros,
    pub(super) updated_at: Micros,
    pub(super) status: i32,
    pub(super) deleted_at: Option<Micros>,
    /// Separated by blanks.
    category_ids: Option<&'a str>,
    /// JSON; None if there are none.
    pub(super) variants: Option<&'a str>,
}

impl<'a> Columns<'a> {
    /// # Errors
    /// The row is not one of a product.
    pub(super) fn of(row: &'a QueryResult) -> Result<Self> {
        let columns = if let Some(row) = row.try_as_pg_row() {
            Self::read(row)
        } else if let Some(row) = row.try_as_sqlite_row() {
            Self::read(row)
        } else {
            return Err(Error::Store("a row of an unknown database".into()));
        };
        columns.map_err(|error| Error::Store(error.into()))
    }

    /// By position, in the order of `entity::product`, with the links behind.
    fn read<R>(row: &'a R) -> std::result::Result<Self, sea_orm::sqlx::Error>
    where
        R: Row,
        usize: ColumnIndex<R>,
        &'a str: Decode<'a, R::Database> + Type<R::Database>,
        i32: Decode<'a, R::Database> + Type<R::Database>,
        i64: Decode<'a, R::Database> + Type<R::Database>,
    {
        Ok(Self {
            id: row.try_get(0)?,
            external_id: row.try_get(1)?,
            name: row.try_get(2)?,
            description: row.try_get(3)?,
            brand: row.try_get(4)?,
            price_minor: row.try_get(5)?,
            currency: row.try_get(6)?,
            stock_qty: row.try_get(7)?,
            media: row.try_get(8)?,
            attributes: row.try_get(9)?,
            labels: row.try_get(10)?,
            revision: row.try_get(11)?,
            content_revision: row.try_get(12)?,
            created_at: row.try_get(13)?,
            updated_at: row.try_get(14)?,
            status: row.try_get(15)?,
            deleted_at: row.try_get(16)?,
            category_ids: row.try_get(18)?,
            variants: row.try_get(19)?,
        })
    }

    pub(super) fn category_ids(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.category_ids.unwrap_or_default().split_ascii_whitespace()
    }

    pub(super) fn has_categories(&self) -> bool {
        self.category_ids().next().is_some()
    }
}
