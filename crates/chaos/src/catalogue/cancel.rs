//! Clients that cancel calls at random times.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use proto::catalogue::v1::{
    AdjustStockRequest, CreateProductRequest, catalogue_service_client::CatalogueServiceClient,
    stock_service_client::StockServiceClient,
};
use sqlx::{Connection as _, PgConnection};
use testkit::{Figure, Random};
use tokio::time::timeout;
use tonic::transport::Channel;

use super::process::{CatalogueProcess, Engine, product};
use crate::RunConfig;

const CLIENTS: u64 = 32;

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let mut catalogue = CatalogueProcess::start(Engine::Postgres).await?;
    catalogue.create(product("counter")).await?;
    let rounds = (config.count(20_000) / CLIENTS).max(1);
    let mut clients = Vec::new();
    for client in 0..CLIENTS {
        let channel = catalogue.channel()?;
        let random = config.random(&format!("client {client}"));
        clients.push(tokio::spawn(call(channel, random, client, rounds)));
    }
    let mut all = Tally::default();
    for client in clients {
        let tally = client.await?;
        all.created.extend(tally.created);
        all.added += tally.added;
        all.cancelled += tally.cancelled;
        all.failed.extend(tally.failed);
    }
    anyhow::ensure!(all.failed.is_empty(), "calls failed: {:?}", &all.failed[..1]);

    // Checked over another connection, because those of the catalogue are under test.
    let (_, url) = catalogue.postgres()?;
    let mut other = PgConnection::connect(url).await?;
    let open = idle_in_transaction(&mut other).await?;
    let ids: Vec<String> = all.created.iter().cloned().collect();
    let found: i64 = sqlx::query_scalar("SELECT count(*) FROM products WHERE id = ANY($1)")
        .bind(&ids)
        .fetch_one(&mut other)
        .await?;
    let counter: i64 =
        sqlx::query_scalar("SELECT stock_qty::bigint FROM products WHERE id = 'counter'")
            .fetch_one(&mut other)
            .await?;
    Ok(vec![
        Figure::at_least("calls cancelled", all.cancelled, rounds * CLIENTS / 10),
        Figure::at_least("calls completed", ids.len() as u64, 1),
        Figure::exactly("sessions left idle in a transaction", open, 0),
        Figure::exactly("acknowledged products missing", ids.len() as i64 - found, 0),
        Figure::at_least("stock added, at least the acknowledged", counter, all.added),
        Figure::exactly("statements in aborted transactions", aborted(&catalogue.log()), 0),
    ])
}

/// Makes `rounds` writes, most of which it cancels after a random time.
async fn call(channel: Channel, mut random: Random, client: u64, rounds: u64) -> Tally {
    let mut products = CatalogueServiceClient::new(channel.clone());
    let mut stock = StockServiceClient::new(channel);
    let mut tally = Tally::default();
    for round in 0..rounds {
        // Some calls are not cancelled: a connection with an open transaction would lose their writes.
        let limit = match round % 8 {
            0 => Duration::from_secs(30),
            _ => Duration::from_micros(random.below(3_000)),
        };
        let result = if random.chance(0.8) {
            let id = format!("c{client}-{round}");
            let product = Some(product(&id));
            let request = CreateProductRequest { product, ..Default::default() };
            let result = timeout(limit, products.create_product(request)).await;
            if matches!(result, Ok(Ok(_))) {
                tally.created.insert(id);
            }
            result.map(|response| response.map(drop))
        } else {
            let product_id = "counter".to_owned();
            let request = AdjustStockRequest { product_id, delta: 1, ..Default::default() };
            let result = timeout(limit, stock.adjust_stock(request)).await;
            tally.added += i64::from(matches!(result, Ok(Ok(_))));
            result.map(|response| response.map(drop))
        };
        match result {
            Ok(Ok(())) => {}
            Ok(Err(status)) => tally.failed.push(status.to_string()),
            Err(_elapsed) => tally.cancelled += 1,
        }
    }
    tally
}

#[derive(Default)]
struct Tally {
    created: BTreeSet<String>,
    added: i64,
    cancelled: u64,
    failed: Vec<String>,
}

/// Timeout until all transactions have ended.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Number of sessions that are still active or in a transaction after the timeout.
async fn idle_in_transaction(other: &mut PgConnection) -> anyhow::Result<i64> {
    const SQL: &str = "SELECT count(*) FROM pg_stat_activity \
        WHERE datname = current_database() AND pid <> pg_backend_pid() \
        AND (state = 'active' OR state LIKE 'idle in transaction%')";
    let began = Instant::now();
    loop {
        let open: i64 = sqlx::query_scalar(SQL).fetch_one(&mut *other).await?;
        if open == 0 || began.elapsed() > TIMEOUT {
            return Ok(open);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Counts the SQLSTATE of statements in a transaction that has failed before.
fn aborted(log: &str) -> u64 {
    log.matches("25P02").count() as u64
}
