//! The catalogue that experiments are made on.

use std::time::Duration;

use anyhow::{Context as _, bail};
use nix::sys::signal::Signal;
use proto::catalogue::v1::{
    CreateProductRequest, ListProductsRequest, Product,
    catalogue_service_client::CatalogueServiceClient,
};
use tempfile::TempDir;
use tonic::transport::{Channel, Endpoint};

use crate::{Database, Fleet, PostgresOptions, PostgresServer, Process, program};

/// What keeps the products.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::chaos) enum Engine {
    Sqlite,
    Postgres,
}

/// A catalogue process on a store of its own.
pub(in crate::chaos) struct Subject {
    process: Option<Process>,
    port: u16,
    /// A program that runs it, and flags beside the usual ones; the last of a name wins.
    under: Vec<String>,
    flags: Vec<String>,
    /// Keeps the server running and its database there.
    postgres: Option<(PostgresServer, Database)>,
    dir: TempDir,
}

impl Subject {
    /// Starts one. Its PostgreSQL keeps what it has acknowledged, as one in production does.
    pub(in crate::chaos) async fn start(engine: Engine) -> anyhow::Result<Self> {
        let mut subject = Self::prepare(engine).await?;
        subject.restart().await?;
        Ok(subject)
    }

    /// One that is yet to be [started](Subject::restart).
    pub(in crate::chaos) async fn prepare(engine: Engine) -> anyhow::Result<Self> {
        let postgres = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => {
                let options = PostgresOptions { durable: true, ..Default::default() };
                let Some(server) = PostgresServer::start(options).await? else {
                    bail!("there is no PostgreSQL here");
                };
                let database = server.database().await?;
                Some((server, database))
            }
        };
        let dir = tempfile::tempdir()?;
        let port = Fleet::free_ports(2);
        Ok(Self { process: None, port, under: Vec::new(), flags: Vec::new(), postgres, dir })
    }

    /// Has it run under another program from the next start on, such as `taskset`.
    pub(in crate::chaos) fn run_under<const N: usize>(&mut self, command: [&str; N]) {
        self.under = command.map(str::to_owned).to_vec();
    }

    /// Gives it these flags from the next start on, and no others of before.
    pub(in crate::chaos) fn set(&mut self, flags: &[&str]) {
        self.flags = flags.iter().map(|flag| (*flag).to_owned()).collect();
    }

    /// Starts the process, where it was before, and waits until it is ready.
    pub(in crate::chaos) async fn restart(&mut self) -> anyhow::Result<()> {
        let (port, admin) = (self.port, self.port + 1);
        let mut arguments = vec![
            format!("--listen=127.0.0.1:{port}"),
            format!("--admin=127.0.0.1:{admin}"),
            format!("--data-dir={}", self.dir.path().join("data").display()),
            "--log=warn".to_owned(),
        ];
        let given = |flag: &str| self.flags.iter().any(|it| it.starts_with(flag));
        if let Some((_, database)) = self.postgres.as_ref().filter(|_| !given("--database-url")) {
            arguments.push(format!("--database-url={}", database.url));
        }
        arguments.extend(self.flags.iter().cloned());
        let mut command = self.under.clone();
        command.push(program("catalogue").display().to_string());
        command.extend(arguments);
        let log = self.dir.path().join("catalogue.log");
        let process = Process::start(command[0].as_ref(), &command[1..], &log)?;
        self.process.insert(process).ready(admin).await;
        Ok(())
    }

    /// kill -9.
    pub(in crate::chaos) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill();
        }
    }

    /// Connections of one's own. Connects when it is first used, and again after a cut.
    pub(in crate::chaos) fn channel(&self) -> anyhow::Result<Channel> {
        let endpoint = Endpoint::from_shared(format!("http://{}", self.addr()))?;
        Ok(endpoint.timeout(Duration::from_secs(30)).connect_lazy())
    }

    /// Sends its process a signal.
    pub(in crate::chaos) fn signal(&self, signal: Signal) {
        if let Some(process) = &self.process {
            process.signal(signal);
        }
    }

    pub(in crate::chaos) fn addr(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Where it answers operators.
    pub(in crate::chaos) fn admin(&self) -> String {
        format!("127.0.0.1:{}", self.port + 1)
    }

    /// The running process.
    pub(in crate::chaos) fn process(&mut self) -> anyhow::Result<&mut Process> {
        self.process.as_mut().context("it runs")
    }

    pub(in crate::chaos) fn dir(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// The file of the embedded database.
    pub(in crate::chaos) fn file(&self) -> std::path::PathBuf {
        self.dir.path().join("data/catalogue.db")
    }

    /// What it has logged: warnings and errors.
    pub(in crate::chaos) fn log(&self) -> String {
        self.process.as_ref().map(Process::log).unwrap_or_default()
    }

    /// The database server, and the URL of the catalogue's database in it.
    pub(in crate::chaos) fn postgres(&mut self) -> anyhow::Result<(&mut PostgresServer, &str)> {
        let (server, database) = self.postgres.as_mut().context("it runs on SQLite")?;
        Ok((server, &database.url))
    }

    /// All products, by id.
    pub(in crate::chaos) async fn products(&self) -> anyhow::Result<Vec<Product>> {
        let mut client = CatalogueServiceClient::new(self.channel()?);
        let list = client.list_products(ListProductsRequest::default()).await?;
        let mut list = list.into_inner();
        let mut products = Vec::new();
        while let Some(product) = list.message().await? {
            products.push(product);
        }
        Ok(products)
    }

    /// Adds a product and waits until it is there.
    pub(in crate::chaos) async fn create(&self, product: Product) -> anyhow::Result<Product> {
        let mut client = CatalogueServiceClient::new(self.channel()?);
        let request = CreateProductRequest { product: Some(product), ..Default::default() };
        Ok(client.create_product(request).await?.into_inner())
    }
}

/// A product of little but its id.
pub(in crate::chaos) fn product(id: impl Into<String>) -> Product {
    let id = id.into();
    Product { name: format!("Product {id}"), id, ..Default::default() }
}
