//! The fields that filters of products can test; `docs/filter.md` is their guide.

use filter::{Decimal, Kind, Schema};
use proto::{
    catalogue::v1::{Product, Weight},
    money,
};

use crate::{TextField, WeightUnit};

macro_rules! filter_fields {
    ($($(#[$doc:meta])* $variant:ident, $name:literal, $kind:expr;)*) => {
        /// A field that filters can test.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum FilterField {
            /// A plain text field, of [`Kind::Text`].
            Text(TextField),
            $($(#[$doc])* $variant,)*
        }

        /// The fields but for the plain text fields.
        const OTHERS: &[(&str, Kind)] = &[$(($name, $kind)),*];

        impl FilterField {
            /// The field with this name in filters.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)*
                    name => TextField::named(name).map(Self::Text),
                }
            }
        }
    };
}

filter_fields! {
    Id, "id", Kind::Id;
    ExternalId, "external_id", Kind::Text;
    Labels, "labels", Kind::List;
    Category, "category", Kind::Category;
    Attributes, "attributes", Kind::Map;
    /// In units of the product's currency.
    Price, "price", Kind::Decimal;
    Currency, "currency", Kind::Id;
    StockQty, "stock_qty", Kind::Integer;
    /// Whether it, or a variant, has a price to compare with that is above its price.
    OnSale, "on_sale", Kind::Flag;
    /// In grams: its own, or that of its lightest variant.
    Weight, "weight", Kind::Decimal;
    Condition, "condition", Kind::Enum(CONDITIONS);
    Status, "status", Kind::Enum(&["DRAFT", "ACTIVE", "ARCHIVED"]);
    /// SKUs of the variants, or the id of a product without variants.
    Sku, "sku", Kind::Text;
    Gtin, "gtin", Kind::Id;
    VariantSku, "variants.sku", Kind::Text;
    VariantStockQty, "variants.stock_qty", Kind::Integer;
    Revision, "revision", Kind::Integer;
    /// Synonym of `create_time`, the field's name in the first contract.
    CreatedAt, "created_at", Kind::Timestamp;
    CreateTime, "create_time", Kind::Timestamp;
    UpdateTime, "update_time", Kind::Timestamp;
    DeleteTime, "delete_time", Kind::Timestamp;
}

/// Names of the conditions in filters, in the order of their numbers in the contract from 1.
pub const CONDITIONS: &[&str] = &["NEW", "REFURBISHED", "USED"];

/// Names and kinds of all filter fields, in the order in which error messages and the guide list
/// them: the ids, the text fields, and the rest.
pub const FILTER_FIELDS: &[(&str, Kind)] = &{
    const IDS: usize = 2;
    let mut fields = [("", Kind::Text); OTHERS.len() + TextField::COUNT];
    let mut at = 0;
    while at < fields.len() {
        fields[at] = if at < IDS {
            OTHERS[at]
        } else if at < IDS + TextField::COUNT {
            (TextField::ALL[at - IDS].name(), Kind::Text)
        } else {
            OTHERS[at - TextField::COUNT]
        };
        at += 1;
    }
    fields
};

/// The schema that filters are checked against.
pub static FILTER_SCHEMA: Schema = Schema::new(FILTER_FIELDS);

/// Returns a price as the filter field `price` compares it: in units of its currency. `None` for
/// currencies whose number of decimals a filter cannot express; there are none at present.
#[must_use]
pub fn price_value(minor_units: i64, currency: &str) -> Option<Decimal> {
    Decimal::new(minor_units, u8::try_from(money::decimals(currency)).ok()?)
}

/// Returns a weight as the filter field `weight` compares it: in grams.
#[must_use]
pub fn weight_value(milligrams: i64) -> Option<Decimal> {
    Decimal::new(milligrams, 3)
}

/// The weight that the filter field `weight` compares, in milligrams: the product's, or that of its
/// lightest variant.
#[must_use]
pub fn shipping_weight(product: &Product) -> Option<i64> {
    let of = |weight: &Weight| WeightUnit::named(&weight.unit)?.milligrams(weight.value);
    let variants = product.variants.iter().filter_map(|it| of(it.weight.as_ref()?));
    product.weight.as_ref().and_then(of).or(variants.min())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUIDE: &str = include_str!("../../../docs/filter.md");

    #[test]
    fn every_filter_field_is_found_by_its_name() {
        for (name, _) in FILTER_FIELDS {
            assert!(FilterField::named(name).is_some(), "{name}");
        }
        assert_eq!(FilterField::named("colour"), None);
    }

    #[test]
    fn the_guide_lists_every_field_with_its_kind() {
        let rows = GUIDE.lines().skip_while(|line| !line.starts_with("| field | kind |")).skip(2);
        let rows = rows.take_while(|line| line.starts_with('|'));
        let cell = |row: &str, number| row.split('|').nth(number).unwrap().trim().replace('`', "");
        let documented: Vec<_> = rows.map(|row| (cell(row, 1), cell(row, 2))).collect();
        let kind = |kind: &Kind| match kind {
            Kind::Enum(_) => "enum".to_owned(),
            kind => format!("{kind:?}").to_lowercase(),
        };
        let fields = FILTER_FIELDS.iter().map(|(name, it)| ((*name).to_owned(), kind(it)));
        assert_eq!(documented, fields.collect::<Vec<_>>());
    }

    #[test]
    fn the_examples_of_the_guide_are_valid_filters() {
        let blocks = GUIDE.split("```filter\n").skip(1);
        let examples = blocks.flat_map(|block| block.split("```").next().unwrap_or("").lines());
        let examples: Vec<_> = examples.collect();
        assert!(examples.len() > 5, "the guide has examples");
        for example in examples {
            let parsed = FILTER_SCHEMA.parse(example);
            assert!(parsed.is_ok_and(|filter| !filter.is_everything()), "{example}");
        }
    }
}
