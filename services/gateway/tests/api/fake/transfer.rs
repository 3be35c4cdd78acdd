//! Products in bulk.

use async_stream::stream;
use proto::catalogue::v1::{
    ExportProductsRequest, ExportProductsResponse, ImportProductsRequest, ImportProductsResponse,
    transfer_service_server::TransferService,
};
use tokio_stream::StreamExt as _;
use tonic::{Request, Response, Streaming, codegen::BoxStream};

use super::{Answer, Fake};

#[tonic::async_trait]
impl TransferService for Fake {
    /// Acknowledges each message as it comes.
    async fn import_products(
        &self,
        request: Request<Streaming<ImportProductsRequest>>,
    ) -> Answer<BoxStream<ImportProductsResponse>> {
        let mut rows = request.into_inner();
        let mut created = 0;
        Ok(Response::new(Box::pin(stream! {
            while let Some(message) = rows.next().await {
                let Ok(message) = message else { return };
                created += i64::try_from(message.rows.len()).unwrap();
                let acknowledged_line = message.rows.last().map_or(0, |row| row.line);
                let answer =
                    ImportProductsResponse { acknowledged_line, created, ..Default::default() };
                yield Ok(answer);
            }
        })))
    }

    async fn export_products(
        &self,
        request: Request<ExportProductsRequest>,
    ) -> Answer<BoxStream<ExportProductsResponse>> {
        self.saw(request);
        let products = self.all();
        Ok(Response::new(Box::pin(stream! { yield Ok(ExportProductsResponse { products }); })))
    }
}
