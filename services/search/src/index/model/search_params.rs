//! The parameters of a search.

use std::{str::FromStr, time::SystemTime};

use filter::Filter;

use super::FacetField;

/// A validated search request, independent of the wire format and of the engine.
#[derive(Clone, Debug)]
pub(crate) struct SearchParams<'a> {
    /// Query text; an empty one matches every product.
    pub(crate) query: &'a str,
    /// Spans of the query to take as plain words; `*` for all.
    pub(crate) as_words: &'a [String],
    /// Restricts the results to this category and its descendants.
    pub(crate) category_id: Option<&'a str>,
    /// Restricts the results to matching products.
    pub(crate) filter: &'a Filter,
    /// Fields to count the values of, over all matches.
    pub(crate) facets: &'a [FacetField],
    /// Sort keys, most significant first. Empty: by relevance, then by the configured tie-breakers.
    pub(crate) order: &'a [SortKey],
    /// Number of results to skip.
    pub(crate) offset: usize,
    /// Maximum number of results returned, at least 1. Very large products make the page shorter.
    pub(crate) limit: usize,
    /// Current time, which decides the controls that are in force.
    pub(crate) now: SystemTime,
}

/// A sort key. Every sort order ends with [`Id`](Self::Id), so that it is total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SortKey {
    Relevance,
    Price,
    PriceDescending,
    Name,
    Newest,
    StockDescending,
    InStock,
    /// The number in the attribute `popularity`, highest first.
    Popularity,
    Id,
}

impl SortKey {
    /// Parses the name of a tie-breaker, a sort key applied to hits of equal relevance.
    pub(crate) fn tie_breaker(name: &str) -> Result<Self, String> {
        match name.trim() {
            "in_stock" => Ok(Self::InStock),
            "popularity" => Ok(Self::Popularity),
            "newest" => Ok(Self::Newest),
            "price" => Ok(Self::Price),
            "price desc" => Ok(Self::PriceDescending),
            _ => Err("must be one of in_stock, popularity, newest, price, price desc".to_owned()),
        }
    }
}

impl FromStr for SortKey {
    type Err = String;

    /// Parses one element of a request's `order_by`.
    fn from_str(name: &str) -> Result<Self, String> {
        Ok(match name.split_whitespace().collect::<Vec<_>>()[..] {
            ["relevance"] => Self::Relevance,
            ["price"] => Self::Price,
            ["price", "desc"] => Self::PriceDescending,
            ["name"] => Self::Name,
            ["newest"] => Self::Newest,
            ["stock", "desc"] => Self::StockDescending,
            _ => {
                return Err(
                    "must be relevance, price, price desc, name, newest or stock desc, or \
                            several with commas between them"
                        .to_owned(),
                );
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tie_breakers_have_names() {
        assert_eq!(SortKey::tie_breaker("price desc"), Ok(SortKey::PriceDescending));
        assert!(SortKey::tie_breaker("cheapest").unwrap_err().contains("in_stock"));
    }
}
