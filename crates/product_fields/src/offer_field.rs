//! The fields that a product and each of its variants have alike: what they cost beside the price, and
//! how large they are.

use proto::catalogue::v1::{CurrencyPrice, Dimensions, Product, SalePeriod, Variant, Weight};
use proto::google::r#type::Money;

macro_rules! offer_fields {
    ($($(#[$doc:meta])* $variant:ident, $field:ident: $type:ty;)*) => {
        /// A field of products and variants.
        ///
        /// Each place that handles these fields matches on it exhaustively, so that it does not compile
        /// without a new one.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum OfferField {
            $($(#[$doc])* $variant,)*
        }

        impl OfferField {
            /// All fields, in the order in which changes list them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];
            /// Number of fields.
            pub const COUNT: usize = Self::ALL.len();

            /// The field's name in the contract.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => stringify!($field),)*
                }
            }

            /// The path of a variant's field in the update mask of an import.
            #[must_use]
            pub const fn variant_path(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!("variants.", stringify!($field)),)*
                }
            }
        }

        /// The fields of one product or variant, taken out of its message.
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct OfferMessage {
            $($(#[$doc])* pub $field: $type,)*
        }

        impl OfferMessage {
            /// Takes the fields out of a product.
            pub fn take_product(product: &mut Product) -> Self {
                Self { $($field: std::mem::take(&mut product.$field),)* }
            }

            /// Takes the fields out of a variant.
            pub fn take_variant(variant: &mut Variant) -> Self {
                Self { $($field: std::mem::take(&mut variant.$field),)* }
            }

            /// The fields of a product.
            #[must_use]
            pub fn of_product(product: &Product) -> Self {
                Self { $($field: product.$field.clone(),)* }
            }

            /// The fields of a variant.
            #[must_use]
            pub fn of_variant(variant: &Variant) -> Self {
                Self { $($field: variant.$field.clone(),)* }
            }

            /// Puts the fields into a product.
            pub fn put_product(self, product: &mut Product) {
                $(product.$field = self.$field;)*
            }

            /// Puts the fields into a variant.
            pub fn put_variant(self, variant: &mut Variant) {
                $(variant.$field = self.$field;)*
            }

            /// Takes one field of another.
            pub fn take(&mut self, field: OfferField, other: &mut Self) {
                match field {
                    $(OfferField::$variant => self.$field = std::mem::take(&mut other.$field),)*
                }
            }

            /// Whether a field is set.
            #[must_use]
            pub fn has(&self, field: OfferField) -> bool {
                match field {
                    $(OfferField::$variant => self.$field != <$type>::default(),)*
                }
            }
        }
    };
}

offer_fields! {
    /// The price to compare the price with.
    CompareAtPrice, compare_at_price: Option<Money>;
    /// When the price holds.
    SalePeriod, sale_period: Option<SalePeriod>;
    /// Prices in other currencies.
    CurrencyPrices, currency_prices: Vec<CurrencyPrice>;
    Weight, weight: Option<Weight>;
    Dimensions, dimensions: Option<Dimensions>;
}

impl OfferField {
    /// The field with this name in the contract.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_found_by_its_name() {
        for field in OfferField::ALL {
            assert_eq!(OfferField::named(field.name()), Some(*field));
            assert_eq!(field.variant_path(), format!("variants.{}", field.name()));
        }
        assert_eq!(OfferField::named("price"), None);
    }

    #[test]
    fn fields_are_taken_and_put_whole() {
        let weight = Some(Weight { value: 2.0, unit: "kg".to_owned() });
        let mut product = Product { weight: weight.clone(), ..Product::default() };
        let mut offer = OfferMessage::take_product(&mut product);
        assert_eq!(product, Product::default());
        assert!(offer.has(OfferField::Weight) && !offer.has(OfferField::Dimensions));
        let mut other = OfferMessage::default();
        other.take(OfferField::Weight, &mut offer);
        let mut variant = Variant::default();
        other.put_variant(&mut variant);
        assert_eq!((variant.weight, offer.weight), (weight, None));
    }
}
