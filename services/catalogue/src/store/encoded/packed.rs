//! Rows of products packed into one value each.
//!
//! For each value of a row the drivers keep a place, on SQLite with a copy that crosses threads, which takes several times
//! what encoding the product does. So the database packs them: PostgreSQL into a record in its binary format, SQLite into
//! a text of values, each `LENGTH:VALUE`, with neither for NULL. (A whole page in one value cost PostgreSQL ten times as
//! much, and grew the process by 10 MB with SQLite: buffers of its size on several threads.)

use sea_orm::{
    DbBackend, IdenStatic, Iterable as _, QueryResult, QueryTrait as _, Select, Statement,
    sqlx::{Row as _, error::BoxDynError},
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

/// The statement that packs each row of a [`crate::store::products::read::select`], in their order. On PostgreSQL, where
/// rows are sent before they are read, it ends with the one with which their size reaches `max_bytes`.
pub(super) fn statement(
    engine: DbBackend,
    products: Select<product::Entity>,
    max_bytes: usize,
) -> Statement {
    let mut statement = products.build(engine);
    statement.sql = match engine {
        DbBackend::Postgres => format!(
            "SELECT ROW({}) FROM (SELECT found.*, sum({SIZE}) OVER (ORDER BY id \
             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes_before FROM ({}) AS found) AS page \
             WHERE bytes_before IS NULL OR bytes_before < {max_bytes}",
            values(|name| name.to_owned(), "NULL"),
            statement.sql
        ),
        _ => {
            let text = |name: &str| format!("octet_length({name}), ':', {name}");
            format!("SELECT concat({}) FROM ({}) AS found", values(text, "':'"), statement.sql)
        }
    };
    statement
}

/// The values of a row in SQL: `value` of a column, `unused` of those that no encoded product has.
fn values(value: impl Fn(&str) -> String, unused: &str) -> String {
    let columns: Vec<_> = product::Column::iter().collect();
    let columns = columns.iter().map(IdenStatic::as_str).chain(["category_ids", "variants"]);
    let used_or_not = columns.map(|name| match UNUSED.contains(&name) {
        true => unused.to_owned(),
        false => value(name),
    });
    used_or_not.collect::<Vec<_>>().join(", ")
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

impl<'a> PackedRow<'a> {
    /// The row in a row of the response to [`statement`].
    ///
    /// # Errors
    /// It is not one.
    pub(super) fn of(response: &'a QueryResult) -> Result<Self> {
        if let Some(row) = response.try_as_pg_row() {
            let value = row.try_get_raw(0).map_err(BoxDynError::from);
            let values = value.and_then(|value| record(value.as_bytes()?));
            return Ok(Self { values: values.map_err(Error::Damaged)?, format: Format::Binary });
        }
        let Some(row) = response.try_as_sqlite_row() else {
            return Err(Error::Store("a row of an unknown database".into()));
        };
        let text = row.try_get_unchecked::<&[u8], _>(0).map_err(BoxDynError::from);
        let values = text.and_then(texts).map_err(Error::Damaged)?;
        Ok(Self { values, format: Format::Text })
    }
}

type Values<'a> = std::result::Result<[Option<&'a [u8]>; COLUMNS], BoxDynError>;

/// The values of a record. The format is that of PostgreSQL's `record_send`: the number of columns, then type, length and
/// bytes of each.
fn record(mut record: &[u8]) -> Values<'_> {
    let columns = word(&mut record)? as usize;
    if columns != COLUMNS {
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

fn texts(mut text: &[u8]) -> Values<'_> {
    let mut values = [None; COLUMNS];
    for value in &mut values {
        let end = text.iter().position(|byte| *byte == b':').ok_or("a value without a length")?;
        let length = take(&mut text, end)?;
        text = &text[1..];
        if !length.is_empty() {
            *value = Some(take(&mut text, std::str::from_utf8(length)?.parse()?)?);
        }
    }
    Ok(values)
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
