//! The fake catalogue service.

use async_stream::stream;
use proto::catalogue::v1::{
    BatchGetProductsRequest, BatchGetProductsResponse, BrowseProductsRequest,
    BrowseProductsResponse, CreateProductRequest, DeleteProductRequest, GetProductRequest,
    ListProductRevisionsRequest, ListProductRevisionsResponse, ListProductsRequest, Product,
    ProductRevision, RevertProductRequest, SearchHit, SearchRequest, SearchResponse,
    UndeleteProductRequest, UpdateProductRequest, catalogue_service_server::CatalogueService,
    change::Op, product, product_revision,
};
use rpc::status::{error, invalid};
use tonic::{Code, Request, Response, Status, codegen::BoxStream, metadata::MetadataMap};

use super::{Fake, RpcResult, categories::category};

#[tonic::async_trait]
impl CatalogueService for Fake {
    async fn get_product(&self, request: Request<GetProductRequest>) -> RpcResult<Product> {
        let request = self.record(request);
        self.check_min_revision(&request.min_revision)?;
        match request.product_id.as_str() {
            "boom" => Err(Status::internal("SELECT secret FROM passwords")),
            "slow" => std::future::pending().await,
            id => Ok(Response::new(self.get(id)?)),
        }
    }

    async fn list_products(
        &self,
        request: Request<ListProductsRequest>,
    ) -> RpcResult<BoxStream<Product>> {
        let request = self.record(request);
        let mut products = self.all();
        let limit = usize::try_from(request.page_size)
            .map_err(|_| invalid([("page_size", "must not be negative")]))?;
        let fails = request.page_token == "break";
        let hangs = request.page_token == "hang";
        let is_part = limit > 0 && limit < products.len();
        if is_part {
            products.truncate(limit);
        }
        Ok(Response::new(Box::pin(stream! {
            for product in products {
                yield Ok(product);
            }
            if hangs {
                std::future::pending::<()>().await;
            }
            if fails {
                yield Err(Status::data_loss("the disk is gone"));
            }
            if is_part {
                let mut trailers = MetadataMap::new();
                trailers.insert("next-page-token", "more".parse().unwrap());
                yield Err(Status::with_metadata(Code::Ok, "", trailers));
            }
        })))
    }

    async fn browse_products(
        &self,
        request: Request<BrowseProductsRequest>,
    ) -> RpcResult<BrowseProductsResponse> {
        let request = self.record(request);
        if request.page_size < 0 {
            return Err(invalid([("page_size", "must not be negative")]));
        }
        if request.page_token == "forged" {
            let violations = [("page_token", "is not valid")];
            return Err(rpc::status::invalid_because("PAGE_TOKEN_INVALID", violations));
        }
        category(&request.category_id)?;
        let mut products = self.all();
        let mut total_size = Some(i32::try_from(products.len()).unwrap());
        match request.filter.as_str() {
            "" => {}
            // A list of the storefront, with any words of names.
            filter if filter.starts_with("status = ACTIVE") => {
                products.retain(|product| product.status() == product::Status::Active);
                products.retain(|product| {
                    let words = filter.split("name:\"").skip(1);
                    words
                        .filter_map(|rest| rest.split('"').next())
                        .all(|it| product.name.contains(it))
                });
                total_size = None;
            }
            _ => {
                let violations = [("filter", "column 1: is not a field")];
                return Err(rpc::status::invalid_because("FILTER_INVALID", violations));
            }
        }
        Ok(Response::new(BrowseProductsResponse { products, total_size, ..Default::default() }))
    }

    async fn batch_get_products(
        &self,
        request: Request<BatchGetProductsRequest>,
    ) -> RpcResult<BatchGetProductsResponse> {
        let ids = self.record(request).product_ids;
        let (found, missing): (Vec<_>, Vec<_>) =
            ids.into_iter().partition(|id| self.get(id).is_ok());
        let products = found.iter().filter_map(|id| self.get(id).ok()).collect();
        Ok(Response::new(BatchGetProductsResponse { products, missing_ids: missing }))
    }

    async fn search_products(&self, request: Request<SearchRequest>) -> RpcResult<SearchResponse> {
        let request = request.into_inner();
        let found = self.all().into_iter().filter(|product| product.name.contains(&request.query));
        let results: Vec<_> =
            found.map(|product| SearchHit { product: Some(product), score: 1.0 }).collect();
        let total_size = i32::try_from(results.len()).unwrap();
        Ok(Response::new(SearchResponse { results, total_size, ..Default::default() }))
    }

    async fn create_product(&self, request: Request<CreateProductRequest>) -> RpcResult<Product> {
        let request = self.record(request);
        self.check_request_id(&request.request_id)?;
        let mut product = request.product.unwrap_or_default();
        if product.name.is_empty() {
            return Err(invalid([("product.name", "is required")]));
        }
        if product.price.as_ref().is_some_and(|price| price.units < 0)
            || product.price_eur.is_some_and(|eur| eur < 0.0)
        {
            return Err(invalid([("product.price_eur", "must not be negative")]));
        }
        if self.get(&product.id).is_ok() {
            return Err(error(Code::AlreadyExists, "PRODUCT_EXISTS", "that id is taken"));
        }
        product.etag = "e1".to_owned();
        product.revision = 1;
        if request.validate_only {
            return Ok(Response::new(product));
        }
        product.revision_token = "t1".to_owned();
        Ok(Response::new(self.store(Op::Created, product)))
    }

    async fn update_product(&self, request: Request<UpdateProductRequest>) -> RpcResult<Product> {
        let request = self.record(request);
        let sent = request.product.unwrap_or_default();
        let mut product = self.get(&sent.id)?;
        self.check_etag(&sent.etag, &product)?;
        product.name = sent.name;
        product.etag = "e2".to_owned();
        product.revision += 1;
        Ok(Response::new(self.store(Op::Updated, product)))
    }

    async fn delete_product(&self, request: Request<DeleteProductRequest>) -> RpcResult<Product> {
        let request = self.record(request);
        let product = self.get(&request.product_id)?;
        self.check_etag(&request.etag, &product)?;
        self.remove(&product.id);
        Ok(Response::new(product))
    }

    async fn undelete_product(
        &self,
        request: Request<UndeleteProductRequest>,
    ) -> RpcResult<Product> {
        let request = self.record(request);
        self.check_request_id(&request.request_id)?;
        let product = self.get(&request.product_id)?;
        self.check_etag(&request.etag, &product)?;
        Err(error(Code::FailedPrecondition, "PRODUCT_NOT_DELETED", "it is not deleted"))
    }

    async fn list_product_revisions(
        &self,
        request: Request<ListProductRevisionsRequest>,
    ) -> RpcResult<ListProductRevisionsResponse> {
        let product = self.get(&self.record(request).product_id)?;
        let created = ProductRevision {
            revision: product.revision,
            actor: "anna".to_owned(),
            kind: product_revision::Kind::Created.into(),
            ..Default::default()
        };
        let next_page_token = String::new();
        Ok(Response::new(ListProductRevisionsResponse {
            revisions: vec![created],
            next_page_token,
        }))
    }

    async fn revert_product(&self, request: Request<RevertProductRequest>) -> RpcResult<Product> {
        let request = self.record(request);
        let mut product = self.get(&request.product_id)?;
        self.check_etag(&request.etag, &product)?;
        if request.revision > product.revision {
            return Err(error(Code::NotFound, "REVISION_NOT_FOUND", "it is not kept"));
        }
        product.revision += 1;
        product.revision_token = "t2".to_owned();
        Ok(Response::new(self.store(Op::Updated, product)))
    }
}
