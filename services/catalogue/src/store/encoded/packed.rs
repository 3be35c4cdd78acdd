//! Rows of products packed into one value.
//!
//! For every row the drivers make a row of their own, on SQLite with a copy of each value that crosses threads, which
//! takes several times what encoding the product does. So the database packs values: PostgreSQL a whole page into an
//! array of records in its binary format, SQLite each product into a text of values, each `LENGTH:VALUE`, with neither for
//! NULL. (A page in one text grew the process by 10 MB: buffers of its size on several threads.)

use sea_orm::{
    DbBackend, IdenStatic, Iterable as _, QueryResult, QueryTrait as _, Select, Statement,
    sqlx::{Row as _, ValueRef as _, error::BoxDynError},
};

use super::columns::{COLUMNS, Cells, UNUSED};
use crate::{
    domain::{Error, Result},
    store::schema::entity::product,
};

/// The bytes of the parts of a row that have no small limit, as [`Columns::bytes`](super::columns::Columns::bytes) adds
/// them up.
const SIZE: &str = "octet_length(description) + octet_length(image_urls) + octet_length(attributes) + \
                    octet_length(labels) + coalesce(octet_length(variants), 0)";

/// The statement that packs the rows of a [`crate::store::products::read::select`], in their order. On PostgreSQL its
/// one row has those up to the one with which their size reaches `max_bytes`, on SQLite each row has one.
pub(super) fn statement(
    engine: DbBackend,
    products: Select<product::Entity>,
    max_bytes: usize,
) -> Statement {
    let mut statement = products.build(engine);
    statement.sql = match engine {
        DbBackend::Postgres => format!(
            "SELECT array_agg(page) FROM (SELECT found.*, sum({SIZE}) OVER (ORDER BY id \
             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes_before FROM ({}) AS found) AS page \
             WHERE bytes_before IS NULL OR bytes_before < {max_bytes}",
            statement.sql
        ),
        _ => format!("SELECT concat({}) FROM ({}) AS found", texts(), statement.sql),
    };
    statement
}

/// The values of a row and their lengths, for SQLite.
fn texts() -> String {
    let value = |name: &str| match UNUSED.contains(&name) {
        true => "':'".to_owned(),
        false => format!("octet_length({name}), ':', {name}"),
    };
    let columns: Vec<_> = product::Column::iter().collect();
    let columns = columns.iter().map(IdenStatic::as_str);
    let values: Vec<String> = columns.chain(["category_ids", "variants"]).map(value).collect();
    values.join(", ")
}

/// The rows of a packed value, one after the other.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    rest: &'a [u8],
    /// Rows left; None: until the value ends.
    left: Option<u32>,
    format: Format,
}

#[derive(Debug, Clone, Copy)]
enum Format {
    /// PostgreSQL's.
    Binary,
    Text,
}

/// A row.
#[derive(Debug)]
pub(super) struct PackedRow<'a> {
    values: [Option<&'a [u8]>; COLUMNS],
    format: Format,
}

impl<'a> Rows<'a> {
    /// The rows in a row of the response to [`statement`].
    ///
    /// # Errors
    /// It is not one.
    pub(super) fn of(response: &'a QueryResult) -> Result<Self> {
        let rows = if let Some(row) = response.try_as_pg_row() {
            row.try_get_raw(0).map_err(BoxDynError::from).and_then(|value| {
                if value.is_null() { Ok(Self::none()) } else { Self::of_array(value.as_bytes()?) }
            })
        } else if let Some(row) = response.try_as_sqlite_row() {
            let text = row.try_get_unchecked::<Option<&[u8]>, _>(0).map_err(BoxDynError::from);
            text.map(|text| Self {
                rest: text.unwrap_or_default(),
                left: None,
                format: Format::Text,
            })
        } else {
            return Err(Error::Store("a row of an unknown database".into()));
        };
        rows.map_err(Error::Damaged)
    }

