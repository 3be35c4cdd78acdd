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
mod integrity_checks;
mod live_index;
mod metrics;
mod page;
mod page_token_file;
mod page_token_key;
mod query_log;
mod settings;
mod supervisor;
pub mod tuning;

pub use chassis::Running;
pub use config::Config;
pub use page_token_key::PageTokenKey;

use std::{error::Error as _, sync::Arc, time::Duration};

use anyhow::Context as _;
use chassis::{Bootstrap, BootstrapArgs, CancellationToken, instance_service};
use data_dir::{DataDir, IndexDir};
use discovery::Discovery;
use feed::{AuditSender, follow_keys};
use follower::{Authorized, FollowerContext, follow_settings};
use grpc::SettingsWriter;
use index::{EngineWriter as _, Index, Writer};
use live_index::{Condition, LiveIndex};
use page::PageTokens;
use page_token::Keyring;
use proto::{
    catalogue::v1::{
        audit_service_client::AuditServiceClient,
        catalogue_service_server::{CatalogueServiceServer, SERVICE_NAME as CATALOGUE},
        feed_service_client::FeedServiceClient,
        key_service_client::KeyServiceClient,
        setting_service_client::SettingServiceClient,
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

/// The time that a change of a setting may take.
const SETTINGS_TIMEOUT: Duration = Duration::from_secs(5);
/// The largest message of a watch of settings, in bytes: one of 1 MiB more than a full one.
const MAX_SETTINGS: usize = 4 << 20;

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
    let health = Health::new(&[SEARCH, ADMIN, CATALOGUE], &["index", "feed", "settings"]);
    let bootstrap = Bootstrap::bind("search-service", args, health.clone(), stop).await?;
    let shutdown = bootstrap.shutdown.clone();
    let data = {
        let config = config.clone();
        tokio::task::spawn_blocking(move || Data::open(&config))
    };
    let Data { data_dir, index_dir, index, writer, condition, page_tokens, settings, query_log } =
        data.await.context("opening the index")??;

    let live_index = LiveIndex::new(index, index_dir, writer.position(), condition, health.clone());
    metrics::observe(&live_index);
    let access = bootstrap.server.access().clone();
    let upstream = catalogue(&config, &bootstrap.discovery)?;
    let audit = AuditServiceClient::new(upstream.clone());
    let auditing =
        AuditSender::new(audit, &access, bootstrap.server.trail()).spawn(shutdown.clone());
    let settings_writer =
        SettingsWriter::new(upstream.deadline(SETTINGS_TIMEOUT), settings.clone());
    let authorized = InterceptedService::new(upstream.clone(), Authorized::new(&access));
    spawn_until(
        &shutdown,
        follow_keys(KeyServiceClient::new(upstream), access, Some(page_tokens.clone())),
    );
    let saving_keys = page_token_file::save_changes(page_tokens.clone(), config.data_dir.clone());
    spawn_until(&shutdown, saving_keys);
    if settings.revision().is_some() || live_index.snapshot().complete {
        // A replica that has answered before continues with the settings it has.
        health.set("settings", Ok(()));
    }
    let client = SettingServiceClient::new(authorized.clone());
    let client = client.max_decoding_message_size(MAX_SETTINGS);
    spawn_until(&shutdown, follow_settings(client, settings.clone(), health.clone()));
    let feed = FeedServiceClient::new(authorized);
    let data_dir = Arc::new(data_dir);
    let context = FollowerContext { feed, data_dir, live_index: live_index.clone() };
    let supervisor = IndexSupervisor::start(context, writer, shutdown.clone());
    let following = tokio::spawn(supervisor.run());
    let saving = tokio::spawn(query_log.clone().save_until(shutdown.clone()));

    let observed = live_index.clone();
    let tokens = PageTokens::new(page_tokens);
    let service = grpc::Service::new(live_index, tokens, (settings, settings_writer), query_log);
    let index_state = move || Some(grpc::index_state(&observed));
    let routes = routes(service).add_service(instance_service(&health, index_state));
    let app = bootstrap.server.grpc(routes, &health, proto::DESCRIPTORS);
    Ok(bootstrap.serve(app, async move {
        // Received changes are committed, and the data directory is free, before the process ends.
        following.await.context("following the catalogue")?;
        saving.await.context("saving the query log")?;
        auditing.await.context("sending audit events")
    }))
}

fn routes(service: grpc::Service) -> Routes {
    Routes::new(SearchServiceServer::new(service.clone()))
        .add_service(SearchAdminServiceServer::new(service.clone()))
        .add_service(CatalogueServiceServer::new(service))
}

/// Runs background work until the shutdown.
fn spawn_until(shutdown: &CancellationToken, work: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(shutdown.clone().run_until_cancelled_owned(work));
}

/// The opened contents of the data directory.
struct Data {
    data_dir: DataDir,
    index_dir: IndexDir,
    index: Index,
    writer: Writer,
    condition: Condition,
    page_tokens: Keyring,
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
        let page_tokens = page_token_file::open(folder, config.page_token_key.as_ref())?;
        let settings = settings::Store::open(folder)?;
        let query_log = QueryLog::open(folder);
        Ok(Self { data_dir, index_dir, index, writer, condition, page_tokens, settings, query_log })
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
