//! `catctl feed push` against a host that validates, loses answers and is killed, while products change and the push
//! is killed: in the end the host has what the catalogue has.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use proto::{
    catalogue::v1::{
        AdjustStockRequest, DeleteProductRequest, Product, UpdateProductRequest, product,
        stock_service_client::StockServiceClient,
    },
    money,
};
use serde_json::{Value, json};
use testkit::{Fleet, Service, program, repository, until};
use tokio::{
    net::TcpListener,
    process::{Child, Command},
    task::JoinHandle,
};

use crate::{
    data::{Client, channel, client, list_all, with_demo},
    schema::Schema,
};

/// How often the push is killed.
const KILLS: usize = 6;
const FEED: &str = "feed_8f3K2x";

/// The products that the host has, by id. They outlive its process.
#[derive(Clone, Default)]
struct Store(Arc<Mutex<Stored>>);

#[derive(Default)]
struct Stored {
    products: BTreeMap<String, Value>,
    requests: usize,
    /// Faults of requests.
    faults: Vec<String>,
}

/// A host, which can be killed with its connections and started again.
struct Host {
    addr: SocketAddr,
    store: Store,
    schema: Arc<Option<Schema>>,
    serving: Option<JoinHandle<()>>,
}

impl Host {
    async fn start() -> Self {
        let addr: SocketAddr = "127.0.0.1:0".parse().unwrap();
        let specs = repository().join("../shared/specs/acp/spec/2026-04-17");
        let schema = Arc::new(Schema::read(&specs.join("json-schema/schema.feed.json")));
        let mut host = Self { addr, store: Store::default(), schema, serving: None };
        host.revive().await;
        host
    }

    async fn revive(&mut self) {
        let listener = until("the port is free", async || TcpListener::bind(self.addr).await.ok());
        let listener = listener.await;
        self.addr = listener.local_addr().unwrap();
        let (store, schema) = (self.store.clone(), Arc::clone(&self.schema));
        self.serving = Some(tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (store, schema) = (store.clone(), Arc::clone(&schema));
                let service = service_fn(move |request| {
                    let (store, schema) = (store.clone(), Arc::clone(&schema));
                    async move { answer(request, &store, schema.as_ref().as_ref()).await }
                });
                let connection =
                    http1::Builder::new().serve_connection(TokioIo::new(stream), service);
                connections.spawn(async move { drop(connection.await) });
            }
        }));
    }

    fn kill(&mut self) {
        if let Some(serving) = self.serving.take() {
            serving.abort();
        }
    }

    fn requests(&self) -> usize {
        self.store.0.lock().unwrap().requests
    }
}

/// Answers a request. Of each five one is answered by 503 before it is applied, and one is applied without an answer.
async fn answer(
    request: Request<Incoming>,
    store: &Store,
    schema: Option<&Schema>,
) -> Result<Response<Full<Bytes>>, &'static str> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| "the client is gone")?.to_bytes();
    let respond = |status: StatusCode, json: Value| {
        let body = Full::new(Bytes::from(json.to_string()));
        Ok(Response::builder().status(status).body(body).unwrap())
    };
    let mut stored = store.0.lock().unwrap();
    stored.requests += 1;
    if head.uri.path() != format!("/acp/feeds/{FEED}/products") {
        let error =
            json!({"type":"invalid_request","code":"feed_not_found","message":"no such feed"});
        return respond(StatusCode::NOT_FOUND, error);
    }
    if stored.requests % 5 == 1 {
        return respond(StatusCode::SERVICE_UNAVAILABLE, json!({}));
    }
    if head.method == Method::PATCH {
        let sent: Value = serde_json::from_slice(&body).unwrap();
        if let Some(fault) = schema.and_then(|schema| schema.fault("UpsertProductsRequest", &sent))
        {
            stored.faults.push(fault.clone());
            let error = json!({"type":"invalid_request","code":"invalid","message":fault});
            return respond(StatusCode::BAD_REQUEST, error);
        }
        for product in sent["products"].as_array().unwrap() {
            let id = product["id"].as_str().unwrap().to_owned();
            stored.products.insert(id, product.clone());
        }
    }
    if stored.requests % 5 == 3 {
        return Err("the answer is lost");
    }
    let products: Vec<&Value> = stored.products.values().collect();
    let products = if head.method == Method::GET { products } else { Vec::new() };
    respond(StatusCode::OK, json!({ "products": products }))
}

