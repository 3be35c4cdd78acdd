//! Filters of products, parsed from requests and settings.

use filter::Filter;
use product_fields::FILTER_SCHEMA;

/// Parses a filter expression.
///
/// # Errors
/// A message for the client with the column of the error.
pub(crate) fn product_filter(text: &str) -> Result<Filter, String> {
    FILTER_SCHEMA.parse(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invalid_filter_names_the_column() {
        assert!(product_filter("brand = Acme").is_ok());
        assert!(product_filter("colour = red").unwrap_err().contains("column 1"));
    }
}
