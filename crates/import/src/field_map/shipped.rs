//! Maps for the files of well-known systems, recognised by their columns.

use std::{collections::HashSet, sync::LazyLock};

use super::{FieldMap, parse};
use crate::names::normalize;

/// The maps and the names of their systems.
pub(crate) const SHIPPED: [(&str, &str); 10] = [
    ("Shopify", include_str!("../../maps/shopify.toml")),
    ("WooCommerce", include_str!("../../maps/woocommerce.toml")),
    ("Magento", include_str!("../../maps/magento.toml")),
    ("PrestaShop", include_str!("../../maps/prestashop.toml")),
    ("BigCommerce", include_str!("../../maps/bigcommerce.toml")),
    ("Medusa", include_str!("../../maps/medusa.toml")),
    ("Saleor", include_str!("../../maps/saleor.toml")),
    ("Google Merchant", include_str!("../../maps/google-merchant.toml")),
    ("Amazon", include_str!("../../maps/amazon.toml")),
    ("Open Food Facts", include_str!("../../maps/open-food-facts.toml")),
];

/// A shipped map, ready to use.
struct ShippedMap {
    system: &'static str,
    /// The columns by which a file is recognised, normalized.
    signature: Vec<String>,
    map: FieldMap,
}

static MAPS: LazyLock<Vec<ShippedMap>> = LazyLock::new(|| {
    let maps = SHIPPED.iter().filter_map(|(system, text)| {
        Some(ShippedMap { system, signature: signature(text), map: parse(text).ok()? })
    });
    maps.collect()
});

/// The map that matches the columns of a file, and the name of its system: of several the one with
/// most columns.
pub(crate) fn recognise<'a>(
    columns: impl Iterator<Item = &'a str>,
) -> Option<(&'static str, FieldMap)> {
    let columns: Vec<String> = columns.map(normalize).collect();
    let matches = MAPS.iter().filter(|shipped| {
        let has_all = shipped.signature.iter().all(|name| columns.contains(name));
        has_all && !shipped.signature.is_empty()
    });
    let found = matches.max_by_key(|shipped| shipped.signature.len())?;
    Some((found.system, found.map.clone()))
}

/// The map of a system, by its name as [`names`] has it or as it is written.
pub fn named(name: &str) -> Option<FieldMap> {
    let mut maps = MAPS.iter();
    maps.find(|shipped| normalize(shipped.system) == normalize(name)).map(|it| it.map.clone())
}

/// The names of the systems whose maps are shipped, such as `google-merchant`.
pub fn names() -> impl Iterator<Item = String> {
    MAPS.iter().map(|shipped| shipped.system.to_ascii_lowercase().replace(' ', "-"))
}

/// Whether a shipped map has a column of this name, as it is spelled there or normalized.
pub(crate) fn is_known_column(name: &str) -> bool {
    static NAMES: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let fields = MAPS.iter().flat_map(|shipped| shipped.map.source_fields());
        fields.flat_map(|name| [normalize(&name), name]).collect()
    });
    NAMES.contains(name)
}

/// The columns by which a map's file is recognised, normalized.
fn signature(text: &str) -> Vec<String> {
    let table: toml::Table = text.parse().unwrap_or_default();
    let names = table.get("recognise").and_then(toml::Value::as_array);
    let names = names.into_iter().flatten().filter_map(toml::Value::as_str);
    names.map(normalize).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_map_is_well_formed_and_recognises_its_own_columns() {
        for (system, text) in SHIPPED {
            let map = parse(text).unwrap_or_else(|error| panic!("{system}: {error:#}"));
            let columns = map.source_fields();
            let (found, _) = recognise(columns.iter().map(String::as_str).chain(
                // These tell the system but feed no field.
                ["In stock?", "attribute_set_code", "product_type", "product type", "availability"],
            ))
            .unwrap_or_else(|| panic!("{system} is not recognised"));
            assert_eq!(found, system);
        }
        assert!(recognise(["id", "name", "price"].into_iter()).is_none());
    }
}
