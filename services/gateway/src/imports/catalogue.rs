//! The catalogue, as an import of a client calls it.

use import::{Catalogue, Responding};
use proto::catalogue::v1::{
    DeleteProductRequest, ExportProductsRequest, ExportProductsResponse, ImportProductsRequest,
    ImportProductsResponse, Product,
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status, Streaming};

use crate::upstreams::Upstreams;

/// The upstreams with the credential of the client that has sent the file: the import may do what it may.
#[derive(Clone)]
pub(super) struct ClientCatalogue(pub(super) Upstreams);

impl Catalogue for ClientCatalogue {
    fn import_products(
        &self,
        requests: ReceiverStream<ImportProductsRequest>,
    ) -> Responding<Streaming<ImportProductsResponse>> {
        let mut client = self.0.transfer();
        Box::pin(async move { Ok(client.import_products(requests).await?.into_inner()) })
    }

    fn export_products(
        &self,
        request: ExportProductsRequest,
    ) -> Responding<Streaming<ExportProductsResponse>> {
        let mut client = self.0.transfer();
        Box::pin(async move { Ok(client.export_products(request).await?.into_inner()) })
    }

    fn delete_product(&self, request: DeleteProductRequest) -> Responding<Product> {
        let mut client = self.0.catalogue();
        Box::pin(async move { Ok(client.delete_product(request).await?.into_inner()) })
    }

    /// The file was accepted while the catalogue was there, so it is waited for.
    fn is_unreachable(&self, _status: &Status) -> bool {
        false
    }

    fn is_transient(&self, status: &Status) -> bool {
        match status.code() {
            Code::Unavailable | Code::Cancelled | Code::DeadlineExceeded | Code::Aborted => true,
            Code::ResourceExhausted => rpc::status::reason(status).is_some(),
            _ => false,
        }
    }

    fn describe(&self, status: &Status) -> String {
        status.message().to_owned()
    }
}
