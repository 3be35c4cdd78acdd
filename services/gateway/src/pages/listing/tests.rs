use proto::{catalogue::v1::Category, google::r#type::Money};

use super::*;

fn mug() -> Product {
    Product {
        id: "mug-blue".into(),
        name: "Blue Mug".into(),
        brand: "Ottergate".into(),
        image_urls: vec!["/media/mug-blue.svg".into()],
        price: Some(Money { currency_code: "EUR".into(), units: 12, nanos: 500_000_000 }),
        stock_qty: 37,
        revision: 4,
        ..Default::default()
    }
}

fn hostile() -> Product {
    Product {
        id: "\"><script>alert(0)</script>".into(),
        name: "<script>alert(1)</script>\" onmouseover='alert(2)' \u{202e}gum".into(),
        brand: "</bdi><img src=x onerror=alert(3)>".into(),
        image_urls: vec![
            "javascript:alert(4)".into(),
            "https://x.example/\"onerror=\"alert(5)".into(),
        ],
        ..Default::default()
    }
}

fn kitchen() -> Tree {
    let category = |id: &str, name: &str, parent_id: &str| Category {
        id: id.into(),
        name: name.into(),
        parent_id: parent_id.into(),
        product_count: 1_234,
        ..Default::default()
    };
    Tree::new(vec![category("k", "Kitchen", ""), category("m", "Mugs & <cups>", "k")])
}

fn query(search: &str, category_id: &str, page_token: &str) -> ListingQuery {
    let [search, category_id, page_token] = [search, category_id, page_token].map(str::to_owned);
    ListingQuery { search, category_id, page_token, as_words: Vec::new() }
}

fn page(products: Vec<Product>, next_page_token: &str, total: Option<i32>) -> ProductPage {
    let next_page_token = next_page_token.into();
    ProductPage { products, next_page_token, total, understood: Vec::new() }
}

fn render(query: &ListingQuery, page: ProductPage) -> String {
    Page::new(query, page, &kitchen()).ok().unwrap().render().unwrap()
}

#[test]
fn what_was_understood_can_be_switched_off() {
    let span = |span: &str, kind: SpanKind, unmet| UnderstoodSpan {
        span: span.into(),
        kind: kind.into(),
        unmet,
        ..Default::default()
    };
    let understood = vec![
        span("mug", SpanKind::Type, false),
        span("under <$5", SpanKind::Price, true),
        span("-blue", SpanKind::Exclusion, false),
    ];
    let query = ListingQuery { as_words: vec!["acme".into()], ..query("mug", "", "") };
    let html = render(&query, ProductPage { understood, ..page(vec![mug()], "t", Some(9)) });
    assert!(
        html.contains(r#"href="/?q=mug&#38;as=acme&#38;as=under%20%3C%245">Price: "#),
        "{html}"
    );
    assert!(html.contains("Left out: <bdi>-blue</bdi>"));
    assert_eq!(html.matches("these come nearest").count(), 1);
    assert!(!html.contains("<bdi>mug</bdi>"), "a type is no chip");
    assert!(html.contains(r#"/?q=mug&#38;page=t&#38;as=acme" rel="next""#), "pages keep it");
}

#[test]
fn card_shows_name_price_stock_and_picture() {
    let html = render(&query("", "", ""), page(vec![mug()], "", Some(1)));
    for part in [
        "<h1>All products</h1>",
        "<p>1 product</p>",
        "href=\"/p/mug-blue\"",
        "src=\"/media/mug-blue.svg\"",
        "Blue Mug",
        "Ottergate",
        "€12.50",
        "data-product-id=\"mug-blue\" data-revision=\"4\" data-level=\"some\">37 in stock<",
        "catctl stock mug-blue -1",
        "<link rel=\"canonical\" href=\"/\">",
        "1,234",
    ] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
    assert!(!html.contains("class=\"pager\""));
}

#[test]
fn search_results_are_counted_and_not_indexed() {
    let html = render(&query("mug", "m", ""), page(vec![mug()], "", Some(1_234)));
    assert!(html.contains("<h1>1,234 products for “mug”</h1>"), "{html}");
    assert!(html.contains("1,234 products for “mug” in Mugs &#38; &#60;cups&#62;"));
    assert!(html.contains("noindex") && !html.contains("rel=\"canonical\""));
    assert!(html.contains("name=\"category\" value=\"m\""));
    assert!(html.contains("href=\"/?q=mug&#38;category=k\""), "the category above, same words");
}

#[test]
fn pages_link_to_the_next_and_the_first() {
    let first = render(&query("mug", "k", ""), page(vec![mug()], "t+1", Some(30)));
    assert!(
        first.contains("href=\"/?q=mug&#38;category=k&#38;page=t%2B1\" rel=\"next\""),
        "{first}"
    );
    assert!(!first.contains("First page"));
    let last = render(&query("mug", "k", "t+1"), page(vec![mug()], "", Some(30)));
    assert!(last.contains("href=\"/?q=mug&#38;category=k\">First page"), "{last}");
    assert!(!last.contains("Next page"));
}

#[test]
fn empty_results_suggest_what_to_do() {
    let html = render(&query("mgu", "m", ""), page(vec![], "", Some(0)));
    assert!(html.contains("<h1>Nothing found for “mgu”</h1>"), "{html}");
    assert!(html.contains("href=\"/?q=mgu\">Look in every category"));
    assert!(render(&query("", "m", ""), page(vec![], "", Some(0))).contains("Nothing is in Mugs"));
    assert!(render(&query("", "", ""), page(vec![], "", Some(0))).contains("catctl import"));
}

#[test]
fn unknown_category_is_not_found() {
    let results = |tree: &Tree, products| {
        Results::new(&query("mug", "nope", ""), page(products, "", None), tree)
    };
    assert!(results(&kitchen(), vec![]).is_err_and(|problem| problem.status == 404));
    assert!(results(&kitchen(), vec![mug()]).is_ok(), "created after the tree was read");
    assert!(results(&Tree::default(), vec![]).is_ok(), "without a tree it may exist");
}

#[test]
fn hostile_texts_are_escaped() {
    let search = "\"><script>alert(6)</script>\u{202e}";
    let html = render(&query(search, "", ""), page(vec![hostile()], "\"><script>", Some(1)));
    assert!(!html.contains("<script>"), "{html}");
    assert!(!html.contains("<img src=x"));
    assert!(!html.contains("javascript:"));
    assert!(!html.contains("\"onerror="));
    assert!(!html.contains("onmouseover='"));
    // The search box keeps the typed text; everywhere else it cannot reorder other text.
    let text =
        html.replace("value=\"&#34;&#62;&#60;script&#62;alert(6)&#60;/script&#62;\u{202e}\"", "");
    assert!(!text.contains('\u{202e}'));
}

#[test]
fn unknown_parameters_are_ignored() {
    let uri = "/?utm_source=x&q=+blue%20mug+&page=t&category=k".parse().unwrap();
    let query = ListingQuery::parse(&uri).ok().unwrap();
    assert_eq!((query.search.as_str(), query.category_id.as_str()), ("blue mug", "k"));
    assert_eq!(query.page_token, "t");
}

#[test]
fn unknown_total_is_more_than_one_page() {
    let html = render(&query("", "", ""), page(vec![mug()], "t", None));
    assert!(html.contains("<p>More than 1 product</p>"), "{html}");
    let html = render(&query("", "", "t"), page(vec![mug()], "u", None));
    assert!(html.contains("<p>More products</p>"));
}
