//! Products and typed clients for tests.

use std::{
    collections::BTreeSet,
    io::Write as _,
    path::{Path, PathBuf},
    time::Duration,
};

use proto::catalogue::v1::{
    ListProductsRequest, Product, SearchRequest, catalogue_service_client::CatalogueServiceClient,
};
use testkit::{Fleet, repository, until_within};
use tonic::transport::Channel;

/// The longest time of filling an index: an unoptimized program shares the processors with other tests.
const INDEXED_WITHIN: Duration = Duration::from_secs(180);

pub(crate) type Client = CatalogueServiceClient<Channel>;

/// The file of the demo catalogue.
pub(crate) fn demo() -> PathBuf {
    repository().join("examples/demo/products.jsonl")
}

/// Writes a file of `count` products, which repeats the demo catalogue with new ids.
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

/// A channel to the service at `host:port`.
pub(crate) async fn channel(addr: &str) -> Channel {
    let endpoint = Channel::from_shared(format!("http://{addr}")).expect("an address");
    endpoint.connect().await.expect("the service listens")
}

/// Lists all products.
pub(crate) async fn list_all(client: &mut Client) -> Vec<Product> {
    let mut stream =
        client.list_products(ListProductsRequest::default()).await.expect("a list").into_inner();
    let mut products = Vec::new();
    while let Some(product) = stream.message().await.expect("the next product") {
        products.push(product);
    }
    products
}

/// Number of products, which must have distinct ids.
pub(crate) fn distinct(products: &[Product]) -> usize {
    let ids: BTreeSet<_> = products.iter().map(|product| &product.id).collect();
    assert_eq!(ids.len(), products.len(), "a product was listed twice");
    ids.len()
}

/// Waits until `count` products are in the index.
pub(crate) async fn searchable(fleet: &Fleet, count: i32) {
    let mut client = client(&fleet.addr(testkit::Service::Gateway)).await;
    let condition = format!("{count} products are in the index");
    until_within(INDEXED_WITHIN, &condition, async || {
        let found = client.search_products(SearchRequest::default()).await.ok()?.into_inner();
        (found.total_size == count).then_some(())
    })
    .await;
}

/// Imports the demo catalogue, and waits until it is in the index. Returns its number of products.
pub(crate) async fn with_demo(fleet: &Fleet) -> usize {
    let path = demo();
    let count = std::fs::read_to_string(&path).unwrap().lines().count();
    let output = fleet.catctl(&["import", path.to_str().unwrap()]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    searchable(fleet, i32::try_from(count).unwrap()).await;
    count
}
