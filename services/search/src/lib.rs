//! Search: a read model of the catalogue, found by words.
//!
//! A follower watches the catalogue's change feed and writes what it hears into an index of this
//! replica's own; requests are answered from that index alone, with whole products. The catalogue
//! may be gone: what was known can still be found.
//!
//! **Invariant:** the index's commits carry the feed's cursor, so the two agree after any crash.

mod config;
mod follower;
mod freshness;
mod grpc;
mod index;
mod page;

pub use chassis::Running;
pub use config::Config;
pub use page::Key;

use anyhow::Context as _;
use chassis::{CancellationToken, Health, Server};
use follower::Follower;
use freshness::Freshness;
use index::Index;
use page::Pages;
use proto::{
    catalogue::v1::{
        catalogue_service_server::{CatalogueServiceServer, SERVICE_NAME as CATALOGUE},
        feed_service_client::FeedServiceClient,
    },
    search::v1::{
        search_admin_service_server::{SERVICE_NAME as ADMIN, SearchAdminServiceServer},
        search_service_server::{SERVICE_NAME as SEARCH, SearchServiceServer},
    },
};
use tonic::service::Routes;

/// Starts the service. It is ready once it has followed the catalogue to its end for the first
/// time; an index that has been there before is ready at once.
///
/// # Errors
/// A port is taken, or the data folder is unusable or in use by another process.
pub async fn start(config: Config, shutdown: CancellationToken) -> anyhow::Result<Running> {
    let data_dir = config.data_dir.clone();
    let key = config.page_token_key.clone();
    // The writer first: its lock keeps a second process out of the folder.
    let opened = tokio::task::spawn_blocking(move || {
        let index = Index::open(&data_dir)?;
        let writer = index.writer()?;
        index::remove_outdated(&data_dir)?;
        let key = key.map_or_else(|| Key::kept_in(&data_dir), Ok)?;
        anyhow::Ok((index, writer, key))
    });
    let (index, writer, key) = opened.await.context("opening the index")??;

    let health = Health::new(&[SEARCH, ADMIN, CATALOGUE], &["index", "feed"]);
    health.set("index", Ok(()));
    let freshness = Freshness::new(health.clone());

    let server = Server::bind(config.listen, &config.serve)?;
    let addr = server.local_addr();
    let admin_addr = chassis::admin::serve(config.admin, health.clone(), shutdown.clone()).await?;

    let upstream = chassis::client::Upstream::new("catalogue", &config.catalogue);
    let feed = FeedServiceClient::new(upstream);
    let follower = Follower::new(feed, index.clone(), writer, freshness.clone());
    let following = tokio::spawn(follower.run(shutdown.clone()));

    let service = grpc::Service::new(index, Pages::new(key), freshness);
    let routes = Routes::new(SearchServiceServer::new(service.clone()))
        .add_service(SearchAdminServiceServer::new(service.clone()))
        .add_service(CatalogueServiceServer::new(service));
    let app = chassis::grpc::router(routes, &health, proto::DESCRIPTORS);
    tracing::info!(%addr, %admin_addr, catalogue = %config.catalogue, "search is listening");
    Ok(Running::spawn(addr, admin_addr, async move {
        let served = server.serve(app, shutdown).await;
        // What was heard is committed by then, and the folder is free.
        following.await.context("following the catalogue")?;
        served
    }))
}
