//! gRPC client of the gateway, or of a catalogue directly: timeouts, error messages and retries.

use std::{future::Future, time::Duration};

use anyhow::Result;
use backoff::Backoff;
use import::{Catalogue, Responding};
use proto::{
    catalogue::v1::{
        DeleteProductRequest, ExportProductsRequest, ExportProductsResponse, ImportProductsRequest,
        ImportProductsResponse, Product, audit_service_client::AuditServiceClient,
        catalogue_service_client::CatalogueServiceClient,
        category_service_client::CategoryServiceClient, feed_service_client::FeedServiceClient,
        key_service_client::KeyServiceClient, setting_service_client::SettingServiceClient,
        stock_service_client::StockServiceClient, transfer_service_client::TransferServiceClient,
    },
    search::v1::{
        search_admin_service_client::SearchAdminServiceClient,
        search_service_client::SearchServiceClient,
    },
};
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{
    Response, Status, Streaming, service::interceptor::InterceptedService, transport::Channel,
};

use crate::{
    actor::{Actor, CallerInterceptor},
    endpoint,
    exit::Kind,
    grpc_error,
    output::warn,
    target::Target,
};

/// Largest response message accepted, in bytes.
const MESSAGE_LIMIT: usize = 16 << 20;
/// Delays before a write is retried, without jitter: a single client retries.
const BACKOFF: Backoff =
    Backoff::new(Duration::from_millis(100), Duration::from_secs(1)).with_jitter(0.0);

/// Channel that adds the actor and the key to every request.
type Connection = InterceptedService<Channel, CallerInterceptor>;

/// Creates service clients over one connection, opened lazily by the first request.
pub(crate) struct Client {
    url: String,
    timeout: Duration,
    connection: Connection,
}

