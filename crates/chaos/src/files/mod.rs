//! Experiments with the files of an embedded catalogue: a full disk, a lost file, rotten rows, each with a
//! client beside that reads a good product.

mod deleted;
mod full;
mod reader;
mod rows;

use proto::catalogue::v1::{
    CreateProductRequest, Product, catalogue_service_client::CatalogueServiceClient,
};
use tonic::{Status, transport::Channel};

use crate::Experiment;

pub(crate) fn experiments() -> Vec<Experiment> {
    vec![
        Experiment::new(
            "full",
            "the disk fills under writes and is emptied: writes are refused by name and work again, reads go \
             on, nothing acknowledged is lost (needs root, for a small file system)",
            full::run,
        ),
        Experiment::new(
            "deleted",
            "the database file is moved away under writes and put back: nothing is acknowledged meanwhile",
            deleted::run,
        ),
        Experiment::new(
            "rows",
            "random rows rot: each is refused as damaged, all others are read, and the catalogue stays ready",
            rows::run,
        ),
    ]
}

/// Creates a product.
async fn create(
    client: &mut CatalogueServiceClient<Channel>,
    product: Product,
) -> Result<(), Status> {
    let request = CreateProductRequest { product: Some(product), ..Default::default() };
    client.create_product(request).await.map(drop)
}
