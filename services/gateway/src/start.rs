//! Builds the gateway's parts and starts its server.

use std::sync::Arc;

use access::{Access, IdentityProvider};
use anyhow::{Context as _, ensure};
use audit::Trail;
use axum::{Router, middleware};
use chassis::{AllowedHosts, Bootstrap, BootstrapArgs, CancellationToken, Running, supervise};
use feed::{AuditSender, follow_keys};
use http::{HeaderValue, header};
use server::{Health, Server};
use telemetry::{ServerLayer, Trust};
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, set_header::SetResponseHeaderLayer,
};

use crate::{
    Config, agents,
    base_url::BaseUrl,
    contract::{self, Contract},
    cors, crawlers, events, health,
    imports::Imports,
    json::Api,
    live::LiveStock,
    media,
    ops::{self, Ops, Requests},
    pages,
    problem::Problem,
    protocol::ProtocolRouter,
    proxy,
    rate_limits::{self, RateLimits},
    representation,
    same_site::SameSite,
    state::AppState,
    transfers,
    upstreams::Upstreams,
    web_layer,
    whole_files::WholeFiles,
};

/// Browsers come back over TLS for a year (RFC 6797).
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Starts a gateway, which serves until `stop`. Does not wait for its upstreams.
///
/// # Errors
/// An invalid setting, or an address that cannot be bound.
pub async fn start(config: Config, stop: CancellationToken) -> anyhow::Result<Running> {
    start_with(config, contract::compiled(), stop).await
}

/// [`start`] with another contract than the compiled one, such as a later version of it.
///
/// # Errors
/// As [`start`].
///
/// # Panics
/// If the contract annotates a method with fields that its request does not have.
pub async fn start_with(
    config: Config,
    contract: &'static Contract,
    stop: CancellationToken,
) -> anyhow::Result<Running> {
    check_media_dir(&config)?;
    let args = BootstrapArgs {
        listen: config.listen,
        admin: config.admin,
        serve: &config.serve,
        discovery: &config.discovery,
    };
    let service = Bootstrap::bind("gateway", args, health::new(), stop).await?;
    let (health, shutdown) = (service.health.clone(), service.shutdown.clone());
    let (access, resolver) = (service.server.access().clone(), service.discovery.resolver());
    let trail = Trail::of_edge(&access);
    let upstreams = Upstreams::new(&config, contract, &resolver, access.clone(), trail.clone())?;
    let auditing = AuditSender::new(upstreams.audit(), &access, &trail).spawn(shutdown.clone());
    watch_health(health.clone(), upstreams.clone(), shutdown.clone());
    let provider = identity_provider(&config, &access)?;
    let following = follow_keys(upstreams.keys(), access, None);
    tokio::spawn(shutdown.clone().run_until_cancelled_owned(following));
    let requests = Requests::new();
    let address = service.server.local_addr();
    let imports = Imports::new(&config.imports, upstreams.clone(), address, shutdown.clone())?;
    let ended = imports.clone();
    let api = Api::of(contract);
    let state = app_state(&config, &service, &upstreams, provider, requests.clone(), imports);
    let service = service.map_server(|server| {
        server
            .audited(trail.clone())
            .exposed(Trust::Peers(config.trusted_peers.clone()))
            .refusing(web_layer::refused)
            .unary(Arc::new(proxy::UnaryForwarder::new(&upstreams, &requests)))
            .uploads([transfers::UPLOAD, transfers::PIECES, pages::IMPORT, pages::IMPORT_PIECES])
            .streams(streams(&api))
    });
    let server = &service.server;
    let grpc = grpc(server, &upstreams, &requests, &health);
    let hosts = AllowedHosts::new(server.local_addr(), &config.allowed_host);
    let same_site = SameSite::new(hosts, &config.cors_origin);
    let web = web(&api, state, requests, server.access(), server.watch_http());
    let web = outermost(web, config.serve.tls.tls_cert.is_some());
    let mut app = Router::new().fallback_service(ProtocolRouter::new(
        &config,
        contract,
        server.access().clone(),
        same_site,
        trail,
        grpc,
        web,
    ));
    if !config.cors_origin.is_empty() {
        app = app.layer(cors::layer(&config.cors_origin)?);
    }
    Ok(service.serve(app, async move {
        ended.all_ended().await;
        auditing.await.context("sending audit events")
    }))
}