impl Client {
    /// # Errors
    /// The target is unusable.
    pub(crate) fn new(target: &Target, timeout: Duration, actor: Actor) -> Result<Self> {
        let (url, channel) = endpoint::connect(target)?;
        let caller = CallerInterceptor { actor, credential: target.key.clone() };
        Ok(Self { url, timeout, connection: InterceptedService::new(channel, caller) })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn catalogue(&self) -> CatalogueServiceClient<Connection> {
        CatalogueServiceClient::new(self.connection.clone())
            .max_decoding_message_size(MESSAGE_LIMIT)
    }

    pub(crate) fn categories(&self) -> CategoryServiceClient<Connection> {
        CategoryServiceClient::new(self.connection.clone()).max_decoding_message_size(MESSAGE_LIMIT)
    }

    pub(crate) fn feed(&self) -> FeedServiceClient<Connection> {
        FeedServiceClient::new(self.connection.clone())
    }

    pub(crate) fn keys(&self) -> KeyServiceClient<Connection> {
        KeyServiceClient::new(self.connection.clone())
    }

    pub(crate) fn settings(&self) -> SettingServiceClient<Connection> {
        SettingServiceClient::new(self.connection.clone()).max_decoding_message_size(MESSAGE_LIMIT)
    }

    pub(crate) fn audit(&self) -> AuditServiceClient<Connection> {
        AuditServiceClient::new(self.connection.clone())
    }

    pub(crate) fn stock(&self) -> StockServiceClient<Connection> {
        StockServiceClient::new(self.connection.clone())
    }

    pub(crate) fn transfer(&self) -> TransferServiceClient<Connection> {
        TransferServiceClient::new(self.connection.clone()).max_decoding_message_size(MESSAGE_LIMIT)
    }

    pub(crate) fn search(&self) -> SearchServiceClient<Connection> {
        SearchServiceClient::new(self.connection.clone()).max_decoding_message_size(MESSAGE_LIMIT)
    }

    pub(crate) fn search_admin(&self) -> SearchAdminServiceClient<Connection> {
        SearchAdminServiceClient::new(self.connection.clone())
    }

    /// Awaits the response of a request, no longer than `--timeout`.
    ///
    /// # Errors
    /// The status as a message for the user.
    pub(crate) async fn call<T>(
        &self,
        call: impl Future<Output = Result<Response<T>, Status>>,
    ) -> Result<T> {
        self.try_call(call).await.map_err(|status| self.to_error(&status))
    }

    /// As [`Client::call`], for callers that need the status itself.
    pub(crate) async fn try_call<T>(
        &self,
        call: impl Future<Output = Result<Response<T>, Status>>,
    ) -> Result<T, Status> {
        within(self.timeout, call).await
    }

    /// As [`Client::call`], for a write, which is retried when its connection fails. `call` must
    /// send the same request each time, with `request_id`, so that the server applies it once.
    ///
    /// # Errors
    /// The status as a message. If the write may have been applied, the message says how to repeat
    /// it safely.
    pub(crate) async fn write<T, F>(&self, request_id: &str, call: impl Fn() -> F) -> Result<T>
    where
        F: Future<Output = Result<Response<T>, Status>>,
    {
        let deadline = Instant::now() + self.timeout;
        let mut backoff = BACKOFF;
        let mut reached = false;
        loop {
            let status = match timeout_at(deadline, call()).await {
                Ok(Ok(response)) => return Ok(response.into_inner()),
                Ok(Err(status)) => status,
                Err(_) => timed_out(self.timeout),
            };
            let is_unreachable = grpc_error::is_unreachable(&status);
            let may_retry = grpc_error::is_retryable_write(&status) && (reached || !is_unreachable);
            reached |= !is_unreachable;
            let delay = backoff.next_delay();
            if !may_retry || Instant::now() + delay >= deadline {
                if !reached || !grpc_error::may_have_been_applied(&status) {
                    return Err(self.to_error(&status));
                }
                return Err(Kind::of(&status).error(format!(
                    "{}. The write may have been applied; repeat the command with \
                     --request-id {request_id} to apply it at most once",
                    self.describe(&status)
                )));
            }
            warn(&format!("{}; retrying", self.describe(&status)));
            sleep(delay).await;
        }
    }

    /// Describes a status for the user, on one line.
    pub(crate) fn describe(&self, status: &Status) -> String {
        grpc_error::describe(&self.url, status)
    }

    pub(crate) fn to_error(&self, status: &Status) -> anyhow::Error {
        Kind::of(status).error(self.describe(status))
    }
}

/// Awaits the response of a request, no longer than `within`.
async fn within<T>(
    within: Duration,
    call: impl Future<Output = Result<Response<T>, Status>>,
) -> Result<T, Status> {
    match timeout(within, call).await {
        Ok(response) => response.map(Response::into_inner),
        Err(_) => Err(timed_out(within)),
    }
}

fn timed_out(within: Duration) -> Status {
    Status::deadline_exceeded(format!("no response within {within:?} (--timeout)"))
}

impl Catalogue for Client {
    fn import_products(
        &self,
        requests: ReceiverStream<ImportProductsRequest>,
    ) -> Responding<Streaming<ImportProductsResponse>> {
        let mut client = self.transfer();
        Box::pin(async move { Ok(client.import_products(requests).await?.into_inner()) })
    }

    fn export_products(
        &self,
        request: ExportProductsRequest,
    ) -> Responding<Streaming<ExportProductsResponse>> {
        let (mut client, timeout) = (self.transfer(), self.timeout);
        Box::pin(async move { within(timeout, client.export_products(request)).await })
    }

    fn delete_product(&self, request: DeleteProductRequest) -> Responding<Product> {
        let (mut client, timeout) = (self.catalogue(), self.timeout);
        Box::pin(async move { within(timeout, client.delete_product(request)).await })
    }

    fn is_unreachable(&self, status: &Status) -> bool {
        grpc_error::is_unreachable(status)
    }

    fn is_transient(&self, status: &Status) -> bool {
        grpc_error::is_transient(status)
    }

    fn describe(&self, status: &Status) -> String {
        Client::describe(self, status)
    }
}
