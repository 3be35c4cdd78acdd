//! The fields that products can be filtered by.

use filter::{Filter, Kind, Schema};

/// The catalogue's filter fields and their kinds, as documented in `docs/filter.md`.
pub(crate) const FIELDS: &[(&str, Kind)] = &[
    ("id", Kind::Id),
    ("external_id", Kind::Text),
    ("name", Kind::Text),
    ("description", Kind::Text),
    ("brand", Kind::Text),
    ("labels", Kind::List),
    ("category", Kind::Category),
    ("attributes", Kind::Map),
    ("price", Kind::Decimal),
    ("currency", Kind::Id),
    ("stock_qty", Kind::Integer),
    ("status", Kind::Enum(&["DRAFT", "ACTIVE", "ARCHIVED"])),
    ("sku", Kind::Text),
    ("gtin", Kind::Id),
    ("variants.sku", Kind::Text),
    ("variants.stock_qty", Kind::Integer),
    ("revision", Kind::Integer),
    ("created_at", Kind::Timestamp),
    ("create_time", Kind::Timestamp),
    ("update_time", Kind::Timestamp),
    ("delete_time", Kind::Timestamp),
];

static SCHEMA: Schema = Schema::new(FIELDS);

/// Parses a filter expression.
///
/// # Errors
/// A message for the client with the column of the error.
pub(crate) fn product_filter(text: &str) -> Result<Filter, String> {
    SCHEMA.parse(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUIDE: &str = include_str!("../../../../../docs/filter.md");

    #[test]
    fn the_fields_are_those_of_the_guide() {
        let rows = GUIDE.lines().skip_while(|line| !line.starts_with("| field | kind |")).skip(2);
        let rows = rows.take_while(|line| line.starts_with('|'));
        let cell = |row: &str, number| row.split('|').nth(number).unwrap().trim().replace('`', "");
        let written: Vec<_> = rows.map(|row| (cell(row, 1), cell(row, 2))).collect();
        let kind = |kind: &Kind| match kind {
            Kind::Enum(_) => "enum".to_owned(),
            kind => format!("{kind:?}").to_lowercase(),
        };
        let ours = FIELDS.iter().map(|(name, it)| ((*name).to_owned(), kind(it)));
        assert_eq!(ours.collect::<Vec<_>>(), written);
    }

    #[test]
    fn an_invalid_filter_names_the_column() {
        assert!(product_filter("brand = Acme").is_ok());
        assert!(product_filter("colour = red").unwrap_err().contains("column 1"));
    }
}
