//! The catalogue service, which owns the products.
//!
//! - `domain`: products, categories and their rules; independent of gRPC and of the database
//! - `store`: the database: one transaction per write, and the change feed
//! - `import`: how a batch of rows changes the products
//! - `feed`: scopes of watches, and the broadcast of new changes within the process
//! - `keys`: the API keys that calls are checked against, and the keys of page tokens
//! - `audit`: stores the events of the audit trail
//! - `health`, `maintenance`: probes of the store, and its periodic tasks
//! - `grpc`: the services of `proto/catalogue/v1`
//!
//! [`start`] runs the service in the current process, which may be a test.

mod audit;
mod config;
mod domain;
mod feed;
mod grpc;
mod health;
mod import;
mod keys;
mod maintenance;
mod migrate;
mod store;

pub use chassis::Running;
pub use config::{Action, Config, DatabaseArgs, MigrateAction};
pub use migrate::migrate;

/// The reference encoding of products, for the store's tests of its direct one.
#[cfg(test)]
pub(crate) use grpc::product_message;

use std::{sync::Arc, time::Duration};

use chassis::{Bootstrap, BootstrapArgs, CancellationToken, instance_service, supervise};
use page_token::Keyring;
use server::Health;
use tokio::time::timeout;

use feed::ChangeBroadcast;
use keys::SharedKeys;
use maintenance::Retention;
use store::{Location, PendingMigrations, Store};

/// How long the store may take to close before the process ends anyway. Nothing is lost then:
/// acknowledged writes are on disk.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// Opens the store, applies pending migrations unless `no_migrate` is set, and serves until `stop`.
///
/// # Errors
/// The database cannot be used, or a port cannot be bound. The message names a remedy.
pub async fn start(config: Config, stop: CancellationToken) -> anyhow::Result<Running> {
    let location = Location::new(&config.database)?;
    let args = BootstrapArgs {
        listen: config.listen,
        admin: config.admin,
        serve: &config.serve,
        discovery: &config.discovery,
    };
    let health = Health::new(&grpc::SERVICES, &["store"]);
    let bootstrap = Bootstrap::bind("catalogue-service", args, health.clone(), stop).await?;
    let shutdown = bootstrap.shutdown.clone();
    let pending =
        if config.no_migrate { PendingMigrations::Refuse } else { PendingMigrations::Apply };
    let store = Store::open(&location, pending, config.database.product_cache).await?;
    health.set("store", Ok(()));

    let bootstrap = bootstrap.map_server(|server| {
        let reads = grpc::UnaryReads::new(&store, server.trail());
        server.unary(Arc::new(reads))
    });
    let broadcast = ChangeBroadcast::start(store.clone(), shutdown.clone()).await?;
    let access = bootstrap.server.access().clone();
    let keys = SharedKeys::new(access, Keyring::default());
    keys.refresh(&store).await?;
    let routes = grpc::routes(&store, &broadcast, &keys, &shutdown)
        .add_service(instance_service(&health, || None));
    let app = bootstrap.server.grpc(routes, &health, proto::DESCRIPTORS);
    let retention = Retention {
        changes: config.keep_changes.get(),
        deleted_days: config.keep_deleted,
        audit_days: config.keep_audit.get(),
        import_days: config.keep_imports.get(),
    };
    maintenance::spawn(&store, retention, &shutdown);
    let trail = bootstrap.server.trail().clone();
    let recording =
        tokio::spawn(audit::record(store.clone(), trail, keys.access.clone(), shutdown.clone()));
    let (key_store, stop) = (store.clone(), shutdown.clone());
    tokio::spawn(supervise("keys", move || keys.clone().follow(key_store.clone(), stop.clone())));
    let (read, seen, stop) = (store.clone(), health, shutdown);
    tokio::spawn(supervise("health", move || {
        health::watch(read.clone(), seen.clone(), stop.clone())
    }));
    Ok(bootstrap.serve(app, async move {
        if timeout(CLOSE_TIMEOUT, recording).await.is_err() {
            tracing::warn!("the last audit events were not stored in time");
        }
        if timeout(CLOSE_TIMEOUT, store.close()).await.is_err() {
            tracing::warn!("the store did not close in time");
        }
        Ok(())
    }))
}
