//! `catctl feed push` against a host that validates, loses answers and is killed, while products change and the push
//! is killed: in the end the host has what the catalogue has. `cargo xtask chaos feeds` does so 300 times.

use std::path::{Path, PathBuf};

use proto::{
    catalogue::v1::{
        AdjustStockRequest, CreateProductRequest, DeleteProductRequest, OptionValue, Product,
        UpdateProductRequest, Variant, stock_service_client::StockServiceClient,
    },
    money,
};
use serde_json::{Value, json};
use testkit::{FeedHost, Fleet, Process, Service, program, run, until};
use tonic::transport::Channel;

use crate::data::{Client, channel, client, list_all, with_demo};

/// Kills of the push and of the host.
const KILLS: u32 = 6;

/// A shop whose products change.
struct Shop {
    catalogue: Client,
    stock: StockServiceClient<Channel>,
    products: Vec<Product>,
    rounds: usize,
}

impl Shop {
    async fn open(fleet: &Fleet) -> Self {
        let addr = fleet.addr(Service::Gateway);
        let mut catalogue = client(&addr).await;
        let stock = StockServiceClient::new(channel(&addr).await);
        let products = list_all(&mut catalogue).await;
        Self { catalogue, stock, products, rounds: 0 }
    }

    /// Changes the stock of some products and the price of one, deletes one, and creates one with variants.
    async fn change(&mut self) {
        let round = self.rounds;
        self.rounds += 1;
        for product in self.products.iter().skip(round * 5).take(5) {
            let (product_id, delta) = (product.id.clone(), 1);
            let request = AdjustStockRequest { product_id, delta, ..Default::default() };
            self.stock.adjust_stock(request).await.unwrap();
        }
        let product_id = self.products[self.products.len() - 1 - round].id.clone();
        let request = DeleteProductRequest { product_id, ..Default::default() };
        self.catalogue.delete_product(request).await.unwrap();
        let changed = Product {
            id: self.products[round].id.clone(),
            price: Some(money::from_minor(1_000 + i64::try_from(round).unwrap(), "EUR")),
            ..Product::default()
        };
        let update_mask = Some(pbjson_types::FieldMask { paths: vec!["price".to_owned()] });
        let request =
            UpdateProductRequest { product: Some(changed), update_mask, ..Default::default() };
        self.catalogue.update_product(request).await.unwrap();
        let variant = |size: &str| Variant {
            sku: format!("new-{round}-{size}"),
            option_values: vec![OptionValue { name: "Size".to_owned(), value: size.to_owned() }],
            stock_qty: 2,
            ..Variant::default()
        };
        let created = Product {
            id: format!("new-{round}"),
            name: "New".to_owned(),
            variants: ["S", "M"].map(variant).to_vec(),
            ..Product::default()
        };
        let request = CreateProductRequest { product: Some(created), ..Default::default() };
        self.catalogue.create_product(request).await.unwrap();
    }
}

/// Starts a push, with a log of its own.
fn push(fleet: &Fleet, host: &FeedHost, state: &Path) -> Process {
    let log = tempfile::NamedTempFile::new_in(fleet.dir()).unwrap().into_temp_path();
    let arguments = host.push_arguments(&fleet.url(""), state);
    Process::start(&program("catctl"), arguments, &log.keep().unwrap()).unwrap()
}

/// Whether a state has a cursor.
fn has_cursor(state: &Path) -> bool {
    let json = std::fs::read(state).unwrap_or_default();
    let state: Value = serde_json::from_slice(&json).unwrap_or_default();
    state["cursor"].as_str().is_some_and(|cursor| !cursor.is_empty())
}

async fn receives_more(host: &FeedHost, than: u64) {
    until("the host receives more", async || (host.requests().all > than).then_some(())).await;
}

/// Kills pushes of all products, and the host. No cursor is kept yet. Returns the kills.
async fn kill_while_all_are_pushed(
    fleet: &Fleet,
    shop: &mut Shop,
    host: &mut FeedHost,
    state: &Path,
) -> u32 {
    let mut kills = 0;
    for is_host_killed in [false, true] {
        let mut pushing = push(fleet, host, state);
        receives_more(host, host.requests().all + 1).await;
        shop.change().await;
        if is_host_killed {
            kills += u32::from(host.kill().await);
            shop.change().await;
            host.revive().await;
        }
        kills += u32::from(pushing.kill());
    }
    kills
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_has_in_the_end_what_the_catalogue_has() {
    let fleet = Fleet::start().await;
    with_demo(&fleet).await;
    let mut shop = Shop::open(&fleet).await;
    let mut host = FeedHost::start().await;
    // Of an earlier feed, whose state is lost.
    host.put(json!({ "id": "of-an-earlier-feed", "variants": [{ "id": "a", "title": "A" }] }));
    let state: PathBuf = fleet.dir().join("feed.state");
    let mut kills = kill_while_all_are_pushed(&fleet, &mut shop, &mut host, &state).await;

    let mut pushing = push(&fleet, &host, &state);
    until("the host has everything", async || has_cursor(&state).then_some(())).await;
    let lists = host.requests().lists;
    let before = host.requests().all;
    shop.change().await;
    receives_more(&host, before).await;
    kills += u32::from(pushing.kill());

    // Changes that the push has read, and that no host has acknowledged.
    kills += u32::from(host.kill().await);
    shop.change().await;
    let mut pushing = push(&fleet, &host, &state);
    let log = async || pushing.log().contains("trying again").then_some(());
    until("the push has found no host", log).await;
    kills += u32::from(pushing.kill());
    host.revive().await;
    assert_eq!(kills, KILLS);

    let mut arguments = host.push_arguments(&fleet.url(""), &state);
    arguments.push("--once".to_owned());
    let output = run(program("catctl"), arguments).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    assert_eq!(host.faults(), Vec::<String>::new());
    let products = list_all(&mut shop.catalogue).await;
    assert_eq!(host.differences(&products), Vec::<String>::new());
    assert_eq!(host.requests().lists, lists, "all products were pushed again");
    let first = &host.products()[&shop.products[0].id];
    assert_eq!(first["variants"][0]["price"]["amount"], 1_000);
}
