//! `search_catalog`.

use proto::{money, search::v1::SearchRequest};
use serde_json::{Value, json};

use super::{
    envelope::{self, Failure},
    product,
    request::{Filters, Search},
    text::visible,
};
use crate::upstreams::Upstreams;

const DEFAULT_LIMIT: u32 = 10;
const MAX_LIMIT: u32 = 100;

/// Finds products. One without a price is left out: the protocol has no form for it.
pub(super) async fn search(
    upstreams: &Upstreams,
    base: &str,
    request: Search,
) -> Result<Value, Failure> {
    let limit = request.pagination.limit.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT);
    let response = upstreams
        .search()
        .search(SearchRequest {
            query: request.words().to_owned(),
            page_size: limit as i32,
            page_token: request.cursor().to_owned(),
            filter: filter(&request.filters, &request.context.currency),
            ..Default::default()
        })
        .await?
        .into_inner();
    if response.relaxed != 0 {
        // No product has all of it: a person is served by the nearest products, a program is not.
        return Ok(json!({
            "ucp": envelope::ucp(envelope::SEARCH),
            "products": [],
            "pagination": { "has_next_page": false, "total_count": 0 },
        }));
    }
    let price = request.filters.price;
    let products = response.results.iter().filter_map(|hit| hit.product.as_ref());
    let products: Vec<_> = products
        .filter_map(|product| {
            let items = product::items(product);
            let mut passing =
                items.iter().filter(|item| item.passes(price, &request.context.currency));
            let title = visible(&product.name);
            let featured = passing.next()?.to_json(&title);
            let variants = std::iter::once(featured).chain(passing.map(|it| it.to_json(&title)));
            Some(product::to_json(product, variants.collect(), &items, base))
        })
        .collect();
    let mut pagination = json!({
        "has_next_page": !response.next_page_token.is_empty(),
        "total_count": response.total_size,
    });
    if !response.next_page_token.is_empty() {
        pagination["cursor"] = json!(response.next_page_token);
    }
    let mut answer = json!({ "ucp": envelope::ucp(envelope::SEARCH), "products": products, "pagination": pagination });
    let has_price = price.min.is_some() || price.max.is_some();
    if has_price && !money::is_currency(&request.context.currency) {
        answer["messages"] = json!([{
            "type": "warning", "code": "price_filter_ignored", "path": "$.filters.price",
            "content": "The price filter was ignored: context.currency does not say its currency.",
        }]);
    }
    Ok(answer)
}

/// The filter of the search service.
pub(super) fn filter(filters: &Filters, currency: &str) -> String {
    let mut parts = Vec::new();
    let categories: Vec<_> =
        filters.categories.iter().map(|id| format!("category:{}", quoted(id))).collect();
    if !categories.is_empty() {
        parts.push(format!("({})", categories.join(" OR ")));
    }
    if money::is_currency(currency) {
        let bounds = [(">=", filters.price.min), ("<=", filters.price.max)];
        for (operator, amount) in bounds {
            if let Some(amount) = amount {
                parts.push(format!("price {operator} {}", decimal(amount, currency)));
            }
        }
        if filters.price.min.is_some() || filters.price.max.is_some() {
            parts.push(format!("currency = {currency}"));
        }
    }
    parts.join(" AND ")
}

/// A text as a value of a filter.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for char in text.chars() {
        if matches!(char, '"' | '\\' | '*') {
            quoted.push('\\');
        }
        quoted.push(char);
    }
    quoted + "\""
}

/// An amount in minor units as a decimal of whole units.
fn decimal(amount: u64, currency: &str) -> String {
    let decimals = money::decimals(currency);
    let unit = 10_u64.pow(decimals);
    match decimals {
        0 => amount.to_string(),
        _ => format!("{}.{:0width$}", amount / unit, amount % unit, width = decimals as usize),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agents::request::PriceFilter;

    #[test]
    fn filter_quotes_what_agents_send() {
        let price = PriceFilter { min: Some(1_050), max: Some(20_000) };
        let filters = Filters { categories: vec!["a\" OR x".into(), "b*\\".into()], price };
        assert_eq!(
            filter(&filters, "EUR"),
            r#"(category:"a\" OR x" OR category:"b\*\\") AND price >= 10.50 AND price <= 200.00 AND currency = EUR"#
        );
        assert_eq!(filter(&Filters { categories: Vec::new(), price }, ""), "");
        assert_eq!(decimal(980, "JPY"), "980");
    }
}
