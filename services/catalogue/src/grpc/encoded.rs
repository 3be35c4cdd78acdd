//! Servers of methods whose handlers return encoded messages.
//!
//! Generated servers encode messages themselves. These servers wrap them, handle the calls of such
//! methods, and pass on all other calls.

use std::{
    convert::Infallible,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures::future::BoxFuture;
use prost::Message;
use proto::{
    EncodedCodec,
    catalogue::v1::{
        catalogue_service_server::{self, CatalogueServiceServer},
        transfer_service_server::{self, TransferServiceServer},
    },
};
use tonic::{
    Request, Response, Status,
    body::Body,
    codegen::{BoxStream, Service, http},
    server::{Grpc, NamedService},
};
use tower::service_fn;

use super::{catalogue, transfer};

type ResponseFuture = BoxFuture<'static, Result<http::Response<Body>, Infallible>>;

/// The server of `CatalogueService`.
#[derive(Clone)]
pub(super) struct CatalogueServer {
    service: Arc<catalogue::Service>,
    generated: CatalogueServiceServer<catalogue::Service>,
}

impl CatalogueServer {
    pub(super) fn new(service: catalogue::Service) -> Self {
        let service = Arc::new(service);
        Self { generated: CatalogueServiceServer::from_arc(Arc::clone(&service)), service }
    }
}

impl NamedService for CatalogueServer {
    const NAME: &'static str = catalogue_service_server::SERVICE_NAME;
}

impl Service<http::Request<Body>> for CatalogueServer {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> ResponseFuture {
        match request.uri().path() {
            "/catalogue.v1.CatalogueService/GetProduct" => {
                unary(&self.service, request, |service, request| async move {
                    service.get_product(request).await
                })
            }
            "/catalogue.v1.CatalogueService/ListProducts" => {
                stream(&self.service, request, |service, request| async move {
                    service.list_products(request).await
                })
            }
            "/catalogue.v1.CatalogueService/BrowseProducts" => {
                unary(&self.service, request, |service, request| async move {
                    service.browse_products(request).await
                })
            }
            "/catalogue.v1.CatalogueService/BatchGetProducts" => {
                unary(&self.service, request, |service, request| async move {
                    service.batch_get_products(request).await
                })
            }
            _ => self.generated.call(request),
        }
    }
}

/// The server of `TransferService`.
#[derive(Clone)]
pub(super) struct TransferServer {
    service: Arc<transfer::Service>,
    generated: TransferServiceServer<transfer::Service>,
}

impl TransferServer {
    pub(super) fn new(service: transfer::Service) -> Self {
        let service = Arc::new(service);
        Self { generated: TransferServiceServer::from_arc(Arc::clone(&service)), service }
    }
}

impl NamedService for TransferServer {
    const NAME: &'static str = transfer_service_server::SERVICE_NAME;
}

impl Service<http::Request<Body>> for TransferServer {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> ResponseFuture {
        match request.uri().path() {
            "/catalogue.v1.TransferService/ExportProducts" => {
                stream(&self.service, request, |service, request| async move {
                    service.export_products(request).await
                })
            }
            _ => self.generated.call(request),
        }
    }
}

/// Handles a unary call.
fn unary<S, M, F>(
    service: &Arc<S>,
    request: http::Request<Body>,
    method: impl Fn(Arc<S>, Request<M>) -> F + Send + 'static,
) -> ResponseFuture
where
    S: Send + Sync + 'static,
    M: Message + Default + Send + 'static,
    F: Future<Output = Result<Response<Bytes>, Status>> + Send + 'static,
{
    let service = Arc::clone(service);
    Box::pin(async move {
        let method = service_fn(move |request| method(Arc::clone(&service), request));
        Ok(Grpc::new(EncodedCodec::default()).unary(method, request).await)
    })
}

/// Handles a server-streaming call.
fn stream<S, M, F>(
    service: &Arc<S>,
    request: http::Request<Body>,
    method: impl Fn(Arc<S>, Request<M>) -> F + Send + 'static,
) -> ResponseFuture
where
    S: Send + Sync + 'static,
    M: Message + Default + Send + 'static,
    F: Future<Output = Result<Response<BoxStream<Bytes>>, Status>> + Send + 'static,
{
    let service = Arc::clone(service);
    Box::pin(async move {
        let method = service_fn(move |request| method(Arc::clone(&service), request));
        Ok(Grpc::new(EncodedCodec::default()).server_streaming(method, request).await)
    })
}
