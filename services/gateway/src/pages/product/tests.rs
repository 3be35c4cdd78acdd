use proto::{
    catalogue::v1::{Media, OptionValue, Variant, product::Status},
    google::r#type::Money,
};

use super::*;

fn attribute(name: &str, unit: &str, value: Option<Value>) -> Attribute {
    Attribute { name: name.into(), unit: unit.into(), value }
}

fn mug() -> Product {
    let names = ["Kitchen", "Mugs"].map(str::to_owned).to_vec();
    let ids = ["kitchen", "mugs"].map(str::to_owned).to_vec();
    Product {
        id: "mug-blue".into(),
        name: "Blue Mug".into(),
        brand: "Ottergate & Sons".into(),
        description: "Holds tea.\nAlso coffee.".into(),
        image_urls: vec!["/media/mug-blue.svg".into(), "https://x.example/2.jpg".into()],
        price: Some(Money { currency_code: "EUR".into(), units: 1_012, nanos: 500_000_000 }),
        stock_qty: 2,
        revision: 4,
        labels: vec!["new".into()],
        external_id: "OTG-7".into(),
        category_paths: vec![CategoryPath { names, ids }],
        attributes: vec![
            attribute("burn_volume", "ml", Some(Value::Number(350.0))),
            attribute("dishwasher safe", "", Some(Value::Flag(true))),
            attribute("colour", "", Some(Value::Text("blue".into()))),
        ],
        ..Default::default()
    }
}

fn hostile() -> Product {
    let script = "</script><script>alert(1)</script>\u{202e}\" onload='alert(2)'";
    let names = vec![script.to_owned()];
    Product {
        id: script.into(),
        name: script.into(),
        brand: script.into(),
        description: script.into(),
        image_urls: vec!["javascript:alert(3)".into(), "data:text/html,<script>".into()],
        price: Some(Money { currency_code: script.into(), units: 1, nanos: 0 }),
        labels: vec![script.into()],
        external_id: script.into(),
        category_paths: vec![
            CategoryPath { names: names.clone(), ids: names.clone() },
            CategoryPath { names, ids: vec![] },
        ],
        attributes: vec![
            attribute(script, script, Some(Value::Number(f64::INFINITY))),
            attribute(script, "", Some(Value::Text(script.into()))),
            attribute(script, "", None),
        ],
        media: vec![
            Media { url: "/a.svg".into(), alt: script.into(), ..Default::default() },
            Media { url: "javascript:alert(4)".into(), ..Default::default() },
            Media { url: "/b.svg".into(), ..Default::default() },
        ],
        variants: vec![variant(script, &[(script, script)], None, 1)],
        ..Default::default()
    }
}

fn variant(sku: &str, options: &[(&str, &str)], price: Option<Money>, stock_qty: i32) -> Variant {
    let value =
        |(name, value): &(&str, &str)| OptionValue { name: (*name).into(), value: (*value).into() };
    let option_values = options.iter().map(value).collect();
    Variant { sku: sku.into(), option_values, price, stock_qty, ..Default::default() }
}

fn euros(units: i64) -> Option<Money> {
    Some(Money { currency_code: "EUR".into(), units, nanos: 0 })
}

fn render(product: Product) -> String {
    render_chosen(product, "")
}

fn render_chosen(product: Product, sku: &str) -> String {
    let visibility = Visibility::of(&product);
    Page::new(product, visibility, sku, Locale::English, "https://shop.example").render().unwrap()
}

#[test]
fn page_shows_all_of_a_product() {
    let html = render(mug());
    for part in [
        "<title>Blue Mug – Catalogue</title>",
        "<a href=\"/?category=kitchen\"><bdi>Kitchen</bdi></a>",
        "href=\"/?brand=Ottergate%20%26%20Sons\"",
        "€1,012.50",
        "id=\"stock\" class=\"stock\" data-product-id=\"mug-blue\" data-revision=\"4\" \
         data-level=\"few\">Only 2 left</strong>",
        "Holds tea.\nAlso coffee.",
        "<bdi>Burn volume</bdi></th><td dir=\"auto\">350\u{a0}ml</td>",
        "<bdi>Dishwasher safe</bdi></th><td dir=\"auto\">Yes</td>",
        "<code>mug-blue</code>",
        "alt=\"Blue Mug, picture 2 of 2\"",
        "<link rel=\"canonical\" href=\"https://shop.example/p/mug-blue\">",
    ] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
}

#[test]
fn product_with_only_a_name_is_shown() {
    let html = render(Product { id: "x".into(), name: "X".into(), ..Default::default() });
    assert!(html.contains("No price yet") && html.contains("Out of stock"));
    assert!(!html.contains("<img") && !html.contains("<table"));
}

