//! Named values in one cell: `name=value|name=value`, as an export writes attributes and options.

use crate::convert::{escape, pieces, unescape};

const ITEM: char = '|';
const PAIR: char = '=';

/// Writes named values into one cell; `unpack` reads them back unchanged.
pub fn pack<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut cell = String::new();
    for (name, value) in pairs {
        if !cell.is_empty() {
            cell.push(ITEM);
        }
        cell.push_str(&escape(name, &[ITEM, PAIR]));
        cell.push(PAIR);
        cell.push_str(&escape(value, &[ITEM, PAIR]));
    }
    cell
}

/// Reads the named values of a cell.
///
/// # Errors
/// A message that continues a sentence which begins with the field's name: an item is not
/// `name=value`.
pub(crate) fn unpack(cell: &str) -> Result<Vec<(String, String)>, String> {
    let items = pieces(cell, &ITEM.to_string()).into_iter().filter(|item| !item.is_empty());
    let pair = |item: String| match &pieces(&item, &PAIR.to_string())[..] {
        [name, value] if !name.trim().is_empty() => Ok((unescape(name), unescape(value))),
        _ => Err(format!(
            "holds {:?}, which is not name=value (a {ITEM}, {PAIR} or \\ within either has a \\ in front)",
            item.trim()
        )),
    };
    items.map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked_and_the_rest_refused() {
        let pairs = [("a|b", "c=d"), ("e\\", ""), ("f", " g ")];
        let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        assert_eq!(unpack(&pack(pairs)), Ok(pairs.map(own).to_vec()));
        assert_eq!(unpack(""), Ok(Vec::new()));
        for bad in ["Size", "a=b|Size", "=x", "a=b=c"] {
            let error = unpack(bad).unwrap_err();
            assert!(error.contains(bad.rsplit('|').next().unwrap()), "{error}");
        }
    }
}
