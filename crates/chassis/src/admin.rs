//! The admin port, for orchestrators, scrapers and operators; on loopback by default. Requests to a foreign
//! host are refused, or a page could reach it by DNS rebinding.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context as _;
use axum::{
    Json, Router,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use server::Health;
use tokio::{net::TcpListener, sync::Semaphore};
use tokio_util::sync::CancellationToken;

use crate::{AllowedHosts, build};

/// Time for which the port keeps answering while the service drains.
const LINGER: Duration = Duration::from_secs(30);
/// Time for the headers of a request, and for an idle connection.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// Maximum open connections: descriptors are kept for them.
const MAX_CONNECTIONS: usize = 64;

/// Binds `addr` and serves in the background until the process ends, or a while after `shutdown` was
/// cancelled. Returns the bound address, with the actual port.
///
/// # Errors
/// The address cannot be bound.
pub(crate) async fn serve(
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
        .route("/log-level", get(log_level).put(set_log_level))
        .route("/endpoints", get(endpoints))
        .route("/breakers", get(breakers))
        .with_state(health)
        .layer(middleware::from_fn_with_state(AllowedHosts::new(bound, &[]), check_host));
    tokio::spawn(async move {
        tokio::select! {
            () = accept(listener, app) => {}
            () = drained => {}
        }
    });
    Ok(bound)
}

/// Serves connections, endlessly.
async fn accept(listener: TcpListener, app: Router) {
    let slots = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT);
    loop {
        let slot = Arc::clone(&slots).acquire_owned().await;
        match listener.accept().await {
            Ok((stream, _)) => {
                let service = TowerToHyperService::new(app.clone());
                let connection = http.serve_connection(TokioIo::new(stream), service);
                tokio::spawn(async move {
                    if let Err(error) = connection.await {
                        tracing::debug!(%error, "a connection of the admin port failed");
                    }
                    drop(slot);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "accepting a connection of the admin port failed");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn check_host(State(hosts): State<AllowedHosts>, request: Request, next: Next) -> Response {
    match hosts.check(request.uri(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(_) => {
            let detail =
                "HOST_NOT_ALLOWED: address the admin port by its IP address or as localhost\n";
            (StatusCode::MISDIRECTED_REQUEST, detail).into_response()
        }
    }
}

async fn readyz(State(health): State<Health>) -> impl IntoResponse {
    let report = health.report();
    let status = if report.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(report))
}

/// Metrics as OpenMetrics with exemplars, if the client accepts that; else as Prometheus text.
async fn metrics(headers: HeaderMap) -> impl IntoResponse {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let (kind, text) = match accept.is_some_and(|it| it.contains("application/openmetrics-text")) {
        true => (telemetry::OPENMETRICS, telemetry::openmetrics_text()),
        false => ("text/plain; version=0.0.4", telemetry::prometheus_text()),
    };
    ([(header::CONTENT_TYPE, kind)], text)
}

async fn endpoints() -> impl IntoResponse {
    Json(upstream::registry())
}

/// Circuit breakers, of each service as a whole and of each endpoint.
async fn breakers() -> impl IntoResponse {
    let breakers = upstream::registry().into_iter().map(|report| {
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
    Json(build::report())
}

async fn log_level() -> String {
    telemetry::log_level() + "\n"
}

/// Sets the log filter, such as `info,catalogue=debug`.
async fn set_log_level(directives: String) -> impl IntoResponse {
    match telemetry::set_log_level(directives.trim()) {
        Ok(()) => (StatusCode::OK, telemetry::log_level() + "\n"),
        Err(error) => (StatusCode::BAD_REQUEST, format!("{error:#}\n")),
    }
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpStream,
    };

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn connection_without_a_request_is_closed() {
        let loopback = "127.0.0.1:0".parse().unwrap();
        let health = Health::new(&[], &[]);
        let addr = serve(loopback, health, CancellationToken::new()).await.unwrap();
        for sent in [&b""[..], b"GET /livez HTTP/1.1\r\nhost:"] {
            let mut late = TcpStream::connect(addr).await.unwrap();
            late.write_all(sent).await.unwrap();
            let closed = tokio::time::timeout(HEADER_TIMEOUT * 2, late.read(&mut [0; 64])).await;
            closed.expect("it is closed").ok();
        }
        let mut client = TcpStream::connect(addr).await.unwrap();
        client.write_all(b"GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
        let mut status = [0; 12];
        client.read_exact(&mut status).await.unwrap();
        assert_eq!(&status, b"HTTP/1.1 200");
    }
}
