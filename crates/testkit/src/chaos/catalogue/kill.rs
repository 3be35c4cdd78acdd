//! kill -9 in the middle of writes, over and over.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use proto::catalogue::v1::{
    AdjustStockRequest, CreateProductRequest, catalogue_service_client::CatalogueServiceClient,
    stock_service_client::StockServiceClient,
};
use sqlx::{Connection as _, SqliteConnection};
use tonic::transport::Channel;

use super::subject::{Engine, Subject, product};
use crate::{Figure, Setting};

const WRITERS: u64 = 4;

pub(super) async fn run(setting: &Setting, engine: Engine) -> anyhow::Result<Vec<Figure>> {
    let mut subject = Subject::start(engine).await?;
    for writer in 0..WRITERS {
        subject.create(product(counter(writer))).await?;
    }
    let mut writers: Vec<Writer> = (0..WRITERS).map(Writer::new).collect();
    let mut random = setting.random("when");
    let kills = setting.count(300);
    for _ in 0..kills {
        let stop = Arc::new(AtomicBool::new(false));
        let mut running = Vec::new();
        for writer in writers {
            running.push(tokio::spawn(writer.run(subject.channel()?, Arc::clone(&stop))));
        }
        tokio::time::sleep(Duration::from_millis(20 + random.below(150))).await;
        subject.kill();
        stop.store(true, Ordering::Relaxed);
        writers = Vec::new();
        for running in running {
            writers.push(running.await?);
        }
        subject.restart().await?;
    }
    // What was cut last is asked for once more, and then everything has been acknowledged.
    let mut retried = 0;
    for writer in &mut writers {
        writer.settle(&subject.channel()?).await?;
        retried += writer.retried;
    }
    let found: BTreeMap<String, i32> =
        subject.products().await?.into_iter().map(|it| (it.id, it.stock_qty)).collect();
    let created = || writers.iter().flat_map(|writer| &writer.created);
    let missing = created().filter(|id| !found.contains_key(*id)).count();
    let extra = found.len() - WRITERS as usize - (created().count() - missing);
    let off: i64 = writers
        .iter()
        .map(|writer| (i64::from(found[&counter(writer.number)]) - writer.added).abs())
        .sum();
    let mut figures = vec![
        Figure::exactly("kills", kills, kills),
        Figure::at_least("writes acknowledged", created().count() as u64, kills),
        Figure::at_least("writes retried after a kill", retried, 1),
        Figure::exactly("acknowledged products missing", missing, 0),
        Figure::exactly("products nobody created", extra, 0),
        Figure::exactly("stock not added exactly once", off, 0),
    ];
    if engine == Engine::Sqlite {
        subject.kill();
        figures.push(Figure::exactly("integrity check", integrity(&subject).await?, "ok".into()));
    }
    Ok(figures)
}

/// One who creates products and counts them in a stock, each write with an id of its own. A write
/// that was cut off is asked for again, with the same id, until it is acknowledged.
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

    /// Writes until it is told to stop and a write fails.
    async fn run(mut self, channel: Channel, stop: Arc<AtomicBool>) -> Self {
        while !stop.load(Ordering::Relaxed) {
            if self.write(&channel).await.is_err() {
                // Cut off: whether it was stored shows when it is asked for again.
                break;
            }
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
            None => self.fresh(),
        };
        self.pending = Some(write.clone());
        match write {
            Write::Create(request) => {
                let answer =
                    CatalogueServiceClient::new(channel.clone()).create_product(*request).await?;
                self.created.push(answer.into_inner().id);
            }
            Write::Add(request) => {
                StockServiceClient::new(channel.clone()).adjust_stock(request).await?;
                self.added += 1;
            }
        }
        self.pending = None;
        Ok(())
    }

    fn fresh(&mut self) -> Write {
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

async fn integrity(subject: &Subject) -> anyhow::Result<String> {
    let url = format!("sqlite://{}", subject.file().display());
    let mut file = SqliteConnection::connect(&url).await?;
    Ok(sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut file).await?)
}
