//! What every gRPC server gets: health, reflection, limits, deadlines, and one failed call for a
//! panic.

mod deadline;
mod limit;
mod panic;
mod patience;

use axum::Router;
use tonic::{body::Body, service::Routes};
use tonic_health::{ServingStatus, server::health_reporter};
use tower_http::catch_panic::CatchPanicLayer;

pub use deadline::Deadline;
pub use limit::limit_messages;
pub use panic::panic_text;
pub use patience::give_up;

use crate::Health;

/// The largest message a server takes, in bytes: gRPC's own default.
pub const MAX_MESSAGE: usize = 4 << 20;

/// Puts around `routes` what every gRPC server has in common. `descriptors` is the encoded file
/// descriptor set that reflection answers from.
///
/// From the outside in: telemetry, panics, deadline, message size. Call it inside a runtime: health
/// is kept up to date by a task.
pub fn router(routes: Routes, health: &Health, descriptors: &'static [u8]) -> Router {
    let (reporter, service) = health_reporter();
    let (names, mut ready) = (health.services().to_vec(), health.watch());
    tokio::spawn(async move {
        loop {
            let status = match *ready.borrow_and_update() {
                true => ServingStatus::Serving,
                false => ServingStatus::NotServing,
            };
            // The empty name stands for the server as a whole.
            for name in names.iter().copied().chain([""]) {
                reporter.set_service_status(name, status).await;
            }
            if ready.changed().await.is_err() {
                return;
            }
        }
    });
    let reflection = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(descriptors)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    let routes = routes
        .add_service(service)
        .add_service(reflection().build_v1().expect("our descriptors are valid"))
        // Older clients, Python's among them, ask this version.
        .add_service(reflection().build_v1alpha().expect("our descriptors are valid"));
    layered(routes.prepare().into_axum_router())
}

/// The layers of [`router`] around any router that answers gRPC.
pub fn layered(router: Router) -> Router {
    router
        .layer(axum::middleware::map_request(|request: axum::extract::Request| async {
            request.map(|body| axum::body::Body::new(limit_messages(body, MAX_MESSAGE)))
        }))
        .layer(axum::middleware::from_fn(deadline::keep))
        .layer(CatchPanicLayer::custom(panic::answer))
        .layer(telemetry::ServerLayer)
}

/// Turns a status into an answer without a body.
pub fn answer(status: tonic::Status) -> http::Response<axum::body::Body> {
    status.into_http::<Body>().map(axum::body::Body::new)
}
