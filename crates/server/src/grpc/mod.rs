//! The general gRPC stack: health, reflection, telemetry, panics, deadlines, access, message limits.

mod audited;
mod call_layer;
mod revision_wait;
mod revocable_body;

use std::{sync::Arc, time::Duration};

use axum::Router;
use telemetry::ServerLayer;
use tonic::{body::Body, service::Routes};
use tonic_health::{ServingStatus, server::health_reporter};
use tower_http::catch_panic::CatchPanicLayer;

pub use call_layer::Deadline;
pub use revision_wait::{wait_deadline, wait_deadline_at};

pub use crate::panic::{panic_text, panicked, report};
use crate::{Health, Server, methods::Methods, metrics};
use call_layer::CallLayer;

/// The encoded file descriptor sets of the services of every gRPC server: health and reflection.
pub const DESCRIPTORS: [&[u8]; 3] = [
    tonic_health::pb::FILE_DESCRIPTOR_SET,
    tonic_reflection::pb::v1::FILE_DESCRIPTOR_SET,
    tonic_reflection::pb::v1alpha::FILE_DESCRIPTOR_SET,
];

impl Server {
    /// Adds the services of every gRPC server to `routes`: health, and reflection if it is on, which serves
    /// `descriptors`, the encoded file descriptor set of the contract.
    ///
    /// From the outside in: telemetry, panics, deadline, access, messages. Needs a runtime, for the task that
    /// updates health.
    pub fn grpc(&self, routes: Routes, health: &Health, descriptors: &'static [u8]) -> Router {
        let (reporter, service) = health_reporter();
        let (names, mut ready) = (health.services().to_vec(), health.watch());
        tokio::spawn(async move {
            loop {
                let status = match *ready.borrow_and_update() {
                    true => ServingStatus::Serving,
                    false => ServingStatus::NotServing,
                };
                // The empty name is the whole server (grpc.health.v1).
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
                // Older clients, such as Python's, use this version.
                .add_service(reflection().build_v1alpha().expect("our descriptors are valid"));
        }
        self.layered(routes.prepare().into_axum_router(), descriptors)
    }

    /// Adds the layers of [`Server::grpc`] to a router that serves gRPC. All routers of a server share
    /// the contract of the first.
    pub fn layered(&self, router: Router, descriptors: &'static [u8]) -> Router {
        let methods = self.methods.get_or_init(|| {
            let [health, reflection, older_reflection] = DESCRIPTORS;
            Methods::of(&[descriptors, health, reflection, older_reflection])
        });
        let call_layer = CallLayer {
            messages: self.args.messages,
            patience: Duration::from_secs(self.args.bodies.body_timeout),
            methods: methods.clone(),
            access: self.access().clone(),
            trail: self.trail().clone(),
        };
        let labels = methods.clone();
        let find = Arc::new(move |path: &str| labels.find(path).contract);
        router
            .layer(axum::middleware::from_fn_with_state(call_layer, call_layer::handle))
            .layer(CatchPanicLayer::custom(handle_panic))
            .layer(ServerLayer::grpc(self.trust.clone(), find))
    }
}

/// A response without a body, of a status.
pub fn answer(status: tonic::Status) -> http::Response<axum::body::Body> {
    status.into_http::<Body>().map(axum::body::Body::new)
}

/// The response to a call after a panic of its handler.
fn handle_panic(panic: Box<dyn std::any::Any + Send>) -> http::Response<axum::body::Body> {
    answer(panicked(metrics::HANDLER, panic.as_ref()))
}
