//! Failing databases and cancelled calls: acknowledged writes survive, and no transaction stays
//! open.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use proto::catalogue::v1::CreateProductRequest;
use rpc::status;
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, DbBackend, Statement};
use testkit::{PostgresOptions, PostgresServer, Random, Shutdown, get, until, until_within};
use tokio::{
    task::JoinSet,
    time::{Instant, interval, sleep, timeout},
};

use crate::support::{Catalogue, Data, SOON, product, soon};

#[tokio::test(flavor = "multi_thread")]
async fn cancelled_calls_leave_no_transaction_open() {
    cancelled_calls(800).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restarted_database_loses_nothing_and_is_found_again() {
    let ways = [Shutdown::Fast, Shutdown::Immediate];
    restarts(&ways, Duration::from_millis(25), Duration::from_millis(700)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn health_follows_the_database() {
    let started = PostgresServer::start(PostgresOptions::default()).await.unwrap();
    let Some(server) = started else { return };
    let catalogue = Catalogue::start_in(Data::of(server.database().await.unwrap())).await;
    let address = format!("http://{}/readyz", catalogue.running.admin_addr);
    let answers = async |status: u16| {
        let answer = get(&address).await.unwrap();
        (answer.status.as_u16() == status).then(|| answer.json())
    };
    until("it is ready", async || answers(200).await).await;
    server.pause().await.unwrap();
    let report = until("it says that it is not", async || answers(503).await).await;
    assert_ne!(report["dependencies"]["store"], "ok", "{report}");
    server.resume().await.unwrap();
    until("it is ready again", async || answers(200).await).await;
}

/// `count` writes, 32 at a time: a quarter is awaited, a quarter is cancelled as soon as it is
/// sent, and the others at some moment during the write.
async fn cancelled_calls(count: u64) {
    let catalogue = Catalogue::start().await;
    let begun = Instant::now();
    let warm = (0..64).map(|number| catalogue.create(product(&format!("warm-{number}"))));
    soon(futures::future::join_all(warm.collect::<Vec<_>>())).await;
    let longest = begun.elapsed();
    let mut acknowledged = Vec::new();
    let mut calls = JoinSet::new();
    let mut random = Random::seeded(7);
    for number in 0..count {
        if calls.len() >= 32 {
            acknowledged.extend(calls.join_next().await.unwrap().unwrap());
        }
        let mut products = catalogue.products();
        let patience = match number % 4 {
            0 => SOON,
            1 => Duration::ZERO,
            _ => longest.mul_f64(random.below(1_000) as f64 / 1_000.0),
        };
        calls.spawn(async move {
            let id = format!("p-{number:05}");
            let request =
                CreateProductRequest { product: Some(product(&id)), ..Default::default() };
            // Cancelled calls are still in the queue, which may be full: retries until they are
            // done.
            let created = async {
                while let Err(refused) = products.create_product(request.clone()).await {
                    assert_eq!(status::reason(&refused).as_deref(), Some("STORE_BUSY"));
                }
            };
            timeout(patience, created).await.is_ok().then_some(id)
        });
    }
    while let Some(ended) = calls.join_next().await {
        acknowledged.extend(ended.unwrap());
    }
    // Writes that were cancelled last may still be completed.
    let outside = connect(catalogue.data()).await;
    until_within(SOON, "no transaction is left open", async || {
        let open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
            AND state LIKE 'idle in transaction%'";
        (number(&outside, open).await == 0).then_some(())
    })
    .await;
    let present = ids(&outside).await;
    let lost: Vec<_> = acknowledged.iter().filter(|id| !present.contains(id.as_str())).collect();
    assert!(lost.is_empty(), "acknowledged, and not there: {lost:?}");
    let answered = acknowledged.len() as u64;
    assert!((count / 4..=count - count / 4).contains(&answered), "{answered} of {count} answered");
    // The pool has lost no connection either.
    for number in 0..40 {
        soon(catalogue.create(product(&format!("after-{number}")))).await;
    }
    assert_eq!(ids(&outside).await.len(), present.len() + 40);
}

/// Writes once per `pause` while the database is restarted in these ways, with `calm` before and
/// after. The number of writes is adapted to the machine, because an overloaded catalogue is busy,
/// too.
async fn restarts(ways: &[Shutdown], pause: Duration, calm: Duration) {
    /// Errors are expected from the start of a restart until this long after its end.
    const GRACE: Duration = Duration::from_secs(2);
    let options = PostgresOptions { durable: true, ..Default::default() };
    let Some(server) = PostgresServer::start(options).await.unwrap() else { return };
    let catalogue = Catalogue::start_in(Data::of(server.database().await.unwrap())).await;
    let stop = Arc::new(AtomicBool::new(false));
    let writing = tokio::spawn(write_steadily(catalogue.products(), pause, Arc::clone(&stop)));
    let mut windows = Vec::new();
    for way in ways {
        sleep(calm).await;
        let begun = Instant::now();
        server.restart(*way).await.unwrap();
        windows.push((begun, Instant::now() + GRACE));
    }
    sleep(GRACE + calm).await;
    stop.store(true, Ordering::Relaxed);
    let writes = writing.await.unwrap();

    let present = ids(&connect(catalogue.data()).await).await;
    let mut acknowledged = 0;
    for (id, begun, ended, result) in &writes {
        match result {
            Ok(()) => {
                acknowledged += 1;
                assert!(present.contains(id), "{id} was acknowledged, and is not there");
            }
            Err(error) => {
                let overlaps = |(from, to): &(Instant, Instant)| begun <= to && ended >= from;
                assert!(windows.iter().any(overlaps), "{id} failed outside of a restart: {error}");
            }
        }
    }
    assert!(acknowledged > 50, "{acknowledged} of {} writes were acknowledged", writes.len());
}

type Written = (String, Instant, Instant, Result<(), tonic::Status>);

/// Starts one write per `pause`, without waiting for the previous one.
async fn write_steadily(
    products: proto::catalogue::v1::catalogue_service_client::CatalogueServiceClient<
        tonic::transport::Channel,
    >,
    pause: Duration,
    stop: Arc<AtomicBool>,
) -> Vec<Written> {
    let mut ticks = interval(pause);
    let mut writes = JoinSet::new();
    for number in 0.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        ticks.tick().await;
        let mut products = products.clone();
        writes.spawn(async move {
            let id = format!("p-{number:06}");
            let request =
                CreateProductRequest { product: Some(product(&id)), ..Default::default() };
            let begun = Instant::now();
            let result = products.create_product(request).await.map(drop);
            (id, begun, Instant::now(), result)
        });
    }
    soon(writes.join_all()).await
}

/// A connection outside of the catalogue.
async fn connect(data: &Data) -> DatabaseConnection {
    Database::connect(data.url().unwrap()).await.unwrap()
}

async fn number(db: &DatabaseConnection, sql: &str) -> i64 {
    let statement = Statement::from_string(DbBackend::Postgres, sql);
    db.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

async fn ids(db: &DatabaseConnection) -> std::collections::HashSet<String> {
    let statement = Statement::from_string(DbBackend::Postgres, "SELECT id FROM products");
    let rows = db.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}
