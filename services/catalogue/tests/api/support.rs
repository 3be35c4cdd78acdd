//! Starts catalogues, and shortens frequent steps of tests.

use std::{
    future::Future,
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use catalogue::{Config, Running};
use chassis::CancellationToken;
use clap::Parser as _;
use proto::{
    catalogue::v1::{
        Attribute, Category, CategoryPath, CreateCategoryRequest, CreateProductRequest,
        GetWatermarkRequest, Product, WatchChangesRequest, WatchChangesResponse, attribute,
        catalogue_service_client::CatalogueServiceClient,
        category_service_client::CategoryServiceClient, feed_service_client::FeedServiceClient,
        stock_service_client::StockServiceClient, transfer_service_client::TransferServiceClient,
        watch_changes_request::Start,
    },
    google::r#type::Money,
};
use rpc::status;
use tempfile::TempDir;
use testkit::Postgres;
use tonic::{Code, Status, Streaming, transport::Channel};

/// A test that waits this long has failed.
pub(crate) const SOON: Duration = Duration::from_secs(20);

/// The engine of a test's catalogues. Every test runs on each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "each of the two programs that have this module makes one of them")]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// A catalogue's data, which outlives it.
#[derive(Debug)]
pub(crate) struct Data {
    dir: TempDir,
    /// `None` for SQLite in `dir`.
    database: Option<testkit::Database>,
}

impl Data {
    /// Creates a database with empty tables.
    pub(crate) async fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let database = match crate::ENGINE {
            Engine::Sqlite => None,
            Engine::Postgres => {
                let migrate = async |url: &str| {
                    let config = config(Path::new("unused"), Some(url));
                    catalogue::migrate(&config).await.map(drop)
                };
                let postgres = postgres().await;
                Some(postgres.database_from("catalogue", migrate).await.unwrap())
            }
        };
        Self { dir, database }
    }

    /// Uses an existing database.
    #[allow(dead_code, reason = "used on PostgreSQL only")]
    pub(crate) fn of(database: testkit::Database) -> Self {
        Self { dir: TempDir::new().unwrap(), database: Some(database) }
    }

    /// Creates a database without tables.
    pub(crate) async fn empty() -> Self {
        let database = match crate::ENGINE {
            Engine::Sqlite => None,
            Engine::Postgres => Some(postgres().await.database().await.unwrap()),
        };
        Self { dir: TempDir::new().unwrap(), database }
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// The URL for `DATABASE_URL`; `None` for SQLite.
    pub(crate) fn url(&self) -> Option<&str> {
        self.database.as_ref().map(|database| database.url.as_str())
    }

    /// Settings of a catalogue with this data, on free ports.
    pub(crate) fn config(&self) -> Config {
        config(self.path(), self.url())
    }
}

/// The PostgreSQL server of this test run. Without one, a message is printed and its tests pass,
/// except with `CI=true`.
async fn postgres() -> &'static Postgres {
    match Postgres::shared().await {
        Some(postgres) => postgres,
        None => std::process::exit(0),
    }
}

/// A running catalogue.
pub(crate) struct Catalogue {
    pub(crate) channel: Channel,
    pub(crate) running: Running,
    shutdown: CancellationToken,
    /// A separate runtime, because connections must not outlive the test's.
    _stop_on_drop: Box<dyn std::any::Any + Send + Sync>,
    data: Arc<Data>,
}

impl Catalogue {
    /// Starts an empty catalogue.
    pub(crate) async fn start() -> Self {
        Self::start_in(Data::new().await).await
    }

    /// Starts with the data of an earlier catalogue.
    pub(crate) async fn start_in(data: impl Into<Arc<Data>>) -> Self {
        Self::start_with(data, |_| {}).await
    }

    /// Starts with the data of an earlier catalogue, and other settings.
    pub(crate) async fn start_with(
        data: impl Into<Arc<Data>>,
        configure: impl FnOnce(&mut Config),
    ) -> Self {
        let data = data.into();
        let shutdown = CancellationToken::new();
        let mut config = data.config();
        configure(&mut config);
        let running = catalogue::start(config, shutdown.clone()).await.unwrap();
        let channel = connect(&running).await;
        let _stop_on_drop = Box::new(shutdown.clone().drop_guard());
        Self { channel, running, shutdown, _stop_on_drop, data }
    }

    /// Stops as with SIGTERM, and returns the data.
    pub(crate) async fn stop(self) -> Arc<Data> {
        let Self { channel, running, shutdown, data, .. } = self;
        drop(channel);
        shutdown.cancel();
        soon(running.finished()).await.unwrap();
        data
    }

    /// Opens another connection.
    pub(crate) async fn connect(&self) -> Channel {
        connect(&self.running).await
    }

    /// Starts to stop.
    pub(crate) fn shut_down(&self) {
        self.shutdown.cancel();
    }

    pub(crate) fn data(&self) -> &Arc<Data> {
        &self.data
    }

    pub(crate) fn products(&self) -> CatalogueServiceClient<Channel> {
        CatalogueServiceClient::new(self.channel.clone())
    }

    pub(crate) fn categories(&self) -> CategoryServiceClient<Channel> {
        CategoryServiceClient::new(self.channel.clone())
    }

    pub(crate) fn stock(&self) -> StockServiceClient<Channel> {
        StockServiceClient::new(self.channel.clone())
    }

    pub(crate) fn feed(&self) -> FeedServiceClient<Channel> {
        FeedServiceClient::new(self.channel.clone())
    }

    pub(crate) fn transfer(&self) -> TransferServiceClient<Channel> {
        TransferServiceClient::new(self.channel.clone())
    }

    pub(crate) async fn create(&self, product: Product) -> Product {
        self.try_create(product).await.unwrap()
    }

