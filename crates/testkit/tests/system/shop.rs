//! The storefront as shoppers use it: from a search to a variant, in two languages, and without a service.

use testkit::{Browser, Fleet, Service, get_page, patch, post, until};

use crate::{data::with_demo, visitor::Visitor};

/// A jacket in two colours and sizes, of which one variant is sold out and one costs more.
const JACKET: &str = r#"{
    "id": "fjord-jacket", "name": "Fjord Jacket", "brand": "Ottergate", "stockQty": 0,
    "price": {"currencyCode": "EUR", "units": "120"},
    "media": [{"url": "/media/book-green.svg", "alt": "Fjord Jacket in green"},
              {"url": "/media/book-plum.svg", "alt": "Fjord Jacket in plum"}],
    "variants": [
        {"sku": "FJ-G-M", "stockQty": 0, "optionValues": [{"name": "colour", "value": "green"}, {"name": "size", "value": "M"}]},
        {"sku": "FJ-G-L", "stockQty": 9, "optionValues": [{"name": "colour", "value": "green"}, {"name": "size", "value": "L"}]},
        {"sku": "FJ-P-L", "stockQty": 4, "price": {"currencyCode": "EUR", "units": "130"},
         "optionValues": [{"name": "colour", "value": "plum"}, {"name": "size", "value": "L"}]}
    ]
}"#;

fn text_is(selector: &str, text: &str) -> String {
    format!("document.querySelector({selector:?})?.textContent === {text:?}")
}

async fn shop() -> Option<(Browser, Fleet)> {
    let browser = Browser::start().await.unwrap()?;
    let fleet = Fleet::start().await;
    with_demo(&fleet).await;
    assert_eq!(post(&fleet.url("/v1/products"), JACKET).await.unwrap().status, 201);
    until("the jacket can be found", async || {
        let found = get_page(&fleet.url("/?q=fjord+jacket")).await.ok()?.text();
        found.contains("/p/fjord-jacket").then_some(())
    })
    .await;
    Some((browser, fleet))
}

#[tokio::test(flavor = "multi_thread")]
async fn keyboard_leads_from_a_search_to_a_variant_and_back() {
    let Some((browser, fleet)) = shop().await else { return };
    let mut visitor = Visitor::open(browser, "about:blank#").await;
    // Wide enough for the filters to stand beside the results.
    visitor.screen(1_280, 740).await;
    visitor.go(&fleet.url("/")).await;
    visitor.tab_to("#q").await;
    visitor.write("fjord jackt").await;
    visitor.until("document.querySelector('.said strong')?.textContent === 'fjord jacket'").await;
    visitor.until("location.search === '?q=fjord+jackt'").await;
    // The first suggestion is chosen, and left again.
    visitor.until("!document.querySelector('#suggestions').hidden").await;
    visitor.press("ArrowDown").await;
    visitor
        .until("document.querySelector('#q').getAttribute('aria-activedescendant') !== null")
        .await;
    visitor.press("Escape").await;
    visitor.until("document.querySelector('#suggestions').hidden").await;

    visitor.tab_to("a[href*='stock=in']").await;
    visitor.press("Enter").await;
    visitor.until("location.search.includes('stock=in')").await;
    visitor.until("document.querySelector('.chip')?.textContent.includes('In stock')").await;
    visitor.tab_to("a[href='/p/fjord-jacket']").await;
    visitor.press("Enter").await;
    visitor.until(&text_is("#price", "From €120.00")).await;
    visitor.tab_to("a[href*='variant=FJ-P-L']").await;
    visitor.press("Enter").await;
    visitor.until(&text_is("#price", "€130.00")).await;
    visitor.until(&text_is("#stock", "Only 4 left")).await;
    visitor.until("document.querySelector('#picture').src.endsWith('/media/book-plum.svg')").await;

    for place in ["/p/fjord-jacket", "stock=in", "?q=fjord+jackt"] {
        visitor.value("history.back()").await;
        visitor
            .until(&format!(
                "location.href.endsWith({place:?}) || location.search.includes({place:?})"
            ))
            .await;
    }
    visitor
        .until("document.querySelector('#recent li a')?.getAttribute('href') === '/p/fjord-jacket'")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn list_shows_prices_and_stock_live_in_german_on_a_phone() {
    let Some((browser, fleet)) = shop().await else { return };
    let mut visitor = Visitor::open(browser, "about:blank#").await;
    visitor.screen(360, 740).await;
    visitor.languages("de-DE").await;
    visitor.go(&fleet.url("/?q=fjord+jacket")).await;
    assert_eq!(visitor.value("document.documentElement.lang").await, "de");
    let price = "[data-price-of='fjord-jacket']";
    let stock = "[data-product-id='fjord-jacket']";
    visitor.until(&text_is(price, "Ab 120,00\u{a0}€")).await;
    visitor.until(&text_is(stock, "13 auf Lager")).await;

    let changed = fleet.catctl(&["stock", "--sku", "FJ-G-L", "--delta", "7"]).await;
    assert_eq!(changed.code, Some(0), "{changed:?}");
    visitor.until(&text_is(stock, "20 auf Lager")).await;
    let cheaper = r#"{"price": {"currencyCode": "EUR", "units": "99", "nanos": 500000000}}"#;
    let url = fleet.url("/v1/products/fjord-jacket?updateMask=price");
    assert_eq!(patch(&url, cheaper).await.unwrap().status, 200);
    visitor.until(&text_is(price, "Ab 99,50\u{a0}€")).await;

    for path in
        ["/", "/?q=fjord+jacket&brand=Ottergate", "/p/fjord-jacket?variant=FJ-P-L", "/p/none"]
    {
        visitor.go(&fleet.url(path)).await;
        let width = visitor.value("document.documentElement.scrollWidth").await;
        assert!(width.as_i64().is_some_and(|width| width <= 360), "{path} is {width} wide");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn shop_says_what_it_lacks_without_a_service() {
    let mut fleet = Fleet::start().await;
    with_demo(&fleet).await;
    let freshness = async |fleet: &Fleet, path: &str| {
        let page = get_page(&fleet.url(path)).await.unwrap();
        (page.header("freshness").to_owned(), page.text())
    };
    let (fresh, first) = freshness(&fleet, "/").await;
    assert_eq!(fresh, "fresh");
    assert!(first.contains("370 products") && first.contains("aria-label=\"Page 16\""), "{first}");

    fleet.kill(Service::Search);
    until("the catalogue's list stands in", async || {
        let (freshness, html) = freshness(&fleet, "/?q=mug").await;
        (freshness == "partial; missing=search").then(|| assert!(html.contains("/p/"), "{html}"))
    })
    .await;
    fleet.restart(Service::Search);
    fleet.ready(Service::Search).await;
    until("search is back", async || {
        (freshness(&fleet, "/?q=mug").await.0 == "fresh").then_some(())
    })
    .await;

    fleet.kill(Service::Catalogue);
    until("the index stands in", async || {
        let (freshness, html) = freshness(&fleet, "/p/kiln-stoneware-mug-ember").await;
        let is_stale = freshness.starts_with("stale; age=");
        is_stale.then(|| assert!(html.contains("Stoneware Mug, Ember"), "{html}"))
    })
    .await;
}
