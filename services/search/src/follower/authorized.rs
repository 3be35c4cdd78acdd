//! Calls to the catalogue with proof that they are a service's own.

use access::Access;
use tonic::{
    Request, Status,
    codegen::http::HeaderMap,
    metadata::MetadataMap,
    service::{Interceptor, interceptor::InterceptedService},
};
use upstream::Upstream;

/// The catalogue, as search calls it.
pub(crate) type Catalogue = InterceptedService<Upstream, Authorized>;

/// Adds the proof that a call is this service's own.
#[derive(Clone)]
pub(crate) struct Authorized(HeaderMap);

impl Authorized {
    pub(crate) fn new(access: &Access) -> Self {
        let mut headers = HeaderMap::new();
        access.sign_own(&mut headers);
        Self(headers)
    }
}

impl Interceptor for Authorized {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let mut headers = std::mem::take(request.metadata_mut()).into_headers();
        headers.extend(self.0.clone());
        *request.metadata_mut() = MetadataMap::from_headers(headers);
        Ok(request)
    }
}
