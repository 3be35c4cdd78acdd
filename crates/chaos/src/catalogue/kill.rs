//! Repeated kills (SIGKILL) during writes.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::Context as _;
use proto::catalogue::v1::{
    AdjustStockRequest, CreateProductRequest, catalogue_service_client::CatalogueServiceClient,
    stock_service_client::StockServiceClient,
};
use sqlx::{Connection as _, SqliteConnection};
use testkit::Figure;
use tokio::{sync::Notify, time::timeout};
use tonic::transport::Channel;

use super::process::{CatalogueProcess, Engine, product};
use crate::RunConfig;

const WRITERS: u64 = 4;
/// Maximum wait for the first write after a start.
const FIRST_WRITE: Duration = Duration::from_secs(60);

pub(super) async fn run(config: &RunConfig, engine: Engine) -> anyhow::Result<Vec<Figure>> {
    let mut catalogue = CatalogueProcess::start(engine).await?;
    for writer in 0..WRITERS {
        catalogue.create(product(counter(writer))).await?;
    }
    let mut writers: Vec<Writer> = (0..WRITERS).map(Writer::new).collect();
    let mut random = config.random("when");
    let (kills, mut killed) = (config.count(300), 0);
    for _ in 0..kills {
        let (stop, wrote) = (Arc::new(AtomicBool::new(false)), Arc::new(Notify::new()));
        let mut running = Vec::new();
        for writer in writers {
            let (stop, wrote) = (Arc::clone(&stop), Arc::clone(&wrote));
            running.push(tokio::spawn(writer.run(catalogue.channel()?, stop, wrote)));
        }
        // Kills among writes, however long the first one takes on a busy machine.
        timeout(FIRST_WRITE, wrote.notified()).await.context("no write is acknowledged")?;
        tokio::time::sleep(Duration::from_millis(20 + random.below(150))).await;
        killed += u64::from(catalogue.kill());
        stop.store(true, Ordering::Relaxed);
        writers = Vec::new();
        for running in running {
            writers.push(running.await?);
        }
        catalogue.restart().await?;
    }
    // Retries the writes that the last kill interrupted, so that all are acknowledged.
    let mut retried = 0;
    for writer in &mut writers {
        writer.settle(&catalogue.channel()?).await?;
        retried += writer.retried;
    }
    let found: BTreeMap<String, i32> =
        catalogue.products().await?.into_iter().map(|it| (it.id, it.stock_qty)).collect();
    let created = || writers.iter().flat_map(|writer| &writer.created);
    let missing = created().filter(|id| !found.contains_key(*id)).count();
    let unknown = found.len() - WRITERS as usize - (created().count() - missing);
    let off: i64 = writers
        .iter()
        .map(|writer| (i64::from(found[&counter(writer.number)]) - writer.added).abs())
        .sum();
    let mut figures = vec![
        Figure::exactly("kills", killed, kills),
        Figure::at_least("writes acknowledged", created().count() as u64, kills),
        Figure::at_least("writes retried after a kill", retried, 1),
        Figure::exactly("acknowledged products missing", missing, 0),
        Figure::exactly("unknown products", unknown, 0),
        Figure::exactly("stock not added exactly once", off, 0),
    ];
    if engine == Engine::Sqlite {
        catalogue.kill();
        figures.push(Figure::exactly("integrity check", integrity(&catalogue).await?, "ok".into()));
    }
    Ok(figures)
}

/// A client that alternately creates products and increments a stock. It retries an interrupted write with
/// the same request id until it is acknowledged.
struct Writer {
    number: u64,
    next: u64,
    pending: Option<Write>,
    created: Vec<String>,
    added: i64,
    retried: u64,
}

#[derive(Clone)]
enum Write {
    Create(Box<CreateProductRequest>),
    Add(AdjustStockRequest),
}

impl Writer {
    fn new(number: u64) -> Self {
        Self { number, next: 0, pending: None, created: Vec::new(), added: 0, retried: 0 }
    }

    /// Writes until `stop` is set or a write fails, and notifies of each.
    async fn run(mut self, channel: Channel, stop: Arc<AtomicBool>, wrote: Arc<Notify>) -> Self {
        while !stop.load(Ordering::Relaxed) {
            if self.write(&channel).await.is_err() {
                // Interrupted; a retry shows whether it was stored.
                break;
            }
            wrote.notify_one();
        }
        self
    }

    async fn settle(&mut self, channel: &Channel) -> anyhow::Result<()> {
        while self.pending.is_some() {
            self.write(channel).await?;
        }
        Ok(())
    }

    async fn write(&mut self, channel: &Channel) -> Result<(), tonic::Status> {
        let write = match self.pending.take() {
            Some(pending) => {
                self.retried += 1;
                pending
            }
            None => self.next_write(),
        };
        self.pending = Some(write.clone());
        match write {
            Write::Create(request) => {
                let response =
                    CatalogueServiceClient::new(channel.clone()).create_product(*request).await?;
                self.created.push(response.into_inner().id);
            }
            Write::Add(request) => {
                StockServiceClient::new(channel.clone()).adjust_stock(request).await?;
                self.added += 1;
            }
        }
        self.pending = None;
        Ok(())
    }

    fn next_write(&mut self) -> Write {
        self.next += 1;
        let request_id = format!("w{}-{}", self.number, self.next);
        if self.next.is_multiple_of(2) {
            let product = Some(product(format!("p-{request_id}")));
            Write::Create(Box::new(CreateProductRequest {
                product,
                request_id,
                ..Default::default()
            }))
        } else {
            let product_id = counter(self.number);
            Write::Add(AdjustStockRequest {
                product_id,
                delta: 1,
                request_id,
                ..Default::default()
            })
        }
    }
}

fn counter(writer: u64) -> String {
    format!("counter-{writer}")
}

async fn integrity(catalogue: &CatalogueProcess) -> anyhow::Result<String> {
    let url = format!("sqlite://{}", catalogue.file().display());
    let mut file = SqliteConnection::connect(&url).await?;
    Ok(sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut file).await?)
}
