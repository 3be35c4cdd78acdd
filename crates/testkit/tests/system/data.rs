//! Products to test with, and typed clients to test through.

use std::{
    collections::BTreeSet,
    io::Write as _,
    path::{Path, PathBuf},
};

use proto::catalogue::v1::{
    ListProductsRequest, Product, SearchRequest, catalogue_service_client::CatalogueServiceClient,
};
use testkit::{Fleet, repository, until};
use tonic::transport::Channel;

pub(crate) type Client = CatalogueServiceClient<Channel>;

/// The demo catalogue's file.
pub(crate) fn demo() -> PathBuf {
    repository().join("examples/demo/products.jsonl")
}

/// A file of `count` products: the demo catalogue again and again, under new ids.
pub(crate) fn many(dir: &Path, count: usize) -> PathBuf {
    let demo = std::fs::read_to_string(demo()).expect("the demo catalogue is in the repository");
    let rows: Vec<serde_json::Value> =
        demo.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let path = dir.join("many.jsonl");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    for (number, row) in rows.iter().cycle().take(count).enumerate() {
        let mut row = row.clone();
        row["id"] = format!("p-{number:06}").into();
        row["externalId"] = format!("X-{number:06}").into();
        writeln!(file, "{row}").unwrap();
    }
    file.flush().unwrap();
    path
}

/// A client of the service at `host:port`.
pub(crate) async fn client(addr: &str) -> Client {
    Client::new(channel(addr).await)
}

pub(crate) async fn channel(addr: &str) -> Channel {
    let endpoint = Channel::from_shared(format!("http://{addr}")).expect("an address");
    endpoint.connect().await.expect("the service listens")
}

/// All products, by one streamed call.
pub(crate) async fn list_all(client: &mut Client) -> Vec<Product> {
    let mut stream =
        client.list_products(ListProductsRequest::default()).await.expect("a list").into_inner();
    let mut products = Vec::new();
    while let Some(product) = stream.message().await.expect("the list goes on") {
        products.push(product);
    }
    products
}

/// How many there are, none of them twice.
pub(crate) fn distinct(products: &[Product]) -> usize {
    let ids: BTreeSet<_> = products.iter().map(|product| &product.id).collect();
    assert_eq!(ids.len(), products.len(), "a product came twice");
    ids.len()
}

/// Waits until search finds exactly `count` products.
pub(crate) async fn searchable(fleet: &Fleet, count: i32) {
    let mut client = client(&fleet.addr(testkit::Service::Gateway)).await;
    until(&format!("{count} products can be found"), async || {
        let found = client.search_products(SearchRequest::default()).await.ok()?.into_inner();
        (found.total_size == count).then_some(())
    })
    .await;
}

/// Imports the demo catalogue and waits until it can be searched; returns how many products it has.
pub(crate) async fn with_demo(fleet: &Fleet) -> usize {
    let path = demo();
    let count = std::fs::read_to_string(&path).unwrap().lines().count();
    let output = fleet.catctl(&["import", path.to_str().unwrap()]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    searchable(fleet, i32::try_from(count).unwrap()).await;
    count
}
