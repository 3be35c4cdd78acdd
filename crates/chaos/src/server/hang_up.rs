//! Clients that cancel during a statement.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use proto::catalogue::v1::{
    BrowseProductsRequest, catalogue_service_client::CatalogueServiceClient,
};
use sqlx::{Connection as _, PgConnection};
use testkit::{Figure, get, until};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
};

use super::{bound, replicas::Replicas};
use crate::RunConfig;

/// Concurrent clients, fewer than the catalogue has database connections.
const CLIENTS: usize = 3;
/// Blocks reads of products, and nothing else.
const LOCK: &str = "LOCK TABLE product_categories IN ACCESS EXCLUSIVE MODE";
/// Sessions of this database that wait for a lock.
const BLOCKED: &str = "SELECT pid FROM pg_stat_activity \
    WHERE datname = current_database() AND state = 'active' AND wait_event_type = 'Lock'";

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let replicas = Replicas::start(1, 1).await?;
    let mut locking = PgConnection::connect(replicas.database()).await?;
    let mut watching = PgConnection::connect(replicas.database()).await?;
    let admin = format!("http://{}/metrics", replicas.admin(0));
    let (mut stopped, mut freed) = (Duration::ZERO, Duration::ZERO);
    for round in 0..config.count(100) {
        let mut locked = locking.begin().await?;
        sqlx::query(LOCK).execute(&mut *locked).await?;
        let mut calls = JoinSet::new();
        for client in 0..CLIENTS as u64 {
            let gateway = replicas.gateway();
            match (round + client) % 2 {
                0 => calls.spawn(browse_as_json(gateway)),
                _ => calls.spawn(browse(gateway)),
            };
        }
        let sessions = until("all statements are waiting", async || {
            let pids = blocked(&mut watching).await;
            (pids.len() >= CLIENTS).then_some(pids)
        })
        .await;
        let began = Instant::now();
        drop(calls);
        until("the statements are cancelled", async || {
            blocked(&mut watching).await.is_disjoint(&sessions).then_some(())
        })
        .await;
        stopped = stopped.max(began.elapsed());
        until("the connections are free", async || {
            let metrics = get(&admin).await.ok()?.text();
            used(&metrics).filter(|used| *used == 0.0).map(drop)
        })
        .await;
        freed = freed.max(began.elapsed());
        locked.rollback().await?;
    }
    browse(replicas.gateway()).await?;
    let figure = |name, took: Duration, full| {
        Figure::at_most(name, took.as_secs_f64() * 1e3, bound(config, full))
    };
    Ok(vec![
        figure("slowest cancellation of a statement, ms", stopped, 100.0),
        figure("slowest release of a connection, ms", freed, 150.0),
    ])
}

async fn browse(gateway: String) -> anyhow::Result<()> {
    let mut catalogue = CatalogueServiceClient::connect(format!("http://{gateway}")).await?;
    catalogue.browse_products(BrowseProductsRequest::default()).await?;
    Ok(())
}

async fn browse_as_json(gateway: String) -> anyhow::Result<()> {
    let mut stream = TcpStream::connect(&gateway).await?;
    let request = format!("GET /v1/products HTTP/1.1\r\nhost: {gateway}\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    stream.read_u8().await?;
    Ok(())
}

/// Process ids of the waiting sessions.
async fn blocked(watching: &mut PgConnection) -> BTreeSet<i32> {
    let pids: Vec<i32> =
        sqlx::query_scalar(BLOCKED).fetch_all(watching).await.expect("a query of pg_stat_activity");
    pids.into_iter().collect()
}

/// Number of reading connections in use, from the catalogue's metrics.
fn used(metrics: &str) -> Option<f64> {
    let series = r#"db_client_connections{"#;
    let of_readers = [r#"pool="read""#, r#"state="used""#];
    let line = metrics.lines().find(|line| {
        line.starts_with(series) && of_readers.iter().all(|label| line.contains(label))
    })?;
    line.rsplit(' ').next()?.parse().ok()
}
