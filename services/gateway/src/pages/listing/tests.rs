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

fn asked(query: &str, category_id: &str, page_token: &str) -> Asked {
    Asked { query: query.into(), category_id: category_id.into(), page_token: page_token.into() }
}

fn found(products: Vec<Product>, next_page_token: &str, total: Option<i32>) -> Found {
    Found { products, next_page_token: next_page_token.into(), total }
}

fn render(asked: &Asked, found: Found) -> String {
    Page::new(asked, found, &kitchen()).ok().unwrap().render().unwrap()
}

#[test]
fn a_product_is_shown_with_all_that_matters() {
    let html = render(&asked("", "", ""), found(vec![mug()], "", Some(1)));
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
fn words_are_counted_and_kept_out_of_search_engines() {
    let html = render(&asked("mug", "m", ""), found(vec![mug()], "", Some(1_234)));
    assert!(html.contains("<h1>1,234 products for “mug”</h1>"), "{html}");
    assert!(html.contains("1,234 products for “mug” in Mugs &#38; &#60;cups&#62;"));
    assert!(html.contains("noindex") && !html.contains("rel=\"canonical\""));
    assert!(html.contains("name=\"category\" value=\"m\""));
    assert!(html.contains("href=\"/?q=mug&#38;category=k\""), "the category above, same words");
}

#[test]
fn pages_lead_on_and_back_to_the_first() {
    let first = render(&asked("mug", "k", ""), found(vec![mug()], "t+1", Some(30)));
    assert!(
        first.contains("href=\"/?q=mug&#38;category=k&#38;page=t%2B1\" rel=\"next\""),
        "{first}"
    );
    assert!(!first.contains("First page"));
    let last = render(&asked("mug", "k", "t+1"), found(vec![mug()], "", Some(30)));
    assert!(last.contains("href=\"/?q=mug&#38;category=k\">First page"), "{last}");
    assert!(!last.contains("Next page"));
}

#[test]
fn nothing_found_says_what_to_do() {
    let html = render(&asked("mgu", "m", ""), found(vec![], "", Some(0)));
    assert!(html.contains("<h1>Nothing found for “mgu”</h1>"), "{html}");
    assert!(html.contains("href=\"/?q=mgu\">Look in every category"));
    assert!(render(&asked("", "m", ""), found(vec![], "", Some(0))).contains("Nothing is in Mugs"));
    assert!(render(&asked("", "", ""), found(vec![], "", Some(0))).contains("catctl import"));
}

#[test]
fn a_category_that_nobody_knows_is_not_found() {
    let answer = |tree: &Tree, products| {
        Results::new(&asked("mug", "nope", ""), found(products, "", None), tree)
    };
    assert!(answer(&kitchen(), vec![]).is_err_and(|problem| problem.status == 404));
    assert!(answer(&kitchen(), vec![mug()]).is_ok(), "made since the tree was read");
    assert!(answer(&Tree::default(), vec![]).is_ok(), "nobody can say");
}

#[test]
fn hostile_texts_are_harmless() {
    let query = "\"><script>alert(6)</script>\u{202e}";
    let html = render(&asked(query, "", ""), found(vec![hostile()], "\"><script>", Some(1)));
    assert!(!html.contains("<script>"), "{html}");
    assert!(!html.contains("<img src=x"));
    assert!(!html.contains("javascript:"));
    assert!(!html.contains("\"onerror="));
    assert!(!html.contains("onmouseover='"));
    // What was typed stays in the box; everywhere else it cannot reorder.
    let text =
        html.replace("value=\"&#34;&#62;&#60;script&#62;alert(6)&#60;/script&#62;\u{202e}\"", "");
    assert!(!text.contains('\u{202e}'));
}

#[test]
fn parameters_that_are_not_ours_are_ignored() {
    let asked = Asked::of(&"/?utm_source=x&q=+blue%20mug+&page=t&category=k".parse().unwrap());
    let asked = asked.ok().unwrap();
    assert_eq!((asked.query.as_str(), asked.category_id.as_str()), ("blue mug", "k"));
    assert_eq!(asked.page_token, "t");
}

#[test]
fn what_is_not_counted_is_more_than_what_is_shown() {
    let html = render(&asked("", "", ""), found(vec![mug()], "t", None));
    assert!(html.contains("<p>More than 1 product</p>"), "{html}");
    let html = render(&asked("", "", "t"), found(vec![mug()], "u", None));
    assert!(html.contains("<p>More products</p>"));
}
