//! `CatalogueService`: products by id and as lists, and the writes that change them.
//!
//! SearchProducts is not here on purpose: the contract's default answers UNIMPLEMENTED, and the
//! gateway asks the search service.

use std::collections::{HashMap, HashSet};

use chassis::token::Signer;
use proto::catalogue::v1::{
    self as wire, BatchGetProductsRequest, BatchGetProductsResponse, BrowseProductsRequest,
    BrowseProductsResponse, CreateProductRequest, DeleteProductRequest, GetProductRequest,
    ListProductsRequest, UpdateProductRequest,
};
use tonic::{
    Request, Response, Status,
    codegen::BoxStream,
    metadata::{MetadataMap, MetadataValue},
};

use super::{
    MAX_ANSWER,
    answer::{Room, messages},
    convert::{self, Paths},
    outlet::{self, Outlet},
    pages::{PageRequest, Tokens},
    revision,
    walk::{self, Walk},
    write,
};
use crate::{
    domain::{Error, Product, ProductId, Result, Violations},
    store::Store,
};

const DEFAULT_PAGE: usize = 50;
const MAX_PAGE: usize = 1_000;
const MAX_BATCH_GET: usize = 1_000;

pub(super) struct Service {
    pub(super) store: Store,
    pub(super) signer: Signer,
}

#[tonic::async_trait]
impl wire::catalogue_service_server::CatalogueService for Service {
    async fn get_product(
        &self,
        request: Request<GetProductRequest>,
    ) -> Result<Response<wire::Product>, Status> {
        revision::reach(&self.store, &request).await?;
        let id = required_id(&request.get_ref().product_id)?;
        let product = self.store.product(&id).await?;
        self.one(product.ok_or(Error::ProductNotFound(id))?).await
    }

    async fn list_products(
        &self,
        request: Request<ListProductsRequest>,
    ) -> Result<Response<BoxStream<wire::Product>>, Status> {
        revision::reach(&self.store, &request).await?;
        let request = request.into_inner();
        let (token, category) = (&request.page_token, &request.category_id);
        let page = self.list_tokens().parse(&self.store, request.page_size, token, category)?;
        let lister = Self { store: self.store.clone(), signer: self.signer.clone() };
        let background = self.store.background();
        let products = outlet::stream(background, walk::BATCH, async move |outlet| {
            Ok(lister.list(page, outlet).await?)
        });
        Ok(Response::new(products))
    }

    async fn browse_products(
        &self,
        request: Request<BrowseProductsRequest>,
    ) -> Result<Response<BrowseProductsResponse>, Status> {
        revision::reach(&self.store, &request).await?;
        let request = request.into_inner();
        let (token, category) = (&request.page_token, &request.category_id);
        let tokens = Tokens { signer: &self.signer, purpose: "browse" };
        let page = tokens.parse(&self.store, request.page_size, token, category)?;
        Ok(Response::new(self.browse(page, &tokens).await?))
    }

    async fn batch_get_products(
        &self,
        request: Request<BatchGetProductsRequest>,
    ) -> Result<Response<BatchGetProductsResponse>, Status> {
        revision::reach(&self.store, &request).await?;
        let ids = batch_ids(&request.get_ref().product_ids)?;
        Ok(Response::new(self.batch_get(ids).await?))
    }

    async fn create_product(
        &self,
        request: Request<CreateProductRequest>,
    ) -> Result<Response<wire::Product>, Status> {
        let (request, write) = write::parse(request, convert::written)?;
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
        let (request, write) = write::parse(request, convert::written)?;
        let product = required(request.product)?;
        let mut violations = Violations::default();
        let id = convert::product_id("id", &product.id, &mut violations);
        let paths = convert::paths(request.update_mask.as_ref(), &mut violations);
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
        let (request, write) = write::parse(request, convert::written)?;
        let id = required_id(&request.product_id)?;
        let etag = Some(request.etag).filter(|etag| !etag.is_empty());
        Ok(Response::new(self.store.delete(write, id, etag).await?))
    }
}

impl Service {
    async fn one(&self, product: Product) -> Result<Response<wire::Product>, Status> {
        let tree = self.store.tree_for(std::slice::from_ref(&product)).await?;
        Ok(Response::new(convert::product(product, &tree)))
    }

