//! The products that the rows of a source name, accepted or not.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use proto::catalogue::v1::Product;

use crate::parsed_row::ParsedRow;

/// The products that a source names, as digests of their keys: 8 bytes each.
#[derive(Debug, Default)]
pub struct NamedProducts {
    keys: HashSet<u64>,
    unknown: u64,
}

impl NamedProducts {
    /// Adds the product of a row.
    pub(crate) fn add(&mut self, row: &ParsedRow) {
        match (&row.outcome, &row.key) {
            (Ok(row), _) => {
                let product = row.product.iter();
                self.keys.extend(product.flat_map(keys).map(|(kind, key)| digest(kind, key)));
            }
            // Of a row that was rejected, the key is an id of either kind.
            (Err(_), Some(key)) => {
                self.keys.extend(["id", "external"].map(|kind| digest(kind, key)))
            }
            (Err(_), None) => self.unknown += 1,
        }
    }

    /// Number of rows that do not say which product they are of.
    pub fn unknown_rows(&self) -> u64 {
        self.unknown
    }

    /// Whether a row names the product, by any of its keys.
    pub fn include(&self, product: &Product) -> bool {
        // The SKU of a product without variants is its id.
        let alone = ("sku", product.id.as_str());
        keys(product).chain([alone]).any(|(kind, key)| self.keys.contains(&digest(kind, key)))
    }
}

fn keys(product: &Product) -> impl Iterator<Item = (&'static str, &str)> {
    let variants = product.variants.iter();
    let variants = variants.flat_map(|each| [("sku", each.sku.as_str()), ("gtin", &each.gtin)]);
    let ids = [("id", product.id.as_str()), ("external", &product.external_id)];
    ids.into_iter().chain(variants).filter(|(_, key)| !key.is_empty())
}

fn digest(kind: &str, key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (kind, key).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::{OpenOptions, ReadOptions, Source, read};

    #[test]
    fn rejected_and_settled_rows_name_their_products() {
        let text = "id,name,price,currency\na,A,1,EUR\nb,B,cheap,EUR\nX Y,C,1,EUR\n\"d,D,1,EUR\n";
        let source =
            Source::new(Cursor::new(text), &OpenOptions::default(), "x".to_owned(), Some(1));
        let options =
            ReadOptions { resume_after: 2, collect_named: true, ..ReadOptions::default() };
        let named = read(source.unwrap(), None, &options, |_| true).unwrap().named;
        let product = |id: &str| Product { id: id.to_owned(), ..Product::default() };
        assert!(named.include(&product("a")) && named.include(&product("b")));
        assert!(!named.include(&product("c")));
        let external = Product { external_id: "X Y".to_owned(), ..product("generated") };
        assert!(named.include(&external));
        assert_eq!(named.unknown_rows(), 1, "the row with an open quote");
    }

    #[test]
    fn a_row_by_sku_names_the_product_that_has_it() {
        let text = "{\"variants\":[{\"sku\":\"S\",\"price\":{\"currencyCode\":\"EUR\",\"units\":\"1\"}}]}\n\
                    {\"id\":\"broken\",\"nmae\":\"x\"}\n";
        let source =
            Source::new(Cursor::new(text), &OpenOptions::default(), "x".to_owned(), Some(1));
        let options = ReadOptions { collect_named: true, ..ReadOptions::default() };
        let named = read(source.unwrap(), None, &options, |_| true).unwrap().named;
        let product = |id: &str| Product { id: id.to_owned(), ..Product::default() };
        assert!(named.include(&product("S")) && named.include(&product("broken")));
        assert_eq!(named.unknown_rows(), 0);
    }
}
