//! Imports of files as real people bring them: the cases of the shared folder `field`, each with the products that
//! are right.

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::Value;
use testkit::{Fleet, Output, shared_data};

/// A case: its folder, the imports that are run, and the expected results.
struct Case {
    folder: &'static str,
    imports: &'static [Import],
    /// Parts of products that must be as here.
    products: &'static [(&'static str, &'static [Part])],
    /// Products that must not exist.
    absent: &'static [&'static str],
}

/// A JSON pointer, and the value at it as text.
type Part = (&'static str, &'static str);

struct Import {
    arguments: &'static [&'static str],
    /// Exit code, and parts of both outputs.
    code: i32,
    says: &'static [&'static str],
}

const fn import(
    arguments: &'static [&'static str],
    code: i32,
    says: &'static [&'static str],
) -> Import {
    Import { arguments, code, says }
}

const NO_PRODUCTS: &[&str] = &[];

#[rustfmt::skip]
const CASES: &[Case] = &[
    Case { folder: "01-shopify-variants-rows", imports: &[import(&["products.csv", "--map", "map.toml"], 0, &["2 created", "0 rejected"])], products: &[
        ("fen-rain-coat", &[
            ("/variants/0/sku", "LOW-FEN-S-MOSS"), ("/variants/0/stockQty", "4"), ("/variants/0/gtin", "4006381333931"),
            ("/variants/1/stockQty", "0"), ("/variants/1/optionValues/0/name", "Size"), ("/variants/1/optionValues/1/name", "Colour"),
            ("/variants/2/stockQty", "7"), ("/variants/2/price/units", "95"), ("/variants/3", ""),
            ("/media/0/alt", "Front"), ("/media/1/alt", "Back"), ("/media/2/alt", "Detail"), ("/labels/2", "autumn"),
            ("/brand", "Lowen"), ("/status", "ACTIVE"),
        ]),
        ("marsh-scarf", &[("/variants/0/optionValues/0", ""), ("/status", "DRAFT"), ("/variants/0/stockQty", "12")]),
    ], absent: NO_PRODUCTS },
    Case { folder: "03-decimal-comma-semicolon", imports: &[import(&["preise.csv"], 0, &["3 created"])], products: &[
        ("komma-1", &[("/price/units", "19"), ("/price/nanos", "900000000"), ("/name", "Käsereibe Edelstahl")]),
        ("komma-2", &[("/price/units", "1299")]),
        ("komma-3", &[("/price/units", "4")]),
    ], absent: NO_PRODUCTS },
    Case { folder: "04-prestashop-header-commas", imports: &[import(&["products_import.csv", "--map", "map.toml"], 0, &["2 created"])], products: &[
        ("501", &[("/status", "ACTIVE"), ("/media/1/url", "https://img.example/r2.jpg"), ("/attributes/0/name", "Material"), ("/attributes/1/text", "30 cm"), ("/categoryPaths/1/names/0", "Baskets")]),
        ("502", &[("/status", "DRAFT"), ("/stockQty", "3")]),
    ], absent: NO_PRODUCTS },
    Case { folder: "05-windows-1252", imports: &[import(&["artikel.csv"], 0, &["3 created", "windows-1252"])], products: &[
        ("cp-1", &[("/name", "Fußmatte für draußen – grün")]),
        ("cp-2", &[("/name", "Crème brûlée-Förmchen, 4 Stück à 9 €")]),
    ], absent: NO_PRODUCTS },
    Case { folder: "07-amazon-flat-file", imports: &[import(&["flatfile.txt", "--map", "map.toml"], 0, &["2 created", "line 3", "AMZ 001/A"])], products: &[
        ("AMZ-002", &[("/name", "Copper Trowel"), ("/price/units", "9")]),
    ], absent: NO_PRODUCTS },
    Case { folder: "08-google-merchant-tsv", imports: &[import(&["feed.tsv", "--map", "map.toml"], 0, &["2 created"])], products: &[
        ("GM-1", &[("/price/units", "49"), ("/media/2/url", "https://img.example/1c.jpg"), ("/variants/0/gtin", "4006381333931"), ("/description", "Loose, \"airy\" linen.")]),
    ], absent: NO_PRODUCTS },
    Case { folder: "10-json-pretty-array", imports: &[import(&["products.json", "--map", "map.toml"], 0, &["2 created"])], products: &[
        ("1", &[("/attributes/0/name", "rate"), ("/attributes/0/number", "3.9"), ("/attributes/1/name", "count")]),
    ], absent: NO_PRODUCTS },
    Case { folder: "11-json-envelope-nested-variants", imports: &[
        import(&["products.json", "--map", "map.toml"], 0, &["1 created", "--currency"]),
        import(&["one-per-line.jsonl", "--map", "map.toml"], 0, &["1 unchanged"]),
    ], products: &[
        ("peat-pot", &[("/variants/0/sku", "PEAT-S"), ("/variants/0/price/units", "4"), ("/variants/0/stockQty", "8"), ("/variants/0/gtin", "4006381333931"), ("/variants/1/optionValues/0/name", "Size"), ("/variants/1/optionValues/0/value", "Large"), ("/media/0/alt", "Pot")]),
    ], absent: NO_PRODUCTS },
    Case { folder: "13-money-as-people-write-it", imports: &[import(&["prices.csv"], 2, &["11 created", "3 rejected", "12.499", "1e2", "free"])], products: &[
        ("mw-1", &[("/price/units", "1299"), ("/price/currencyCode", "USD")]), ("mw-2", &[("/price/units", "1299")]),
        ("mw-3", &[("/price/nanos", "500000000")]), ("mw-5", &[("/price/units", "1299")]), ("mw-11", &[("/price/units", "1299")]),
        ("mw-12", &[("/price/units", "0"), ("/price/nanos", "990000000")]),
    ], absent: &["mw-8", "mw-13", "mw-14"] },
    Case { folder: "14-sku-shapes", imports: &[import(&["skus.csv"], 0, &["12 created", "differs from another one in case", "external id"])], products: &[
        ("SP-1", &[("/name", "Leading and trailing blank")]), ("0005", &[("/name", "Leading zeros")]),
        ("sp-8", &[("/name", "lower")]), ("SP-8", &[("/name", "UPPER")]),
    ], absent: NO_PRODUCTS },
    Case { folder: "15-duplicate-sku-one-file", imports: &[import(&["dups.csv"], 0, &["2 created", "lines 2 and 4"])], products: &[], absent: NO_PRODUCTS },
    Case { folder: "16-ragged-rows-trailing-columns", imports: &[import(&["ragged.csv"], 0, &["4 created"])], products: &[("rg-4", &[("/name", "Jug, large")])], absent: NO_PRODUCTS },
    Case { folder: "18-openfoodfacts-unescaped-quotes", imports: &[import(&["off.products.csv", "--map", "map.toml"], 0, &["6 created"])], products: &[
        ("4006381333948", &[("/name", "\"Big Bite bar")]), ("4006381333955", &[("/name", "Rice Cake")]), ("4006381333962", &[("/name", "Soup 12\" pot")]),
    ], absent: NO_PRODUCTS },
    Case { folder: "19-html-and-huge-description", imports: &[import(&["html.csv"], 2, &["2 created", "2 rejected", "20000", "ROW_TOO_LONG"])], products: &[
        ("hd-1", &[("/description", "Soft & warm. 100 % wool One Two")]), ("hd-4", &[("/description", "ok")]),
    ], absent: NO_PRODUCTS },
    Case { folder: "21-zip-and-xlsx", imports: &[
        import(&["products.zip"], 0, &["1 created", "products.csv"]),
        import(&["products.xlsx"], 0, &["0 rows", "the workbook"]),
    ], products: &[("zip-1", &[("/name", "Zipped Tray")])], absent: NO_PRODUCTS },
    Case { folder: "23-cr-only-line-ends", imports: &[import(&["mac.csv"], 0, &["2 created"])], products: &[("cr-2", &[("/name", "Bowl")])], absent: NO_PRODUCTS },
    Case { folder: "25-repeated-column-names", imports: &[import(&["dupcols.csv", "--map", "map.toml"], 0, &["1 created"])], products: &[
        ("dc-1", &[("/media/2/url", "https://img.example/3.jpg"), ("/categoryPaths/0/names/0", "Home"), ("/categoryPaths/1/names/0", "Sale")]),
    ], absent: NO_PRODUCTS },
    Case { folder: "26-placeholders-and-booleans", imports: &[import(&["nulls.csv", "--map", "map.toml"], 2, &["2 created", "100+"])], products: &[
        ("nu-1", &[("/brand", ""), ("/attributes/0/flag", "true"), ("/attributes/1/number", "2.5")]),
        ("nu-2", &[("/brand", ""), ("/price", ""), ("/attributes/0/flag", "true")]),
    ], absent: NO_PRODUCTS },
    Case { folder: "27-emoji-rtl-combining-roundtrip", imports: &[
        import(&["world.jsonl"], 0, &["3 created"]), import(&["excel-de.csv"], 0, &["3 unchanged"]),
        import(&["out.csv"], 0, &["3 unchanged"]),
    ], products: &[], absent: NO_PRODUCTS },
    Case { folder: "30-csv-roundtrip-loses-alt", imports: &[import(&["a.jsonl"], 0, &["1 created"]), import(&["out.csv"], 0, &["1 unchanged"])], products: &[
        ("alt-1", &[("/media/0/alt", "Tray from above"), ("/media/0/width", "800")]),
    ], absent: NO_PRODUCTS },
];

