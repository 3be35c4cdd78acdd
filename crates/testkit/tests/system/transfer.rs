//! Files out and in again: the columns of other systems, workbooks, and the rows that a full file
//! lacks.

use std::{fs, path::Path};

use serde_json::{Value, json};
use testkit::{Fleet, Output, Random};

async fn import(fleet: &Fleet, file: &Path, arguments: &[&str]) -> Output {
    let file = file.to_str().unwrap();
    let all: Vec<&str> = ["import", file].into_iter().chain(arguments.iter().copied()).collect();
    fleet.catctl(&all).await
}

fn write_lines(file: &Path, products: &[Value]) {
    let lines: Vec<String> = products.iter().map(Value::to_string).collect();
    fs::write(file, lines.join("\n")).unwrap();
}

async fn product(fleet: &Fleet, id: &str) -> Value {
    let output = fleet.catctl(&["get", id, "--show-deleted", "--json"]).await;
    serde_json::from_str(&output.out).unwrap_or(Value::Null)
}

fn mug(number: u32) -> Value {
    json!({"id": format!("mug-{number:02}"), "name": format!("Mug {number}"), "brand": "Olmo"})
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_full_file_lacks_is_archived_or_deleted_within_a_limit() {
    let fleet = Fleet::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("full.jsonl");
    let mugs: Vec<Value> = (0..30).map(mug).collect();
    let other = json!({"id": "other", "name": "Tray", "brand": "Lowen"});
    write_lines(&file, &[&mugs[..], &[other]].concat());
    assert_eq!(import(&fleet, &file, &[]).await.code, Some(0));
    // Products are missing only if they are older than the import.
    testkit::until("a second has passed", async || {
        let age = fs::metadata(&file).unwrap().modified().unwrap().elapsed().unwrap();
        (age.as_secs() >= 2).then_some(())
    })
    .await;

    write_lines(&file, &mugs[2..]);
    let within = ["--missing-within", "brand = \"Olmo\""];
    let archive = [&["--missing", "archive"][..], &within].concat();
    let preview = import(&fleet, &file, &[&archive[..], &["--dry-run"]].concat()).await;
    assert!(preview.out.contains("missing in the file  mug-00  Mug 0"), "{preview:?}");
    assert_eq!(product(&fleet, "mug-00").await["status"], "ACTIVE");
    let archived = import(&fleet, &file, &archive).await;
    assert!(archived.code == Some(0) && archived.out.contains("2 missing ones"), "{archived:?}");
    for (id, status) in [("mug-00", "ARCHIVED"), ("mug-01", "ARCHIVED"), ("mug-02", "ACTIVE")] {
        assert_eq!(product(&fleet, id).await["status"], status, "{id}");
    }
    assert_eq!(product(&fleet, "other").await["status"], "ACTIVE");

    // A file that was cut off, and one without a statement of its rows.
    write_lines(&file, &mugs[20..]);
    let refused = import(&fleet, &file, &archive).await;
    assert!(refused.code == Some(1) && refused.err.contains("--missing-limit 18"), "{refused:?}");
    let table = folder.path().join("broken.csv");
    let rows: String = (2..30).map(|number| format!("mug-{number:02},Mug {number}\n")).collect();
    fs::write(&table, format!("id,name,brand\n{}", rows.replace("mug-07,", "\"mug-07,"))).unwrap();
    let refused = import(&fleet, &table, &archive).await;
    assert!(refused.code == Some(1) && refused.err.contains("do not say"), "{refused:?}");
    assert_eq!(product(&fleet, "mug-07").await["status"], "ACTIVE");

    let delete = ["--missing", "delete", "--missing-limit", "100%"];
    let deleted = import(&fleet, &file, &delete).await;
    assert!(deleted.out.contains("21 missing ones"), "{deleted:?}");
    assert!(product(&fleet, "mug-07").await["deleteTime"].is_string());
    assert!(product(&fleet, "mug-25").await["deleteTime"].is_null());
}

fn price(units: &str) -> Value {
    json!({"currencyCode": "EUR", "units": units, "nanos": 500_000_000})
}

/// Products with a value for each column of other systems.
fn shop() -> Vec<Value> {
    let size = |sku: &str, size: &str| json!({"sku": sku, "optionValues": [{"name": "Size", "value": size}], "stockQty": 3});
    let dearer = json!({
        "sku": "COAT-L", "optionValues": [{"name": "Size", "value": "L"}], "price": price("95"),
        "gtin": "4006381333931", "stockQty": 0, "compareAtPrice": price("99"),
        "weight": {"value": 2.5, "unit": "lb"}, "mediaUrl": "https://img.example/c.jpg",
        "dimensions": {"length": 30, "height": 0.1, "unit": "in"},
    });
    let sale = json!({"startTime": "2026-01-01T00:00:00Z", "endTime": "2099-01-01T08:30:00Z"});
    let dollars = json!({"currencyCode": "USD", "units": "99"});
    vec![
        json!({
            "id": "coat", "name": "Rain Coat, \"Fen\"", "description": "Soft & warm, < 1 kg",
            "brand": "Lowen", "price": price("89"), "labels": ["autumn", "rain"], "status": "ACTIVE",
            "categoryPaths": [{"names": ["Clothes", "Coats"]}],
            "media": [{"url": "https://img.example/a.jpg", "alt": "Front"},
                {"url": "https://img.example/b.jpg", "alt": "Back"},
                {"url": "https://img.example/c.jpg"}, {"url": "https://img.example/d.jpg"}],
            "compareAtPrice": price("120"), "salePeriod": sale, "taxClass": "reduced",
            "currencyPrices": [{"price": dollars, "compareAtPrice": {"currencyCode": "USD", "units": "130"}}],
            "weight": {"value": 1200, "unit": "g"}, "condition": "REFURBISHED",
            "dimensions": {"length": 40, "width": 30, "height": 5.5, "unit": "cm"},
            "seoTitle": "Rain Coat Fen | Lowen", "seoDescription": "A coat for rain, in two sizes.",
            "costs": [{"sku": "COAT-S", "amount": price("30")}, {"sku": "COAT-L", "amount": dollars}],
            "variants": [size("COAT-S", "S"), dearer],
        }),
        json!({
            "id": "tray", "name": "=Tray", "description": "", "brand": "Olmo", "price": price("1200"),
            "status": "DRAFT", "stockQty": 7, "imageUrls": ["https://img.example/t.jpg"],
            "weight": {"value": 0.75, "unit": "kg"}, "costs": [{"amount": price("400")}],
        }),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn exports_in_every_form_are_imported_unchanged() {
    let fleet = Fleet::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.jsonl");
    write_lines(&file, &shop());
    assert_eq!(import(&fleet, &file, &[]).await.code, Some(0));
    for (name, arguments) in [
        ("all.xlsx", &[][..]),
        ("all.csv", &[]),
        ("all.jsonl", &[]),
        ("costs.xlsx", &["--with-costs"]),
        ("costs.csv", &["--with-costs"]),
        ("costs.jsonl", &["--with-costs"]),
        ("prices.xlsx", &["--columns", "id,name,sku,price,currency,variant_price,etag"]),
        ("shopify.csv", &["--as", "shopify"]),
        ("shopify.xlsx", &["--as", "shopify", "--with-costs"]),
        ("woocommerce.csv", &["--as", "woocommerce"]),
        ("google.tsv", &["--as", "google-merchant"]),
    ] {
        let path = folder.path().join(name);
        let export = [&["export", path.to_str().unwrap()], arguments].concat();
        let exported = fleet.catctl(&export).await;
        assert_eq!(exported.code, Some(0), "{name}: {exported:?}");
        let imported = import(&fleet, &path, &["--dry-run", "--json"]).await;
        let summary = imported.out.lines().last().unwrap_or_default();
        let summary: Value = serde_json::from_str(summary).unwrap_or_default();
        let counts = ["created", "updated", "rejected", "unchanged"].map(|count| &summary[count]);
        // A feed has no drafts.
        let products = if name == "google.tsv" { 1 } else { 2 };
        assert_eq!(counts, [0, 0, 0, products], "{name}: {imported:?}");
    }
    let shown = fleet.catctl(&["get", "coat", "--with-costs", "--json"]).await;
    assert!(shown.out.contains("COAT-L") && shown.out.contains("\"costs\""), "{shown:?}");
    assert!(product(&fleet, "coat").await["costs"].as_array().is_none_or(Vec::is_empty));
    // A price that is a number of a sheet can be calculated with.
    let path = folder.path().join("all.xlsx");
    let bytes = fs::read(&path).unwrap();
    assert!(bytes.starts_with(b"PK"), "a workbook");
    let refused = fleet.catctl(&["export", "--as", "shopify", "shop.jsonl"]).await;
    assert!(refused.code == Some(1) && refused.err.contains("csv or xlsx"), "{refused:?}");
}

/// A product with each field set or not, by chance.
fn generated(random: &mut Random, number: u64) -> Value {
    let mut product = json!({"id": format!("g{number:03}"), "name": format!("Thing {number}"), "price": price("90")});
    let fields = [
        ("compareAtPrice", price("120")),
        ("salePeriod", json!({"endTime": "2099-01-01T00:00:00.000001Z"})),
        ("currencyPrices", json!([{"price": {"currencyCode": "JPY", "units": "9800"}}])),
        ("weight", json!({"value": 0.1 + 0.2, "unit": "oz"})),
        ("dimensions", json!({"width": 1e-6, "unit": "m"})),
        ("condition", json!("USED")),
        ("taxClass", json!("=standard")),
        ("seoTitle", json!("A \"title\", with; signs")),
        ("seoDescription", json!("text | more")),
        (
            "media",
            json!([{"url": "https://img.example/1.jpg", "alt": "One"}, {"url": "https://img.example/2.jpg"}]),
        ),
        ("labels", json!(["new"])),
        ("externalId", json!(format!("ext {number}"))),
    ];
    let has_media = random.chance(0.5);
    for (name, value) in fields.clone() {
        if if name == "media" { has_media } else { random.chance(0.5) } {
            product[name] = value;
        }
    }
    let variants = (0..random.below(3)).map(|at| {
        let sku = format!("g{number:03}-{at}");
        let mut variant =
            json!({"sku": sku, "optionValues": [{"name": "Size", "value": at.to_string()}]});
        if random.chance(0.5) {
            variant["price"] = price("80");
        }
        if has_media && random.chance(0.5) {
            variant["mediaUrl"] = json!("https://img.example/2.jpg");
        }
        for (name, value) in &fields[..5] {
            if random.chance(0.5) {
                variant[*name] = value.clone();
            }
        }
        variant
    });
    let variants: Vec<Value> = variants.collect();
    let skus = variants.iter().map(|variant| variant["sku"].as_str().unwrap_or_default());
    let skus: Vec<&str> = if variants.is_empty() { vec![""] } else { skus.collect() };
    let costs = skus.iter().map(|sku| json!({"sku": sku, "amount": price("30")}));
    product["costs"] = costs.collect();
    product["variants"] = variants.into();
    product
}

#[tokio::test(flavor = "multi_thread")]
async fn generated_products_are_imported_unchanged_in_every_form() {
    let fleet = Fleet::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("generated.jsonl");
    let mut random = Random::seeded(7);
    let products: Vec<Value> = (0..60).map(|number| generated(&mut random, number)).collect();
    write_lines(&file, &products);
    let imported = import(&fleet, &file, &[]).await;
    assert_eq!(imported.code, Some(0), "{imported:?}");
    for name in ["all.csv", "all.jsonl", "all.xlsx"] {
        let path = folder.path().join(name);
        let exported = fleet.catctl(&["export", "--with-costs", path.to_str().unwrap()]).await;
        assert_eq!(exported.code, Some(0), "{name}: {exported:?}");
        let again = import(&fleet, &path, &["--dry-run", "--json"]).await;
        let summary = again.out.lines().last().unwrap_or_default();
        let summary: Value = serde_json::from_str(summary).unwrap_or_default();
        let counts = ["created", "updated", "rejected", "unchanged"].map(|count| &summary[count]);
        assert_eq!(counts, [0, 0, 0, 60], "{name}: {again:?}");
    }
}
