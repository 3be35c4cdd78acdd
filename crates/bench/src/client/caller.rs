//! Calls of a generated client, and calls of encoded messages.

use bytes::Bytes;
use http::{HeaderValue, Request, Version, header};
use proto::catalogue::v1::{GetProductRequest, catalogue_service_client::CatalogueServiceClient};
use tonic::{Status, body::Body, client::GrpcService};
use upstream::Upstream;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A client that reads a product.
pub(crate) trait Caller: Clone + Send + 'static {
    fn call(&mut self) -> impl Future<Output = Result<(), Status>> + Send;
}

impl<T> Caller for CatalogueServiceClient<T>
where
    T: GrpcService<Body, Future: Send> + Clone + Send + Sync + 'static,
    T::ResponseBody: http_body::Body<Data = Bytes, Error: Into<BoxError> + Send> + Send + 'static,
{
    async fn call(&mut self) -> Result<(), Status> {
        let product_id = "mug".to_owned();
        self.get_product(GetProductRequest { product_id, ..Default::default() }).await?;
        Ok(())
    }
}

/// Sends encoded requests and does not decode responses, as the gateway does.
#[derive(Clone)]
pub(crate) struct Raw {
    upstream: Upstream,
    message: Bytes,
}

impl Raw {
    pub(crate) fn new(upstream: Upstream) -> Self {
        // GetProductRequest { product_id: "mug" }, framed.
        Self { upstream, message: Bytes::from_static(b"\0\0\0\0\x05\x0a\x03mug") }
    }
}

impl Caller for Raw {
    async fn call(&mut self) -> Result<(), Status> {
        let mut request = Request::new(self.message.clone());
        *request.method_mut() = http::Method::POST;
        *request.version_mut() = Version::HTTP_2;
        *request.uri_mut() = http::Uri::from_static("/catalogue.v1.CatalogueService/GetProduct");
        let headers = request.headers_mut();
        headers.insert(header::TE, HeaderValue::from_static("trailers"));
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
        let response = self.upstream.unary(request).await?;
        let Ok((_, Some(trailers))) = response.into_body().into_whole() else {
            return Err(Status::internal("the response is incomplete"));
        };
        match Status::from_header_map(&trailers) {
            Some(status) if status.code() == tonic::Code::Ok => Ok(()),
            other => Err(other.unwrap_or_else(|| Status::internal("no status"))),
        }
    }
}
