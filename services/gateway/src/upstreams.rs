//! Clients of the catalogue and the search service.

use std::{future::ready, time::Duration};

use access::{Access, Caller, Origin, Refusal};
use audit::Trail;
use axum::extract::{FromRef, FromRequestParts};
use bytes::Bytes;
use contract::{Class, Scope};
use discovery::Resolver;
use futures::{Stream, stream};
use http::{HeaderMap, header::AUTHORIZATION, request::Parts, uri::PathAndQuery};
use proto::{
    catalogue::v1::{
        audit_service_client::AuditServiceClient, catalogue_service_client::CatalogueServiceClient,
        category_service_client::CategoryServiceClient, feed_service_client::FeedServiceClient,
        key_service_client::KeyServiceClient, stock_service_client::StockServiceClient,
        transfer_service_client::TransferServiceClient,
    },
    search::v1::{
        search_admin_service_client::SearchAdminServiceClient,
        search_service_client::SearchServiceClient,
    },
};
use tonic::{
    Request, Status, Streaming, client::Grpc, metadata::MetadataMap,
    service::interceptor::InterceptedService,
};
use upstream::{
    Idempotent, Methods, Settings, Upstream, tls::ClientTls, unary_message, unary_request,
};

use crate::{
    actor,
    client_address::ClientAddress,
    config::Config,
    contract::{Contract, Method},
    encoded::PassThroughCodec,
    problem::Problem,
    request_metadata::RequestMetadata,
};

/// The largest accepted response, in bytes. A page may have 1,000 products of tens of thousands of
/// characters each, more than gRPC's default of 4 MiB.
const MAX_RESPONSE: usize = 64 << 20;

/// The methods that may be hedged: reads that a person waits for.
const HEDGED: &[&str] = &[
    "/catalogue.v1.CatalogueService/GetProduct",
    "/catalogue.v1.CatalogueService/SearchProducts",
    "/search.v1.SearchService/Search",
];

/// An upstream with the request's id, actor and credential in its calls.
pub(crate) type Channel = InterceptedService<Upstream, RequestMetadata>;

/// The upstream services. As an extractor, its calls carry the request's id, actor and
/// credential.
///
/// All calls have a deadline, except the streams [`Upstreams::feed`] and [`Upstreams::stream`], which
/// last as long as they are read.
#[derive(Clone)]
pub(crate) struct Upstreams {
    contract: &'static Contract,
    catalogue: Upstream,
    search: Upstream,
    timeout: Duration,
    access: Access,
    trail: Trail,
    /// The client that makes the request.
    caller: Result<Caller, Refusal>,
    /// Where it comes from; `None` for calls of the gateway's own.
    origin: Option<Origin>,
    metadata: RequestMetadata,
}

impl Upstreams {
    /// Starts connecting, without waiting for a connection.
    ///
    /// # Errors
    /// A target that needs a registry without one configured, or unusable TLS files.
    pub(crate) fn new(
        config: &Config,
        contract: &'static Contract,
        resolver: &Resolver,
        access: Access,
        trail: Trail,
    ) -> anyhow::Result<Self> {
        let settings = Settings {
            methods: Methods::of(contract.descriptors),
            hedge: if config.hedge_reads { HEDGED } else { &[] },
            stream_connections: config.stream_connections,
            tls: ClientTls::new(&config.upstream_tls)?,
            ..Settings::default()
        };
        let catalogue = resolver.watch(&config.catalogue)?;
        let search = resolver.watch(&config.search)?;
        // The keys are not known yet.
        let caller = match access.always_restricts_anonymous() {
            true => Caller::ANONYMOUS,
            false => Caller::UNRESTRICTED,
        };
        let metadata = RequestMetadata {
            credential: access.passed_on(&caller, HeaderMap::new()),
            ..RequestMetadata::default()
        };
        Ok(Self {
            contract,
            catalogue: Upstream::with("catalogue", catalogue, settings.clone()),
            search: Upstream::with("search", search, settings),
            timeout: config.upstream_timeout(),
            caller: Ok(caller),
            access,
            trail,
            origin: None,
            metadata,
        })
    }

    /// The client of products. Its calls have a deadline, which is too short for a full `ListProducts`.
    pub(crate) fn catalogue(&self) -> CatalogueServiceClient<Channel> {
        CatalogueServiceClient::new(self.with_deadline(&self.catalogue))
            .max_decoding_message_size(MAX_RESPONSE)
    }

    pub(crate) fn categories(&self) -> CategoryServiceClient<Channel> {
        CategoryServiceClient::new(self.with_deadline(&self.catalogue))
            .max_decoding_message_size(MAX_RESPONSE)
    }

