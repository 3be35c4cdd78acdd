//! The server we talk to: the gateway, or a catalogue itself.

use std::{future::Future, time::Duration};

use anyhow::{Context as _, Result, bail};
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
use tokio::time::{Instant, sleep, timeout_at};
use tonic::{
    Response, Status,
    service::interceptor::InterceptedService,
    transport::{Channel, Endpoint},
};

use crate::{
    caller::{Actor, Caller},
    failure,
    output::warn,
};

/// The largest message that is read, in bytes.
const MESSAGE_LIMIT: usize = 16 << 20;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// A connection whose other end is silent for this long is asked whether it lives, and given as
/// long to answer.
const KEEP_ALIVE: Duration = Duration::from_secs(10);
/// How long a write that was cut waits before it is tried again; doubles each time.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// What calls go over: each with the name of its caller.
type Connection = InterceptedService<Channel, Caller>;

/// A connection made when it is first used.
pub(crate) struct Server {
    url: String,
    timeout: Duration,
    connection: Connection,
}

impl Server {
    /// # Errors
    /// An address that is none.
    pub(crate) fn new(url: &str, timeout: Duration, actor: Actor) -> Result<Self> {
        let url = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
        if !url.starts_with("http://") {
            bail!("--server {url}: only http:// is spoken here; put TLS in front of it");
        }
        let channel = Endpoint::from_shared(url.clone())
            .with_context(|| format!("--server {url}: must be such as http://127.0.0.1:8080"))?
            .connect_timeout(CONNECT_TIMEOUT)
            .http2_keep_alive_interval(KEEP_ALIVE)
            .keep_alive_timeout(KEEP_ALIVE)
            .connect_lazy();
        let connection = InterceptedService::new(channel, Caller::new(actor));
        Ok(Self { url, timeout, connection })
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

    /// Waits for one answer, no longer than `--timeout`.
    ///
    /// # Errors
    /// Whatever the server says instead, in words.
    pub(crate) async fn ask<T>(
        &self,
        call: impl Future<Output = Result<Response<T>, Status>>,
    ) -> Result<T> {
        match self.try_ask(call).await {
            Ok(answer) => Ok(answer),
            Err(status) => Err(self.explain(&status)),
        }
    }

    /// As [`Server::ask`], for callers that tell one status from another.
    pub(crate) async fn try_ask<T>(
        &self,
        call: impl Future<Output = Result<Response<T>, Status>>,
    ) -> Result<T, Status> {
        match tokio::time::timeout(self.timeout, call).await {
            Ok(answer) => answer.map(Response::into_inner),
            Err(_) => Err(self.late()),
        }
    }

    /// As [`Server::ask`], for a write: one that is cut is tried again. `call` makes the same
    /// request each time, named by `request_id`, so that it is done once at most.
    ///
    /// # Errors
    /// Whatever the server says instead; or that nobody knows, and how to find out.
    pub(crate) async fn write<T, F>(&self, request_id: &str, call: impl Fn() -> F) -> Result<T>
    where
        F: Future<Output = Result<Response<T>, Status>>,
    {
        let deadline = Instant::now() + self.timeout;
        let mut pause = FIRST_PAUSE;
        let mut reached = false;
        loop {
            let status = match timeout_at(deadline, call()).await {
                Ok(Ok(answer)) => return Ok(answer.into_inner()),
                Ok(Err(status)) => status,
                Err(_) => self.late(),
            };
            let is_unreachable = failure::is_unreachable(&status);
            let may_help = failure::may_repeat(&status) && (reached || !is_unreachable);
            reached |= !is_unreachable;
            let is_known = !reached || !failure::is_uncertain(&status);
            if !may_help || Instant::now() + pause >= deadline {
                let why = self.describe(&status);
                if is_known {
                    bail!("{why}");
                }
                bail!(
                    "{why}. It may have been done: the same command with --request-id \
                     {request_id} does it once at most"
                );
            }
            warn(&format!("{}; trying again", self.describe(&status)));
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    fn late(&self) -> Status {
        let within = self.timeout;
        Status::deadline_exceeded(format!("no answer within {within:?} (--timeout)"))
    }

    /// What a status means, for people, on one line.
    pub(crate) fn describe(&self, status: &Status) -> String {
        failure::describe(&self.url, status)
    }

    pub(crate) fn explain(&self, status: &Status) -> anyhow::Error {
        anyhow::Error::msg(self.describe(status))
    }
}
