//! What every gRPC server gets: health, reflection, limits, deadlines, and one failed call for a
//! panic.

mod answer;
mod framing;
mod guard;
mod limit;
pub(crate) mod methods;
mod panic;
mod patience;

use std::sync::Arc;

use axum::Router;
use telemetry::ServerLayer;
use tonic::{body::Body, service::Routes};
use tonic_health::{ServingStatus, server::health_reporter};
use tower_http::catch_panic::CatchPanicLayer;

pub(crate) use answer::{limited, too_large};
pub use guard::Deadline;
pub use panic::{panic_text, panicked, report};
pub use patience::{give_up, give_up_at};

use crate::{Health, Server};
use guard::Guard;
use methods::Methods;

impl Server {
    /// Puts around `routes` what every gRPC server has in common. `descriptors` is the encoded file
    /// descriptor set of the contract, which reflection answers from where it is on.
    ///
    /// From the outside in: telemetry, panics, deadline, messages. Call it inside a runtime: health
    /// is kept up to date by a task.
    pub fn grpc(&self, routes: Routes, health: &Health, descriptors: &'static [u8]) -> Router {
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
        let mut routes = routes.add_service(service);
        if self.args.reflection {
            let reflection = || {
                tonic_reflection::server::Builder::configure()
                    .register_encoded_file_descriptor_set(descriptors)
                    .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
            };
            routes = routes
                .add_service(reflection().build_v1().expect("our descriptors are valid"))
                // Older clients, Python's among them, ask this version.
                .add_service(reflection().build_v1alpha().expect("our descriptors are valid"));
        }
        self.layered(routes.prepare().into_axum_router(), descriptors)
    }

    /// The layers of [`Server::grpc`] around any router that answers gRPC. All of a server's have
    /// the same contract: what the first one said of it holds.
    pub fn layered(&self, router: Router, descriptors: &'static [u8]) -> Router {
        let methods = self.methods.get_or_init(|| {
            Methods::of(&[
                descriptors,
                tonic_health::pb::FILE_DESCRIPTOR_SET,
                tonic_reflection::pb::v1::FILE_DESCRIPTOR_SET,
                tonic_reflection::pb::v1alpha::FILE_DESCRIPTOR_SET,
            ])
        });
        let guard = Guard { messages: self.args.messages, methods: methods.clone() };
        let labels = methods.clone();
        let find = Arc::new(move |path: &str| labels.find(path).contract);
        router
            .layer(axum::middleware::from_fn_with_state(guard, guard::around))
            .layer(CatchPanicLayer::custom(panic::answer))
            .layer(ServerLayer::grpc(self.trust.clone(), find))
    }
}

/// Turns a status into an answer without a body.
pub fn answer(status: tonic::Status) -> http::Response<axum::body::Body> {
    status.into_http::<Body>().map(axum::body::Body::new)
}