    /// The client of the change feed, without a deadline.
    pub(crate) fn feed(&self) -> FeedServiceClient<Channel> {
        FeedServiceClient::new(self.without_deadline(&self.catalogue))
            .max_decoding_message_size(MAX_RESPONSE)
    }

    /// The client of the keys, without a deadline.
    pub(crate) fn keys(&self) -> KeyServiceClient<Channel> {
        KeyServiceClient::new(self.without_deadline(&self.catalogue))
    }

    /// The client of the keys, for sessions.
    pub(crate) fn sessions(&self) -> KeyServiceClient<Channel> {
        KeyServiceClient::new(self.with_deadline(&self.catalogue))
    }

    /// The client of the audit trail.
    pub(crate) fn audit(&self) -> AuditServiceClient<Channel> {
        AuditServiceClient::new(self.with_deadline(&self.catalogue))
    }

    /// The same upstreams, called without a credential: for data that the gateway reads for all clients together.
    pub(crate) fn anonymous(mut self) -> Self {
        let caller = self.access.anonymous();
        self.metadata.credential = self.access.passed_on(&caller, HeaderMap::new());
        self.caller = Ok(caller);
        self
    }

    /// The same upstreams, called with this credential instead of that of the request, which counts towards the limit
    /// of this class. `headers` are the request's.
    ///
    /// # Errors
    /// The credential is not valid, or there are too many calls.
    pub(crate) fn identified(
        &self,
        class: Class,
        headers: &HeaderMap,
        credential: HeaderMap,
    ) -> Result<Self, Refusal> {
        let caller = match &self.origin {
            Some(origin) => {
                let mut headers = headers.clone();
                headers.remove(AUTHORIZATION);
                headers.extend(credential.clone());
                self.access.identify(class, &headers, origin)?.caller
            }
            None => self.access.anonymous(),
        };
        let mut credential = self.access.passed_on(&caller, credential);
        if let Some(client) = self.metadata.client {
            self.access.name_client(client, &mut credential);
        }
        let metadata = RequestMetadata { credential, ..self.metadata.clone() };
        Ok(Self { caller: Ok(caller), metadata, ..self.clone() })
    }

    /// Audits that a call of this method with this credential was refused here.
    pub(crate) fn audit_refusal(&self, method: &str, credential: &HeaderMap, refusal: Refusal) {
        if let (Some(origin), Some(client)) = (&self.origin, self.metadata.client) {
            let mut headers = HeaderMap::new();
            self.metadata.insert_into(&mut headers);
            headers.extend(credential.clone());
            self.trail.refused_from(client, method, &headers, origin, refusal);
        }
    }

    /// The client of imports and exports, without a deadline.
    pub(crate) fn transfer(&self) -> TransferServiceClient<Channel> {
        TransferServiceClient::new(self.without_deadline(&self.catalogue))
            .max_decoding_message_size(MAX_RESPONSE)
    }

    /// The client of imports as operations, whose calls have a deadline.
    pub(crate) fn transfers(&self) -> TransferServiceClient<Channel> {
        TransferServiceClient::new(self.with_deadline(&self.catalogue))
    }

    /// A request of the gateway itself, for what only services may do.
    pub(crate) fn own_request<T>(&self, message: T) -> Request<T> {
        let mut headers = HeaderMap::new();
        self.access.sign_own(&mut headers);
        let mut request = Request::new(message);
        *request.metadata_mut() = MetadataMap::from_headers(headers);
        request
    }

    /// The actor of writes of this client, as the catalogue records it; empty if that is not known.
    pub(crate) fn actor_name(&self) -> String {
        let claimed = self.metadata.actor.as_ref().and_then(|actor| actor.to_str().ok());
        let principal = self.caller.as_ref().ok().and_then(Caller::actor);
        principal.unwrap_or_else(|| claimed.unwrap_or_default().to_owned())
    }

    /// The client's name as an actor, and the id of its key: two keys of the same name are two clients.
    pub(crate) fn client(&self) -> (String, Option<String>) {
        let key = self.caller.as_ref().ok().and_then(Caller::key_id);
        (self.actor_name(), key.map(str::to_owned))
    }

    pub(crate) fn stock(&self) -> StockServiceClient<Channel> {
        StockServiceClient::new(self.with_deadline(&self.catalogue))
    }

    pub(crate) fn search_admin(&self) -> SearchAdminServiceClient<Channel> {
        SearchAdminServiceClient::new(self.with_deadline(&self.search))
            .max_decoding_message_size(MAX_RESPONSE)
    }

    pub(crate) fn search(&self) -> SearchServiceClient<Channel> {
        SearchServiceClient::new(self.with_deadline(&self.search))
            .max_decoding_message_size(MAX_RESPONSE)
    }

