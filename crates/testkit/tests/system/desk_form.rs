//! The desk's form of a product: an edit changes its field and nothing else, whatever the product has.

use http::Method;
use serde_json::{Value, json};
use testkit::{Browser, Fleet, HttpClient, HttpResponse};
use url::form_urlencoded;

use crate::visitor::Visitor;

/// A product with every field that can be written.
fn full() -> Value {
    let money = |units: &str, currency: &str| json!({ "units": units, "nanos": 500_000_000, "currencyCode": currency });
    let prices = |units: &str| {
        json!([
            { "price": money(units, "USD"), "compareAtPrice": money("99", "USD") },
            { "price": { "units": "980", "currencyCode": "JPY" } },
        ])
    };
    let period =
        json!({ "startTime": "2026-05-01T08:00:00.123456Z", "endTime": "2099-05-31T22:00:00Z" });
    let variant = |sku: &str, size: &str, gtin: &str| {
        json!({
            "sku": sku, "gtin": gtin, "optionValues": [{ "name": "size", "value": size }],
            "price": money("14", "EUR"), "stockQty": 3, "compareAtPrice": money("19", "EUR"),
            "salePeriod": period, "currencyPrices": prices("15"),
            "weight": { "value": 0.1 + 0.2, "unit": "kg" },
            "dimensions": { "length": 20.5, "height": 8, "unit": "cm" }, "mediaUrl": "/media/b.jpg",
        })
    };
    json!({
        "id": "full", "name": "Mug \"<Ember>\" & more", "description": "Two\r\nlines, and\n\nmore.",
        "price": money("12", "EUR"), "brand": "Kiln & Cobble", "categoryIds": ["mugs", "gifts"],
        "attributes": [{ "name": "colour", "text": "red" }, { "name": "volume", "number": 350, "unit": "ml" }],
        "variants": [variant("FULL/S", "S", "4006381333931"), variant("FULL/M+~.", "M", "96385074")],
        "labels": ["new", "autumn sale"], "status": "DRAFT", "externalId": "ERP-7",
        "media": [{ "url": "/media/a.jpg", "alt": "Front" }, { "url": "/media/b.jpg", "width": 800, "height": 600 }],
        "compareAtPrice": money("18", "EUR"), "salePeriod": period, "currencyPrices": prices("13"),
        "weight": { "value": 350, "unit": "g" },
        "dimensions": { "length": 20, "width": 10, "height": 8, "unit": "cm" },
        "condition": "REFURBISHED", "taxClass": "reduced", "seoTitle": "A mug", "seoDescription": "For\ntea.",
        "costs": [
            { "sku": "FULL/S", "amount": money("4", "EUR") },
            { "sku": "FULL/M+~.", "amount": money("5", "EUR") },
        ],
    })
}

struct Desk {
    fleet: Fleet,
    http: HttpClient,
    cookie: String,
}

impl Desk {
    async fn open() -> Self {
        let fleet = Fleet::start().await;
        let http = HttpClient::new(fleet.url(""));
        let form = [FORM];
        let signed_in = http.send(Method::POST, "/admin/sign-in", &form, "key=").await.unwrap();
        let cookie = signed_in.header("set-cookie").split(';').next().unwrap().to_owned();
        let desk = Self { fleet, http, cookie };
        for id in ["mugs", "gifts"] {
            desk.create("/v1/categories", &json!({ "id": id, "name": id })).await;
        }
        desk
    }

    async fn create(&self, path: &str, body: &Value) {
        let created = self.http.send(Method::POST, path, &[], body.to_string()).await.unwrap();
        assert_eq!(created.status, 201, "{}", created.text());
    }

    /// The product as it is stored, without what every write changes.
    async fn product(&self, id: &str) -> Value {
        let path = format!("/v1/products/{id}?showCosts=true");
        let mut product = self.http.get(&path).await.unwrap().json();
        for field in ["etag", "revision", "updateTime", "priceEur"] {
            product.as_object_mut().unwrap().remove(field);
        }
        without_defaults(product)
    }

    async fn revision(&self, id: &str) -> Value {
        self.http.get(&format!("/v1/products/{id}")).await.unwrap().json()["revision"].clone()
    }

    async fn page(&self, path: &str, language: &str) -> String {
        let headers = [("cookie", self.cookie.as_str()), ("accept-language", language)];
        let page = self.http.send(Method::GET, path, &headers, "").await.unwrap();
        assert_eq!(page.status, 200, "{}", page.text());
        page.text()
    }

