//! Several search processes that follow one catalogue process, behind several gateways.

use std::time::Duration;

use anyhow::Context as _;
use proto::search::v1::{
    GetIndexStatusRequest, GetIndexStatusResponse, SearchRequest,
    search_admin_service_client::SearchAdminServiceClient,
    search_service_client::SearchServiceClient,
};
use testkit::{Process, free_ports, program, until};
use tonic::transport::{Channel, Endpoint};

use crate::catalogue::{CatalogueProcess, Engine};

pub(super) const SEARCHES: usize = 3;
pub(super) const GATEWAYS: usize = 2;

/// The system, on SQLite. Each process has two ports, from `port` on: searches first.
pub(super) struct SearchFleet {
    processes: Vec<Process>,
    port: u16,
    pub(super) catalogue: CatalogueProcess,
}

impl SearchFleet {
    /// Starts all with `count` products, and waits until every replica has them.
    pub(super) async fn start(count: usize) -> anyhow::Result<Self> {
        let catalogue = CatalogueProcess::start(Engine::Sqlite).await?;
        let rows: String = (0..count)
            .map(|number| format!("{{\"id\":\"p-{number:04}\",\"name\":\"Lamp {number}\"}}\n"))
            .collect();
        let file = catalogue.dir().join("lamps.jsonl");
        std::fs::write(&file, rows)?;
        let server = format!("http://{}", catalogue.addr());
        let file = file.to_str().context("the path is not UTF-8")?;
        let imported = testkit::run(program("catctl"), ["--server", &server, "import", file]).await;
        anyhow::ensure!(imported.code == Some(0), "the import failed: {imported:?}");

        let port = free_ports(2 * (SEARCHES + GATEWAYS) as u16);
        let mut fleet = Self { processes: Vec::new(), port, catalogue };
        for replica in 0..SEARCHES + GATEWAYS {
            let process = fleet.spawn(replica)?;
            fleet.processes.push(process);
        }
        for replica in 0..SEARCHES + GATEWAYS {
            fleet.ready(replica).await;
        }
        for search in 0..SEARCHES {
            until("all products are in the index", async || {
                let status = fleet.status(search).await.ok()?;
                (status.product_count == count as i64).then_some(())
            })
            .await;
        }
        Ok(fleet)
    }

    fn spawn(&self, replica: usize) -> anyhow::Result<Process> {
        let (name, dir) = (format!("replica-{replica}"), self.catalogue.dir());
        let mut arguments = vec![
            format!("--listen={}", self.addr(replica)),
            format!("--admin=127.0.0.1:{}", self.ports(replica).1),
            format!("--catalogue=static://{}", self.catalogue.addr()),
            "--log=info".to_owned(),
        ];
        let service = if replica < SEARCHES {
            arguments.push(format!("--data-dir={}", dir.join(&name).display()));
            "search"
        } else {
            let searches: Vec<_> = (0..SEARCHES).map(|search| self.addr(search)).collect();
            arguments.push(format!("--search=static://{}", searches.join(",")));
            "gateway"
        };
        Process::start(&program(service), arguments, &dir.join(format!("{name}.log")))
    }

    /// Kills a search or gateway (SIGKILL) and starts it again, and waits until it is ready.
    pub(super) async fn restart(&mut self, replica: usize) -> anyhow::Result<()> {
        self.processes[replica].kill();
        self.processes[replica] = self.spawn(replica)?;
        self.ready(replica).await;
        Ok(())
    }

    async fn ready(&mut self, replica: usize) {
        let admin = self.ports(replica).1;
        self.processes[replica].ready(admin).await;
    }

    fn ports(&self, replica: usize) -> (u16, u16) {
        let port = self.port + 2 * replica as u16;
        (port, port + 1)
    }

    fn addr(&self, replica: usize) -> String {
        format!("127.0.0.1:{}", self.ports(replica).0)
    }

    /// A new channel to a search.
    pub(super) fn search(&self, search: usize) -> anyhow::Result<Channel> {
        channel(&self.addr(search))
    }

    /// A new channel to a gateway.
    pub(super) fn gateway(&self, gateway: usize) -> anyhow::Result<Channel> {
        channel(&self.addr(SEARCHES + gateway))
    }

    /// The status of a search.
    pub(super) async fn status(&self, search: usize) -> anyhow::Result<GetIndexStatusResponse> {
        let mut client = SearchAdminServiceClient::new(self.search(search)?);
        Ok(client.get_index_status(GetIndexStatusRequest {}).await?.into_inner())
    }

    /// The number of hits of a query at one search.
    pub(super) async fn hits(&self, search: usize, query: &str) -> anyhow::Result<i32> {
        let mut client = SearchServiceClient::new(self.search(search)?);
        let request =
            SearchRequest { query: query.to_owned(), unlogged: true, ..Default::default() };
        Ok(client.search(request).await?.into_inner().total_size)
    }
}

fn channel(addr: &str) -> anyhow::Result<Channel> {
    let endpoint = Endpoint::from_shared(format!("http://{addr}"))?;
    Ok(endpoint.timeout(Duration::from_secs(10)).connect_lazy())
}
