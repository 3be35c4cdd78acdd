//! Validation of search requests.

use crate::{
    index::{FacetField, SearchParams, SortKey},
    page::Page,
};
use filter::Filter;
use product_fields::parse_filter;
use proto::search::v1::SearchRequest;
use rpc::status::{invalid, invalid_because};
use std::time::SystemTime;
use tonic::Status;

/// Maximum size of a query, in bytes.
pub(super) const MAX_QUERY_BYTES: usize = 512;

/// Maximum number of facets of a request.
const MAX_FACETS: usize = 20;

/// Maximum number of sort keys of a request.
const MAX_SORT_KEYS: usize = 4;

/// A validated request.
#[derive(Debug)]
pub(super) struct SearchInput<'a> {
    query: &'a str,
    category_id: Option<&'a str>,
    pub(super) filter: Filter,
    pub(super) facets: Vec<FacetField>,
    order: Vec<SortKey>,
}

impl<'a> SearchInput<'a> {
    /// Validates a request.
    ///
    /// # Errors
    /// INVALID_ARGUMENT naming the field, with the reason FILTER_INVALID, FILTER_TOO_COSTLY,
    /// FACET_UNKNOWN, ORDER_INVALID or QUERY_INVALID where one applies.
    pub(super) fn parse(request: &'a SearchRequest) -> Result<Self, Status> {
        let mut input =
            Self::without_facets(&request.query, &request.category_id, &request.filter)?;
        if request.page_size < 0 {
            return Err(invalid([("page_size", "must not be negative; 0 is the default")]));
        }
        if request.facets.len() > MAX_FACETS {
            let message = format!("are more than {MAX_FACETS}");
            return Err(invalid_because("FACET_UNKNOWN", [("facets", message)]));
        }
        for name in &request.facets {
            let Some(field) = FacetField::parse(name) else {
                let message = format!(
                    "has {:?}, which is not one of category, brand, price, stock and \
                     attributes.NAME",
                    excerpt(name)
                );
                return Err(invalid_because("FACET_UNKNOWN", [("facets", message)]));
            };
            input.facets.push(field);
        }
        if !request.order_by.trim().is_empty() {
            for name in request.order_by.split(',') {
                let by = name.parse().map_err(|message: String| {
                    invalid_because("ORDER_INVALID", [("order_by", message)])
                })?;
                input.order.push(by);
            }
            if input.order.len() > MAX_SORT_KEYS {
                let message = format!("has more than {MAX_SORT_KEYS} orders");
                return Err(invalid_because("ORDER_INVALID", [("order_by", message)]));
            }
        }
        Ok(input)
    }

    /// Validates a request that has neither facets nor a sort order.
    pub(super) fn without_facets(
        query: &'a str,
        category_id: &'a str,
        filter: &str,
    ) -> Result<Self, Status> {
        let too_long = || format!("is longer than {MAX_QUERY_BYTES} bytes");
        if query.len() > MAX_QUERY_BYTES {
            return Err(invalid([("query", too_long())]));
        }
        if let Some(sign) = query.chars().find(|it| it.is_control() && !it.is_whitespace()) {
            let message = format!("has the control character U+{:04X}", u32::from(sign));
            return Err(invalid_because("QUERY_INVALID", [("query", message)]));
        }
        let filter = parse_filter(filter).map_err(|refusal| {
            invalid_because(refusal.reason(), [("filter", refusal.to_string())])
        })?;
        let category_id = Some(category_id).filter(|id| !id.is_empty());
        Ok(Self { query, category_id, filter, facets: Vec::new(), order: Vec::new() })
    }

    /// Returns the index's parameters for a page.
    pub(super) fn page(&self, page: Page, now: SystemTime) -> SearchParams<'_> {
        SearchParams {
            query: self.query,
            category_id: self.category_id,
            filter: &self.filter,
            facets: &self.facets,
            order: &self.order,
            offset: page.offset,
            limit: page.limit,
            now,
        }
    }

    /// Returns everything that a page token is bound to. Facets are not included, because they do
    /// not change the hits.
    pub(super) fn binding(&self) -> String {
        // Unambiguous, because neither ids nor escaped filters contain line breaks.
        let Self { query, category_id, filter, order, .. } = self;
        let category_id = category_id.unwrap_or_default();
        format!("{category_id}\n{:?}\n{order:?}\n{query}", filter.to_string())
    }
}

/// Shortens client input for an error message.
fn excerpt(text: &str) -> &str {
    &text[..text.floor_char_boundary(64)]
}
