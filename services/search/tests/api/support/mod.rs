//! The service under test, with a fake catalogue.

mod feed;
mod settings;

pub(crate) use feed::Feed;
pub(crate) use settings::FakeSettings;

use chassis::CancellationToken;
use clap::Parser as _;
use proto::{
    catalogue::v1::{
        CategoryPath, GetInstanceRequest, Instance, Product,
        catalogue_service_client::CatalogueServiceClient,
        instance_service_client::InstanceServiceClient,
    },
    search::v1::{
        GetIndexStatusRequest, GetIndexStatusResponse, SearchRequest, SearchResponse,
        search_admin_service_client::SearchAdminServiceClient,
        search_service_client::SearchServiceClient,
    },
};
use search::{Config, Running};
use std::{net::SocketAddr, path::Path, time::Duration};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{Instant, sleep},
};
use tonic::{Status, transport::Channel};
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};

/// Timeout of conditions, far longer than any of them takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running search service and its client.
pub(crate) struct Search {
    channel: Channel,
    shutdown: CancellationToken,
    running: Running,
}

impl Search {
    /// Starts the service on free ports and waits until it has caught up with the feed and is ready.
    pub(crate) async fn start(data_dir: &Path, catalogue: SocketAddr) -> Self {
        let search = Self::start_only(data_dir, catalogue).await;
        search.caught_up().await;
        eventually("ready", async || search.is_ready().await).await;
        search
    }

    /// Starts the service on free ports.
    pub(crate) async fn start_only(data_dir: &Path, catalogue: SocketAddr) -> Self {
        let shutdown = CancellationToken::new();
        let config = config(data_dir, catalogue);
        let running = search::start(config, shutdown.clone()).await.unwrap();
        let endpoint = Channel::from_shared(format!("http://{}", running.addr)).unwrap();
        Self { channel: endpoint.connect_lazy(), shutdown, running }
    }

    pub(crate) async fn stop(self) {
        self.shutdown.cancel();
        // The server waits for its connections to close.
        drop(self.channel);
        self.running.finished().await.unwrap();
    }

    pub(crate) async fn search(&self, request: SearchRequest) -> Result<SearchResponse, Status> {
        self.client().search(request).await.map(tonic::Response::into_inner)
    }

    /// Returns the ids of the hits.
    pub(crate) async fn ids(&self, query: &str) -> Vec<String> {
        let request = SearchRequest { query: query.to_owned(), ..Default::default() };
        ids(&self.search(request).await.unwrap())
    }

    pub(crate) fn catalogue(&self) -> CatalogueServiceClient<Channel> {
        CatalogueServiceClient::new(self.channel.clone())
    }

    pub(crate) async fn status(&self) -> GetIndexStatusResponse {
        self.admin().get_index_status(GetIndexStatusRequest {}).await.unwrap().into_inner()
    }

    pub(crate) fn admin(&self) -> SearchAdminServiceClient<Channel> {
        SearchAdminServiceClient::new(self.channel.clone())
    }

    pub(crate) fn client(&self) -> SearchServiceClient<Channel> {
        SearchServiceClient::new(self.channel.clone())
    }

    pub(crate) async fn is_ready(&self) -> bool {
        let mut client = HealthClient::new(self.channel.clone());
        let response = client.check(HealthCheckRequest::default()).await.unwrap();
        response.into_inner().status() == ServingStatus::Serving
    }

    /// Returns the readiness report of the admin port.
    pub(crate) async fn readiness(&self) -> String {
        let mut connection = TcpStream::connect(self.running.admin_addr).await.unwrap();
        let request = b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        connection.write_all(request).await.unwrap();
        let mut response = String::new();
        connection.read_to_string(&mut response).await.unwrap();
        response
    }

    /// Returns what the process says of itself.
    pub(crate) async fn instance(&self) -> Instance {
        let mut client = InstanceServiceClient::new(self.channel.clone());
        client.get_instance(GetInstanceRequest {}).await.unwrap().into_inner()
    }

    pub(crate) async fn caught_up(&self) {
        eventually("caught up", async || self.status().await.caught_up).await;
    }

    /// Waits until a query has exactly these hits, in any order.
    pub(crate) async fn finds(&self, query: &str, expected: &[&str]) {
        let finds = async || {
            let mut ids = self.ids(query).await;
            ids.sort();
            ids == expected
        };
        eventually(&format!("{query:?} finds {expected:?}"), finds).await;
    }
}

pub(crate) fn config(data_dir: &Path, catalogue: SocketAddr) -> Config {
    let target = format!("static://{catalogue}");
    let data_dir = data_dir.to_str().unwrap();
    let flags = ["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--threads", "1"];
    let more = ["--catalogue", &target, "--data-dir", data_dir];
    Config::parse_from(["search"].into_iter().chain(flags).chain(more))
}

/// Waits until a condition holds.
pub(crate) async fn eventually(what: &str, condition: impl AsyncFn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition().await {
        assert!(Instant::now() < deadline, "never: {what}");
        sleep(Duration::from_millis(5)).await;
    }
}

pub(crate) fn ids(response: &SearchResponse) -> Vec<String> {
    let products = response.results.iter().filter_map(|hit| hit.product.as_ref());
    products.map(|product| product.id.clone()).collect()
}

pub(crate) fn free_port() -> SocketAddr {
    "127.0.0.1:0".parse().unwrap()
}

/// Returns a product in a category below "Home".
pub(crate) fn product(id: &str, name: &str, category: &str) -> Product {
    Product {
        id: id.to_owned(),
        name: name.to_owned(),
        description: format!("Comes in a box: {id}"),
        brand: "Brewster".to_owned(),
        category_ids: vec![category.to_lowercase()],
        category_paths: vec![CategoryPath {
            names: vec!["Home".to_owned(), category.to_owned()],
            ids: vec!["home".to_owned(), category.to_lowercase()],
        }],
        ..Product::default()
    }
}
