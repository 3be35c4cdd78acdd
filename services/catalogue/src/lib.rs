//! The catalogue service, which owns the products.
//!
//! - `domain`: products, categories and their rules; independent of gRPC and of the database
//! - `store`: the database: one transaction per write, and the change feed
//! - `import`: how a batch of rows changes the products
//! - `feed`: scopes of watches, and the broadcast of new changes within the process
//! - `health`: probes of the store
//! - `grpc`: the services of `proto/catalogue/v1`
//!
//! [`start`] runs the service in the current process, which may be a test.

mod config;
mod domain;
mod feed;
mod grpc;
mod health;
mod import;
mod migrate;
mod store;

pub use chassis::Running;
pub use config::{Action, Config, DatabaseArgs, MigrateAction};
pub use migrate::migrate;

/// The reference encoding of products, for the store's tests of its direct one.
#[cfg(test)]
pub(crate) use grpc::product_message;

use std::{sync::Arc, time::Duration};

use chassis::{CancellationToken, Drain, supervise};
use discovery::Discovery;
use server::{Health, Server};
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use feed::ChangeBroadcast;
use store::{Location, Pending, Store};

/// In microseconds.
const DAY: i64 = 24 * 60 * 60 * 1_000_000;
/// How often changes that need not be kept are forgotten.
const TIDY_EVERY: Duration = Duration::from_secs(60);
/// How long after the start that is done first: requests come before it.
const TIDY_FIRST: Duration = Duration::from_secs(5);
/// How often reservations are looked at whose time is over.
const EXPIRE_EVERY: Duration = Duration::from_secs(1);
/// How long the store may take to close before the process ends without it. It loses nothing then:
/// what was acknowledged is on disk.
const CLOSE_WITHIN: Duration = Duration::from_secs(5);

/// Opens the store, brings its tables up to date unless told not to, and serves until `stop`.
///
/// # Errors
/// The data cannot be used or a port cannot be bound. Says what to do about it.
pub async fn start(config: Config, stop: CancellationToken) -> anyhow::Result<Running> {
    let location = Location::new(&config.database)?;
    let discovery = Discovery::new(&config.discovery)?;
    let health = Health::new(&grpc::SERVICES, &["store"]);
    let pending = if config.no_migrate { Pending::Refuse } else { Pending::Apply };
    // Listening first, so that clients can connect while the store is opened.
    let server = Server::bind(config.listen, &config.serve)?;
    let store = Store::open(&location, pending, config.database.product_cache).await?;
    health.set("store", Ok(()));
    let drain = Drain::new(stop, &health, &config.serve);
    let shutdown = drain.closing();

    let server = server.unary(Arc::new(grpc::UnaryReads::new(&store)));
    let addr = server.local_addr();
    let tls = config.serve.tls.tls_cert.is_some();
    let instance = discovery.instance("catalogue-service", addr, tls)?;
    let admin_addr = chassis::admin::serve(config.admin, health.clone(), shutdown.clone()).await?;
    let broadcast = ChangeBroadcast::start(store.clone(), shutdown.clone()).await?;
    let routes = grpc::routes(&store, &broadcast, &shutdown);
    let app = server.grpc(routes, &health, proto::DESCRIPTORS);
    let keep = Keep { changes: config.keep_changes.get(), deleted_days: config.keep_deleted };
    let (read, seen, stop) = (store.clone(), health.clone(), shutdown.clone());
    tokio::spawn(supervise("health", move || {
        health::watch(read.clone(), seen.clone(), stop.clone())
    }));
    let (kept, stop) = (store.clone(), shutdown.clone());
    tokio::spawn(supervise("tidy", move || tidy(kept.clone(), keep, stop.clone())));
    let (kept, stop) = (store.clone(), shutdown.clone());
    tokio::spawn(supervise("expire", move || expire(kept.clone(), stop.clone())));
    chassis::announce(&discovery, instance, &health, &drain);
    tracing::info!(%addr, %admin_addr, "the catalogue is serving");

    Ok(Running::spawn(addr, admin_addr, async move {
        let ended = server.serve(app, shutdown).await;
        if timeout(CLOSE_WITHIN, store.close()).await.is_err() {
            tracing::warn!("the store did not close in time");
        }
        ended
    }))
}

/// What is kept of the past.
#[derive(Debug, Clone, Copy)]
struct Keep {
    changes: u64,
    deleted_days: u16,
}

async fn tidy(store: Store, keep: Keep, shutdown: CancellationToken) {
    let mut ticks = interval_at(Instant::now() + TIDY_FIRST, TIDY_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = shutdown.cancelled() => return,
        }
        if let Err(error) = store.forget_changes(keep.changes).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "old changes are still kept");
        }
        if let Err(error) = store.forget_reservations().await {
            tracing::warn!(error = &error as &dyn std::error::Error, "old reservations are kept");
        }
        if let Err(error) = store.forget_requests().await {
            tracing::warn!(error = &error as &dyn std::error::Error, "old answers are still kept");
        }
        let oldest = domain::now() - i64::from(keep.deleted_days) * DAY;
        if let Err(error) = store.purge_deleted_before(oldest).await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "what was deleted long ago is still kept");
        }
    }
}

async fn expire(store: Store, shutdown: CancellationToken) {
    let mut ticks = interval_at(Instant::now() + EXPIRE_EVERY, EXPIRE_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = shutdown.cancelled() => return,
        }
        if let Err(error) = store.expire_reservations().await {
            tracing::warn!(error = &error as &dyn std::error::Error, "reservations are overdue");
        }
    }
}
