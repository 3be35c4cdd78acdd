//! `TransferService`: products in bulk, in and out.

use bytes::Bytes;
use proto::catalogue::v1::{
    self as wire, ExportProductsRequest, ImportProductsRequest, ImportProductsResponse,
};
use tonic::{Request, Response, Status, Streaming, codegen::BoxStream, metadata::MetadataMap};

use super::{
    answer::portions,
    import,
    outlet::{self, Outlet},
    pages::{AskedSelection, check_exists},
    revision,
    walk::Walk,
    write,
};
use crate::{
    domain::{Result, Selection, Violations},
    store::Store,
};

/// Messages ahead of a reader.
const CAPACITY: usize = 2;

pub(super) struct Service {
    pub(super) store: Store,
}

#[tonic::async_trait]
impl wire::transfer_service_server::TransferService for Service {
    async fn import_products(
        &self,
        request: Request<Streaming<ImportProductsRequest>>,
    ) -> Result<Response<BoxStream<ImportProductsResponse>>, Status> {
        let actor = write::actor(request.metadata())?;
        let deadline = outlet::deadline(&request);
        let (store, requests) = (self.store.clone(), request.into_inner());
        let background = self.store.background();
        let answers = outlet::stream(background, CAPACITY, deadline, async move |outlet| {
            import::run(&store, actor, requests, outlet).await?;
            Ok(MetadataMap::new())
        });
        Ok(Response::new(answers))
    }
}

impl Service {
    /// Streams encoded `ExportProductsResponse`s.
    pub(super) async fn export_products(
        &self,
        request: Request<ExportProductsRequest>,
    ) -> Result<Response<BoxStream<Bytes>>, Status> {
        revision::reach(&self.store, &request).await?;
        let deadline = outlet::deadline(&request);
        let request = request.into_inner();
        let asked = AskedSelection {
            category_id: &request.category_id,
            filter: &request.filter,
            show_deleted: request.show_deleted,
            may_be_behind: request.min_revision.is_empty(),
        };
        let selection = asked.parse(Violations::default())?;
        check_exists(&self.store, selection.category.as_ref())?;
        let store = self.store.clone();
        let background = self.store.background();
        let products = outlet::stream(background, CAPACITY, deadline, async move |outlet| {
            outlet.while_read(export(&store, &selection, &outlet)).await?;
            Ok(MetadataMap::new())
        });
        Ok(Response::new(products))
    }
}

async fn export(store: &Store, selection: &Selection, outlet: &Outlet<Bytes>) -> Result<()> {
    let mut walk = Walk::new(store, selection, None);
    loop {
        let products = walk.next_encoded(usize::MAX).await?.messages;
        if products.is_empty() {
            return Ok(());
        }
        for portion in portions(&products) {
            outlet.send(portion).await?;
        }
    }
}
