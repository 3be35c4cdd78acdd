//! Delay from a change until it is in the index.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use proto::catalogue::v1::{
    CreateProductRequest, Product, UpdateProductRequest,
    catalogue_service_client::CatalogueServiceClient,
};
use testkit::HttpClient;

use super::get;

const TIMEOUT: Duration = Duration::from_secs(30);

/// Renames a product `changes` times, to a unique word. Returns the delays from the response of the
/// catalogue until the gateway finds the word, in ascending order.
///
/// # Errors
/// A call fails, or a name is not found within the timeout.
pub(crate) async fn measure(
    gateway: &HttpClient,
    catalogue: &str,
    changes: usize,
) -> Result<Vec<Duration>> {
    let mut writer = CatalogueServiceClient::connect(format!("http://{catalogue}")).await?;
    let product = Product { name: "Renamed".to_owned(), ..Default::default() };
    let request = CreateProductRequest { product: Some(product), ..Default::default() };
    let product = writer.create_product(request).await?.into_inner();
    let mut took = Vec::with_capacity(changes);
    for number in 0..changes {
        let name = format!("zq{number}qz");
        let request = UpdateProductRequest {
            product: Some(Product {
                id: product.id.clone(),
                name: name.clone(),
                ..Default::default()
            }),
            update_mask: Some(pbjson_types::FieldMask { paths: vec!["name".to_owned()] }),
            ..Default::default()
        };
        writer.update_product(request).await.context("renaming a product")?;
        let began = Instant::now();
        let path = format!("/v1/search?q={name}&pageSize=1&unlogged=true");
        while get(gateway, &path).await?.json()["results"][0]["product"]["name"] != name.as_str() {
            ensure!(began.elapsed() < TIMEOUT, "{name} is not found within {TIMEOUT:?}");
        }
        took.push(began.elapsed());
    }
    took.sort_unstable();
    Ok(took)
}
