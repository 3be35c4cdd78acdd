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

/// Size of the part of a query that is read, in bytes.
pub(super) const READ_QUERY_BYTES: usize = 512;

/// Maximum size of a query, in bytes: that of a pasted text.
const MAX_QUERY_BYTES: usize = 8_192;

/// Maximum number of spans that a request takes as plain words.
const MAX_AS_WORDS: usize = 32;

/// Maximum number of facets of a request.
const MAX_FACETS: usize = 20;

/// Maximum number of sort keys of a request.
const MAX_SORT_KEYS: usize = 4;

/// A validated request.
#[derive(Debug)]
pub(super) struct SearchInput<'a> {
    query: &'a str,
    as_words: &'a [String],
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
        input.take_as_words(&request.as_words)?;
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
                    "has {:?}, which is not one of category, brand, price, currency, \
                     stock and attributes.NAME",
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

    /// Sets the spans to take as plain words.
    ///
    /// # Errors
    /// INVALID_ARGUMENT if there are too many.
    pub(super) fn take_as_words(&mut self, spans: &'a [String]) -> Result<(), Status> {
        if spans.len() > MAX_AS_WORDS {
            return Err(invalid([("as_words", format!("are more than {MAX_AS_WORDS}"))]));
        }
        self.as_words = spans;
        Ok(())
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
        let query = beginning(query);
        let filter = parse_filter(filter).map_err(|refusal| {
            invalid_because(refusal.reason(), [("filter", refusal.to_string())])
        })?;
        let category_id = Some(category_id).filter(|id| !id.is_empty());
        Ok(Self {
            query,
            as_words: &[],
            category_id,
            filter,
            facets: Vec::new(),
            order: Vec::new(),
        })
    }

    /// Returns the index's parameters for a page.
    pub(super) fn page(&self, page: Page, now: SystemTime) -> SearchParams<'_> {
        SearchParams {
            query: self.query,
            as_words: self.as_words,
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
        let Self { query, as_words, category_id, filter, order, .. } = self;
        let category_id = category_id.unwrap_or_default();
        let as_words = if as_words.is_empty() { String::new() } else { format!("{as_words:?}\n") };
        format!("{category_id}\n{:?}\n{order:?}\n{as_words}{query}", filter.to_string())
    }
}

/// Returns the part of a query that is read: whole words, if there are several.
fn beginning(query: &str) -> &str {
    if query.len() <= READ_QUERY_BYTES {
        return query;
    }
    let cut = &query[..query.floor_char_boundary(READ_QUERY_BYTES)];
    cut.rfind(char::is_whitespace).map_or(cut, |end| &cut[..end])
}

/// Shortens client input for an error message.
fn excerpt(text: &str) -> &str {
    &text[..text.floor_char_boundary(64)]
}
