//! The fake transfer service.

use async_stream::stream;
use proto::catalogue::v1::{
    CancelImportRequest, ExportProductsRequest, ExportProductsResponse, GetImportRequest, Import,
    ImportProductsRequest, ImportProductsResponse, ListImportsRequest, ListImportsResponse,
    ReportImportRequest, UndoImportRequest, UndoImportResponse,
    transfer_service_server::TransferService,
};
use rpc::status::error;
use tokio_stream::StreamExt as _;
use tonic::{Code, Request, Response, Streaming, codegen::BoxStream};

use super::{Fake, RpcResult};

#[tonic::async_trait]
impl TransferService for Fake {
    /// Acknowledges each message when it arrives, except one with the product `held`.
    async fn import_products(
        &self,
        request: Request<Streaming<ImportProductsRequest>>,
    ) -> RpcResult<BoxStream<ImportProductsResponse>> {
        let mut rows = request.into_inner();
        let mut created = 0;
        Ok(Response::new(Box::pin(stream! {
            while let Some(message) = rows.next().await {
                let Ok(message) = message else { return };
                let mut products = message.rows.iter().filter_map(|row| row.product.as_ref());
                if products.any(|product| product.id == "held") {
                    std::future::pending::<()>().await;
                }
                created += i64::try_from(message.rows.len()).unwrap();
                let acknowledged_line = message.rows.last().map_or(0, |row| row.line);
                let response =
                    ImportProductsResponse { acknowledged_line, created, ..Default::default() };
                yield Ok(response);
            }
        })))
    }

    async fn get_import(&self, request: Request<GetImportRequest>) -> RpcResult<Import> {
        let id = request.get_ref().import_id.clone();
        self.record(request);
        let imports = self.0.imports.lock().unwrap();
        let import = imports.get(&id).cloned();
        import
            .map(Response::new)
            .ok_or_else(|| error(Code::NotFound, "IMPORT_NOT_FOUND", "there is no such import"))
    }

    async fn list_imports(
        &self,
        request: Request<ListImportsRequest>,
    ) -> RpcResult<ListImportsResponse> {
        self.record(request);
        let imports = self.0.imports.lock().unwrap().values().cloned().collect();
        Ok(Response::new(ListImportsResponse { imports, ..Default::default() }))
    }

    async fn cancel_import(&self, request: Request<CancelImportRequest>) -> RpcResult<Import> {
        let id = request.get_ref().import_id.clone();
        self.record(request);
        let mut imports = self.0.imports.lock().unwrap();
        let import = imports
            .get_mut(&id)
            .ok_or_else(|| error(Code::NotFound, "IMPORT_NOT_FOUND", "there is no such import"))?;
        import.cancel_time = Some(proto::time::timestamp(std::time::SystemTime::now()));
        Ok(Response::new(import.clone()))
    }

    async fn report_import(&self, request: Request<ReportImportRequest>) -> RpcResult<Import> {
        let ReportImportRequest { import_id, state, actor, report, begin } = request.into_inner();
        let mut imports = self.0.imports.lock().unwrap();
        if begin && imports.contains_key(&import_id) {
            return Err(error(Code::AlreadyExists, "IMPORT_EXISTS", "there is such an import"));
        }
        let import = imports.entry(import_id.clone()).or_default();
        (import.id, import.state, import.actor, import.report) = (import_id, state, actor, report);
        Ok(Response::new(import.clone()))
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

impl Fake {
    /// The import of this id, as its gateway has reported it last.
    pub(crate) fn import(&self, id: &str) -> Option<Import> {
        self.0.imports.lock().unwrap().get(id).cloned()
    }

    /// Stores an import.
    pub(crate) fn put_import(&self, import: Import) {
        self.0.imports.lock().unwrap().insert(import.id.clone(), import);
    }
}
