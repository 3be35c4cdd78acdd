//! The server we talk to: the gateway, or a catalogue itself.

use std::{future::Future, time::Duration};

use anyhow::{Context as _, Result, bail};
use proto::{
    catalogue::v1::{
        catalogue_service_client::CatalogueServiceClient,
        category_service_client::CategoryServiceClient, feed_service_client::FeedServiceClient,
        stock_service_client::StockServiceClient, transfer_service_client::TransferServiceClient,
    },
    search::v1::search_admin_service_client::SearchAdminServiceClient,
};
use tonic::{
    Response, Status,
    transport::{Channel, Endpoint},
};

use crate::failure;

/// The largest message that is read, in bytes.
const MESSAGE_LIMIT: usize = 16 << 20;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// A connection whose other end is silent for this long is asked whether it lives, and given as
/// long to answer.
const KEEP_ALIVE: Duration = Duration::from_secs(10);

/// A connection made when it is first used.
pub(crate) struct Server {
    url: String,
    timeout: Duration,
    channel: Channel,
}

impl Server {
    /// # Errors
    /// An address that is none.
    pub(crate) fn new(url: &str, timeout: Duration) -> Result<Self> {
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
        Ok(Self { url, timeout, channel })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn catalogue(&self) -> CatalogueServiceClient<Channel> {
        CatalogueServiceClient::new(self.channel.clone()).max_decoding_message_size(MESSAGE_LIMIT)
    }

    pub(crate) fn categories(&self) -> CategoryServiceClient<Channel> {
        CategoryServiceClient::new(self.channel.clone()).max_decoding_message_size(MESSAGE_LIMIT)
    }

    pub(crate) fn feed(&self) -> FeedServiceClient<Channel> {
        FeedServiceClient::new(self.channel.clone())
    }

    pub(crate) fn stock(&self) -> StockServiceClient<Channel> {
        StockServiceClient::new(self.channel.clone())
    }

    pub(crate) fn transfer(&self) -> TransferServiceClient<Channel> {
        TransferServiceClient::new(self.channel.clone()).max_decoding_message_size(MESSAGE_LIMIT)
    }

    pub(crate) fn search_admin(&self) -> SearchAdminServiceClient<Channel> {
        SearchAdminServiceClient::new(self.channel.clone())
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
            Err(_) => Err(Status::deadline_exceeded(format!(
                "no answer within {:?} (--timeout)",
                self.timeout
            ))),
        }
    }

    /// What a status means, for people, on one line.
    pub(crate) fn describe(&self, status: &Status) -> String {
        failure::describe(&self.url, status)
    }

    pub(crate) fn explain(&self, status: &Status) -> anyhow::Error {
        anyhow::Error::msg(self.describe(status))
    }
}
