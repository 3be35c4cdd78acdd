//! Clients who change their minds.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use proto::catalogue::v1::{
    AdjustStockRequest, CreateProductRequest, catalogue_service_client::CatalogueServiceClient,
    stock_service_client::StockServiceClient,
};
use sqlx::{Connection as _, PgConnection};
use tokio::time::timeout;

use super::subject::{Engine, Subject, product};
use crate::{Figure, Setting};

const CLIENTS: u64 = 32;

pub(super) async fn run(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let mut subject = Subject::start(Engine::Postgres).await?;
    subject.create(product("counter")).await?;
    let rounds = (setting.count(20_000) / CLIENTS).max(1);
    let mut clients = Vec::new();
    for client in 0..CLIENTS {
        let channel = subject.channel()?;
        let mut random = setting.random(&format!("client {client}"));
        clients.push(tokio::spawn(async move {
            let mut products = CatalogueServiceClient::new(channel.clone());
            let mut stock = StockServiceClient::new(channel);
            let mut seen = Seen::default();
            for round in 0..rounds {
                // Some are patient: theirs are the writes that a poisoned connection would lose.
                let patience = match round % 8 {
                    0 => Duration::from_secs(30),
                    _ => Duration::from_micros(random.below(3_000)),
                };
                let answer = if random.chance(0.8) {
                    let id = format!("c{client}-{round}");
                    let product = Some(product(&id));
                    let request = CreateProductRequest { product, ..Default::default() };
                    let answer = timeout(patience, products.create_product(request)).await;
                    if matches!(answer, Ok(Ok(_))) {
                        seen.created.insert(id);
                    }
                    answer.map(|answer| answer.map(drop))
                } else {
                    let request = AdjustStockRequest {
                        product_id: "counter".to_owned(),
                        delta: 1,
                        ..Default::default()
                    };
                    let answer = timeout(patience, stock.adjust_stock(request)).await;
                    let answer = answer.map(|answer| answer.map(drop));
                    seen.added += i64::from(matches!(answer, Ok(Ok(()))));
                    answer
                };
                match answer {
                    Ok(Ok(())) => {}
                    Ok(Err(status)) => seen.failed.push(status.to_string()),
                    Err(_changed_their_mind) => seen.cancelled += 1,
                }
            }
            seen
        }));
    }
    let mut all = Seen::default();
    for client in clients {
        let seen = client.await?;
        all.created.extend(seen.created);
        all.added += seen.added;
        all.cancelled += seen.cancelled;
        all.failed.extend(seen.failed);
    }
    anyhow::ensure!(all.failed.is_empty(), "calls failed: {:?}", &all.failed[..1]);

    // As another sees it: not through the catalogue, whose connections are what is in doubt.
    let (_, url) = subject.postgres()?;
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
        Figure::at_least("calls answered", ids.len() as u64, 1),
        Figure::exactly("sessions left idle in a transaction", open, 0),
        Figure::exactly("acknowledged products missing", ids.len() as i64 - found, 0),
        Figure::at_least("stock added, at least what was acknowledged", counter, all.added),
        Figure::exactly("aborted transactions used again", aborted(&subject.log()), 0),
    ])
}

#[derive(Default)]
struct Seen {
    created: BTreeSet<String>,
    added: i64,
    cancelled: u64,
    failed: Vec<String>,
}

/// Those that do not end by themselves within this time.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many transactions are left open when everything should have come to rest.
async fn idle_in_transaction(other: &mut PgConnection) -> anyhow::Result<i64> {
    const SQL: &str = "SELECT count(*) FROM pg_stat_activity \
        WHERE datname = current_database() AND pid <> pg_backend_pid() \
        AND (state = 'active' OR state LIKE 'idle in transaction%')";
    let began = Instant::now();
    loop {
        let open: i64 = sqlx::query_scalar(SQL).fetch_one(&mut *other).await?;
        if open == 0 || began.elapsed() > PATIENCE {
            return Ok(open);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// PostgreSQL's code for a statement in a transaction that has failed before.
fn aborted(log: &str) -> u64 {
    log.matches("25P02").count() as u64
}
