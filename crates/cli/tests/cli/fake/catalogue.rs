//! CatalogueService.

use futures::{StreamExt as _, stream};
use proto::catalogue::v1::{
    catalogue_service_server::CatalogueService, product::Status as Sale, product_revision::Kind, *,
};
use tonic::{Code, Request, Response, Status};

use super::{ResponseStream, Store, error, not_found};

/// Evaluates the only filters that the fake supports.
pub(super) fn matches(product: &Product, filter: &str) -> bool {
    match filter {
        "" => true,
        "status = ACTIVE" => product.status() == Sale::Active,
        "status = DRAFT" => product.status() == Sale::Draft,
        "stock_qty > 0" => product.stock_qty > 0,
        other => panic!("the fake does not know {other:?}"),
    }
}

#[tonic::async_trait]
impl CatalogueService for Store {
    async fn get_product(
        &self,
        request: Request<GetProductRequest>,
    ) -> Result<Response<Product>, Status> {
        let request = self.record(request);
        let id = request.product_id;
        let product = self.products.lock().unwrap().get(&id).cloned();
        let product = product
            .filter(|product| request.show_deleted || product.delete_time.is_none())
            .ok_or_else(|| not_found(&id))?;
        match request.revision {
            0 => Ok(Response::new(product)),
            1 => {
                Ok(Response::new(Product { name: "as it was".to_owned(), revision: 1, ..product }))
            }
            other => {
                let message = format!("revision {other} of product {id} is not kept");
                Err(error(Code::NotFound, "REVISION_NOT_FOUND", message))
            }
        }
    }

    async fn batch_get_products(
        &self,
        request: Request<BatchGetProductsRequest>,
    ) -> Result<Response<BatchGetProductsResponse>, Status> {
        let ids = self.record(request).product_ids;
        let known = self.products.lock().unwrap();
        let (found, missing_ids) =
            ids.into_iter().partition::<Vec<_>, _>(|id| known.contains_key(id));
        let products = found.iter().map(|id| known[id].clone()).collect();
        Ok(Response::new(BatchGetProductsResponse { products, missing_ids }))
    }

    async fn list_products(
        &self,
        request: Request<ListProductsRequest>,
    ) -> Result<Response<ResponseStream<Product>>, Status> {
        let request = self.record(request);
        if request.filter == "colour =" {
            let message = "filter: expected a value at column 9";
            return Err(error(Code::InvalidArgument, "FILTER_INVALID", message));
        }
        let limit = match request.page_size {
            0 => usize::MAX,
            limit => limit as usize,
        };
        let products = self.products.lock().unwrap();
        let shown = products.values().filter(|product| {
            (request.show_deleted || product.delete_time.is_none())
                && matches(product, &request.filter)
        });
        let products: Vec<_> = shown.cloned().map(Ok).collect();
        Ok(Response::new(stream::iter(products).take(limit).boxed()))
    }

    async fn browse_products(
        &self,
        _: Request<BrowseProductsRequest>,
    ) -> Result<Response<BrowseProductsResponse>, Status> {
        let total_size = Some(self.products.lock().unwrap().len() as i32);
        Ok(Response::new(BrowseProductsResponse { total_size, ..Default::default() }))
    }

    async fn search_products(
        &self,
        request: Request<SearchRequest>,
    ) -> Result<Response<SearchResponse>, Status> {
        let query = request.into_inner().query;
        let products = self.products.lock().unwrap();
        let found = products.values().filter(|product| product.name.contains(&query));
        let results: Vec<SearchHit> =
            found.map(|product| SearchHit { product: Some(product.clone()), score: 1.0 }).collect();
        let total_size = results.len() as i32;
        Ok(Response::new(SearchResponse { results, total_size, ..Default::default() }))
    }

    async fn create_product(
        &self,
        request: Request<CreateProductRequest>,
    ) -> Result<Response<Product>, Status> {
        let request = self.record(request);
        self.once(&request.request_id, || {
            let product = request.product.unwrap_or_default();
            if !request.validate_only {
                self.products.lock().unwrap().insert(product.id.clone(), product.clone());
            }
            Ok(product)
        })
    }

    async fn delete_product(
        &self,
        request: Request<DeleteProductRequest>,
    ) -> Result<Response<Product>, Status> {
        let request = self.record(request);
        self.once(&request.request_id, || {
            let mut products = self.products.lock().unwrap();
            let id = request.product_id;
            let product = products.get_mut(&id).ok_or_else(|| not_found(&id))?;
            if !request.etag.is_empty() && request.etag != product.etag {
                let message = format!("product {id} has changed");
                return Err(error(Code::Aborted, "ETAG_MISMATCH", message));
            }
            product.delete_time = Some(pbjson_types::Timestamp::default());
            let product = product.clone();
            if request.purge {
                products.remove(&id);
            }
            Ok(product)
        })
    }

    async fn undelete_product(
        &self,
        request: Request<UndeleteProductRequest>,
    ) -> Result<Response<Product>, Status> {
        let request = self.record(request);
        self.once(&request.request_id, || {
            let mut products = self.products.lock().unwrap();
            let id = request.product_id;
            let product = products.get_mut(&id).ok_or_else(|| not_found(&id))?;
            if product.delete_time.take().is_none() {
                let message = format!("product {id} is not deleted");
                return Err(error(Code::FailedPrecondition, "PRODUCT_NOT_DELETED", message));
            }
            Ok(product.clone())
        })
    }

    /// Three revisions, two per page.
    async fn list_product_revisions(
        &self,
        request: Request<ListProductRevisionsRequest>,
    ) -> Result<Response<ListProductRevisionsResponse>, Status> {
        let request = self.record(request);
        let stock = |stock_qty| Some(Product { stock_qty, ..Product::default() });
        let revision = |revision, kind: Kind, diff| ProductRevision {
            revision,
            diff,
            actor: "jo@shop".to_owned(),
            request_id: "r".to_owned(),
            change_time: Some(pbjson_types::Timestamp { seconds: 1_795_362_241, nanos: 0 }),
            kind: kind.into(),
            actor_note: String::new(),
        };
        let sold = ProductDiff {
            changed_fields: vec!["stock_qty".to_owned()],
            before: stock(3),
            after: stock(2),
        };
        let response = match request.page_token.as_str() {
            "" => ListProductRevisionsResponse {
                revisions: vec![
                    revision(3, Kind::Stock, Some(sold)),
                    revision(2, Kind::Undeleted, None),
                ],
                next_page_token: "more".to_owned(),
            },
            _ => ListProductRevisionsResponse {
                revisions: vec![revision(1, Kind::Created, None)],
                next_page_token: String::new(),
            },
        };
        Ok(Response::new(response))
    }

    async fn revert_product(
        &self,
        request: Request<RevertProductRequest>,
    ) -> Result<Response<Product>, Status> {
        let request = self.record(request);
        self.once(&request.request_id, || {
            let products = self.products.lock().unwrap();
            let id = request.product_id;
            let product = products.get(&id).ok_or_else(|| not_found(&id))?;
            Ok(Product { name: "as it was".to_owned(), ..product.clone() })
        })
    }
}
