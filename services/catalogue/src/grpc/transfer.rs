//! `TransferService`: bulk import and export of products, and undoing an import.

use audit::{OK, WriteCall, outcome_of};
use bytes::Bytes;
use page_token::Keyring;
use prost::Message as _;
use proto::catalogue::v1::{
    self as wire, CancelImportRequest, ExportProductsRequest, GetImportRequest,
    ImportProductsRequest, ImportProductsResponse, ListImportsRequest, ListImportsResponse,
    ReportImportRequest, UndoImportRequest, UndoImportResponse,
};
use tonic::{Request, Response, Status, Streaming, codegen::BoxStream, metadata::MetadataMap};

use super::{
    convert, import, imports, min_revision,
    pages::{RawSelection, check_category_exists},
    product_messages,
    product_scan::ProductScan,
    stream_sender::{self, StreamSender},
    undo,
    visible::{caller, require_costs, reveals_costs, visible},
    write,
};
use crate::{
    domain::{Result, Selection, Violations, now},
    store::Store,
};

/// Capacity of a stream's channel, in messages.
const CAPACITY: usize = 2;

pub(super) struct Service {
    pub(super) store: Store,
    pub(super) page_tokens: Keyring,
}

#[tonic::async_trait]
impl wire::transfer_service_server::TransferService for Service {
    async fn import_products(
        &self,
        request: Request<Streaming<ImportProductsRequest>>,
    ) -> Result<Response<BoxStream<ImportProductsResponse>>, Status> {
        let context = write::context(&request)?;
        let deadline = stream_sender::deadline(&request);
        let shows_costs = reveals_costs(&request);
        let (store, requests) = (self.store.clone(), request.into_inner());
        let background = self.store.background();
        let responses =
            stream_sender::stream(background, CAPACITY, deadline, async move |sender| {
                let audit = context.audit.clone();
                let ended = import::run(&store, context, requests, sender, shows_costs).await;
                if let Some(call) = audit {
                    end(&call, &ended);
                }
                ended.map(|()| MetadataMap::new())
            });
        Ok(Response::new(responses))
    }

    async fn get_import(
        &self,
        request: Request<GetImportRequest>,
    ) -> Result<Response<wire::Import>, Status> {
        let id = imports::required_id(&request.get_ref().import_id)?;
        let import = self.store.import(&id).await?;
        Ok(Response::new(imports::message(import, now(), reveals_costs(&request))?))
    }

    async fn list_imports(
        &self,
        request: Request<ListImportsRequest>,
    ) -> Result<Response<ListImportsResponse>, Status> {
        let shows_costs = reveals_costs(&request);
        let request = request.get_ref();
        let page = imports::list(&self.store, &self.page_tokens, request, shows_costs).await?;
        Ok(Response::new(page))
    }

    async fn cancel_import(
        &self,
        request: Request<CancelImportRequest>,
    ) -> Result<Response<wire::Import>, Status> {
        let id = imports::required_id(&request.get_ref().import_id)?;
        let cancelled = self.store.cancel_import(write::unconditional(&request), id).await?;
        Ok(Response::new(imports::message(cancelled, now(), reveals_costs(&request))?))
    }

    async fn report_import(
        &self,
        request: Request<ReportImportRequest>,
    ) -> Result<Response<wire::Import>, Status> {
        let context = write::context(&request)?;
        let reported = imports::report(&self.store, context, request.into_inner()).await?;
        Ok(Response::new(reported))
    }

    async fn undo_import(
        &self,
        request: Request<UndoImportRequest>,
    ) -> Result<Response<BoxStream<UndoImportResponse>>, Status> {
        let context = write::context(&request)?;
        context.name_resource(&request.get_ref().import_id);
        let deadline = stream_sender::deadline(&request);
        let (store, request) = (self.store.clone(), request.into_inner());
        let undo = undo::Undo::parse(&store, &request).await?;
        let background = self.store.background();
        let responses =
            stream_sender::stream(background, CAPACITY, deadline, async move |sender| {
                let audit = context.audit.clone();
                let ended = undo.run(&store, context, &sender).await.map_err(Status::from);
                if let Some(call) = audit {
                    end(&call, &ended);
                }
                ended.map(|()| MetadataMap::new())
            });
        Ok(Response::new(responses))
    }
}

impl Service {
    /// Streams encoded `ExportProductsResponse`s.
    pub(super) async fn export_products(
        &self,
        request: Request<ExportProductsRequest>,
    ) -> Result<Response<BoxStream<Bytes>>, Status> {
        if request.get_ref().show_costs {
            require_costs(caller(request.extensions()))?;
        }
        min_revision::reach(&self.store, &request).await?;
        let deadline = stream_sender::deadline(&request);
        let visible = visible(&request);
        let request = request.into_inner();
        let show_costs = request.show_costs;
        let selection = RawSelection {
            category_id: &request.category_id,
            filter: &request.filter,
            show_deleted: request.show_deleted,
            may_be_stale: request.min_revision.is_empty(),
            visible,
        };
        let selection = selection.parse(Violations::default())?;
        check_category_exists(&self.store, selection.category.as_ref())?;
        let store = self.store.clone();
        let background = self.store.background();
        let products = stream_sender::stream(background, CAPACITY, deadline, async move |sender| {
            match show_costs {
                true => sender.unless_closed(export_costs(&store, &selection, &sender)).await?,
                false => sender.unless_closed(export(&store, &selection, &sender)).await?,
            }
            Ok(MetadataMap::new())
        });
        Ok(Response::new(products))
    }
}

/// Ends the audited call of an import or of its undoing. The batches have recorded their writes.
fn end(call: &WriteCall, ended: &Result<(), Status>) {
    call.changes_nothing();
    match ended {
        Ok(()) => call.end(OK),
        Err(status) => call.break_off(outcome_of(status)),
    }
}

async fn export(store: &Store, selection: &Selection, sender: &StreamSender<Bytes>) -> Result<()> {
    let mut scan = ProductScan::new(store, selection, None);
    loop {
        let products = scan.next_encoded(usize::MAX).await?.messages;
        if products.is_empty() {
            return Ok(());
        }
        for response in product_messages::responses(&products) {
            sender.send(response).await?;
        }
    }
}

/// Exports products with their costs, which encoded products do not have.
async fn export_costs(
    store: &Store,
    selection: &Selection,
    sender: &StreamSender<Bytes>,
) -> Result<()> {
    let mut scan = ProductScan::new(store, selection, None);
    loop {
        let products = scan.next(usize::MAX).await?;
        if products.is_empty() {
            return Ok(());
        }
        let tree = store.tree_for(&products).await?;
        let products = products.into_iter();
        let products: Vec<Bytes> = products
            .map(|product| convert::product_with_costs(product, &tree).encode_to_vec().into())
            .collect();
        for response in product_messages::responses(&products) {
            sender.send(response).await?;
        }
    }
}
