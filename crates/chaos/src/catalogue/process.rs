//! A catalogue process.

use std::time::Duration;

use anyhow::{Context as _, bail};
use nix::sys::signal::Signal;
use proto::catalogue::v1::{
    CreateProductRequest, DeleteProductRequest, ListProductsRequest, Product,
    catalogue_service_client::CatalogueServiceClient,
};
use tempfile::TempDir;
use testkit::{Database, PostgresOptions, PostgresServer, Process, free_ports, program};
use tonic::transport::{Channel, Endpoint};

/// The database of a catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// A catalogue process with its own database.
pub(crate) struct CatalogueProcess {
    process: Option<Process>,
    port: u16,
    /// Command line that precedes the program, such as `taskset`.
    wrapper: Vec<String>,
    /// Additional flags.
    flags: Vec<String>,
    /// Dropping it stops the server.
    postgres: Option<(PostgresServer, Database)>,
    dir: TempDir,
}

impl CatalogueProcess {
    /// Starts a catalogue. Commits of its PostgreSQL are durable, as in production.
    pub(crate) async fn start(engine: Engine) -> anyhow::Result<Self> {
        let mut catalogue = Self::prepare(engine).await?;
        catalogue.restart().await?;
        Ok(catalogue)
    }

    /// A catalogue that is not [started](CatalogueProcess::restart) yet.
    pub(crate) async fn prepare(engine: Engine) -> anyhow::Result<Self> {
        let postgres = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => {
                let options = PostgresOptions { durable: true, ..Default::default() };
                let Some(server) = PostgresServer::start(options).await? else {
                    bail!("PostgreSQL is not installed");
                };
                let database = server.database().await?;
                Some((server, database))
            }
        };
        let dir = tempfile::tempdir()?;
        let port = free_ports(2);
        Ok(Self { process: None, port, wrapper: Vec::new(), flags: Vec::new(), postgres, dir })
    }

    /// Runs it with another program, such as `taskset`, from the next start on.
    pub(crate) fn run_with(&mut self, command: &[&str]) {
        self.wrapper = command.iter().map(ToString::to_string).collect();
    }

    /// Replaces the additional flags from the next start on.
    pub(crate) fn set_flags(&mut self, flags: &[&str]) {
        self.flags = flags.iter().map(|flag| (*flag).to_owned()).collect();
    }

    /// Starts the process on the same ports and data, and waits until it is ready.
    pub(crate) async fn restart(&mut self) -> anyhow::Result<()> {
        let (port, admin) = (self.port, self.port + 1);
        let mut arguments = vec![
            format!("--listen=127.0.0.1:{port}"),
            format!("--admin=127.0.0.1:{admin}"),
            format!("--data-dir={}", self.dir.path().join("data").display()),
            "--log=warn".to_owned(),
        ];
        let is_set = |flag: &str| self.flags.iter().any(|it| it.starts_with(flag));
        if let Some((_, database)) = self.postgres.as_ref().filter(|_| !is_set("--database-url")) {
            arguments.push(format!("--database-url={}", database.url));
        }
        arguments.extend(self.flags.iter().cloned());
        let mut command = self.wrapper.clone();
        command.push(program("catalogue").display().to_string());
        command.extend(arguments);
        let log = self.dir.path().join("catalogue.log");
        let process = Process::start(command[0].as_ref(), &command[1..], &log)?;
        self.process.insert(process).ready(admin).await;
        Ok(())
    }

    /// Sends SIGKILL. Returns whether that ended it.
    pub(crate) fn kill(&mut self) -> bool {
        self.process.take().is_some_and(|mut process| process.kill())
    }

    /// A new channel. Connects at the first call, and again after a reset.
    pub(crate) fn channel(&self) -> anyhow::Result<Channel> {
        let endpoint = Endpoint::from_shared(format!("http://{}", self.addr()))?;
        Ok(endpoint.timeout(Duration::from_secs(30)).connect_lazy())
    }

    /// Sends its process a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        if let Some(process) = &self.process {
            process.signal(signal);
        }
    }

    pub(crate) fn addr(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// `host:port` of its admin port.
    pub(crate) fn admin(&self) -> String {
        format!("127.0.0.1:{}", self.port + 1)
    }

    /// The running process.
    pub(crate) fn process(&mut self) -> anyhow::Result<&mut Process> {
        self.process.as_mut().context("the catalogue is not running")
    }

    pub(crate) fn dir(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// The file of SQLite.
    pub(crate) fn file(&self) -> std::path::PathBuf {
        self.dir.path().join("data/catalogue.db")
    }

    /// Its log: warnings and errors.
    pub(crate) fn log(&self) -> String {
        self.process.as_ref().map(Process::log).unwrap_or_default()
    }

    /// The PostgreSQL server, and the URL of the catalogue's database.
    pub(crate) fn postgres(&mut self) -> anyhow::Result<(&mut PostgresServer, &str)> {
        let (server, database) = self.postgres.as_mut().context("the catalogue runs on SQLite")?;
        Ok((server, &database.url))
    }

    /// All products, ordered by id.
    pub(crate) async fn products(&self) -> anyhow::Result<Vec<Product>> {
        let mut client = CatalogueServiceClient::new(self.channel()?);
        let list = client.list_products(ListProductsRequest::default()).await?;
        let mut list = list.into_inner();
        let mut products = Vec::new();
        while let Some(product) = list.message().await? {
            products.push(product);
        }
        Ok(products)
    }

    /// Creates a product.
    pub(crate) async fn create(&self, product: Product) -> anyhow::Result<Product> {
        let mut client = CatalogueServiceClient::new(self.channel()?);
        let request = CreateProductRequest { product: Some(product), ..Default::default() };
        Ok(client.create_product(request).await?.into_inner())
    }

    /// Deletes a product for good.
    pub(crate) async fn purge(&self, product_id: &str) -> anyhow::Result<()> {
        let product_id = product_id.to_owned();
        let request = DeleteProductRequest { product_id, purge: true, ..Default::default() };
        CatalogueServiceClient::new(self.channel()?).delete_product(request).await?;
        Ok(())
    }
}

/// A product with an id and a name.
pub(crate) fn product(id: impl Into<String>) -> Product {
    let id = id.into();
    Product { name: format!("Product {id}"), id, ..Default::default() }
}
