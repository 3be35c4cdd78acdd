//! The cost of a filter, and its limit.

use filter::{Filter, FilterError, Term, Test};

use crate::{FILTER_SCHEMA, FilterField};

/// Maximum cost of a filter: twenty tests of attributes, and then some of columns.
pub const MAX_FILTER_COST: u32 = 450;

/// A filter that is refused. The message says what to change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilterRefusal {
    #[error(transparent)]
    Invalid(#[from] FilterError),
    #[error(
        "costs {cost} for each product, more than {MAX_FILTER_COST}: use fewer comparisons; one of \
         an attribute costs {ATTRIBUTE}, a part of a text up to {PART_OF_LONG_TEXT}, a whole value 1"
    )]
    TooCostly { cost: u32 },
}

impl FilterRefusal {
    /// The reason of the status.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "FILTER_INVALID",
            Self::TooCostly { .. } => "FILTER_TOO_COSTLY",
        }
    }
}

/// Parses a filter of products, and limits its cost.
///
/// # Errors
/// The filter cannot be understood, or costs more than [`MAX_FILTER_COST`].
pub fn parse_filter(text: &str) -> Result<Filter, FilterRefusal> {
    let filter = FILTER_SCHEMA.parse(text)?;
    match filter_cost(&filter) {
        cost if cost > MAX_FILTER_COST => Err(FilterRefusal::TooCostly { cost }),
        _ => Ok(filter),
    }
}

/// The highest cost of testing one product, in comparisons of a column with a value: about a
/// third of a microsecond on SQLite, where costs differ most.
#[must_use]
pub fn filter_cost(filter: &Filter) -> u32 {
    match filter {
        Filter::And(all) | Filter::Or(all) => all.iter().map(filter_cost).sum(),
        Filter::Not(inner) => filter_cost(inner),
        Filter::Term(term) => term_cost(term),
    }
}

/// The JSON of all attributes is parsed for each test of one.
const ATTRIBUTE: u32 = 20;
/// The JSON of all labels is parsed.
const LABEL: u32 = 8;
const PART_OF_TEXT: u32 = 4;
/// Part of a text that may have thousands of letters.
const PART_OF_LONG_TEXT: u32 = 10;
/// Rows of another table are looked up.
const LOOK_UP: u32 = 8;

fn term_cost(term: &Term) -> u32 {
    let is_part = matches!(
        term.test,
        Test::StartsWith(_) | Test::EndsWith(_) | Test::Includes(_) | Test::Mentions(_)
    );
    let text = |part| if is_part { part } else { 1 };
    match FilterField::named(term.field) {
        Some(FilterField::Text(field)) if field.max_chars() > 1_000 => text(PART_OF_LONG_TEXT),
        Some(FilterField::Text(_) | FilterField::ExternalId) => text(PART_OF_TEXT),
        Some(FilterField::Labels) => LABEL,
        Some(FilterField::Attributes) => ATTRIBUTE,
        Some(FilterField::Category | FilterField::Gtin | FilterField::VariantStockQty) => LOOK_UP,
        Some(FilterField::Sku | FilterField::VariantSku) => LOOK_UP + text(PART_OF_TEXT),
        Some(FilterField::Price) => 2,
        None
        | Some(
            FilterField::Id
            | FilterField::Currency
            | FilterField::StockQty
            | FilterField::OnSale
            | FilterField::Weight
            | FilterField::Condition
            | FilterField::Status
            | FilterField::Revision
            | FilterField::CreatedAt
            | FilterField::CreateTime
            | FilterField::UpdateTime
            | FilterField::DeleteTime,
        ) => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(term: impl Fn(u32) -> String, count: u32) -> String {
        (0..count).map(term).collect::<Vec<_>>().join(" OR ")
    }

    #[test]
    fn a_filter_that_costs_too_much_is_refused_with_its_cost() {
        let refusal =
            parse_filter(&joined(|at| format!("attributes.a{at}:\"zz\""), 60)).unwrap_err();
        assert_eq!(refusal, FilterRefusal::TooCostly { cost: 1_200 });
        assert_eq!(refusal.reason(), "FILTER_TOO_COSTLY");
        let message = refusal.to_string();
        assert!(message.starts_with("costs 1200 for each product, more than 450"), "{message}");
        assert!(parse_filter(&joined(|at| format!("sku:s{at}"), 60)).is_err());
        assert!(parse_filter(&joined(|at| format!("description:word{at}"), 60)).is_err());
    }

    #[test]
    fn what_a_shop_asks_is_within_the_limit() {
        for filter in [
            joined(|at| format!("id = p{at}"), 100),
            joined(|at| format!("sku = s{at}"), 50),
            joined(|at| format!("brand = b{at}"), 100),
            joined(|at| format!("attributes.colour = c{at}"), 20),
            joined(|at| format!("category:c{at}"), 50),
            joined(|at| format!("name:word{at}"), 100),
        ] {
            assert_eq!(parse_filter(&filter).map(drop), Ok(()), "{filter}");
        }
        assert_eq!(filter_cost(&parse_filter("NOT (price < 20 AND brand = b)").unwrap()), 3);
    }
}
