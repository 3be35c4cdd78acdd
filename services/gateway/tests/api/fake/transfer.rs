//! The fake transfer service.

use async_stream::stream;
use proto::catalogue::v1::{
    ExportProductsRequest, ExportProductsResponse, ImportProductsRequest, ImportProductsResponse,
    UndoImportRequest, UndoImportResponse, transfer_service_server::TransferService,
};
use tokio_stream::StreamExt as _;
use tonic::{Request, Response, Streaming, codegen::BoxStream};

use super::{Fake, RpcResult};

#[tonic::async_trait]
impl TransferService for Fake {
    /// Acknowledges each message when it arrives.
    async fn import_products(
        &self,
        request: Request<Streaming<ImportProductsRequest>>,
    ) -> RpcResult<BoxStream<ImportProductsResponse>> {
        let mut rows = request.into_inner();
        let mut created = 0;
        Ok(Response::new(Box::pin(stream! {
            while let Some(message) = rows.next().await {
                let Ok(message) = message else { return };
                created += i64::try_from(message.rows.len()).unwrap();
                let acknowledged_line = message.rows.last().map_or(0, |row| row.line);
                let response =
                    ImportProductsResponse { acknowledged_line, created, ..Default::default() };
                yield Ok(response);
            }
        })))
    }

    async fn undo_import(
        &self,
        request: Request<UndoImportRequest>,
    ) -> RpcResult<BoxStream<UndoImportResponse>> {
        self.record(request);
        let response = UndoImportResponse { deleted: 1, done: true, ..Default::default() };
        Ok(Response::new(Box::pin(stream! { yield Ok(response); })))
    }

    async fn export_products(
        &self,
        request: Request<ExportProductsRequest>,
    ) -> RpcResult<BoxStream<ExportProductsResponse>> {
        self.record(request);
        let products = self.all();
        Ok(Response::new(Box::pin(stream! { yield Ok(ExportProductsResponse { products }); })))
    }
}
