//! Files of feeds keep the rules of their destinations, line by line, from catctl and from the gateway.
//! `cargo xtask bench feeds` has a million products.

use std::{fs, path::Path};

use serde_json::{Value, json};
use testkit::{
    FeedContents, FeedFile, Fleet, HttpClient, Service, acp_schema, import_feed_products,
};

use crate::data::channel;

const PRODUCTS: u64 = 2_000;
const SHOP: [&str; 6] =
    ["--shop-url", "https://shop.example/en", "--seller", "Kiln & Cobble", "--country", "DE"];

/// Checks a file, which must have all items, and no fault.
fn check(kind: FeedFile, file: &Path, expected: &FeedContents) {
    let found = kind.check(file).unwrap();
    let name = file.display();
    assert_eq!(found.examples, Vec::<String>::new(), "{name}: {} faults", found.faults);
    assert_eq!((found.items, found.ids), (expected.items, expected.ids), "{name}");
}

async fn export(fleet: &Fleet, system: &str, file: &Path) {
    let mut arguments = vec!["export", "--as", system, file.to_str().unwrap()];
    arguments.extend(SHOP);
    let output = fleet.catctl(&arguments).await;
    assert_eq!(output.code, Some(0), "{output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_line_of_every_file_keeps_the_rules_of_its_destination() {
    let fleet = Fleet::start().await;
    let channel = channel(&fleet.addr(Service::Catalogue)).await;
    let ids = import_feed_products(channel, PRODUCTS).await.unwrap();
    let expected = FeedContents::of_ids(ids);
    assert!(expected.items > PRODUCTS, "{expected:?}");
    for (system, name, kind) in [
        ("google-merchant", "feed.xml", FeedFile::GoogleXml),
        ("google-merchant", "feed.tsv", FeedFile::GoogleTable),
        ("openai", "feed.jsonl.gz", FeedFile::OpenaiLines),
        ("openai", "feed.csv.gz", FeedFile::OpenaiTable),
    ] {
        let file = fleet.dir().join(name);
        export(&fleet, system, &file).await;
        check(kind, &file, &expected);
    }
    for destination in ["google-merchant", "openai", "acp"] {
        let mut arguments = vec!["feed", "check", "--for", destination];
        arguments.extend(SHOP);
        let output = fleet.catctl(&arguments).await;
        assert_eq!(output.code, Some(0), "{output:?}");
    }

    let gateway = HttpClient::new(fleet.url(""));
    let shop = "shopUrl=https://shop.example/en&seller=Kiln%20%26%20Cobble&country=DE";
    for (system, format, kind) in [
        ("google-merchant", "xml", FeedFile::GoogleXml),
        ("google-merchant", "csv", FeedFile::GoogleTable),
        ("openai", "jsonl", FeedFile::OpenaiLines),
        ("openai", "csv", FeedFile::OpenaiTable),
    ] {
        let path = format!("/v1/exports?as={system}&format={format}&{shop}");
        let response = gateway.get(&path).await.unwrap();
        assert_eq!(response.status, 200, "{}", response.text());
        let file = fleet.dir().join("served");
        fs::write(&file, &response.body).unwrap();
        check(kind, &file, &expected);
    }

    let Some(schema) = acp_schema() else {
        eprintln!("skipped: the schema of ACP is not beside the checkout");
        return;
    };
    let folder = fleet.dir().join("acp");
    export(&fleet, "acp", &folder).await;
    check(FeedFile::AcpLines, &folder.join("products.jsonl"), &expected);
    let metadata: Value =
        serde_json::from_slice(&fs::read(folder.join("metadata.json")).unwrap()).unwrap();
    assert_eq!(schema.fault("FeedMetadata", &metadata), None);
    assert_eq!(metadata["target_country"], json!("DE"));
}