    /// Calls a unary method with encoded messages. An `idempotent` call may be retried.
    pub(crate) async fn unary(
        &self,
        method: &Method,
        request: Bytes,
        idempotent: bool,
    ) -> Result<Bytes, Status> {
        self.authorize(method)?;
        let mut request = unary_request(path_of(method)?, &request);
        self.metadata.insert_into(request.headers_mut());
        if method.declared.is_audited()
            && let Some(client) = self.metadata.client
        {
            self.access.name_client(client, request.headers_mut());
        }
        if idempotent {
            request.extensions_mut().insert(Idempotent);
        }
        let upstream = self.of_method(method).deadline(self.timeout);
        unary_message(upstream.unary(request).await?, MAX_RESPONSE).await
    }

    /// Calls a server-streaming method with encoded messages, without a deadline.
    pub(crate) async fn stream(
        &self,
        method: &Method,
        request: Bytes,
    ) -> Result<Streaming<Bytes>, Status> {
        self.exchange(method, stream::once(ready(request))).await
    }

    /// Calls a method that streams with encoded messages, without a deadline.
    pub(crate) async fn exchange(
        &self,
        method: &Method,
        requests: impl Stream<Item = Bytes> + Send + 'static,
    ) -> Result<Streaming<Bytes>, Status> {
        self.authorize(method)?;
        let channel = self.without_deadline(self.of_method(method));
        let mut grpc = Grpc::new(channel).max_decoding_message_size(MAX_RESPONSE);
        grpc.ready().await?;
        let (requests, path) = (Request::new(requests), path_of(method)?);
        Ok(grpc.streaming(requests, path, PassThroughCodec).await?.into_inner())
    }

    /// The catalogue's upstream, for forwarded calls and health checks.
    pub(crate) fn raw_catalogue(&self) -> &Upstream {
        &self.catalogue
    }

    /// The search service's upstream, for forwarded calls and health checks.
    pub(crate) fn raw_search(&self) -> &Upstream {
        &self.search
    }

    /// The default timeout of a call.
    pub(crate) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// The upstream that serves a method.
    fn of_method(&self, method: &Method) -> &Upstream {
        if method.is_answered_by_search() { &self.search } else { &self.catalogue }
    }

    /// Checks that the client may call a method, as the upstream does: its settings may permit more than the gateway's.
    /// Handlers call it before they read the request, so that strangers learn nothing of its form.
    pub(crate) fn authorize(&self, method: &Method) -> Result<(), Status> {
        let Some(needed) = method.declared.scope else { return Ok(()) };
        let caller = self.caller.as_ref().map_err(|refusal| *refusal);
        caller.and_then(|caller| caller.require(needed)).map_err(|refusal| {
            self.audit_refusal(method.declared.name(), &HeaderMap::new(), refusal);
            refusal.status()
        })
    }

    /// Checks that the client has a scope.
    ///
    /// # Errors
    /// It does not.
    pub(crate) fn require(&self, scope: Scope) -> Result<(), Status> {
        let caller = self.caller.as_ref().map_err(|refusal| *refusal);
        caller.and_then(|caller| caller.require(scope)).map_err(Refusal::status)
    }

    /// The contract whose methods are called.
    pub(crate) fn contract(&self) -> &'static Contract {
        self.contract
    }

    /// The check of calls.
    pub(crate) fn access(&self) -> &Access {
        &self.access
    }

    fn with_deadline(&self, upstream: &Upstream) -> Channel {
        InterceptedService::new(upstream.deadline(self.timeout), self.metadata.clone())
    }

    fn without_deadline(&self, upstream: &Upstream) -> Channel {
        InterceptedService::new(upstream.clone(), self.metadata.clone())
    }
}

fn path_of(method: &Method) -> Result<PathAndQuery, Status> {
    PathAndQuery::try_from(method.path)
        .map_err(|_| Status::internal("the name of a method is not a path"))
}

impl<S: Send + Sync> FromRequestParts<S> for Upstreams
where
    Upstreams: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let upstreams = Upstreams::from_ref(state);
        let access = &upstreams.access;
        let origin = parts.extensions.get::<Origin>().cloned();
        let caller = match &origin {
            Some(origin) => access.authenticate(&parts.headers, origin),
            None => Ok(access.anonymous()),
        };
        let credential = parts.headers.get_all(AUTHORIZATION).iter();
        let credential = credential.map(|it| (AUTHORIZATION, it.clone())).collect();
        let passed = caller.as_ref().unwrap_or(&Caller::ANONYMOUS);
        let metadata = RequestMetadata {
            client: parts.extensions.get().map(|client: &ClientAddress| client.0),
            request_id: parts.extensions.get().cloned(),
            actor: actor::of(&parts.headers)?,
            credential: access.passed_on(passed, credential),
        };
        Ok(Self { metadata, caller, origin, ..upstreams })
    }
}
