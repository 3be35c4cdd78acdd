//! The columns of a product's row, borrowed without copies.

use sea_orm::{
    QueryResult,
    sqlx::{
        Row as _, ValueRef as _,
        error::BoxDynError,
        postgres::{PgRow, PgValueFormat},
        sqlite::SqliteRow,
    },
};

use crate::domain::{Error, Micros, Result};

/// Number of columns of a [`crate::store::products::read::select`].
pub(super) const COLUMNS: usize = 28;
/// Columns that no encoded product has.
pub(super) const UNUSED: [&str; 4] = ["created_by", "costs", "on_sale", "weight_mg"];

/// A row of [`crate::store::products::read::select`].
#[derive(Debug, Clone)]
pub(super) struct Columns<'a> {
    pub(super) id: &'a str,
    pub(super) external_id: Option<&'a str>,
    pub(super) name: &'a str,
    pub(super) description: &'a str,
    pub(super) brand: &'a str,
    pub(super) price_minor: Option<i64>,
    pub(super) currency: Option<&'a str>,
    pub(super) stock_qty: i64,
    /// JSON, like the next two.
    pub(super) media: &'a str,
    pub(super) attributes: &'a str,
    pub(super) labels: &'a str,
    pub(super) revision: i64,
    pub(super) content_revision: i64,
    pub(super) created_at: Micros,
    pub(super) updated_at: Micros,
    pub(super) status: i64,
    pub(super) deleted_at: Option<Micros>,
    /// JSON; None for nothing.
    pub(super) offer: Option<&'a str>,
    pub(super) condition: i64,
    pub(super) tax_class: &'a str,
    pub(super) seo_title: &'a str,
    pub(super) seo_description: &'a str,
    /// Separated by spaces.
    category_ids: Option<&'a str>,
    /// JSON; None without variants.
    pub(super) variants: Option<&'a str>,
}

impl<'a> Columns<'a> {
    /// The columns of `row`.
    ///
    /// # Errors
    /// The row is not a row of a product.
    pub(super) fn of(row: &'a QueryResult) -> Result<Self> {
        let columns = if let Some(row) = row.try_as_pg_row() {
            Self::read(row)
        } else if let Some(row) = row.try_as_sqlite_row() {
            Self::read(row)
        } else {
            return Err(Error::Store("a row of an unknown database".into()));
        };
        columns.map_err(Error::Damaged)
    }

    /// Reads by position, in the order of `entity::product` followed by the links.
    pub(super) fn read(row: &'a impl Cells) -> std::result::Result<Self, BoxDynError> {
        let text = |at| row.text(at)?.ok_or_else(|| missing(at));
        let number = |at| row.number(at)?.ok_or_else(|| missing(at));
        Ok(Self {
            id: text(0)?,
            external_id: row.text(1)?,
            name: text(2)?,
            description: text(3)?,
            brand: text(4)?,
            price_minor: row.number(5)?,
            currency: row.text(6)?,
            stock_qty: number(7)?,
            media: text(8)?,
            attributes: text(9)?,
            labels: text(10)?,
            revision: number(11)?,
            content_revision: number(12)?,
            created_at: number(13)?,
            updated_at: number(14)?,
            status: number(15)?,
            deleted_at: row.number(16)?,
            offer: row.text(18)?,
            condition: number(19)?,
            tax_class: text(20)?,
            seo_title: text(21)?,
            seo_description: text(22)?,
            // Costs are in no encoded product, and the next two are for filters: see UNUSED.
            category_ids: row.text(26)?,
            variants: row.text(27)?,
        })
    }

    /// Bytes of the parts without a small limit, as [`super::packed`] adds them up.
    pub(super) fn bytes(&self) -> usize {
        let lists = [self.media, self.attributes, self.labels, self.variants.unwrap_or_default()];
        self.description.len() + lists.map(str::len).iter().sum::<usize>()
    }

    pub(super) fn category_ids(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.category_ids.unwrap_or_default().split_ascii_whitespace()
    }

    pub(super) fn has_categories(&self) -> bool {
        self.category_ids().next().is_some()
    }
}

fn missing(at: usize) -> BoxDynError {
    format!("column {at} of a product is NULL").into()
}

/// Access to columns by position, without the driver's type check of each value, which took longer
/// than decoding it. The types are known from the schema.
pub(super) trait Cells {
    fn text(&self, at: usize) -> std::result::Result<Option<&str>, BoxDynError>;
    fn number(&self, at: usize) -> std::result::Result<Option<i64>, BoxDynError>;
}

impl Cells for PgRow {
    fn text(&self, at: usize) -> std::result::Result<Option<&str>, BoxDynError> {
        let value = self.try_get_raw(at)?;
        if value.is_null() { Ok(None) } else { value.as_str().map(Some) }
    }

    fn number(&self, at: usize) -> std::result::Result<Option<i64>, BoxDynError> {
        let value = self.try_get_raw(at)?;
        if value.is_null() {
            return Ok(None);
        }
        let bytes = value.as_bytes()?;
        match (value.format(), bytes.len()) {
            (PgValueFormat::Binary, 8) => Ok(Some(i64::from_be_bytes(bytes.try_into()?))),
            (PgValueFormat::Binary, 4) => Ok(Some(i32::from_be_bytes(bytes.try_into()?).into())),
            (PgValueFormat::Binary, length) => Err(format!("a number of {length} bytes").into()),
            (PgValueFormat::Text, _) => Ok(Some(value.as_str()?.parse()?)),
        }
    }
}

impl Cells for SqliteRow {
    fn text(&self, at: usize) -> std::result::Result<Option<&str>, BoxDynError> {
        Ok(self.try_get_unchecked(at)?)
    }

    fn number(&self, at: usize) -> std::result::Result<Option<i64>, BoxDynError> {
        Ok(self.try_get_unchecked(at)?)
    }
}
