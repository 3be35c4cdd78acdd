//! `CatalogueService`: reads, lists and writes of products.
//!
//! SearchProducts is absent on purpose: the generated default returns UNIMPLEMENTED, and the gateway
//! calls the search service. [`super::encoded`] routes the methods that return encoded products.

use bytes::Bytes;
use page_token::Keyring;
use proto::catalogue::v1::{
    self as wire, BatchGetProductsRequest, BrowseProductsRequest, CreateProductRequest,
    DeleteProductRequest, GetProductRequest, ListProductRevisionsRequest,
    ListProductRevisionsResponse, ListProductsRequest, RevertProductRequest,
    UndeleteProductRequest, UpdateProductRequest,
};
use rpc::frame::PREFIX;
use server::grpc::wait_deadline;
use tonic::{Request, Response, Status, codegen::BoxStream};

use super::{
    convert::{self, Paths, required_product_id},
    history,
    lists::Lists,
    min_revision, read,
    visible::{caller, reveals_costs, visible},
    write,
};
use crate::{
    domain::{Error, ProductId, Result, Violations},
    store::Store,
};

pub(super) struct Service {
    pub(super) store: Store,
    pub(super) page_tokens: Keyring,
}

#[tonic::async_trait]
impl wire::catalogue_service_server::CatalogueService for Service {
    async fn create_product(
        &self,
        request: Request<CreateProductRequest>,
    ) -> Result<Response<wire::Product>, Status> {
        let (request, write) = write::parse(request, convert::write_response)?;
        let product = required(request.product)?;
        let mut violations = Violations::default();
        let id = match product.id.as_str() {
            "" => Some(ProductId::new()),
            id => convert::product_id("id", id, &mut violations),
        };
        let details = convert::details(product, Paths::all(), &mut violations);
        violations.check()?;
        let id = id.unwrap_or_else(ProductId::new);
        Ok(Response::new(self.store.create(write, id, details).await?))
    }

    async fn update_product(
        &self,
        request: Request<UpdateProductRequest>,
    ) -> Result<Response<wire::Product>, Status> {
        let (request, write) = write::parse(request, convert::write_response)?;
        let product = required(request.product)?;
        let mut violations = Violations::default();
        let id = convert::product_id("id", &product.id, &mut violations);
        convert::check_names_no_stock(request.update_mask.as_ref())?;
        let paths = convert::paths(request.update_mask.as_ref(), &mut violations);
        let paths = paths.of_document(&product);
        let etag = Some(product.etag.clone()).filter(|etag| !etag.is_empty());
        let details = convert::details(product, paths, &mut violations);
        violations.check()?;
        let id = id.ok_or_else(|| Error::field("id", "is required"))?;
        Ok(Response::new(self.store.update(write, id, details, paths.mask, etag).await?))
    }

    async fn delete_product(
        &self,
        request: Request<DeleteProductRequest>,
    ) -> Result<Response<wire::Product>, Status> {
        let (request, write) = write::parse(request, convert::write_response)?;
        let id = required_product_id(&request.product_id)?;
        let etag = Some(request.etag).filter(|etag| !etag.is_empty());
        let import = convert::import_id("import_id", &request.import_id)?;
        let product = match request.purge {
            true if import.is_some() => {
                return Err(Error::field(
                    "import_id",
                    "cannot be named by a purge, which nothing undoes",
                )
                .into());
            }
            true => self.store.purge(write, id, etag).await?,
            false => self.store.delete(write, id, etag, import).await?,
        };
        Ok(Response::new(product))
    }

    async fn list_product_revisions(
        &self,
        request: Request<ListProductRevisionsRequest>,
    ) -> Result<Response<ListProductRevisionsResponse>, Status> {
        let shows_costs = reveals_costs(&request);
        let request = request.get_ref();
        let page = history::list(&self.store, &self.page_tokens, request, shows_costs).await?;
        Ok(Response::new(page))
    }

    async fn revert_product(
        &self,
        request: Request<RevertProductRequest>,
    ) -> Result<Response<wire::Product>, Status> {
        let (request, write) = write::parse(request, convert::write_response)?;
        let id = required_product_id(&request.product_id)?;
        if request.revision <= 0 {
            return Err(Error::field("revision", "is required, and must not be negative").into());
        }
        let etag = Some(request.etag).filter(|etag| !etag.is_empty());
        Ok(Response::new(self.store.revert(write, id, request.revision, etag).await?))
    }

    async fn undelete_product(
        &self,
        request: Request<UndeleteProductRequest>,
    ) -> Result<Response<wire::Product>, Status> {
        let (request, write) = write::parse(request, convert::write_response)?;
        let id = required_product_id(&request.product_id)?;
        let etag = Some(request.etag).filter(|etag| !etag.is_empty());
        Ok(Response::new(self.store.undelete(write, id, etag).await?))
    }
}

impl Service {
    /// Returns an encoded `Product`. Ordinary requests are handled by [`super::unary`] instead.
    pub(super) async fn get_product(
        &self,
        request: Request<GetProductRequest>,
    ) -> Result<Response<Bytes>, Status> {
        let wait_deadline = wait_deadline(request.extensions());
        let caller = caller(request.extensions()).clone();
        let request = request.into_inner();
        let frame = read::product(&self.store, request, &caller, wait_deadline).await?;
        Ok(Response::new(frame.slice(PREFIX..)))
    }

    /// Streams encoded products.
    pub(super) async fn list_products(
        &self,
        request: Request<ListProductsRequest>,
    ) -> Result<Response<BoxStream<Bytes>>, Status> {
        min_revision::reach(&self.store, &request).await?;
        Ok(Response::new(self.lists().list(request)?))
    }

    /// Returns an encoded `BrowseProductsResponse`.
    pub(super) async fn browse_products(
        &self,
        request: Request<BrowseProductsRequest>,
    ) -> Result<Response<Bytes>, Status> {
        min_revision::reach(&self.store, &request).await?;
        let visible = visible(&request);
        Ok(Response::new(self.lists().browse(request.into_inner(), visible).await?))
    }

    /// Returns an encoded `BatchGetProductsResponse`.
    pub(super) async fn batch_get_products(
        &self,
        request: Request<BatchGetProductsRequest>,
    ) -> Result<Response<Bytes>, Status> {
        Ok(Response::new(read::products(&self.store, &request).await?))
    }

    fn lists(&self) -> Lists {
        Lists { store: self.store.clone(), page_tokens: self.page_tokens.clone() }
    }
}

fn required(product: Option<wire::Product>) -> Result<wire::Product> {
    product.ok_or_else(|| Error::field("product", "is required"))
}