    /// Sends the form of a page, with these texts instead of its own.
    async fn save(&self, path: &str, edits: &[(&str, &str)]) -> HttpResponse {
        let mut fields = fields(&self.page(path, "en").await);
        for (name, text) in edits {
            let field = fields.iter_mut().find(|(known, _)| known == name);
            (*text).clone_into(&mut field.unwrap_or_else(|| panic!("no field {name}")).1);
        }
        // As browsers do.
        let pairs = fields.iter().map(|(name, text)| (name, text.replace('\n', "\r\n")));
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let headers = [("cookie", self.cookie.as_str()), FORM];
        self.http.send(Method::POST, path, &headers, body).await.unwrap()
    }
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// The fields of the form, as a browser reads them.
fn fields(page: &str) -> Vec<(String, String)> {
    let form = page.split_once("<form class=\"stack\"").unwrap().1.split_once("</form>").unwrap().0;
    let mut fields = Vec::new();
    for part in form.split('<').map(|part| part.split_once('>').unwrap_or((part, ""))) {
        let (tag, text) = part;
        let name = attribute(tag, "name");
        match tag.split(' ').next().unwrap() {
            "input" => fields.push((name.unwrap(), attribute(tag, "value").unwrap_or_default())),
            "textarea" => fields.push((name.unwrap(), unescaped(text.strip_prefix('\n').unwrap()))),
            "select" => fields.push((name.unwrap(), String::new())),
            "option" if tag.ends_with(" selected") => {
                fields.last_mut().unwrap().1 = attribute(tag, "value").unwrap();
            }
            _ => {}
        }
    }
    fields
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(unescaped(rest.split_once('"')?.0))
}

fn unescaped(text: &str) -> String {
    let marks = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
    marks.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// A message without the members that have their default, which responses have.
fn without_defaults(message: Value) -> Value {
    let is_default = |value: &Value| match value {
        Value::Null => true,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Bool(_) | Value::Object(_) => false,
    };
    match message {
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| (name, without_defaults(value)))
            .filter(|(_, value)| !is_default(value))
            .collect(),
        Value::Array(items) => items.into_iter().map(without_defaults).collect(),
        value => value,
    }
}

/// Fields of the form with a new text, and where the product then has which value.
fn edits() -> Vec<(&'static str, &'static str, &'static str, Value)> {
    let euros = |units: &str| json!({ "units": units, "currencyCode": "EUR" });
    let dollars = json!([{ "price": { "units": "16", "currencyCode": "USD" } }]);
    vec![
        ("name", "Cup", "/name", json!("Cup")),
        ("brand", "Lowen", "/brand", json!("Lowen")),
        ("price", "13 EUR", "/price", euros("13")),
        ("status", "active", "/status", json!("ACTIVE")),
        ("labels", "new, old", "/labels", json!(["new", "old"])),
        ("description", "One\ntwo", "/description", json!("One\ntwo")),
        ("compare_at_price", "21 eur", "/compareAtPrice", euros("21")),
        ("sale_end", "2099-06-01 08:00", "/salePeriod/endTime", json!("2099-06-01T08:00:00Z")),
        ("currency_prices", "16 USD", "/currencyPrices", dollars.clone()),
        ("weight", "1.5 lb", "/weight", json!({ "value": 1.5, "unit": "lb" })),
        (
            "dimensions",
            "1 x 2 x 3 in",
            "/dimensions",
            json!({ "length": 1.0, "width": 2.0, "height": 3.0, "unit": "in" }),
        ),
        ("tax_class", "standard", "/taxClass", json!("standard")),
        ("condition", "used", "/condition", json!("USED")),
        ("seo_title", "A cup", "/seoTitle", json!("A cup")),
        ("seo_description", "Tea\nor coffee", "/seoDescription", json!("Tea\nor coffee")),
        ("variants[FULL/M+~.].price", "15 EUR", "/variants/1/price", euros("15")),
        (
            "variants[FULL/M+~.].compare_at_price",
            "22 EUR",
            "/variants/1/compareAtPrice",
            euros("22"),
        ),
        (
            "variants[FULL/S].sale_start",
            "2026-06-01T08:00Z",
            "/variants/0/salePeriod/startTime",
            json!("2026-06-01T08:00:00Z"),
        ),
        ("variants[FULL/S].currency_prices", "16 USD", "/variants/0/currencyPrices", dollars),
        ("variants[FULL/S].cost", "6 EUR", "/costs/0/amount", euros("6")),
        ("variants[FULL/S].gtin", "036000291452", "/variants/0/gtin", json!("036000291452")),
        (
            "variants[FULL/S].media_url",
            "/media/a.jpg",
            "/variants/0/mediaUrl",
            json!("/media/a.jpg"),
        ),
        (
            "variants[FULL/S].weight",
            "2 kg",
            "/variants/0/weight",
            json!({ "value": 2.0, "unit": "kg" }),
        ),
        (
            "variants[FULL/S].dimensions",
            "1 x 0 x 3 m",
            "/variants/0/dimensions",
            json!({ "length": 1.0, "height": 3.0, "unit": "m" }),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unedited_save_changes_nothing_and_an_edit_its_field_alone() {
    let desk = Desk::open().await;
    desk.create("/v1/products", &full()).await;
    let revision = desk.revision("full").await;
    let saved = desk.save(PAGE, &[]).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    assert_eq!(desk.revision("full").await, revision);

    for (name, text, place, expected) in edits() {
        let mut after = desk.product("full").await;
        let saved = desk.save(PAGE, &[(name, text)]).await;
        assert_eq!(saved.status, 303, "{name}: {}", saved.text());
        *after.pointer_mut(place).unwrap_or_else(|| panic!("{place}")) = expected;
        assert_eq!(desk.product("full").await, after, "{name}");
    }
    // A field that is emptied is removed.
    let empty =
        [("sale_start", ""), ("sale_end", ""), ("weight", ""), ("variants[FULL/S].cost", "")];
    assert_eq!(desk.save(PAGE, &empty).await.status, 303);
    let product = desk.product("full").await;
    assert!(product["salePeriod"].is_null() && product["weight"].is_null(), "{product}");
    assert_eq!(product["costs"].as_array().unwrap().len(), 1, "{product}");
}

const PAGE: &str = "/admin/products/full";

#[tokio::test(flavor = "multi_thread")]
async fn a_problem_is_shown_at_its_field_in_both_languages() {
    let desk = Desk::open().await;
    desk.create("/v1/products", &full()).await;
    let revision = desk.revision("full").await;
    for (name, text, label) in [
        ("weight", "heavy", "Weight is a number and a unit"),
        ("weight", "3 stone", "Weight must be"),
        ("price", "13 USD", "Compare-at price must be USD"),
        ("sale_end", "2026-05-01 07:00", "Sale until must be later"),
        ("variants[FULL/S].gtin", "123", "Barcode must be"),
        ("variants[FULL/S].cost", "cheap", "Cost is an amount"),
        ("variants[FULL/S].currency_prices", "12 EUR", "Prices in other currencies is the"),
    ] {
        let refused = desk.save(PAGE, &[(name, text)]).await;
        assert_eq!(refused.status, 200, "{name}: {}", refused.text());
        let page = refused.text();
        assert!(page.contains(&format!("<strong class=\"error\">{label}")), "{name}: {page}");
        let kept = fields(&page).into_iter().find(|(known, _)| known == name).unwrap().1;
        assert_eq!(kept, text, "{name}");
    }
    assert_eq!(desk.revision("full").await, revision);
    let german = desk.page(PAGE, "de").await;
    assert!(german.contains("<html lang=\"de\">") && german.contains("Steuer und Zustand"));
    assert!(german.contains("FULL/S: size S"), "{german}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_with_many_variants_has_them_in_parts() {
    let desk = Desk::open().await;
    let variants: Vec<Value> = (1..=60)
        .map(|number| json!({ "sku": format!("V{number}"), "optionValues": [{ "name": "no", "value": number.to_string() }] }))
        .collect();
    let price = json!({ "units": "9", "currencyCode": "EUR" });
    let cost = json!([{ "amount": price }]);
    let product = json!({ "id": "many", "name": "Many", "price": price, "variants": variants });
    desk.create("/v1/products", &product).await;
    desk.create("/v1/products", &json!({ "id": "one", "name": "One", "costs": cost })).await;
    let first = desk.page("/admin/products/many", "en").await;
    let names = |page: &str| fields(page).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    assert!(first.contains("?variant=51\"") && !names(&first).contains(&"cost".to_owned()));
    let path = "/admin/products/many?variant=51";
    assert!(!names(&desk.page(path, "en").await).contains(&"variants[V1].price".to_owned()));
    let mut after = desk.product("many").await;
    let saved = desk.save(path, &[("variants[V60].price", "10 EUR")]).await;
    assert_eq!((saved.status.as_u16(), saved.header("location")), (303, path));
    after["variants"][59]["price"] = json!({ "units": "10", "currencyCode": "EUR" });
    assert_eq!(desk.product("many").await, after);

    assert_eq!(desk.save("/admin/products/one", &[("cost", "8 EUR")]).await.status, 303);
    assert_eq!(desk.product("one").await["costs"][0]["amount"]["units"], "8");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_without_scripts_saves_by_keys_what_was_edited() {
    let Some(browser) = Browser::start().await.unwrap() else { return };
    let desk = Desk::open().await;
    desk.create("/v1/products", &full()).await;
    let mut visitor = Visitor::open(browser, "about:blank#").await;
    visitor.sign_in(&desk.fleet).await;
    visitor.command("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await;
    let url = desk.fleet.url(PAGE);
    let revision = desk.revision("full").await;
    visitor.go(&url).await;
    visitor.value("document.querySelectorAll('details').forEach(it => { it.open = true; })").await;
    visitor.submit().await;
    assert_eq!(visitor.value("location.pathname").await, PAGE, "it was taken");
    assert_eq!(desk.revision("full").await, revision, "nothing was edited");

    // Closed groups open by the keyboard.
    visitor.tab_to("summary").await;
    visitor.press("Enter").await;
    visitor.until("document.querySelector('details').open").await;
    let unnamed = "[...document.querySelectorAll('form.stack input:not([type=hidden]), form.stack select, form.stack textarea:not([hidden])')]
        .filter(it => !it.labels?.length).length";
    assert_eq!(visitor.value(unnamed).await, 0, "each field has a label");
    visitor.value("document.getElementById('weight').value = '400 g'").await;
    visitor.submit().await;
    assert_eq!(desk.product("full").await["weight"]["value"], 400.0);
}
