//! Metadata of a request that go on to the upstreams.

use std::net::IpAddr;

use http::HeaderMap;
use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataMap, MetadataValue},
    service::Interceptor,
};

use crate::{actor, request_id::RequestId};

/// Adds `x-request-id`, `x-actor` and the credential to a call: the upstream checks it.
#[derive(Clone, Default)]
pub(crate) struct RequestMetadata {
    /// The client's address, for the audit trail.
    pub(crate) client: Option<IpAddr>,
    pub(crate) request_id: Option<RequestId>,
    pub(crate) actor: Option<MetadataValue<Ascii>>,
    /// The request's `authorization`, and the caller as the gateway passes it on.
    pub(crate) credential: HeaderMap,
}

impl RequestMetadata {
    /// Adds them to the headers of a call.
    pub(crate) fn insert_into(&self, headers: &mut HeaderMap) {
        if let Some(id) = &self.request_id {
            headers.insert(RequestId::HEADER, id.header());
        }
        if let Some(actor) = self.actor.as_ref().and_then(|actor| actor.to_str().ok()?.parse().ok())
        {
            headers.insert(actor::HEADER, actor);
        }
        headers.extend(self.credential.clone());
    }
}

impl Interceptor for RequestMetadata {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let mut headers = std::mem::take(request.metadata_mut()).into_headers();
        self.insert_into(&mut headers);
        *request.metadata_mut() = MetadataMap::from_headers(headers);
        Ok(request)
    }
}
