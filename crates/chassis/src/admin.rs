//! The admin port: for orchestrators, scrapers and people on call. Loopback unless asked.

use std::{net::SocketAddr, time::Duration};

use anyhow::Context as _;
use axum::{Json, Router, extract::State, http::StatusCode, response::IntoResponse, routing::get};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{Health, client};

/// How long the port goes on answering while the service drains.
const LINGER: Duration = Duration::from_secs(30);

/// Binds `addr` and answers on it in the background until the process ends, or a while after
/// `shutdown` has been cancelled. Returns the address, for when the port was 0.
///
/// # Errors
/// The address cannot be bound.
pub async fn serve(
    addr: SocketAddr,
    health: Health,
    shutdown: CancellationToken,
) -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind(addr)
        .await
        .with_context(|| format!("the admin port {addr} cannot be used"))?;
    let bound = listener.local_addr()?;
    let drained = async move {
        shutdown.cancelled().await;
        tokio::time::sleep(LINGER).await;
    };
    let app = Router::new()
        .route("/livez", get(|| async { "ok\n" }))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .route("/buildz", get(buildz))
        .route("/endpoints", get(endpoints))
        .route("/breakers", get(breakers))
        .with_state(health);
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, app).with_graceful_shutdown(drained).await {
            tracing::error!(%error, "the admin port failed");
        }
    });
    Ok(bound)
}

async fn readyz(State(health): State<Health>) -> impl IntoResponse {
    let report = health.report();
    let status = if report.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(report))
}

async fn metrics() -> impl IntoResponse {
    ([("content-type", "text/plain; version=0.0.4")], telemetry::prometheus_text())
}

async fn endpoints() -> impl IntoResponse {
    Json(client::registry())
}

/// Those of the services as a whole, and of each endpoint.
async fn breakers() -> impl IntoResponse {
    let breakers = client::registry().into_iter().map(|report| {
        let endpoints = report.endpoints.into_iter().map(|it| (it.address, it.breaker));
        serde_json::json!({
            "upstream": report.upstream,
            "service": report.breaker,
            "endpoints": endpoints.collect::<std::collections::BTreeMap<_, _>>(),
        })
    });
    Json(breakers.collect::<Vec<_>>())
}

async fn buildz() -> impl IntoResponse {
    Json(serde_json::json!({ "version": env!("CARGO_PKG_VERSION") }))
}
