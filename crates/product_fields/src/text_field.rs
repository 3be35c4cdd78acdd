//! The plain text fields of a product.

use proto::catalogue::v1::Product;

macro_rules! text_fields {
    ($($(#[$doc:meta])* $variant:ident($field:ident), max_chars: $max_chars:expr;)*) => {
        /// A plain text field of a product. Empty text means that the product has no value.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum TextField {
            $($(#[$doc])* $variant,)*
        }

        impl TextField {
            /// All text fields, in the order in which files and pages show them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];
            /// Number of text fields.
            pub const COUNT: usize = Self::ALL.len();

            /// The field's name in the contract and in filters, and of its columns.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => stringify!($field),)*
                }
            }

            /// Maximum length of the text, in characters.
            #[must_use]
            pub const fn max_chars(self) -> usize {
                match self {
                    $(Self::$variant => $max_chars,)*
                }
            }

            /// The field's text in a message.
            #[must_use]
            pub fn get(self, product: &Product) -> &String {
                match self {
                    $(Self::$variant => &product.$field,)*
                }
            }

            /// The field's text in a message, for writing.
            pub fn get_mut(self, product: &mut Product) -> &mut String {
                match self {
                    $(Self::$variant => &mut product.$field,)*
                }
            }
        }
    };
}

text_fields! {
    /// Required. Weighs most in searches; lists can be sorted by it.
    Name(name), max_chars: 1_000;
    Brand(brand), max_chars: 200;
    /// Long text of several paragraphs.
    Description(description), max_chars: 20_000;
    /// For the till: shoppers neither see nor find it.
    TaxClass(tax_class), max_chars: 100;
    /// For search engines, in the head of the product's page.
    SeoTitle(seo_title), max_chars: 300;
    SeoDescription(seo_description), max_chars: 1_000;
}

impl TextField {
    /// The field with this name in the contract.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.name() == name)
    }

    /// Whether the field is for shoppers, who read it and find the product by its words.
    #[must_use]
    pub const fn is_for_shoppers(self) -> bool {
        !matches!(self, Self::TaxClass | Self::SeoTitle | Self::SeoDescription)
    }

    /// Whether the field is shown with the other plain values, and counts like an attribute in
    /// searches. Name, brand and description have places and weights of their own.
    #[must_use]
    pub const fn is_minor(self) -> bool {
        !matches!(self, Self::Name | Self::Brand | Self::Description)
    }

    /// Whether the text may have several lines.
    #[must_use]
    pub const fn has_lines(self) -> bool {
        matches!(self, Self::Description)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_found_by_its_name_and_has_its_own_text() {
        let mut product = Product::default();
        for field in TextField::ALL {
            assert_eq!(TextField::named(field.name()), Some(*field));
            field.get_mut(&mut product).push_str(field.name());
        }
        for field in TextField::ALL {
            assert_eq!(field.get(&product), field.name());
        }
        assert_eq!(TextField::named("stock_qty"), None);
    }
}
