//! Search: a read model of the catalogue for full-text queries.
//!
//! A follower watches the catalogue's change feed and writes the changes into a local index.
//! Requests are answered from that index alone, with whole products, so that search works while the
//! catalogue is unavailable. The index can be rebuilt and replaced while requests are served.
//!
//! **Invariant:** the index's commits carry the feed's cursor, so the two agree after any crash.

mod atomic_file;
mod config;
mod data_dir;
mod follower;
mod grpc;
mod index;
mod integrity;
mod live_index;
mod metrics;
mod page;
mod page_token_key;
mod query_log;
mod settings;
mod supervisor;
pub mod tuning;

pub use chassis::Running;
pub use config::Config;
pub use page_token_key::PageTokenKey;

use std::{error::Error as _, sync::Arc};

use anyhow::Context as _;
use chassis::{Bootstrap, BootstrapArgs, CancellationToken};
use data_dir::{DataDir, IndexDir};
use discovery::Discovery;
use feed::follow_keys;
use follower::{Authorized, FollowerContext};
use index::{EngineWriter as _, Index, Writer};
use live_index::{Condition, LiveIndex};
use page::PageTokens;
use proto::{
    catalogue::v1::{
        catalogue_service_server::{CatalogueServiceServer, SERVICE_NAME as CATALOGUE},
        feed_service_client::FeedServiceClient,
        key_service_client::KeyServiceClient,
    },
    search::v1::{
        search_admin_service_server::{SERVICE_NAME as ADMIN, SearchAdminServiceServer},
        search_service_server::{SERVICE_NAME as SEARCH, SearchServiceServer},
    },
};
use query_log::QueryLog;
use server::Health;
use supervisor::IndexSupervisor;
use tonic::service::{Routes, interceptor::InterceptedService};
use upstream::{Methods, Settings, Upstream, tls::ClientTls};

/// Starts the service. It is ready when it has applied the catalogue's snapshot for the first time,
/// or immediately if its index is already complete.
///
/// # Errors
/// A port is in use, or the data directory is unusable or in use by another process.
pub async fn start(config: Config, stop: CancellationToken) -> anyhow::Result<Running> {
    let args = BootstrapArgs {
        listen: config.listen,
        admin: config.admin,
        serve: &config.serve,
        discovery: &config.discovery,
    };
    let health = Health::new(&[SEARCH, ADMIN, CATALOGUE], &["index", "feed"]);
    let bootstrap = Bootstrap::bind("search-service", args, health.clone(), stop).await?;
    let shutdown = bootstrap.shutdown.clone();
    let data = {
        let config = config.clone();
        tokio::task::spawn_blocking(move || Data::open(&config))
    };
    let Data { data_dir, index_dir, index, writer, condition, key, settings, query_log } =
        data.await.context("opening the index")??;

    let position = writer.position();
    let live_index = LiveIndex::new(index, index_dir, position, condition, health.clone());
    metrics::observe(&live_index);
    let access = bootstrap.server.access().clone();
    let upstream = catalogue(&config, &bootstrap.discovery)?;
    let authorized = Authorized::new(&access);
    let keys = KeyServiceClient::new(upstream.clone());
    let stop_keys = shutdown.clone();
    tokio::spawn(async move {
        stop_keys.run_until_cancelled(follow_keys(keys, access)).await;
    });
    let feed = FeedServiceClient::new(InterceptedService::new(upstream, authorized));
    let data_dir = Arc::new(data_dir);
    let context = FollowerContext { feed, data_dir, live_index: live_index.clone() };
    let supervisor = IndexSupervisor::start(context, writer, shutdown.clone());
    let following = tokio::spawn(supervisor.run());
    let saving = tokio::spawn(query_log.clone().save_until(shutdown.clone()));

    let tokens = PageTokens::new(key);
    let service = grpc::Service::new(live_index, tokens, settings, query_log);
    let routes = Routes::new(SearchServiceServer::new(service.clone()))
        .add_service(SearchAdminServiceServer::new(service.clone()))
        .add_service(CatalogueServiceServer::new(service));
    let app = bootstrap.server.grpc(routes, &health, proto::DESCRIPTORS);
    Ok(bootstrap.serve(app, async move {
        // Received changes are committed, and the data directory is free, before the process ends.
        following.await.context("following the catalogue")?;
        saving.await.context("saving the query log")
    }))
}

/// The opened contents of the data directory.
struct Data {
    data_dir: DataDir,
    index_dir: IndexDir,
    index: Index,
    writer: Writer,
    condition: Condition,
    key: PageTokenKey,
    settings: settings::Store,
    query_log: QueryLog,
}

impl Data {
    fn open(config: &Config) -> anyhow::Result<Self> {
        let folder = &config.data_dir;
        // First, because its lock keeps other processes out.
        let data_dir = DataDir::open(folder)?;
        let mut index_dir = data_dir.live_index_dir()?;
        let mut opened = open_index(&index_dir);
        let mut condition = Condition::Sound;
        if let Err(error) = &opened
            && error.is_damage()
        {
            tracing::error!(error = error.source(), "{error}; filling it again");
            data_dir.set_aside(&index_dir)?;
            index_dir = data_dir.live_index_dir()?;
            opened = open_index(&index_dir);
            condition = Condition::Refilling;
        }
        let (index, writer) = opened?;
        if writer.position().complete {
            data_dir.remove_other_versions()?;
        }
        let key = config.page_token_key.clone().map_or_else(|| PageTokenKey::open(folder), Ok)?;
        let settings = settings::Store::open(folder)?;
        let query_log = QueryLog::open(folder);
        Ok(Self { data_dir, index_dir, index, writer, condition, key, settings, query_log })
    }
}

fn open_index(dir: &IndexDir) -> Result<(Index, Writer), index::Error> {
    let index = Index::open(&dir.path)?;
    let writer = index.writer()?;
    Ok((index, writer))
}

fn catalogue(config: &Config, discovery: &Discovery) -> anyhow::Result<Upstream> {
    let settings = Settings {
        methods: Methods::of(proto::DESCRIPTORS),
        tls: ClientTls::new(&config.upstream_tls)?,
        ..Settings::default()
    };
    Ok(Upstream::with("catalogue", discovery.resolver().watch(&config.catalogue)?, settings))
}