fn push(fleet: &Fleet, host: &Host, state: &Path) -> Command {
    let url = format!("http://{}/acp", host.addr);
    let mut command = Command::new(program("catctl"));
    command.args(["--server", &fleet.url(""), "feed", "push", "--feed", FEED, "--url", &url]);
    command.args(["--shop-url", "https://shop.example", "--state"]).arg(state);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// Changes some products: stock, a price, and one is deleted.
async fn change(fleet: &Fleet, catalogue: &mut Client, products: &[Product], round: usize) {
    let mut stock = StockServiceClient::new(channel(&fleet.addr(Service::Gateway)).await);
    let plain: Vec<_> = products.iter().filter(|product| product.variants.is_empty()).collect();
    for product in plain.iter().skip(round * 5).take(5) {
        let (product_id, delta) = (product.id.clone(), 1);
        let request = AdjustStockRequest { product_id, delta, ..Default::default() };
        stock.adjust_stock(request).await.unwrap();
    }
    let product_id = plain[plain.len() - 1 - round].id.clone();
    let request = DeleteProductRequest { product_id, ..Default::default() };
    catalogue.delete_product(request).await.unwrap();
    let changed = Product {
        id: plain[round].id.clone(),
        price: Some(money::from_minor(1_000 + i64::try_from(round).unwrap(), "EUR")),
        ..Product::default()
    };
    let update_mask = Some(pbjson_types::FieldMask { paths: vec!["price".to_owned()] });
    let request =
        UpdateProductRequest { product: Some(changed), update_mask, ..Default::default() };
    catalogue.update_product(request).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_has_in_the_end_what_the_catalogue_has() {
    let fleet = Fleet::start().await;
    with_demo(&fleet).await;
    let mut catalogue = client(&fleet.addr(Service::Gateway)).await;
    let products = list_all(&mut catalogue).await;
    let mut host = Host::start().await;
    // Of an earlier feed, whose state is lost.
    let old = json!({ "id": "of-an-earlier-feed", "variants": [{ "id": "a", "title": "A" }] });
    host.store.0.lock().unwrap().products.insert("of-an-earlier-feed".to_owned(), old);
    let state: PathBuf = fleet.dir().join("feed.state");

    for round in 0..KILLS {
        let mut running: Child = push(&fleet, &host, &state).spawn().unwrap();
        let before = host.requests();
        change(&fleet, &mut catalogue, &products, round).await;
        until("the push has begun", async || (host.requests() > before + round).then_some(()))
            .await;
        if round % 2 == 1 {
            host.kill();
            change(&fleet, &mut catalogue, &products, KILLS + round).await;
            host.revive().await;
        }
        running.kill().await.unwrap();
    }
    let output = push(&fleet, &host, &state).arg("--once").output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let is_for_sale = |product: &&Product| product.status() == product::Status::Active;
    let expected: Vec<_> = list_all(&mut catalogue).await;
    let stored = host.store.0.lock().unwrap();
    assert_eq!(stored.faults, Vec::<String>::new());
    let expected: BTreeMap<String, Vec<(String, bool)>> = expected
        .iter()
        .filter(is_for_sale)
        .map(|product| {
            let items = match product.variants.is_empty() {
                true => vec![(product.id.clone(), product.stock_qty > 0)],
                false => {
                    let variants = product.variants.iter();
                    variants.map(|it| (it.sku.clone(), it.stock_qty > 0)).collect()
                }
            };
            (product.id.clone(), items)
        })
        .collect();
    let items = |product: &Value| -> Vec<(String, bool)> {
        let variants = product["variants"].as_array().unwrap().iter();
        let item = |it: &Value| {
            (it["id"].as_str().unwrap().to_owned(), it["availability"]["available"] == true)
        };
        variants.map(item).collect()
    };
    let found = stored.products.iter().map(|(id, product)| (id.clone(), items(product)));
    let found: BTreeMap<_, _> = found.filter(|(_, items)| !items.is_empty()).collect();
    assert_eq!(found, expected);
    let first = &products.iter().find(|product| product.variants.is_empty()).unwrap().id;
    assert_eq!(stored.products[first]["variants"][0]["price"]["amount"], 1_000);
}
