//! Puts the parts together.

use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, ensure};
use axum::{Router, middleware};
use chassis::{CancellationToken, Drain, Running, supervise};
use discovery::Discovery;
use http::{HeaderName, HeaderValue};
use server::Server;
use telemetry::{ServerLayer, Trust};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer, DefaultPredicate, Predicate as _, predicate::NotForContentType,
    },
    cors::{AllowOrigin, Any, CorsLayer},
};

use crate::{
    Config, edge, front::Front, health, json, live::LiveStock, media, pages, problem::Problem,
    proxy, state::AppState, upstreams::Upstreams,
};

/// How long a browser may remember what it may ask us from another origin.
const CORS_MAX_AGE: Duration = Duration::from_secs(3_600);

/// Starts a gateway, which serves until `stop`. It does not wait for the services behind it.
///
/// # Errors
/// A port that cannot be bound, or a media folder that is none.
pub async fn start(config: Config, stop: CancellationToken) -> anyhow::Result<Running> {
    if let Some(folder) = &config.media_dir {
        ensure!(folder.is_dir(), "--media-dir {} is not a folder", folder.display());
    }
    let server = Server::bind(config.listen, &config.serve)?
        .exposed(Trust::Peers(config.trusted_peers.clone()))
        .refusing(edge::refuse);
    let addr = server.local_addr();
    let discovery = Discovery::new(&config.discovery)?;
    let tls = config.serve.tls.tls_cert.is_some();
    let instance = discovery.instance("gateway", addr, tls)?;
    let health = health::new();
    let drain = Drain::new(stop, &health, &config.serve);
    let shutdown = drain.closing();
    let admin_addr = chassis::admin::serve(config.admin, health.clone(), shutdown.clone()).await?;

    let upstreams = Upstreams::new(&config, &discovery.resolver())?;
    let (seen, asked, stop) = (health.clone(), upstreams.clone(), shutdown.clone());
    tokio::spawn(supervise("health", move || {
        health::watch(seen.clone(), asked.clone(), stop.clone())
    }));
    let state = AppState {
        live: LiveStock::start(upstreams.feed(), config.max_event_streams, shutdown.clone()),
        media_dir: config.media_dir.clone().map(Arc::new),
        shutdown: shutdown.clone(),
        upstreams: upstreams.clone(),
    };
    let own = tonic::service::Routes::default();
    let grpc = server.layered(proxy::router(&upstreams), proto::DESCRIPTORS).merge(server.grpc(
        own,
        &health,
        proto::DESCRIPTORS,
    ));
    let server = server.unary(Arc::new(proxy::Forwarder::new(&upstreams)));
    let mut app = Router::new().fallback_service(Front::new(grpc, web(state, server.watch_http())));
    if !config.cors_origin.is_empty() {
        app = app.layer(cors(&config.cors_origin)?);
    }
    chassis::announce(&discovery, instance, &health, &drain);
    tracing::info!(%addr, admin = %admin_addr, "listening");
    Ok(Running::spawn(addr, admin_addr, server.serve(app, shutdown)))
}

/// Everything that is not gRPC.
fn web(state: AppState, watch: ServerLayer) -> Router {
    let folder = state.media_dir.clone();
    // Products by the line are read as they come: a compressor would hold them back.
    let compressed = DefaultPredicate::new().and(NotForContentType::new("application/x-ndjson"));
    Router::new()
        .merge(json::router())
        .merge(media::router(folder.as_deref().map(|folder| folder.as_path())))
        .merge(pages::router())
        .with_state(state)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(edge::finish))
        .layer(CompressionLayer::new().compress_when(compressed))
        .layer(watch)
}

fn panicked(panic: Box<dyn std::any::Any + Send>) -> axum::response::Response {
    use axum::response::IntoResponse as _;
    let text = server::grpc::panic_text(panic.as_ref());
    Problem::internal(format!("a handler panicked: {text}")).into_response()
}

/// Pages of `origins` may call us, and read what gRPC-web says in headers. Without cookies: there
/// are none.
fn cors(origins: &[String]) -> anyhow::Result<CorsLayer> {
    let origins = if origins.iter().any(|origin| origin == "*") {
        AllowOrigin::from(Any)
    } else {
        let origins = origins.iter().map(|origin| HeaderValue::from_str(origin));
        AllowOrigin::list(origins.collect::<Result<Vec<_>, _>>().context("--cors-origin")?)
    };
    let exposed = [
        "grpc-status",
        "grpc-message",
        "grpc-status-details-bin",
        "next-page-token",
        "revision-token",
        "resume-cursor",
        "retry-after",
        "x-request-id",
        "etag",
        "location",
    ];
    Ok(CorsLayer::new()
        .allow_origin(origins)
        .allow_methods(Any)
        .allow_headers(Any)
        .expose_headers(exposed.map(HeaderName::from_static))
        .max_age(CORS_MAX_AGE))
}
