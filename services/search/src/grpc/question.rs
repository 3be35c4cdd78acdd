//! What a request asks, checked.

use crate::{
    index::{By, Counted, Search, product_filter},
    page::Page,
};
use chassis::status::{invalid, invalid_because};
use filter::Filter;
use proto::search::v1::SearchRequest;
use std::time::SystemTime;
use tonic::Status;

/// The longest query, in bytes.
pub(super) const LONGEST_QUERY: usize = 512;

/// Facets counted for one request at most.
const MOST_FACETS: usize = 20;

/// Orders, one behind the other, at most.
const MOST_ORDERS: usize = 4;

/// A request that can be answered.
#[derive(Debug)]
pub(super) struct Question<'a> {
    query: &'a str,
    category_id: Option<&'a str>,
    pub(super) filter: Filter,
    pub(super) facets: Vec<Counted>,
    order: Vec<By>,
}

impl<'a> Question<'a> {
    /// Reads a request.
    ///
    /// # Errors
    /// INVALID_ARGUMENT, with the reason FILTER_INVALID, FACET_UNKNOWN, ORDER_INVALID or
    /// QUERY_INVALID where only that is wrong, naming the field.
    pub(super) fn of(request: &'a SearchRequest) -> Result<Self, Status> {
        let mut question = Self::in_words(&request.query, &request.category_id, &request.filter)?;
        if request.page_size < 0 {
            return Err(invalid([("page_size", "must not be negative; 0 is the default")]));
        }
        if request.facets.len() > MOST_FACETS {
            let message = format!("are more than {MOST_FACETS}");
            return Err(invalid_because("FACET_UNKNOWN", [("facets", message)]));
        }
        for name in &request.facets {
            let Some(counted) = Counted::parse(name) else {
                let message = format!(
                    "has {:?}, which is not one of category, brand, price, stock and \
                     attributes.NAME",
                    excerpt(name)
                );
                return Err(invalid_because("FACET_UNKNOWN", [("facets", message)]));
            };
            question.facets.push(counted);
        }
        if !request.order_by.trim().is_empty() {
            for name in request.order_by.split(',') {
                let by = name.parse().map_err(|message: String| {
                    invalid_because("ORDER_INVALID", [("order_by", message)])
                })?;
                question.order.push(by);
            }
            if question.order.len() > MOST_ORDERS {
                let message = format!("has more than {MOST_ORDERS} orders");
                return Err(invalid_because("ORDER_INVALID", [("order_by", message)]));
            }
        }
        Ok(question)
    }

    /// The same for a request that has neither facets nor an order.
    pub(super) fn in_words(
        query: &'a str,
        category_id: &'a str,
        filter: &str,
    ) -> Result<Self, Status> {
        let too_long = || format!("is longer than {LONGEST_QUERY} bytes");
        if query.len() > LONGEST_QUERY {
            return Err(invalid([("query", too_long())]));
        }
        if let Some(sign) = query.chars().find(|it| it.is_control() && !it.is_whitespace()) {
            let message = format!("has the control character U+{:04X}", u32::from(sign));
            return Err(invalid_because("QUERY_INVALID", [("query", message)]));
        }
        let filter = product_filter(filter)
            .map_err(|message| invalid_because("FILTER_INVALID", [("filter", message)]))?;
        let category_id = Some(category_id).filter(|id| !id.is_empty());
        Ok(Self { query, category_id, filter, facets: Vec::new(), order: Vec::new() })
    }

    /// What the index is asked for a page.
    pub(super) fn page(&self, page: Page, now: SystemTime) -> Search<'_> {
        Search {
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

    /// All that a page token is for: with another question it does not open. Facets may differ, as
    /// they do not change which products come.
    pub(super) fn binding(&self) -> String {
        // Ids and filters hold no line breaks, so that no two questions read the same.
        let Self { query, category_id, filter, order, .. } = self;
        let category_id = category_id.unwrap_or_default();
        format!("{category_id}\n{:?}\n{order:?}\n{query}", filter.to_string())
    }
}

/// The beginning of what somebody wrote.
fn excerpt(text: &str) -> &str {
    &text[..text.floor_char_boundary(64)]
}
