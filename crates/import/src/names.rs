//! Names of columns as people write them.

/// Removes case and punctuation from a column name: `Stock Qty` equals `stock_qty`.
pub(crate) fn normalize(column: &str) -> String {
    let letters = column.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}
