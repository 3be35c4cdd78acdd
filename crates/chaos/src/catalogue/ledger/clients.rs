//! Clients of the catalogue and of the gateway, and the kinds of responses that a write may have.

use anyhow::bail;
use proto::catalogue::v1::{
    GetProductRequest, GetStockRequest, GetStockResponse, Product,
    catalogue_service_client::CatalogueServiceClient, stock_service_client::StockServiceClient,
    transfer_service_client::TransferServiceClient,
};
use rpc::status::reason;
use testkit::{HttpClient, HttpResponse};
use tonic::{Response, Status, transport::Channel};

use crate::catalogue::CatalogueProcess;

pub(super) struct Clients {
    channel: Channel,
    pub(super) gateway: HttpClient,
}

impl Clients {
    pub(super) fn new(catalogue: &CatalogueProcess, gateway: &str) -> anyhow::Result<Self> {
        let gateway = HttpClient::new(format!("http://{gateway}"));
        Ok(Self { channel: catalogue.channel()?, gateway })
    }

    pub(super) fn products(&self) -> CatalogueServiceClient<Channel> {
        CatalogueServiceClient::new(self.channel.clone())
    }

    pub(super) fn stock(&self) -> StockServiceClient<Channel> {
        StockServiceClient::new(self.channel.clone())
    }

    pub(super) fn transfer(&self) -> TransferServiceClient<Channel> {
        TransferServiceClient::new(self.channel.clone())
    }

    pub(super) async fn read(&self, id: &str) -> anyhow::Result<Product> {
        let request = GetProductRequest { product_id: id.to_owned(), ..Default::default() };
        Ok(self.products().get_product(request).await?.into_inner())
    }

    pub(super) async fn levels(&self, id: &str) -> anyhow::Result<GetStockResponse> {
        let request = GetStockRequest { product_id: id.to_owned(), ..Default::default() };
        Ok(self.stock().get_stock(request).await?.into_inner())
    }
}

/// The outcome of a write.
pub(super) enum Outcome<T> {
    Written(T),
    /// Refused for one of the expected reasons: nothing has changed.
    Refused,
    /// The store was busy: nothing has changed.
    Busy,
}

/// # Errors
/// The write failed for none of these reasons.
pub(super) fn outcome<T>(
    response: Result<Response<T>, Status>,
    expected: &[&str],
) -> anyhow::Result<Outcome<T>> {
    let status = match response {
        Ok(response) => return Ok(Outcome::Written(response.into_inner())),
        Err(status) => status,
    };
    match reason(&status).as_deref() {
        Some("STORE_BUSY") => Ok(Outcome::Busy),
        Some(reason) if expected.contains(&reason) => Ok(Outcome::Refused),
        _ => bail!("{status:?}"),
    }
}

/// # Errors
/// The write failed for none of these reasons.
pub(super) fn http_outcome(
    response: &HttpResponse,
    expected: &[&str],
) -> anyhow::Result<Outcome<()>> {
    if response.status.is_success() {
        return Ok(Outcome::Written(()));
    }
    match response.json()["reason"].as_str() {
        Some("STORE_BUSY") => Ok(Outcome::Busy),
        Some(reason) if expected.contains(&reason) => Ok(Outcome::Refused),
        _ => bail!("{}: {}", response.status, response.text()),
    }
}
