//! The pages have no fault that axe-core finds, on a phone and on a desktop, light and dark. `npm` installs axe-core once.

use std::fs;

use serde_json::{Value, json};
use testkit::{Browser, Fleet, post, repository};

use crate::{
    clients::{has, install},
    data::with_demo,
    visitor::Visitor,
};

/// Pages of the storefront, the desk, operations and the reference.
const PAGES: [&str; 19] = [
    "/",
    "/?q=mug+under+20+euro",
    "/?q=mug&stock=in",
    "/?q=nothing+like+this",
    "/p/kiln-stoneware-mug-ember",
    "/p/axe-jacket",
    "/p/axe-jacket?variant=AJ-G-M",
    "/p/none",
    "/admin/products",
    "/admin/products?filter=brand%3A%22Kiln%22",
    "/admin/products/kiln-stoneware-mug-ember",
    "/admin/products/axe-jacket",
    "/admin/products/kiln-stoneware-mug-ember/history",
    "/admin/search",
    "/admin/import",
    "/ops",
    "/docs",
    "/docs/reference",
    "/docs/errors/PRODUCT_NOT_FOUND",
];

const JACKET: &str = r#"{
    "id": "axe-jacket", "name": "Fjord Jacket", "brand": "Ottergate",
    "price": {"currencyCode": "EUR", "units": "120"},
    "compareAtPrice": {"currencyCode": "EUR", "units": "150"},
    "media": [{"url": "/media/book-green.svg", "alt": "Fjord Jacket in green"},
              {"url": "/media/book-plum.svg", "alt": ""}],
    "variants": [
        {"sku": "AJ-G-M", "stockQty": 0, "optionValues": [{"name": "colour", "value": "green"}]},
        {"sku": "AJ-P-L", "stockQty": 4, "optionValues": [{"name": "colour", "value": "plum"}]}
    ]
}"#;

/// The source of axe-core. `None`, reported on standard error, if it cannot be installed.
async fn axe() -> Option<String> {
    let folder = repository().join("crates/testkit/tests/system/accessibility");
    let script = "node_modules/axe-core/axe.min.js";
    let is_there = has("npm") && install(&folder, script).await;
    is_there.then(|| fs::read_to_string(folder.join(script)).unwrap())
}

/// Faults of the page that is shown, as axe-core finds them, one a line.
async fn faults(visitor: &mut Visitor, axe: &str) -> Vec<String> {
    visitor.value(axe).await;
    let found = visitor.value("axe.run(document, { resultTypes: ['violations'] })").await;
    let rules = found["passes"].as_array().map_or(0, Vec::len);
    assert!(rules > 10, "axe-core checked {rules} rules only");
    let violations = found["violations"].as_array().expect("a list");
    let line = |fault: &Value| {
        let places = fault["nodes"].as_array().expect("a list").iter();
        let places: Vec<_> = places.map(|node| node["target"].to_string()).collect();
        format!("{}: {} at {}", fault["id"], fault["help"], places.join(", "))
    };
    violations.iter().map(line).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_accessible() {
    let Some(browser) = Browser::start().await.unwrap() else { return };
    let Some(axe) = axe().await else { return };
    let fleet = Fleet::start().await;
    with_demo(&fleet).await;
    assert_eq!(post(&fleet.url("/v1/products"), JACKET).await.unwrap().status, 201);
    let mut visitor = Visitor::open(browser, "about:blank#").await;
    visitor.go(&fleet.url("/admin/sign-in")).await;
    let mut found = faults(&mut visitor, &axe).await;
    visitor.sign_in(&fleet).await;
    for (width, scheme, language) in [(1_280, "light", "en"), (390, "dark", "de")] {
        visitor.screen(width, 800).await;
        let scheme = json!({
            "features": [{ "name": "prefers-color-scheme", "value": scheme },
                         { "name": "prefers-reduced-motion", "value": "reduce" }],
        });
        visitor.command("Emulation.setEmulatedMedia", scheme).await;
        visitor.languages(language).await;
        for page in PAGES {
            visitor.go(&fleet.url(page)).await;
            let faults = faults(&mut visitor, &axe).await;
            found.extend(faults.iter().map(|fault| format!("{page}, {width} wide: {fault}")));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