/// Variants that a product of another case has, too.
#[rustfmt::skip]
const BY_SKU: &[Case] = &[
    Case { folder: "24-price-and-stock-by-sku", imports: &[
        import(&["setup.jsonl"], 0, &["2 created"]),
        import(&["prices.csv", "--map", "map.toml", "--set-stock"], 2, &["3 updated", "1 rejected", "NO-SUCH-SKU"]),
        import(&["bysku.jsonl"], 0, &["1 unchanged"]),
    ], products: &[
        ("fen-coat-v", &[
            ("/variants/0/price/units", "79"), ("/variants/0/stockQty", "3"), ("/variants/0/optionValues/0/value", "S"),
            ("/variants/1/price/units", "79"), ("/variants/1/stockQty", "11"),
            ("/variants/2/price", ""), ("/variants/2/stockQty", "7"), ("/price/units", "89"),
        ]),
        ("marsh-v", &[("/variants/0/price/nanos", "900000000"), ("/variants/0/stockQty", "5")]),
    ], absent: NO_PRODUCTS },
];

#[tokio::test(flavor = "multi_thread")]
async fn files_from_the_field_are_imported_right() {
    check(CASES).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn prices_and_stock_come_by_sku() {
    check(BY_SKU).await;
}

async fn check(cases: &[Case]) {
    // Says that the cases are missing if they are.
    let Some(data) = shared_data("products.jsonl.gz") else { return };
    let field = data.parent().unwrap().parent().unwrap().join("field");
    if !field.is_dir() {
        println!("skipped: {} is not here", field.display());
        return;
    }
    let fleet = Fleet::start().await;
    let mut failed = Vec::new();
    for case in cases {
        let folder = tempfile::tempdir().unwrap();
        copy(&field.join(case.folder), folder.path());
        for import in case.imports {
            let output = run(&fleet, folder.path(), import).await;
            let all = format!("{}{}", output.out, output.err);
            let silent: Vec<_> = import.says.iter().filter(|text| !all.contains(**text)).collect();
            if output.code != Some(import.code) || !silent.is_empty() {
                failed.push(format!(
                    "{} {:?}: lacks {silent:?}: {output:?}",
                    case.folder, import.arguments
                ));
            }
        }
        for (id, parts) in case.products {
            let product = product(&fleet, id).await;
            for (pointer, expected) in *parts {
                let found = product.pointer(pointer).map(shown).unwrap_or_default();
                if found != *expected {
                    failed.push(format!(
                        "{} {id}{pointer}: {found:?}, not {expected:?}",
                        case.folder
                    ));
                }
            }
        }
        for id in case.absent {
            if product(&fleet, id).await != Value::Null {
                failed.push(format!("{}: {id} exists", case.folder));
            }
        }
    }
    round_trip(&fleet, &mut failed).await;
    assert!(failed.is_empty(), "{failed:#?}");
}

/// Exports everything and imports it again, which changes nothing.
async fn round_trip(fleet: &Fleet, failed: &mut Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    for name in ["all.csv", "all.jsonl", "all.xlsx"] {
        let file = folder.path().join(name);
        let file = file.to_str().unwrap();
        assert_eq!(fleet.catctl(&["export", file]).await.code, Some(0));
        let output = fleet.catctl(&["import", file, "--dry-run", "--json"]).await;
        let sum: BTreeMap<String, Value> =
            serde_json::from_str(output.out.lines().last().unwrap_or_default()).unwrap_or_default();
        let count = |name: &str| sum.get(name).and_then(Value::as_u64).unwrap_or(99);
        if (count("created"), count("updated"), count("rejected")) != (0, 0, 0) {
            failed.push(format!("{name} is not imported unchanged: {output:?}"));
        }
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::write(to.join(entry.file_name()), fs::read(entry.path()).unwrap()).unwrap();
    }
}

async fn run(fleet: &Fleet, folder: &Path, import: &Import) -> Output {
    let is_file = |argument: &str| folder.join(argument).is_file();
    let arguments = import.arguments.iter().map(|argument| match is_file(argument) {
        true => folder.join(argument).to_str().unwrap().to_owned(),
        false => (*argument).to_owned(),
    });
    let arguments: Vec<String> = std::iter::once("import".to_owned()).chain(arguments).collect();
    fleet.catctl(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).await
}

async fn product(fleet: &Fleet, id: &str) -> Value {
    let output = fleet.catctl(&["get", id, "-o", "json"]).await;
    serde_json::from_str(&output.out).unwrap_or(Value::Null)
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