/// The routes of gRPC: the methods of the contract, which are forwarded, and the services of every server.
fn grpc(server: &Server, upstreams: &Upstreams, requests: &Requests, health: &Health) -> Router {
    let descriptors = upstreams.contract().descriptors;
    let own = tonic::service::Routes::default();
    let forwarded = server.layered(proxy::router(upstreams, requests), descriptors);
    forwarded.merge(server.grpc(own, health, descriptors))
}

/// The paths over HTTP whose responses are streams.
fn streams(api: &Api) -> impl Iterator<Item = &'static str> {
    let events = events::routes().map(|(path, _)| path);
    let api = api.streams().chain(events).chain(transfers::STREAMS);
    api.chain(pages::IMPORT_STREAMS).chain([pages::OPS_EVENTS])
}

/// The state of the web handlers. Starts what runs beside them.
fn app_state(
    config: &Config,
    service: &Bootstrap,
    upstreams: &Upstreams,
    provider: Option<Arc<IdentityProvider>>,
    requests: Requests,
    imports: Imports,
) -> AppState {
    let (health, shutdown) = (service.health.clone(), service.shutdown.clone());
    let live = LiveStock::start(upstreams.feed(), config.max_event_streams, shutdown.clone());
    AppState {
        ops: Ops::start(requests, upstreams, live.clone(), health, shutdown.clone()),
        live,
        imports,
        whole_files: WholeFiles::default(),
        base_url: BaseUrl::new(config.public_url.as_deref()),
        provider,
        media_dir: config.media_dir.clone().map(Arc::new),
        shutdown,
        upstreams: upstreams.clone(),
    }
}

/// Watches the health of the upstreams until `stop`.
fn watch_health(health: Health, upstreams: Upstreams, stop: CancellationToken) {
    tokio::spawn(supervise("health", move || {
        health::watch(health.clone(), upstreams.clone(), stop.clone())
    }));
}

/// The identity provider at which people sign in to the desk, if the settings have one.
fn identity_provider(
    config: &Config,
    access: &Access,
) -> anyhow::Result<Option<Arc<IdentityProvider>>> {
    let public_url = config.public_url.as_deref().unwrap_or_default();
    let callback = format!("{public_url}{}", pages::SIGN_IN_CALLBACK);
    let provider = IdentityProvider::new(&config.oidc, &config.serve.access, access, callback)?;
    Ok(provider.map(Arc::new))
}

fn check_media_dir(config: &Config) -> anyhow::Result<()> {
    if let Some(folder) = &config.media_dir {
        ensure!(folder.is_dir(), "--media-dir {} is not a directory", folder.display());
    }
    Ok(())
}

/// The routes within the layers around all of them. `has_tls`: the port speaks TLS.
fn outermost(web: Router, has_tls: bool) -> Router {
    // Outside of the routes, which add `Allow` to the responses of their layers.
    let web = Router::new()
        .fallback_service(web)
        .layer(middleware::from_fn(web_layer::render_method_not_allowed));
    if has_tls {
        web.layer(SetResponseHeaderLayer::overriding(header::STRICT_TRANSPORT_SECURITY, HSTS))
    } else {
        web
    }
}

/// The routes of everything that is not gRPC.
fn web(
    api: &Api,
    state: AppState,
    requests: Requests,
    access: &Access,
    watch: ServerLayer,
) -> Router {
    let folder = state.media_dir.clone();
    let router = Router::new()
        .merge(api.router())
        .merge(events::router())
        .merge(transfers::router())
        .merge(media::router(folder.as_deref().map(|folder| folder.as_path())))
        .merge(pages::router())
        .merge(agents::router())
        .merge(crawlers::router(&state))
        .with_state(state)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(web_layer::handle));
    let router = match access.has_limits() {
        true => {
            let limits = RateLimits::new(access, api);
            router.layer(middleware::from_fn_with_state(limits, rate_limits::handle))
        }
        false => router,
    };
    router
        // Not event streams. Streams of lines are flushed whenever no further line is ready.
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(representation::tag))
        .layer(middleware::from_fn_with_state(requests, ops::handle))
        .layer(watch)
}

fn panicked(panic: Box<dyn std::any::Any + Send>) -> axum::response::Response {
    use axum::response::IntoResponse as _;
    let text = server::grpc::panic_text(panic.as_ref());
    Problem::internal(format!("a handler panicked: {text}")).into_response()
}
