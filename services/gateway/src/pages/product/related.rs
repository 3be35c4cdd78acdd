//! Products like the one on the page: of its brand in its category, then others of about its price there.

use std::time::Duration;

use proto::{catalogue::v1::Product, google::r#type::Money, search::v1::SearchResponse};
use tokio::time::timeout;

use super::{
    super::{card::Card, locale::Locale, visibility::Visibility},
    fetch::find,
};
use crate::{prices, upstreams::Upstreams};

/// Divisible by the numbers of columns: two, three and six.
const COUNT: usize = 6;
/// How long a page waits for them.
const TIMEOUT: Duration = Duration::from_millis(300);
/// The bounds of prices that count as similar, as factors in percent.
const SIMILAR_PRICE: (i64, i64) = (50, 200);

/// The similar products; none if they cannot be had in time.
pub(super) async fn similar(upstreams: &Upstreams, product: &Product, locale: Locale) -> Vec<Card> {
    let Some(category) = category(product) else { return Vec::new() };
    let others =
        format!("category:{} AND NOT id = {}", filter::quote(category), filter::quote(&product.id));
    let by_brand = match product.brand.as_str() {
        "" => None,
        brand => Some(format!("{others} AND brand = {}", filter::quote(brand))),
    };
    let by_price = match prices::range(product) {
        Some((lowest, _)) => format!("{others} AND {}", similar_price(lowest)),
        None => others,
    };
    let by_brand = async {
        match by_brand {
            Some(filter) => find(upstreams, filter, COUNT).await.unwrap_or_default(),
            None => SearchResponse::default(),
        }
    };
    let by_price = find(upstreams, by_price, COUNT);
    let Ok((by_brand, by_price)) =
        timeout(TIMEOUT, async { tokio::join!(by_brand, by_price) }).await
    else {
        return Vec::new();
    };
    // Half of the places are for other brands.
    let by_brand = by_brand.results.into_iter().take(COUNT / 2);
    let found = by_brand.chain(by_price.unwrap_or_default().results);
    let mut shown: Vec<Product> = Vec::new();
    for product in found.filter_map(|hit| hit.product) {
        let is_new = shown.iter().all(|other| other.id != product.id);
        if is_new && Visibility::of(&product) == Visibility::ForSale && shown.len() < COUNT {
            shown.push(product);
        }
    }
    shown.into_iter().map(|product| Card::new(product, locale)).collect()
}

/// The product's own category: the last of its first path.
fn category(product: &Product) -> Option<&str> {
    let of_path = product.category_paths.first().and_then(|path| path.ids.last());
    of_path.or(product.category_ids.first()).map(String::as_str).filter(|id| !id.is_empty())
}

fn similar_price(price: &Money) -> String {
    let times = |percent: i64| {
        let cents = price.units.saturating_mul(percent) + i64::from(price.nanos / 10_000_000);
        format!("{}.{:02}", cents / 100, (cents % 100).abs())
    };
    let (low, high) = SIMILAR_PRICE;
    let currency = filter::quote(&price.currency_code);
    format!("price >= {} AND price <= {} AND currency = {currency}", times(low), times(high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similar_prices_are_of_the_same_currency() {
        let price = Money { currency_code: "EUR".into(), units: 15, nanos: 0 };
        let filter = similar_price(&price);
        assert_eq!(filter, "price >= 7.50 AND price <= 30.00 AND currency = \"EUR\"");
        product_fields::parse_filter(&filter).unwrap();
        let huge = Money { currency_code: "EUR".into(), units: i64::MAX, nanos: 0 };
        assert!(similar_price(&huge).contains("92233720368547758.07"));
    }
}
