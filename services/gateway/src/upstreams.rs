//! Typed clients of the services behind us.

use std::time::Duration;

use axum::extract::FromRequestParts;
use bytes::Bytes;
use discovery::Resolver;
use http::{HeaderMap, request::Parts, uri::PathAndQuery};
use proto::{
    catalogue::v1::{
        catalogue_service_client::CatalogueServiceClient,
        category_service_client::CategoryServiceClient, feed_service_client::FeedServiceClient,
    },
    search::v1::search_service_client::SearchServiceClient,
};
use tonic::{
    Request, Status, Streaming,
    client::Grpc,
    metadata::{Ascii, MetadataValue},
    service::{Interceptor, interceptor::InterceptedService},
};
use upstream::{
    Idempotent, Methods, Settings, Upstream, tls::ClientTls, unary_message, unary_request,
};

use crate::{
    actor, config::Config, contract::Method, encoded::PassThroughCodec, problem::Problem,
    request_id::RequestId, state::AppState,
};

/// The largest answer taken from a service, in bytes. A page may hold 1,000 products, and each tens
/// of thousands of characters: more than gRPC's usual 4 MiB.
const MAX_ANSWER: usize = 64 << 20;

/// What people wait for, word by word.
const HEDGED: &[&str] = &[
    "/catalogue.v1.CatalogueService/GetProduct",
    "/catalogue.v1.CatalogueService/SearchProducts",
    "/search.v1.SearchService/Search",
];

/// An upstream whose calls carry the request's id and its actor.
pub(crate) type Call = InterceptedService<Upstream, Identify>;

/// The services behind us. As an extractor, its calls carry the id of the request and its actor.
///
/// Every call has a deadline, except the two that last as long as someone reads:
/// [`Upstreams::feed`] and [`Upstreams::stream`].
#[derive(Clone)]
pub(crate) struct Upstreams {
    catalogue: Upstream,
    search: Upstream,
    timeout: Duration,
    identify: Identify,
}

impl Upstreams {
    /// Connects, but waits for nobody.
    ///
    /// # Errors
    /// A target that is found through a registry, and there is none; files of TLS that cannot be used.
    pub(crate) fn new(config: &Config, resolver: &Resolver) -> anyhow::Result<Self> {
        let settings = Settings {
            methods: Methods::of(proto::DESCRIPTORS),
            hedge: if config.hedge_reads { HEDGED } else { &[] },
            tls: ClientTls::new(&config.upstream_tls)?,
            ..Settings::default()
        };
        let catalogue = resolver.watch(&config.catalogue)?;
        let search = resolver.watch(&config.search)?;
        Ok(Self {
            catalogue: Upstream::with("catalogue", catalogue, settings.clone()),
            search: Upstream::with("search", search, settings),
            timeout: config.upstream_timeout(),
            identify: Identify::default(),
        })
    }

    /// Products: read and write them. With a deadline, so not for a whole `ListProducts`.
    pub(crate) fn catalogue(&self) -> CatalogueServiceClient<Call> {
        CatalogueServiceClient::new(self.timed(&self.catalogue))
            .max_decoding_message_size(MAX_ANSWER)
    }

    pub(crate) fn categories(&self) -> CategoryServiceClient<Call> {
        CategoryServiceClient::new(self.timed(&self.catalogue))
            .max_decoding_message_size(MAX_ANSWER)
    }

    /// The change feed. Without a deadline: a watch lasts as long as it is read.
    pub(crate) fn feed(&self) -> FeedServiceClient<Call> {
        FeedServiceClient::new(self.open(&self.catalogue)).max_decoding_message_size(MAX_ANSWER)
    }

    pub(crate) fn search(&self) -> SearchServiceClient<Call> {
        SearchServiceClient::new(self.timed(&self.search)).max_decoding_message_size(MAX_ANSWER)
    }

    /// Calls any method that is one message in, one out; both stay encoded. `repeatable`: this very
    /// call happens once, however often it is sent.
    pub(crate) async fn unary(
        &self,
        method: &Method,
        request: Bytes,
        repeatable: bool,
    ) -> Result<Bytes, Status> {
        let mut request = unary_request(path_of(method)?, &request);
        self.identify.put_into(request.headers_mut());
        if repeatable {
            request.extensions_mut().insert(Idempotent);
        }
        let upstream = self.answering(method).deadline(self.timeout);
        unary_message(upstream.unary(request).await?, MAX_ANSWER).await
    }

    /// Calls any method that is one message in and a stream out; all stay encoded. No deadline: a
    /// stream lasts as long as it is read.
    pub(crate) async fn stream(
        &self,
        method: &Method,
        request: Bytes,
    ) -> Result<Streaming<Bytes>, Status> {
        let call = self.open(self.answering(method));
        let mut grpc = Grpc::new(call).max_decoding_message_size(MAX_ANSWER);
        grpc.ready().await?;
        let (request, path) = (Request::new(request), path_of(method)?);
        Ok(grpc.server_streaming(request, path, PassThroughCodec).await?.into_inner())
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

    /// The service that answers a method.
    fn answering(&self, method: &Method) -> &Upstream {
        if method.is_answered_by_search() { &self.search } else { &self.catalogue }
    }

    fn timed(&self, upstream: &Upstream) -> Call {
        InterceptedService::new(upstream.deadline(self.timeout), self.identify.clone())
    }

    fn open(&self, upstream: &Upstream) -> Call {
        InterceptedService::new(upstream.clone(), self.identify.clone())
    }
}

fn path_of(method: &Method) -> Result<PathAndQuery, Status> {
    PathAndQuery::try_from(method.path)
        .map_err(|_| Status::internal("a method of the contract is no path"))
}

impl FromRequestParts<AppState> for Upstreams {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let request_id = parts.extensions.get().cloned();
        let identify = Identify { request_id, actor: actor::of(&parts.headers)? };
        Ok(Self { identify, ..state.upstreams.clone() })
    }
}

/// Adds `x-request-id` and `x-actor` to a call.
#[derive(Clone, Default)]
pub(crate) struct Identify {
    request_id: Option<RequestId>,
    actor: Option<MetadataValue<Ascii>>,
}

impl Identify {
    fn put_into(&self, headers: &mut HeaderMap) {
        if let Some(id) = &self.request_id {
            headers.insert(RequestId::HEADER, id.header());
        }
        if let Some(actor) = self.actor.as_ref().and_then(|actor| actor.to_str().ok()?.parse().ok())
        {
            headers.insert(actor::HEADER, actor);
        }
    }
}

impl Interceptor for Identify {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let id = self.request_id.as_ref().and_then(|id| id.as_str().parse().ok());
        if let Some(value) = id {
            request.metadata_mut().insert(RequestId::HEADER, value);
        }
        if let Some(actor) = &self.actor {
            request.metadata_mut().insert(actor::HEADER, actor.clone());
        }
        Ok(request)
    }
}
