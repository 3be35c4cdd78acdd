//! Facets: counts of fields' values.

use filter::{Filter, Term, Test};

use product_fields::parse_filter;

pub(crate) const IN_STOCK: &str = "in_stock";
pub(crate) const OUT_OF_STOCK: &str = "out_of_stock";

/// A field with values that can be counted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum FacetField {
    Category,
    Brand,
    Price,
    Currency,
    Stock,
    Attribute(String),
}

/// The counts of one field.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Facet {
    /// Most frequent first; price ranges in ascending order.
    pub(crate) values: Vec<FacetValue>,
}

/// A value of a field with the number of matching products.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct FacetValue {
    /// The value as a filter takes it; empty for a range.
    pub(crate) value: String,
    pub(crate) label: String,
    /// The id of a category's parent.
    pub(crate) parent: String,
    pub(crate) count: u64,
    /// A price range in units of the currency: lower bound (inclusive), upper bound (exclusive).
    pub(crate) range: Option<(f64, Option<f64>)>,
}

impl FacetField {
    /// Parses a facet's name, such as `brand` or `attributes.colour`.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "category" => Self::Category,
            "brand" => Self::Brand,
            "price" => Self::Price,
            "currency" => Self::Currency,
            "stock" => Self::Stock,
            name if name.starts_with("attributes.") => match parse_filter(&format!("{name}:*")) {
                Ok(Filter::Term(Term { field: "attributes", key: Some(key), .. })) => {
                    Self::Attribute(key)
                }
                _ => return None,
            },
            _ => return None,
        })
    }

    /// Whether a filter term tests this field.
    pub(crate) fn is_tested_by(&self, term: &Term) -> bool {
        match self {
            Self::Category => term.field == "category",
            Self::Brand => term.field == "brand",
            Self::Price => term.field == "price",
            Self::Currency => term.field == "currency",
            Self::Stock => term.field == "stock_qty",
            Self::Attribute(name) => {
                term.field == "attributes" && term.key.as_deref() == Some(name)
            }
        }
    }

    /// Whether a filter requires this value.
    pub(crate) fn is_selected(&self, value: &FacetValue, filter: &Filter) -> bool {
        match filter {
            Filter::And(all) | Filter::Or(all) => {
                all.iter().any(|filter| self.is_selected(value, filter))
            }
            Filter::Not(_) => false,
            Filter::Term(term) => self.is_tested_by(term) && self.requires(value, &term.test),
        }
    }

    fn requires(&self, value: &FacetValue, test: &Test) -> bool {
        use filter::Order::{Equal, Greater, GreaterOrEqual};
        match (self, test) {
            (Self::Stock, Test::Integer(order, number)) => {
                let in_stock = matches!((order, number), (Greater, 0) | (GreaterOrEqual, 1));
                let out_of_stock = matches!((order, number), (Equal, 0));
                in_stock && value.value == IN_STOCK || out_of_stock && value.value == OUT_OF_STOCK
            }
            (_, Test::Is(text) | Test::Within(text) | Test::Element(text)) => *text == value.value,
            (_, Test::Number(Equal, number)) => value.value.parse() == Ok(number.to_f64()),
            (_, Test::Flag(flag)) => value.value.parse() == Ok(*flag),
            _ => false,
        }
    }
}
