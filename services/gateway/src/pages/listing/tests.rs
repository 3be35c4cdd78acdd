use proto::{
    catalogue::v1::{Category, Product},
    google::r#type::Money,
    search::v1::{Facet, FacetValue, SpanKind, UnderstoodSpan},
};

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

fn query(uri: &str) -> ListingQuery {
    ListingQuery::parse(&uri.parse().unwrap()).ok().unwrap()
}

fn listing(products: Vec<Product>, total: i32) -> Listing {
    Listing { products, total: Some(total), ..Default::default() }
}

fn facet(field: &str, values: &[(&str, &str, i64)]) -> Facet {
    let values = values.iter().map(|(value, label, count)| FacetValue {
        value: (*value).into(),
        label: (*label).into(),
        count: *count,
        ..Default::default()
    });
    Facet { field: field.into(), values: values.collect() }
}

fn render_in(locale: Locale, uri: &str, listing: Listing) -> String {
    Page::new(&query(uri), listing, &kitchen(), locale).ok().unwrap().render().unwrap()
}

fn render(uri: &str, listing: Listing) -> String {
    render_in(Locale::English, uri, listing)
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
    let html = render("/?q=mug&as=acme", Listing { understood, ..listing(vec![mug()], 99) });
    assert!(
        html.contains(
            r#"href="/?q=mug&#38;as=acme&#38;as=under%20%3C%245" rel="nofollow">Price: "#
        ),
        "{html}"
    );
    assert!(html.contains("Left out: <bdi>-blue</bdi>"));
    assert_eq!(html.matches("these come nearest").count(), 1);
    assert!(!html.contains("<bdi>mug</bdi>"), "a type is no chip");
    assert!(html.contains(r#"href="/?q=mug&#38;as=acme&#38;page=2" rel="next""#), "pages keep it");
}

#[test]
fn card_shows_name_price_stock_and_picture() {
    let html = render("/", listing(vec![mug()], 1));
    for part in [
        "<h1>All products</h1>",
        "<p>1 product</p>",
        "href=\"/p/mug-blue\"",
        "src=\"/media/mug-blue.svg\"",
        "Blue Mug",
        "Ottergate",
        "data-price-of=\"mug-blue\" data-price-revision=\"4\">€12.50<",
        "data-product-id=\"mug-blue\" data-revision=\"4\" data-level=\"some\">37 in stock<",
        "<link rel=\"canonical\" href=\"/\">",
        "1,234",
    ] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
    assert!(!html.contains("class=\"pager\""));
    assert!(!html.contains("catctl"), "no operator's words");
}

#[test]
fn german_page_is_german() {
    let facets = vec![facet("stock", &[("in_stock", "In stock", 3)])];
    let products = vec![mug(), Product { id: "b".into(), ..mug() }];
    let listing = Listing { facets, ..listing(products, 19_406) };
    let html = render_in(Locale::German, "/?q=Becher&stock=in", listing);
    for part in [
        "<html lang=\"de\"",
        "<h1>19.406 Produkte für „Becher“</h1>",
        "12,50\u{a0}€",
        "37 auf Lager",
        "Sortieren nach",
        "Verfügbarkeit: <bdi>Auf Lager</bdi>",
        "href=\"/?q=Becher&#38;stock=in&#38;lang=en\" lang=\"en\"",
        "Nächste Seite",
    ] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
}

#[test]
fn search_results_are_counted_and_not_indexed() {
    let html = render("/?q=mug&category=m", listing(vec![mug()], 1_234));
    assert!(html.contains("<h1>1,234 products for “mug”</h1>"), "{html}");
    assert!(html.contains("1,234 products for “mug” in Mugs &#38; &#60;cups&#62;"));
    assert!(html.contains("noindex") && !html.contains("rel=\"canonical\""));
    assert!(html.contains("name=\"category\" value=\"m\""));
    assert!(html.contains("href=\"/?q=mug&#38;category=k\""), "the category above, same words");
}

#[test]
fn lists_can_be_narrowed_down_and_sorted() {
    let facets = vec![
        facet("category", &[("k", "Kitchen", 30), ("m", "Mugs", 12)]),
        facet("brand", &[("A&B", "A&B", 1_001), ("C", "C", 2)]),
        facet("stock", &[("in_stock", "In stock", 20), ("out_of_stock", "Out of stock", 10)]),
    ];
    let products = vec![mug(), Product { id: "other".into(), ..mug() }];
    let listing = Listing { facets, ..listing(products, 30) };
    let html = render("/?q=mug&brand=C", listing);
    for part in [
        "href=\"/?q=mug&#38;brand=C&#38;brand=A%26B\" rel=\"nofollow\"><bdi>A&#38;B</bdi>",
        "<span class=\"count\">1,001</span>",
        "href=\"/?q=mug\" rel=\"nofollow\" aria-current=\"true\"><bdi>C</bdi>",
        "href=\"/?q=mug&#38;brand=C&#38;stock=in\"",
        "href=\"/?q=mug&#38;category=m&#38;brand=C\"",
        "href=\"/?q=mug&#38;brand=C&#38;sort=-price\"",
        "<a class=\"chip\" href=\"/?q=mug\" rel=\"nofollow\">Brand: <bdi>C</bdi>",
        "Filter (1)",
    ] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
}

#[test]
fn correction_and_left_out_words_are_said() {
    let corrected = Listing { corrected: "stoneware mug".into(), ..listing(vec![mug()], 1) };
    let html = render("/?q=stonewere+mugg", corrected);
    assert!(
        html.contains("Showing results for <strong><bdi>stoneware mug</bdi></strong>"),
        "{html}"
    );
    let dropped_words = vec!["xyzzy".into()];
    let html = render("/?q=mug+xyzzy", Listing { dropped_words, ..listing(vec![mug()], 1) });
    assert!(html.contains("Left out: <s><bdi>xyzzy</bdi></s>"), "{html}");
}

#[test]
fn pages_have_numbers() {
    let html = render("/?q=mug&category=k&page=2", listing(vec![mug()], 100));
    assert!(html.contains("href=\"/?q=mug&#38;category=k\" aria-label=\"Page 1\""), "{html}");
    assert!(html.contains("&#38;page=2\" aria-label=\"Page 2\" aria-current=\"page\""), "{html}");
    assert!(html.contains("&#38;page=3\" rel=\"next\"") && html.contains("rel=\"prev\""));
    let last = render("/?q=mug&page=5", listing(vec![mug()], 100));
    assert!(!last.contains("rel=\"next\""));
    let beyond = render("/?q=mug&page=9", listing(vec![], 100));
    assert!(beyond.contains("That was all.") && beyond.contains("href=\"/?q=mug\""), "{beyond}");
}

#[test]
fn empty_results_suggest_what_to_do() {
    let html = render("/?q=mgu&category=m&stock=in", listing(vec![], 0));
    assert!(html.contains("<h1>Nothing found for “mgu”</h1>"), "{html}");
    assert!(html.contains("href=\"/?q=mgu&#38;category=m\">Remove all filters"));
    assert!(html.contains("href=\"/?q=mgu\">Look in every category"));
    let html = render("/?q=mgu", listing(vec![], 0));
    assert!(html.contains("Check the spelling") && html.contains("href=\"/?category=k\""));
    assert!(render("/?category=m", listing(vec![], 0)).contains("Nothing is in Mugs"));
    assert!(render("/", listing(vec![], 0)).contains("There are no products yet"));
}

#[test]
fn outage_of_the_search_is_said() {
    let listing = Listing {
        total: None,
        next_page_token: "t+1".into(),
        freshness: Freshness::WithoutSearch,
        ..listing(vec![mug()], 0)
    };
    let html = render("/?q=mug", listing);
    assert!(html.contains("Our search is not responding"), "{html}");
    assert!(html.contains("More than 1 product for “mug”"));
    assert!(html.contains("href=\"/?q=mug&#38;after=t%2B1\" rel=\"next\""));
    assert!(html.contains("noindex"));
}

#[test]
fn unknown_category_is_not_found() {
    let results = |tree: &Tree, products| {
        Results::new(&query("/?q=mug&category=nope"), listing(products, 0), tree, Locale::English)
    };
    assert!(results(&kitchen(), vec![]).is_err_and(|problem| problem.status == 404));
    assert!(results(&kitchen(), vec![mug()]).is_ok(), "created after the tree was read");
    assert!(results(&Tree::default(), vec![]).is_ok(), "without a tree it may exist");
}

#[test]
fn hostile_texts_are_escaped() {
    let search = "%22%3E%3Cscript%3Ealert(6)%3C/script%3E%E2%80%AE";
    let facets = vec![facet("brand", &[("<script>", "<script>", 1), ("\"><img src=x", "b", 1)])];
    let listing = Listing {
        facets,
        corrected: "<script>".into(),
        next_page_token: "\"><script>".into(),
        ..listing(vec![hostile()], 1)
    };
    let html = render(&format!("/?q={search}&brand={search}&a.{search}=x"), listing);
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
fn unknown_total_is_more_than_one_page() {
    let of = |uri: &str| {
        let listing =
            Listing { total: None, next_page_token: "t".into(), ..listing(vec![mug()], 0) };
        render(uri, listing)
    };
    let html = of("/");
    assert!(html.contains("<p>More than 1 product</p>"), "{html}");
    assert!(of("/?after=t").contains("<p>More products</p>"));
}