    pub(crate) async fn try_create(&self, product: Product) -> Result<Product, Status> {
        let request = CreateProductRequest { product: Some(product), ..Default::default() };
        Ok(as_read(self.products().create_product(request).await?.into_inner()))
    }

    /// Waits until the feed has all writes. On a server with several databases, a transaction in
    /// any of them can delay it.
    pub(crate) async fn settled(&self) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros();
        let reached = async || {
            let answer = self.feed().get_watermark(GetWatermarkRequest {}).await.unwrap();
            let at = answer.into_inner().watermark.unwrap_or_default();
            u128::try_from(at.seconds).unwrap() * 1_000_000
                + u128::try_from(at.nanos / 1_000).unwrap()
        };
        soon(async {
            while reached().await < now {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
    }

    /// Starts a watch after all writes.
    pub(crate) async fn watch_from_now(&self) -> Streaming<WatchChangesResponse> {
        self.settled().await;
        let request = WatchChangesRequest { start: Start::Now.into(), ..Default::default() };
        self.feed().watch_changes(request).await.unwrap().into_inner()
    }

    /// `count` products: p-0000, p-0001, ...
    pub(crate) async fn fill(&self, count: usize) {
        for number in 0..count {
            self.create(product(&format!("p-{number:04}"))).await;
        }
    }

    pub(crate) async fn create_category(&self, id: &str, parent_id: &str) -> Category {
        let category = Category {
            id: id.to_owned(),
            name: format!("Name of {id}"),
            parent_id: parent_id.to_owned(),
            ..Default::default()
        };
        let request = CreateCategoryRequest { category: Some(category), ..Default::default() };
        let created = self.categories().create_category(request).await.unwrap().into_inner();
        Category { revision_token: String::new(), ..created }
    }
}

/// The port is bound already, so there is nothing to wait for.
async fn connect(running: &Running) -> Channel {
    let url = format!("http://{}", running.addr);
    Channel::from_shared(url).unwrap().connect().await.unwrap()
}

/// Settings of a catalogue in `dir` or at `url`, on free ports.
pub(crate) fn config(dir: &Path, url: Option<&str>) -> Config {
    let dir = dir.to_str().unwrap();
    let args = ["catalogue", "--listen=127.0.0.1:0", "--admin=127.0.0.1:0", "--data-dir", dir];
    let rest = ["--threads=2", "--drain-timeout=5"];
    let mut config = Config::parse_from(args.into_iter().chain(rest));
    // Overrides variables in the environment of the tests.
    config.database.url = url.map(str::to_owned);
    config.database.read_url = None;
    config
}

/// The error of a catalogue that cannot start with these settings, in one line.
pub(crate) async fn failure(config: Config) -> String {
    let started = catalogue::start(config, CancellationToken::new()).await;
    let reason = format!("{:#}", started.expect_err("it should not start"));
    assert!(!reason.contains('\n'), "{reason}");
    reason
}

/// Awaits with a timeout.
pub(crate) async fn soon<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(SOON, work).await.expect("it should not take this long")
}

/// A write's response as reads return it, without the revision token.
pub(crate) fn as_read(written: Product) -> Product {
    Product { revision_token: String::new(), ..written }
}

/// A product with the required fields only.
pub(crate) fn product(id: &str) -> Product {
    Product { id: id.to_owned(), name: format!("Name of {id}"), ..Default::default() }
}

/// A product with a value in every field.
pub(crate) fn full_product(id: &str, category_ids: &[&str]) -> Product {
    let text = |text: &str| Some(attribute::Value::Text(text.to_owned()));
    let attribute = |name: &str, value, unit: &str| Attribute {
        name: name.to_owned(),
        value,
        unit: unit.to_owned(),
    };
    Product {
        description: "Holds tea, coffee and é".to_owned(),
        price: Some(eur(1250)),
        stock_qty: 7,
        image_urls: vec!["https://example.com/a.png".to_owned(), "/b.svg".to_owned()],
        brand: "Acme".to_owned(),
        category_ids: category_ids.iter().map(|id| (*id).to_owned()).collect(),
        attributes: vec![
            attribute("colour", text("blue"), ""),
            attribute("volume", Some(attribute::Value::Number(0.1 + 0.2)), "l"),
            attribute("dishwasher", Some(attribute::Value::Flag(false)), ""),
        ],
        labels: vec!["new".to_owned(), "gift".to_owned()],
        external_id: format!("ext-{id}"),
        ..product(id)
    }
}

pub(crate) fn eur(cents: i64) -> Money {
    proto::money::from_minor(cents, "EUR")
}

pub(crate) fn path(names: &[&str]) -> CategoryPath {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    CategoryPath { names, ids: Vec::new() }
}

/// Asserts code and reason of a status.
#[track_caller]
pub(crate) fn assert_refused<T>(answer: Result<T, Status>, code: Code, reason: &str) -> Status {
    let Err(refusal) = answer else { panic!("expected {reason}, but it was taken") };
    let said = (refusal.code(), status::reason(&refusal));
    assert_eq!(said, (code, Some(reason.to_owned())), "{refusal:?}");
    refusal
}

/// Asserts that exactly these fields were invalid.
#[track_caller]
pub(crate) fn assert_invalid<T>(answer: Result<T, Status>, fields: &[&str]) {
    assert_fields(answer, status::INVALID_FIELD, fields);
}

/// Asserts that exactly these fields were invalid, with this reason.
#[track_caller]
pub(crate) fn assert_fields<T>(answer: Result<T, Status>, reason: &str, fields: &[&str]) {
    let refusal = assert_refused(answer, Code::InvalidArgument, reason);
    let named: Vec<_> = status::violations(&refusal).into_iter().map(|(field, _)| field).collect();
    assert_eq!(named, fields, "{refusal:?}");
}
