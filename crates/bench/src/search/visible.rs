//! How long it takes until what was changed is found.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use proto::catalogue::v1::{
    CreateProductRequest, Product, UpdateProductRequest,
    catalogue_service_client::CatalogueServiceClient,
};

use super::client::Client;

/// A change that is not found by then never will be.
const PATIENCE: Duration = Duration::from_secs(30);

/// Renames a product so many times, from one made-up word to another. Returns how long each name took
/// to be found through the gateway, from the catalogue's answer on, shortest first.
///
/// # Errors
/// The catalogue or the gateway refuses, or a name is never found.
pub(crate) async fn measure(
    gateway: &mut Client,
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
        while gateway.get(&path).await?["results"][0]["product"]["name"] != name.as_str() {
            ensure!(began.elapsed() < PATIENCE, "{name} is never found");
        }
        took.push(began.elapsed());
    }
    took.sort_unstable();
    Ok(took)
}