    fn none() -> Self {
        Self { rest: &[], left: None, format: Format::Text }
    }

    /// The format is that of PostgreSQL's `array_send`: dimensions, flags, type, then for each dimension its length
    /// and lower bound.
    fn of_array(mut bytes: &'a [u8]) -> std::result::Result<Self, BoxDynError> {
        let dimensions = word(&mut bytes)?;
        let (_flags, _type) = (word(&mut bytes)?, word(&mut bytes)?);
        if dimensions == 0 {
            return Ok(Self::none());
        }
        let (length, _lower_bound) = (word(&mut bytes)?, word(&mut bytes)?);
        Ok(Self { rest: bytes, left: Some(length), format: Format::Binary })
    }

    /// The next row.
    ///
    /// # Errors
    /// The value is cut off, or not of rows of products.
    pub(super) fn next(&mut self) -> Result<Option<PackedRow<'a>>> {
        match &mut self.left {
            Some(0) => return Ok(None),
            Some(left) => *left -= 1,
            None if self.rest.is_empty() => return Ok(None),
            None => {}
        }
        let values = match self.format {
            Format::Binary => self.record(),
            Format::Text => self.texts(),
        };
        let values = values.map_err(Error::Damaged)?;
        Ok(Some(PackedRow { values, format: self.format }))
    }

    /// The format is that of `record_send`: the number of columns, then type, length and bytes of each.
    fn record(&mut self) -> std::result::Result<[Option<&'a [u8]>; COLUMNS], BoxDynError> {
        let length = word(&mut self.rest)?;
        let mut record = take(&mut self.rest, length as usize)?;
        let columns = word(&mut record)? as usize;
        if columns < COLUMNS {
            return Err(format!("a product of {columns} columns").into());
        }
        let mut values = [None; COLUMNS];
        for value in &mut values {
            let _type = word(&mut record)?;
            let length = word(&mut record)?;
            if length != u32::MAX {
                *value = Some(take(&mut record, length as usize)?);
            }
        }
        Ok(values)
    }

    fn texts(&mut self) -> std::result::Result<[Option<&'a [u8]>; COLUMNS], BoxDynError> {
        let mut values = [None; COLUMNS];
        for value in &mut values {
            let end = self
                .rest
                .iter()
                .position(|byte| *byte == b':')
                .ok_or("a value without a length")?;
            let length = take(&mut self.rest, end)?;
            self.rest = &self.rest[1..];
            if !length.is_empty() {
                *value = Some(take(&mut self.rest, std::str::from_utf8(length)?.parse()?)?);
            }
        }
        Ok(values)
    }
}

impl Cells for PackedRow<'_> {
    fn text(&self, at: usize) -> std::result::Result<Option<&str>, BoxDynError> {
        Ok(self.values[at].map(std::str::from_utf8).transpose()?)
    }

    fn number(&self, at: usize) -> std::result::Result<Option<i64>, BoxDynError> {
        let Some(value) = self.values[at] else { return Ok(None) };
        match (self.format, value.len()) {
            (Format::Text, _) => Ok(Some(std::str::from_utf8(value)?.parse()?)),
            (Format::Binary, 8) => Ok(Some(i64::from_be_bytes(value.try_into()?))),
            (Format::Binary, 4) => Ok(Some(i32::from_be_bytes(value.try_into()?).into())),
            (Format::Binary, length) => Err(format!("a number of {length} bytes").into()),
        }
    }
}

fn take<'a>(bytes: &mut &'a [u8], length: usize) -> std::result::Result<&'a [u8], BoxDynError> {
    let (taken, rest) = bytes.split_at_checked(length).ok_or("a value that is cut off")?;
    *bytes = rest;
    Ok(taken)
}

/// The next number of four bytes, big-endian.
fn word(bytes: &mut &[u8]) -> std::result::Result<u32, BoxDynError> {
    Ok(u32::from_be_bytes(take(bytes, 4)?.try_into()?))
}
