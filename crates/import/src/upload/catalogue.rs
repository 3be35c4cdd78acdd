//! The catalogue as the target of an import.

use futures::future::BoxFuture;
use proto::catalogue::v1::{
    DeleteProductRequest, ExportProductsRequest, ExportProductsResponse, ImportProductsRequest,
    ImportProductsResponse, Product,
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Status, Streaming};

/// A future response.
pub type Responding<T> = BoxFuture<'static, Result<T, Status>>;

/// The methods of the catalogue that an import calls, and what its client knows of failures.
pub trait Catalogue: Send + Sync {
    /// Calls ImportProducts.
    fn import_products(
        &self,
        requests: ReceiverStream<ImportProductsRequest>,
    ) -> Responding<Streaming<ImportProductsResponse>>;

    /// Calls ExportProducts.
    fn export_products(
        &self,
        request: ExportProductsRequest,
    ) -> Responding<Streaming<ExportProductsResponse>>;

    /// Calls DeleteProduct.
    fn delete_product(&self, request: DeleteProductRequest) -> Responding<Product>;

    /// Whether the status says that no connection could be opened.
    fn is_unreachable(&self, status: &Status) -> bool;

    /// Whether a new call may resume an import that ended with this status.
    fn is_transient(&self, status: &Status) -> bool;

    /// The status for people, on one line.
    fn describe(&self, status: &Status) -> String;
}
