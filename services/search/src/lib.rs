//! Search: a read model of the catalogue, found by words.
//!
//! A follower watches the catalogue's change feed and writes what it hears into an index of this
//! replica's own; requests are answered from that index alone, with whole products. The catalogue
//! may be gone: what was known can still be found. Another index can be built aside and put in the
//! place of the first while requests go on.
//!
//! **Invariant:** the index's commits carry the feed's cursor, so the two agree after any crash.

mod config;
mod files;
mod follower;
mod grpc;
mod home;
mod index;
mod keeper;
mod metrics;
mod page;
mod queries;
mod settings;
mod shelf;
pub mod tuning;

pub use chassis::Running;
pub use config::Config;
pub use page::Key;

use anyhow::Context as _;
use chassis::{
    CancellationToken, Drain, Health, Server,
    client::{Methods, Settings, Upstream},
    tls::ClientTls,
};
use discovery::Discovery;
use follower::House;
use home::Home;
use index::Index;
use keeper::Keeper;
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
use queries::Queries;
use shelf::Shelf;
use std::sync::Arc;
use tonic::service::Routes;

/// Starts the service. It is ready once it has followed the catalogue to its end for the first
/// time; an index that has been there before is ready at once.
///
/// # Errors
/// A port is taken, or the data folder is unusable or in use by another process.
pub async fn start(config: Config, stop: CancellationToken) -> anyhow::Result<Running> {
    let discovery = Discovery::new(&config.discovery)?;
    let data_dir = config.data_dir.clone();
    let key = config.page_token_key.clone();
    let opened = tokio::task::spawn_blocking(move || {
        // First: its lock keeps a second process out of the folder.
        let home = Home::open(&data_dir)?;
        let room = home.live()?;
        let index = Index::open(&room.folder)?;
        let writer = index.writer()?;
        if writer.position().complete {
            home.remove_other_versions()?;
        }
        let key = key.map_or_else(|| Key::kept_in(&data_dir), Ok)?;
        let settings = settings::Store::kept_in(&data_dir)?;
        anyhow::Ok((home, room, index, writer, key, settings, Queries::kept_in(&data_dir)))
    });
    let opened = opened.await.context("opening the index")??;
    let (home, room, index, writer, key, settings, queries) = opened;

    let health = Health::new(&[SEARCH, ADMIN, CATALOGUE], &["index", "feed"]);
    health.set("index", Ok(()));
    let shelf = Shelf::new(index, room, writer.position(), health.clone());
    metrics::watch(&shelf);
    let drain = Drain::new(stop, &health, &config.serve);
    let shutdown = drain.closing();

    let server = Server::bind(config.listen, &config.serve)?;
    let addr = server.local_addr();
    let tls = config.serve.tls.tls_cert.is_some();
    let instance = discovery.instance("search-service", addr, tls)?;
    let admin_addr = chassis::admin::serve(config.admin, health.clone(), shutdown.clone()).await?;

    let upstream = Upstream::with(
        "catalogue",
        discovery.resolver().watch(&config.catalogue)?,
        Settings {
            methods: Methods::of(proto::DESCRIPTORS),
            tls: ClientTls::new(&config.upstream_tls)?,
            ..Settings::default()
        },
    );
    let feed = FeedServiceClient::new(upstream);
    let house = House { feed, home: Arc::new(home), shelf: shelf.clone() };
    let keeping = tokio::spawn(Keeper::begin(house, writer, shutdown.clone()).run());

    let noting = tokio::spawn(queries.clone().keep(shutdown.clone()));

    let service = grpc::Service::new(shelf, Pages::new(key), settings, queries);
    let routes = Routes::new(SearchServiceServer::new(service.clone()))
        .add_service(SearchAdminServiceServer::new(service.clone()))
        .add_service(CatalogueServiceServer::new(service));
    let app = server.grpc(routes, &health, proto::DESCRIPTORS);
    chassis::announce(&discovery, instance, &health, &drain);
    tracing::info!(%addr, %admin_addr, catalogue = %config.catalogue, "search is listening");
    Ok(Running::spawn(addr, admin_addr, async move {
        let served = server.serve(app, shutdown).await;
        // What was heard is committed by then, and the folder is free.
        keeping.await.context("following the catalogue")?;
        noting.await.context("noting what is asked")?;
        served
    }))
}