    fn list_tokens(&self) -> Tokens<'_> {
        Tokens { signer: &self.signer, purpose: "list" }
    }

    /// Sends a page and returns the trailers behind it.
    async fn list(&self, page: PageRequest, outlet: Outlet<wire::Product>) -> Result<MetadataMap> {
        let mut left = if page.size == 0 { usize::MAX } else { page.size };
        let mut walk = Walk::new(&self.store, page.category.as_ref(), page.after);
        let mut last = String::new();
        loop {
            let products = messages(&self.store, walk.next(left).await?).await?;
            if products.is_empty() {
                break;
            }
            left -= products.len();
            for product in products {
                last.clone_from(&product.id);
                outlet.send(product).await?;
            }
        }
        let mut trailers = MetadataMap::new();
        if left == 0 && walk.has_more().await? {
            let token = self.list_tokens().seal(&last, page.category.as_ref());
            let token =
                MetadataValue::try_from(token).map_err(|error| Error::Store(error.into()))?;
            trailers.insert("next-page-token", token);
        }
        Ok(trailers)
    }

    async fn browse(
        &self,
        page: PageRequest,
        tokens: &Tokens<'_>,
    ) -> Result<BrowseProductsResponse> {
        let total_size = match &page.after {
            Some(_) => 0,
            None => self.total(&page).await?,
        };
        let size = if page.size == 0 { DEFAULT_PAGE } else { page.size.min(MAX_PAGE) };
        let mut walk = Walk::new(&self.store, page.category.as_ref(), page.after);
        let (mut products, mut room, mut full) = (Vec::new(), Room::default(), false);
        while products.len() < size && !full {
            let batch = messages(&self.store, walk.next(size - products.len()).await?).await?;
            if batch.is_empty() {
                break;
            }
            let count = batch.len();
            let fitting: Vec<_> =
                batch.into_iter().take_while(|product| room.take(product)).collect();
            full = fitting.len() < count;
            products.extend(fitting);
        }
        let next_page_token = match products.last() {
            Some(last) if full || walk.has_more().await? => {
                tokens.seal(&last.id, page.category.as_ref())
            }
            _ => String::new(),
        };
        Ok(BrowseProductsResponse { products, next_page_token, total_size })
    }

    async fn total(&self, page: &PageRequest) -> Result<i32> {
        let counts = self.store.counts().await?;
        let total = page.category.as_ref().map_or(counts.all, |category| counts.of(category));
        Ok(i32::try_from(total).unwrap_or(i32::MAX))
    }

    async fn batch_get(&self, ids: Vec<ProductId>) -> Result<BatchGetProductsResponse> {
        let mut response = BatchGetProductsResponse::default();
        let mut room = Room::default();
        for ids in ids.chunks(walk::BATCH) {
            let found = messages(&self.store, self.store.products(ids).await?).await?;
            let mut found: HashMap<_, _> =
                found.into_iter().map(|product| (product.id.clone(), product)).collect();
            for id in ids {
                match found.remove(id.as_str()) {
                    Some(product) if room.take(&product) => response.products.push(product),
                    Some(_) => return Err(Error::AnswerTooLarge { limit_bytes: MAX_ANSWER }),
                    None => response.missing_ids.push(id.to_string()),
                }
            }
        }
        Ok(response)
    }
}

fn required(product: Option<wire::Product>) -> Result<wire::Product> {
    product.ok_or_else(|| Error::field("product", "is required"))
}

fn required_id(id: &str) -> Result<ProductId> {
    ProductId::parse(id).map_err(|rule| Error::field("product_id", rule))
}

/// Each id once, in the order of the request.
fn batch_ids(ids: &[String]) -> Result<Vec<ProductId>> {
    if ids.len() > MAX_BATCH_GET {
        let rule = format!("must be at most {MAX_BATCH_GET}");
        return Err(Error::field("product_ids", rule));
    }
    let mut violations = Violations::default();
    let mut seen = HashSet::new();
    let mut distinct = Vec::new();
    for (index, id) in ids.iter().enumerate().filter(|(_, id)| seen.insert(id.as_str())) {
        distinct.extend(convert::product_id(&format!("product_ids[{index}]"), id, &mut violations));
    }
    violations.check()?;
    Ok(distinct)
}
