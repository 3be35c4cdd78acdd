//! A system with limits, and callers with tokens.

use std::time::Duration;

use anyhow::{Context as _, Result};
use proto::catalogue::v1::{
    CreateProductRequest, GetProductRequest, catalogue_service_client::CatalogueServiceClient,
};
use testkit::{Fleet, Service, TokenIssuer};
use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataValue},
    transport::{Channel, Endpoint},
};

use crate::{
    catalogue::product,
    load::{Calls, at_rate},
};

const PRODUCTS: u64 = 20;

/// Catalogue, search and gateway with limits and some products.
pub(super) struct Shop {
    pub(super) fleet: Fleet,
    issuer: TokenIssuer,
    _keys: tempfile::NamedTempFile,
}

/// A client with one connection. Cheap to clone.
#[derive(Clone)]
pub(super) struct Client {
    grpc: CatalogueServiceClient<Channel>,
    token: Option<MetadataValue<Ascii>>,
}

impl Shop {
    /// Starts one with these additional arguments for its gateway.
    pub(super) async fn open(arguments: &[&str]) -> Result<Self> {
        let keys = tempfile::NamedTempFile::new()?;
        let issuer = TokenIssuer::new("chaos");
        std::fs::write(keys.path(), issuer.jwks())?;
        let tokens = TokenIssuer::arguments(&keys.path().display().to_string());
        let fleet = Fleet::start_each(|service| {
            let own = arguments.iter().filter(|_| service == Service::Gateway);
            let own = own.map(ToString::to_string);
            ["--access=open".to_owned()].into_iter().chain(tokens.clone()).chain(own).collect()
        });
        let shop = Self { fleet: fleet.await, issuer, _keys: keys };
        let mut catalogue = shop.client(None).await?.grpc;
        for number in 0..PRODUCTS {
            let product = Some(product(id(number)));
            let request = CreateProductRequest { product, ..Default::default() };
            catalogue.create_product(request).await?;
        }
        Ok(shop)
    }

    /// A client of the gateway: a subject with a token, or an anonymous one.
    pub(super) async fn client(&self, subject: Option<&str>) -> Result<Client> {
        let endpoint = Endpoint::from_shared(self.fleet.url(""))?;
        let channel = endpoint.connect().await.context("connecting")?;
        let token = |subject: &str| {
            let mut claims = TokenIssuer::claims("read");
            claims["sub"] = subject.into();
            format!("Bearer {}", self.issuer.token(&claims)).parse()
        };
        let token = subject.map(token).transpose().context("a token is text")?;
        Ok(Client { grpc: CatalogueServiceClient::new(channel), token })
    }

    /// Resident memory of the gateway, in MB.
    pub(super) fn memory(&mut self) -> f64 {
        self.fleet.process(Service::Gateway).resident_bytes() as f64 / 1_048_576.0
    }
}

impl Client {
    /// Reads a product; `claimed` is the address in `x-forwarded-for`.
    pub(super) async fn call(mut self, number: u64, claimed: Option<String>) -> Result<(), Status> {
        let product_id = id(number % PRODUCTS);
        let mut request = Request::new(GetProductRequest { product_id, ..Default::default() });
        let metadata = request.metadata_mut();
        if let Some(token) = &self.token {
            metadata.insert("authorization", token.clone());
        }
        if let Some(claimed) = claimed.and_then(|claimed| claimed.parse().ok()) {
            metadata.insert("x-forwarded-for", claimed);
        }
        self.grpc.get_product(request).await.map(drop)
    }

    /// Makes `rate` calls a second for some time.
    pub(super) async fn calls(&self, rate: f64, time: Duration) -> Calls {
        at_rate(rate, time, |number| self.clone().call(number, None)).await
    }
}

fn id(number: u64) -> String {
    format!("p-{number:04}")
}
