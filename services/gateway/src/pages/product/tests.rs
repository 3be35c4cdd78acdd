use proto::google::r#type::Money;

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
        ..Default::default()
    }
}

fn render(product: Product) -> String {
    Page::new(product).render().unwrap()
}

#[test]
fn a_product_is_shown_whole() {
    let html = render(mug());
    for part in [
        "<title>Blue Mug – Catalogue</title>",
        "<a href=\"/?category=kitchen\"><bdi>Kitchen</bdi></a>",
        "href=\"/?q=Ottergate%20%26%20Sons\"",
        "€1,012.50",
        "id=\"stock\" class=\"stock\" data-product-id=\"mug-blue\" data-revision=\"4\" \
         data-level=\"few\">Only 2 left</strong>",
        "Holds tea.\nAlso coffee.",
        "<bdi>Burn volume</bdi></th><td dir=\"auto\">350\u{a0}ml</td>",
        "<bdi>Dishwasher safe</bdi></th><td dir=\"auto\">Yes</td>",
        "<code>OTG-7</code>",
        "alt=\"Blue Mug, picture 2 of 2\"",
        "catctl stock mug-blue -1",
        "<link rel=\"canonical\" href=\"/p/mug-blue\">",
    ] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
}

#[test]
fn a_bare_product_is_shown_too() {
    let html = render(Product { id: "x".into(), name: "X".into(), ..Default::default() });
    assert!(html.contains("No price yet") && html.contains("Out of stock"));
    assert!(!html.contains("<img") && !html.contains("<table"));
}

#[test]
fn hostile_texts_are_harmless() {
    let html = render(hostile());
    assert_eq!(html.matches("<script").count(), 2, "ours, and the data: {html}");
    assert_eq!(html.matches("</script>").count(), 2);
    assert!(!html.contains("javascript:") && !html.contains("data:text"));
    // In the data a quote is only a quote.
    let (before, data) = html.split_once("<script type=\"application/ld+json\">").unwrap();
    let (_, after) = data.split_once("</script>").unwrap();
    assert!(!before.contains("onload='") && !after.contains("onload='"));
    let title = html.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
    assert!(!title.contains('\u{202e}') && !title.contains('<'));
}

#[test]
fn data_for_machines_survives_its_escaping() {
    let product = Product { name: "</script>&\u{2028}".into(), ..mug() };
    let Data(json) = Data::of(&product);
    assert!(!json.contains(['<', '>', '&', '\u{2028}']));
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["name"], product.name);
    assert_eq!(value["offers"]["price"], "1012.50");
    assert_eq!(value["image"], json!(["https://x.example/2.jpg"]));
}
