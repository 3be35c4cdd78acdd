//! Calls to the catalogue that carry the secret of the services.

use access::ServiceSecret;
use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataValue},
    service::Interceptor,
};
use upstream::Upstream;

/// The catalogue, as search calls it.
pub(crate) type Catalogue = tonic::service::interceptor::InterceptedService<Upstream, Authorized>;

/// Adds the secret of the services to calls, if there is one.
#[derive(Clone)]
pub(crate) struct Authorized(Option<MetadataValue<Ascii>>);

impl Authorized {
    pub(crate) fn new(secret: Option<&ServiceSecret>) -> Self {
        Self(secret.map(ServiceSecret::credential))
    }
}

impl Interceptor for Authorized {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(secret) = &self.0 {
            request.metadata_mut().insert("authorization", secret.clone());
        }
        Ok(request)
    }
}
