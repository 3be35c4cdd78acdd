//! A merchandiser's day: the old shop's export, prices, a count of the stock, a category, and a sheet that was edited.
//! One command each, and no surprise.

use std::{fs, path::Path};

use serde_json::Value;
use testkit::{Fleet, Output};

/// As Shopify writes it.
const EXPORT: &str = r#"Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price,Variant Compare At Price,Variant Barcode,Image Src,Image Position,Image Alt Text,Status
fen-rain-coat,Fen Rain Coat,<p>Waxed <b>cotton</b> coat.</p>,Lowen,Coats,"rain, waxed",TRUE,Size,S,LOW-FEN-S,4,89.00,109.00,4006381333931,https://img.example/fen-1.jpg,1,Front,active
fen-rain-coat,,,,,,,,M,LOW-FEN-M,0,89.00,,,https://img.example/fen-2.jpg,2,Back,
marsh-scarf,Marsh Scarf,,Lowen,Scarves,wool,TRUE,Title,Default Title,LOW-MARSH,5,19.90,,,https://img.example/marsh.jpg,1,,active
peat-hat,Peat Hat,,Lowen,Hats,,TRUE,Title,Default Title,LOW-PEAT,12,24.50,,,,,,active
"#;
/// Ten per cent more, but for the hat.
const PRICES: &str = "sku,price\nLOW-FEN-S,97.90\nLOW-FEN-M,97.90\nLOW-MARSH,21.89\n";
/// Of a count, as a spreadsheet writes it; one is as it was.
const COUNT: &str = "SKU;Stock\nLOW-FEN-S;3\nLOW-FEN-M;2\nLOW-MARSH;5\n";

struct Day {
    fleet: Fleet,
    folder: tempfile::TempDir,
}

impl Day {
    async fn run(&self, arguments: &[&str]) -> Output {
        let output = self.fleet.catctl(arguments).await;
        assert_eq!(output.code, Some(0), "{arguments:?}: {output:?}");
        output
    }

    /// Imports a file: how many products it created, updated and left as they were.
    async fn import(&self, file: &Path, options: &[&str]) -> [u64; 3] {
        let import = [&["import", file.to_str().unwrap(), "--json"], options].concat();
        let output = self.run(&import).await;
        let summary: Value = serde_json::from_str(output.out.lines().last().unwrap()).unwrap();
        assert_eq!(summary["rejected"], 0, "{output:?}");
        ["created", "updated", "unchanged"].map(|count| summary[count].as_u64().unwrap())
    }

    fn write(&self, name: &str, text: &str) -> std::path::PathBuf {
        let file = self.folder.path().join(name);
        fs::write(&file, text).unwrap();
        file
    }

    async fn product(&self, id: &str) -> Value {
        serde_json::from_str(&self.run(&["get", id, "--json"]).await.out).unwrap()
    }

    /// Price in cents and stock of the variants of the coat, and of the scarf and the hat.
    async fn offers(&self) -> Vec<(u64, i64)> {
        let mut offers = Vec::new();
        for id in ["fen-rain-coat", "marsh-scarf", "peat-hat"] {
            let product = self.product(id).await;
            let variants = product["variants"].as_array().unwrap();
            let items = if variants.is_empty() { vec![product.clone()] } else { variants.clone() };
            offers.extend(items.iter().map(|item| {
                let of = if item["price"].is_null() { &product["price"] } else { &item["price"] };
                let units: u64 = of["units"].as_str().unwrap().parse().unwrap();
                let cents = units * 100 + of["nanos"].as_u64().unwrap() / 10_000_000;
                (cents, item["stockQty"].as_i64().unwrap())
            }));
        }
        offers
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_has_one_command_for_each_task() {
    let day = Day { fleet: Fleet::start().await, folder: tempfile::tempdir().unwrap() };
    let export = day.write("products_export.csv", EXPORT);
    assert_eq!(day.import(&export, &[]).await, [3, 0, 0]);
    let coat = day.product("fen-rain-coat").await;
    assert_eq!(coat["description"], "Waxed cotton coat.");
    assert_eq!(coat["media"][1]["alt"], "Back");
    assert_eq!(day.offers().await, [(8_900, 4), (8_900, 0), (1_990, 5), (2_450, 12)]);

    assert_eq!(day.import(&day.write("prices.csv", PRICES), &[]).await, [0, 3, 0]);
    assert_eq!(day.offers().await, [(9_790, 4), (9_790, 0), (2_189, 5), (2_450, 12)]);

    // Not without --set-stock: what was sold since the file was written would come back.
    let count = day.write("count.csv", COUNT);
    let refused = day.fleet.catctl(&["import", count.to_str().unwrap()]).await;
    assert!(refused.code == Some(2) && refused.err.contains("set_stock"), "{refused:?}");
    assert_eq!(day.offers().await, [(9_790, 4), (9_790, 0), (2_189, 5), (2_450, 12)]);
    day.import(&count, &["--set-stock"]).await;
    assert_eq!(day.offers().await, [(9_790, 3), (9_790, 2), (2_189, 5), (2_450, 12)]);

    day.run(&["categories", "rename", "coats", "Rain coats"]).await;

    let sheet = day.folder.path().join("sheet.csv");
    day.run(&["export", sheet.to_str().unwrap()]).await;
    let text = fs::read_to_string(&sheet).unwrap();
    assert!(text.contains("Rain coats") && text.contains("97.90"), "{text}");
    day.write("sheet.csv", &text.replace("Peat Hat", "\"Peat Hat, felt\""));
    assert_eq!(day.import(&sheet, &[]).await, [0, 1, 2]);
    assert_eq!(day.product("peat-hat").await["name"], "Peat Hat, felt");
    // Nothing but the name.
    assert_eq!(day.offers().await, [(9_790, 3), (9_790, 2), (2_189, 5), (2_450, 12)]);
    let coat = day.product("fen-rain-coat").await;
    assert_eq!((&coat["media"][1]["alt"], &coat["labels"][0]), (&"Back".into(), &"rain".into()));
    assert_eq!(coat["categoryIds"], serde_json::json!(["coats"]));
}