#[test]
fn hostile_texts_are_escaped() {
    let html = render(hostile());
    assert_eq!(html.matches("<script").count(), 6, "ours, and the data: {html}");
    assert_eq!(html.matches("</script>").count(), 6);
    assert!(!html.contains("javascript:") && !html.contains("data:text"));
    // The quotes in the structured data are harmless.
    let (before, data) = html.split_once("<script type=\"application/ld+json\">").unwrap();
    let (_, after) = data.split_once("</script>").unwrap();
    assert!(!before.contains("onload='") && !after.contains("onload='"));
    let title = html.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
    assert!(!title.contains('\u{202e}') && !title.contains('<'));
}

#[test]
fn variants_are_a_table_of_options_and_stock() {
    let variants = vec![
        variant("M-RED", &[("colour", "red"), ("size", "M")], None, 0),
        variant("L/BLUE", &[("colour", "blue")], None, 7),
    ];
    let html = render(Product { variants, stock_qty: 7, price: euros(12), ..mug() });
    for part in [
        "<th scope=\"col\"><bdi>Colour</bdi></th><th scope=\"col\"><bdi>Size</bdi></th>",
        "<th scope=\"row\"><bdi>red</bdi></th><td><bdi>M</bdi></td>",
        "<th scope=\"row\"><bdi>blue</bdi></th><td><bdi>–</bdi></td>",
        "data-product-id=\"mug-blue\" data-sku=\"L/BLUE\" data-revision=\"4\" \
         data-level=\"some\">7 in stock<",
        "data-sku=\"M-RED\" data-revision=\"4\" data-level=\"none\">Out of stock<",
        ">€12.00</p>",
    ] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
    assert!(!html.contains(">Price</th>"), "all cost the same");
    assert!(!html.contains("catctl") && !html.contains("External"), "no operator's words");
}

#[test]
fn chosen_variant_has_its_own_price_stock_and_picture() {
    let variants = vec![
        variant("R", &[("colour", "red")], None, 0),
        variant("L/B", &[("colour", "blue")], euros(9), 3),
    ];
    let media =
        |url: &str, alt: &str| Media { url: url.into(), alt: alt.into(), ..Default::default() };
    let media = vec![media("/red.svg", "A red one"), media("/blue.svg", "A blue one")];
    let product = Product { variants, media, stock_qty: 3, price: euros(12), ..mug() };
    let html = render_chosen(product.clone(), "L/B");
    for part in [
        "<img id=\"picture\" src=\"/blue.svg\"",
        ">€9.00</p>",
        "id=\"stock\" class=\"stock\" data-product-id=\"mug-blue\" data-sku=\"L/B\" \
         data-revision=\"4\" data-level=\"few\">Only 3 left<",
        "<a href=\"/p/mug-blue?variant=L%2FB#choose\" rel=\"nofollow\" aria-current=\"true\"><bdi>blue",
        "class=\"out\"><bdi>red</bdi><span class=\"hidden\">, Out of stock</span>",
        "<bdi>Colour</bdi>: <bdi class=\"chosen\">blue</bdi>",
    ] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
    let html = render_chosen(product, "none");
    assert!(html.contains(">From €9.00</p>") && !html.contains("aria-current=\"true\"><bdi>"));
}

#[test]
fn german_page_is_german() {
    let product = mug();
    let visibility = Visibility::of(&product);
    let html = Page::new(product, visibility, "", Locale::German, "https://shop.example")
        .render()
        .unwrap();
    for part in ["1.012,50\u{a0}€", "Nur noch 2", "<td dir=\"auto\">Ja</td>", "Artikelnummer"] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
}

#[test]
fn different_prices_of_variants_are_shown() {
    let variants = vec![variant("A", &[], None, 1), variant("B", &[], euros(9), 1)];
    let html = render(Product { variants, price: euros(12), ..mug() });
    assert!(html.contains(">From €9.00</p>"), "{html}");
    assert!(html.contains(">Price</th>") && html.contains(">€12.00</td>"));
    assert!(html.contains("<th scope=\"row\"><code>A</code></th>"), "without options, by the sku");
}

#[test]
fn number_of_shown_variants_is_limited() {
    let all = (0..1_000).map(|at| variant(&format!("S{at}"), &[("size", "M")], None, 1));
    let html = render(Product { variants: all.collect(), ..mug() });
    assert_eq!(html.matches("data-sku=").count(), 200);
    assert!(html.contains("and 800 more"));
}

#[test]
fn archived_product_cannot_be_bought() {
    let variants = vec![variant("A", &[], None, 1)];
    let html = render(Product { status: Status::Archived.into(), variants, ..mug() });
    assert!(html.contains("No longer available"));
    assert!(html.contains("https://schema.org/Discontinued"));
    assert!(!html.contains("data-product-id") && !html.contains("Only 2 left"), "{html}");
}

#[test]
fn pictures_have_alternative_texts() {
    let media =
        |url: &str, alt: &str| Media { url: url.into(), alt: alt.into(), ..Default::default() };
    let html = render(Product {
        media: vec![media("/a.svg", "Seen from above"), media("/b.svg", "")],
        ..mug()
    });
    assert_eq!(html.matches("alt=\"Seen from above\"").count(), 2, "large and small: {html}");
    assert!(html.contains("src=\"/b.svg\" alt=\"Blue Mug, picture 2 of 2\""));
}
