//! A search process, and the catalogue process that it follows.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    time::Duration,
};

use crate::catalogue::{CatalogueProcess, Engine};
use anyhow::{Context as _, ensure};
use testkit::{Process, free_ports, program, until_within};

use proto::{
    catalogue::v1::{Product, product::Status},
    search::v1::{
        GetIndexStatusRequest, GetIndexStatusResponse, SearchRequest,
        search_admin_service_client::SearchAdminServiceClient,
        search_service_client::SearchServiceClient,
    },
};
use tonic::transport::{Channel, Endpoint};

/// Timeout of filling an index of any size on a busy machine.
const FILL_TIMEOUT: Duration = Duration::from_secs(10 * 60);

/// A search process that follows a catalogue on SQLite.
pub(super) struct SearchReplica {
    // Stopped before the catalogue, whose folder has the index.
    process: Option<Process>,
    pub(super) catalogue: CatalogueProcess,
    port: u16,
}

/// Words in the names of the products.
pub(super) const COLOURS: [&str; 5] = ["amber", "crimson", "indigo", "olive", "violet"];

/// The id of a product.
pub(super) fn id_of(number: u64) -> String {
    format!("p-{number:07}")
}

/// The revision of each product, by its id.
pub(super) type Revisions = BTreeMap<String, i64>;

impl SearchReplica {
    /// Starts both, and waits until the replica is ready.
    pub(super) async fn start() -> anyhow::Result<Self> {
        let catalogue = CatalogueProcess::start(Engine::Sqlite).await?;
        let mut replica = Self { catalogue, process: None, port: free_ports(2) };
        replica.restart()?;
        replica.ready().await;
        Ok(replica)
    }

    /// Imports `count` products into the catalogue, and waits until all are in the index.
    pub(super) async fn fill(&self, count: u64) -> anyhow::Result<()> {
        let mut rows = String::new();
        for number in 0..count {
            let colour = COLOURS[number as usize % COLOURS.len()];
            let id = id_of(number);
            writeln!(rows, r#"{{"id":"{id}","name":"Lamp {colour}","stockQty":{}}}"#, number % 50)?;
        }
        let file = self.catalogue.dir().join("lamps.jsonl");
        std::fs::write(&file, rows)?;
        let server = format!("http://{}", self.catalogue.addr());
        let file = file.to_str().context("the path is not UTF-8")?;
        let imported = testkit::run(program("catctl"), ["--server", &server, "import", file]).await;
        ensure!(imported.code == Some(0), "the import failed: {imported:?}");
        until_within(FILL_TIMEOUT, "all products are in the index", async || {
            let status = self.status().await.ok()?;
            let all = status.caught_up && status.product_count == count as i64;
            all.then_some(())
        })
        .await;
        Ok(())
    }

    /// Names of the index directories.
    pub(super) fn indexes(&self) -> anyhow::Result<BTreeSet<String>> {
        let mut indexes = BTreeSet::new();
        for entry in std::fs::read_dir(self.catalogue.dir().join("search"))? {
            let entry = entry?;
            if entry.path().is_dir() {
                indexes.insert(entry.file_name().to_string_lossy().into_owned());
            }
        }
        Ok(indexes)
    }

    /// Starts the process on the same ports and data.
    pub(super) fn restart(&mut self) -> anyhow::Result<()> {
        let dir = self.catalogue.dir();
        let arguments = [
            format!("--listen=127.0.0.1:{}", self.port),
            format!("--admin=127.0.0.1:{}", self.port + 1),
            format!("--catalogue=static://{}", self.catalogue.addr()),
            format!("--data-dir={}", dir.join("search").display()),
            "--log=info".to_owned(),
            "--log-format=json".to_owned(),
        ];
        self.process =
            Some(Process::start(&program("search"), arguments, &dir.join("search.log"))?);
        Ok(())
    }

    /// Waits until it is ready.
    pub(super) async fn ready(&mut self) {
        let process = self.process.as_mut().expect("it was started");
        process.ready(self.port + 1).await;
    }

    /// Whether it is running and responds.
    pub(super) async fn is_healthy(&mut self) -> bool {
        let is_running =
            self.process.as_mut().is_some_and(|process| process.exit_status().is_none());
        is_running && self.status().await.is_ok()
    }

    /// Sends SIGKILL. Returns whether that ended it.
    pub(super) fn kill(&mut self) -> bool {
        self.process.take().is_some_and(|mut process| process.kill())
    }

    /// Its log since the first start.
    pub(super) fn log(&self) -> String {
        self.process.as_ref().map(Process::log).unwrap_or_default()
    }

    /// A new channel. Connects at the first call, and again after a reset.
    pub(super) fn channel(&self) -> anyhow::Result<Channel> {
        let endpoint = Endpoint::from_shared(format!("http://127.0.0.1:{}", self.port))?;
        Ok(endpoint.timeout(Duration::from_secs(30)).connect_lazy())
    }

    pub(super) async fn status(&self) -> anyhow::Result<GetIndexStatusResponse> {
        let mut client = SearchAdminServiceClient::new(self.channel()?);
        Ok(client.get_index_status(GetIndexStatusRequest {}).await?.into_inner())
    }

    /// All hits of an empty query, including duplicates.
    pub(super) async fn found(&self) -> anyhow::Result<Vec<Product>> {
        let mut client = SearchServiceClient::new(self.channel()?);
        let (mut found, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = SearchRequest { page_size: 100, page_token, ..Default::default() };
            let page = client.search(request).await?.into_inner();
            found.extend(page.results.into_iter().filter_map(|hit| hit.product));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(found);
            }
        }
    }

    /// Revisions of the products that the index should contain.
    pub(super) async fn expected(&self) -> anyhow::Result<Revisions> {
        let products = self.catalogue.products().await?;
        let is_searchable = |product: &Product| {
            matches!(product.status(), Status::Active | Status::Unspecified)
                && product.delete_time.is_none()
        };
        Ok(revisions(products.into_iter().filter(is_searchable)))
    }
}

pub(super) fn revisions(products: impl IntoIterator<Item = Product>) -> Revisions {
    products.into_iter().map(|product| (product.id, product.revision)).collect()
}
