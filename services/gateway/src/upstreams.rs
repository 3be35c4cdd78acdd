//! Typed clients of the services behind us.

use std::{convert::Infallible, time::Duration};

use axum::extract::FromRequestParts;
use chassis::client::Upstream;
use http::request::Parts;
use proto::{
    catalogue::v1::{
        catalogue_service_client::CatalogueServiceClient,
        category_service_client::CategoryServiceClient, feed_service_client::FeedServiceClient,
        stock_service_client::StockServiceClient, transfer_service_client::TransferServiceClient,
    },
    search::v1::{
        search_admin_service_client::SearchAdminServiceClient,
        search_service_client::SearchServiceClient,
    },
};
use tonic::{
    Request, Status,
    service::{Interceptor, interceptor::InterceptedService},
};

use crate::{config::Config, request_id::RequestId, state::AppState};

/// The largest answer taken from a service, in bytes. A page may hold 1,000 products, and each tens
/// of thousands of characters: more than gRPC's usual 4 MiB.
const MAX_ANSWER: usize = 64 << 20;

/// An upstream whose calls carry the request's id.
pub(crate) type Call = InterceptedService<Upstream, Identify>;

/// The services behind us. As an extractor, its calls carry the id of the request.
///
/// Every call has a deadline, except the two that last as long as someone reads:
/// [`Upstreams::feed`] and [`Upstreams::transfer`].
#[derive(Clone)]
pub(crate) struct Upstreams {
    catalogue: Upstream,
    search: Upstream,
    timeout: Duration,
    identify: Identify,
}

impl Upstreams {
    /// Connects to nothing yet: the first call does.
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            catalogue: Upstream::new("catalogue", &config.catalogue),
            search: Upstream::new("search", &config.search),
            timeout: config.upstream_timeout(),
            identify: Identify(None),
        }
    }

    /// Products: read and write them. With a deadline, so not for a whole `ListProducts`.
    pub(crate) fn catalogue(&self) -> CatalogueServiceClient<Call> {
        CatalogueServiceClient::new(self.timed(&self.catalogue))
            .max_decoding_message_size(MAX_ANSWER)
    }

    /// As [`Self::catalogue`], for streams that last as long as they are read: no deadline.
    pub(crate) fn catalogue_streams(&self) -> CatalogueServiceClient<Call> {
        CatalogueServiceClient::new(self.open(&self.catalogue))
            .max_decoding_message_size(MAX_ANSWER)
    }

    pub(crate) fn categories(&self) -> CategoryServiceClient<Call> {
        CategoryServiceClient::new(self.timed(&self.catalogue))
            .max_decoding_message_size(MAX_ANSWER)
    }

    pub(crate) fn stock(&self) -> StockServiceClient<Call> {
        StockServiceClient::new(self.timed(&self.catalogue))
    }

    /// The change feed. Without a deadline: a watch lasts as long as it is read.
    pub(crate) fn feed(&self) -> FeedServiceClient<Call> {
        FeedServiceClient::new(self.open(&self.catalogue)).max_decoding_message_size(MAX_ANSWER)
    }

    /// Products in bulk. Without a deadline: an export lasts as long as it is read.
    pub(crate) fn transfer(&self) -> TransferServiceClient<Call> {
        TransferServiceClient::new(self.open(&self.catalogue)).max_decoding_message_size(MAX_ANSWER)
    }

    pub(crate) fn search(&self) -> SearchServiceClient<Call> {
        SearchServiceClient::new(self.timed(&self.search)).max_decoding_message_size(MAX_ANSWER)
    }

    pub(crate) fn search_admin(&self) -> SearchAdminServiceClient<Call> {
        SearchAdminServiceClient::new(self.timed(&self.search))
    }

    /// The catalogue itself, for calls that are forwarded undecoded.
    pub(crate) fn raw_catalogue(&self) -> &Upstream {
        &self.catalogue
    }

    /// The search service itself, for calls that are forwarded undecoded.
    pub(crate) fn raw_search(&self) -> &Upstream {
        &self.search
    }

    /// How long a call may take that says nothing itself, and how long the headers of any answer
    /// may take.
    pub(crate) fn timeout(&self) -> Duration {
        self.timeout
    }

    fn timed(&self, upstream: &Upstream) -> Call {
        InterceptedService::new(upstream.deadline(self.timeout), self.identify.clone())
    }

    fn open(&self, upstream: &Upstream) -> Call {
        InterceptedService::new(upstream.clone(), self.identify.clone())
    }
}

impl FromRequestParts<AppState> for Upstreams {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let identify = Identify(parts.extensions.get().cloned());
        Ok(Self { identify, ..state.upstreams.clone() })
    }
}

/// Adds `x-request-id` to a call.
#[derive(Clone)]
pub(crate) struct Identify(Option<RequestId>);

impl Interceptor for Identify {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(value) = self.0.as_ref().and_then(|id| id.as_str().parse().ok()) {
            request.metadata_mut().insert(RequestId::HEADER, value);
        }
        Ok(request)
    }
}
