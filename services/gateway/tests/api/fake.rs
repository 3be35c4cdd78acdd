//! The services behind the gateway, made up: they keep a few products in memory.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use async_stream::stream;
use chassis::status::{error, invalid};
use proto::{
    catalogue::v1::{
        self as catalogue, AdjustStockRequest, BatchGetProductsRequest, BatchGetProductsResponse,
        BrowseProductsRequest, BrowseProductsResponse, Category, Change, CreateCategoryRequest,
        CreateProductRequest, DeleteProductRequest, ExportProductsRequest, ExportProductsResponse,
        GetCategoryRequest, GetProductRequest, Heartbeat, ImportProductsRequest,
        ImportProductsResponse, ListCategoriesRequest, ListCategoriesResponse, ListProductsRequest,
        Product, SnapshotComplete, StockLevel, UpdateProductRequest, WatchChangesRequest,
        WatchChangesResponse, catalogue_service_server::CatalogueService,
        category_service_server::CategoryService, change::Op, feed_service_server::FeedService,
        stock_service_server::StockService, transfer_service_server::TransferService,
        watch_changes_request::Start, watch_changes_response::Event,
    },
    search::v1::{
        GetIndexStatusRequest, GetIndexStatusResponse, SearchHit, SearchRequest, SearchResponse,
        search_admin_service_server::SearchAdminService, search_service_server::SearchService,
    },
};
use tokio::sync::watch;
use tokio_stream::StreamExt as _;
use tonic::{
    Code, Request, Response, Status, Streaming, codegen::BoxStream, metadata::MetadataMap,
};

type Answer<T> = Result<Response<T>, Status>;

#[derive(Clone, Default)]
pub(crate) struct Fake(Arc<Inner>);

#[derive(Default)]
struct Inner {
    products: Mutex<BTreeMap<String, Product>>,
    changes: Mutex<Vec<Change>>,
    /// Counts changes, and wakes watchers.
    length: watch::Sender<usize>,
    /// Cursors of another epoch have expired.
    epoch: AtomicU32,
    /// The metadata of the latest unary call.
    seen: Mutex<MetadataMap>,
    /// Calls of UpdateProduct, as they came.
    updates: Mutex<Vec<UpdateProductRequest>>,
}

impl Fake {
    pub(crate) fn put(&self, id: &str, stock_qty: i32) -> Product {
        let old = self.0.products.lock().unwrap().get(id).cloned();
        let op = if old.is_some() { Op::Stock } else { Op::Created };
        let product = Product {
            id: id.to_owned(),
            name: format!("The {id}"),
            etag: "e1".to_owned(),
            stock_qty,
            revision: old.map_or(0, |old| old.revision) + 1,
            ..Product::default()
        };
        self.store(op, product)
    }

    pub(crate) fn remove(&self, id: &str) {
        self.0.products.lock().unwrap().remove(id);
        self.push(Change {
            op: Op::Deleted.into(),
            product_id: id.to_owned(),
            ..Change::default()
        });
    }

    /// What no watcher is told: as if it had happened where the feed does not reach.
    pub(crate) fn put_silently(&self, id: &str, stock_qty: i32) {
        let mut products = self.0.products.lock().unwrap();
        let product = products.get_mut(id).unwrap();
        product.stock_qty = stock_qty;
        product.revision += 1;
    }

    /// From now on earlier cursors are refused.
    pub(crate) fn expire_cursors(&self) {
        self.0.epoch.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn seen(&self, key: &str) -> Option<String> {
        let seen = self.0.seen.lock().unwrap();
        seen.get(key).map(|value| value.to_str().unwrap().to_owned())
    }

    pub(crate) fn updates(&self) -> Vec<UpdateProductRequest> {
        self.0.updates.lock().unwrap().clone()
    }

    /// How many watches of the change feed are open.
    pub(crate) fn readers(&self) -> usize {
        self.0.length.receiver_count()
    }

    fn store(&self, op: Op, product: Product) -> Product {
        self.0.products.lock().unwrap().insert(product.id.clone(), product.clone());
        let product_id = product.id.clone();
        let change = Change {
            op: op.into(),
            product_id,
            product: Some(product.clone()),
            ..Change::default()
        };
        self.push(change);
        product
    }

    fn push(&self, change: Change) {
        let mut changes = self.0.changes.lock().unwrap();
        changes.push(change);
        self.0.length.send_replace(changes.len());
    }

    fn get(&self, id: &str) -> Result<Product, Status> {
        let not_found =
            || error(Code::NotFound, "PRODUCT_NOT_FOUND", format!("product {id} does not exist"));
        self.0.products.lock().unwrap().get(id).cloned().ok_or_else(not_found)
    }

    fn all(&self) -> Vec<Product> {
        self.0.products.lock().unwrap().values().cloned().collect()
    }

    fn saw<T>(&self, request: Request<T>) -> T {
        let (metadata, _, message) = request.into_parts();
        *self.0.seen.lock().unwrap() = metadata;
        message
    }

    fn check_etag(&self, asked: &str, product: &Product) -> Result<(), Status> {
        match asked.is_empty() || asked == product.etag {
            true => Ok(()),
            false => Err(error(Code::Aborted, "ETAG_MISMATCH", "the product has changed since")),
        }
    }

    fn cursor(&self, at: usize) -> String {
        format!("{}:{at}", self.0.epoch.load(Ordering::SeqCst))
    }

    fn position(&self, cursor: &str) -> Result<usize, Status> {
        let epoch = self.0.epoch.load(Ordering::SeqCst).to_string();
        let at = cursor
            .split_once(':')
            .filter(|(of, _)| *of == epoch)
            .and_then(|(_, at)| at.parse().ok());
        at.ok_or_else(|| error(Code::FailedPrecondition, "CURSOR_EXPIRED", "begin with a snapshot"))
    }
}

#[tonic::async_trait]
impl CatalogueService for Fake {
    async fn get_product(&self, request: Request<GetProductRequest>) -> Answer<Product> {
        let request = self.saw(request);
        match request.product_id.as_str() {
            "boom" => Err(Status::internal("SELECT secret FROM passwords")),
            "slow" => std::future::pending().await,
            id => Ok(Response::new(self.get(id)?)),
        }
    }

    async fn list_products(
        &self,
        request: Request<ListProductsRequest>,
    ) -> Answer<BoxStream<Product>> {
        let mut products = self.all();
        let limit = usize::try_from(request.get_ref().page_size)
            .map_err(|_| invalid([("page_size", "must not be negative")]))?;
        let breaks = request.get_ref().page_token == "break";
        let is_part = limit > 0 && limit < products.len();
        if is_part {
            products.truncate(limit);
        }
        Ok(Response::new(Box::pin(stream! {
            for product in products {
                yield Ok(product);
            }
            if breaks {
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
    ) -> Answer<BrowseProductsResponse> {
        let request = self.saw(request);
        if request.page_size < 0 {
            return Err(invalid([("page_size", "must not be negative")]));
        }
        if request.page_token == "forged" {
            let violations = [("page_token", "is none of ours")];
            return Err(chassis::status::invalid_because("PAGE_TOKEN_INVALID", violations));
        }
        category(&request.category_id)?;
        let products = self.all();
        let total_size = i32::try_from(products.len()).unwrap();
        Ok(Response::new(BrowseProductsResponse { products, total_size, ..Default::default() }))
    }

    async fn batch_get_products(
        &self,
        request: Request<BatchGetProductsRequest>,
    ) -> Answer<BatchGetProductsResponse> {
        let ids = self.saw(request).product_ids;
        let (found, missing): (Vec<_>, Vec<_>) =
            ids.into_iter().partition(|id| self.get(id).is_ok());
        let products = found.iter().filter_map(|id| self.get(id).ok()).collect();
        Ok(Response::new(BatchGetProductsResponse { products, missing_ids: missing }))
    }

    async fn search_products(
        &self,
        request: Request<catalogue::SearchRequest>,
    ) -> Answer<catalogue::SearchResponse> {
        let request = request.into_inner();
        let found = self.all().into_iter().filter(|product| product.name.contains(&request.query));
        let results: Vec<_> = found
            .map(|product| catalogue::SearchHit { product: Some(product), score: 1.0 })
            .collect();
        let total_size = i32::try_from(results.len()).unwrap();
        Ok(Response::new(catalogue::SearchResponse { results, total_size, ..Default::default() }))
    }

    async fn create_product(&self, request: Request<CreateProductRequest>) -> Answer<Product> {
        let mut product = self.saw(request).product.unwrap_or_default();
        if product.name.is_empty() {
            return Err(invalid([("product.name", "is required")]));
        }
        if product.price.as_ref().is_some_and(|price| price.units < 0) || product.price_eur < 0.0 {
            return Err(invalid([("product.price_eur", "must not be negative")]));
        }
        if self.get(&product.id).is_ok() {
            return Err(error(Code::AlreadyExists, "PRODUCT_EXISTS", "that id is taken"));
        }
        product.etag = "e1".to_owned();
        product.revision = 1;
        Ok(Response::new(self.store(Op::Created, product)))
    }

    async fn update_product(&self, request: Request<UpdateProductRequest>) -> Answer<Product> {
        let request = self.saw(request);
        self.0.updates.lock().unwrap().push(request.clone());
        let sent = request.product.unwrap_or_default();
        let mut product = self.get(&sent.id)?;
        self.check_etag(&sent.etag, &product)?;
        product.name = sent.name;
        product.etag = "e2".to_owned();
        product.revision += 1;
        Ok(Response::new(self.store(Op::Updated, product)))
    }

    async fn delete_product(&self, request: Request<DeleteProductRequest>) -> Answer<Product> {
        let request = self.saw(request);
        let product = self.get(&request.product_id)?;
        self.check_etag(&request.etag, &product)?;
        self.remove(&product.id);
        Ok(Response::new(product))
    }
}

fn category(id: &str) -> Result<Category, Status> {
    match id {
        "" | "mugs" | "empty" => {
            Ok(Category { id: id.to_owned(), name: "Mugs".to_owned(), ..Category::default() })
        }
        _ => Err(error(
            Code::NotFound,
            "CATEGORY_NOT_FOUND",
            format!("category {id} does not exist"),
        )),
    }
}

#[tonic::async_trait]
impl CategoryService for Fake {
    async fn get_category(&self, request: Request<GetCategoryRequest>) -> Answer<Category> {
        Ok(Response::new(category(&self.saw(request).category_id)?))
    }

    async fn list_categories(
        &self,
        _: Request<ListCategoriesRequest>,
    ) -> Answer<ListCategoriesResponse> {
        Ok(Response::new(ListCategoriesResponse { categories: vec![category("mugs")?] }))
    }

    async fn create_category(&self, request: Request<CreateCategoryRequest>) -> Answer<Category> {
        let category = self.saw(request).category.unwrap_or_default();
        match category.id.as_str() {
            "mugs" => Err(error(Code::AlreadyExists, "CATEGORY_EXISTS", "that id is taken")),
            _ => Ok(Response::new(category)),
        }
    }
}

#[tonic::async_trait]
impl StockService for Fake {
    async fn adjust_stock(&self, request: Request<AdjustStockRequest>) -> Answer<StockLevel> {
        let AdjustStockRequest { product_id, delta, .. } = self.saw(request);
        let stock_qty = self.get(&product_id)?.stock_qty + delta;
        if stock_qty < 0 {
            return Err(error(
                Code::FailedPrecondition,
                "INSUFFICIENT_STOCK",
                "there are not so many",
            ));
        }
        let revision = self.put(&product_id, stock_qty).revision;
        Ok(Response::new(StockLevel { product_id, stock_qty, revision, ..Default::default() }))
    }
}

#[tonic::async_trait]
impl FeedService for Fake {
    async fn watch_changes(
        &self,
        request: Request<WatchChangesRequest>,
    ) -> Answer<BoxStream<WatchChangesResponse>> {
        let request = request.into_inner();
        let mut length = self.0.length.subscribe();
        let now = *length.borrow();
        let mut at = match request.cursor.as_str() {
            "" => now,
            cursor => self.position(cursor)?,
        };
        let mut first = Vec::new();
        if request.cursor.is_empty() && request.start() != Start::Now {
            first.extend(self.all().into_iter().map(Event::SnapshotItem));
            first.push(Event::SnapshotComplete(SnapshotComplete {}));
        } else {
            first.push(Event::Heartbeat(Heartbeat::default()));
        }
        let fake = self.clone();
        Ok(Response::new(Box::pin(stream! {
            for event in first {
                yield Ok(WatchChangesResponse { cursor: fake.cursor(at), event: Some(event) });
            }
            loop {
                let due = fake.0.changes.lock().unwrap()[at..].to_vec();
                for change in due {
                    at += 1;
                    let event = Some(Event::Change(change));
                    yield Ok(WatchChangesResponse { cursor: fake.cursor(at), event });
                }
                if length.changed().await.is_err() {
                    return;
                }
            }
        })))
    }
}

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
                yield Ok(ImportProductsResponse { acknowledged_line, created, ..Default::default() });
            }
        })))
    }

    async fn export_products(
        &self,
        _: Request<ExportProductsRequest>,
    ) -> Answer<BoxStream<ExportProductsResponse>> {
        let products = self.all();
        Ok(Response::new(Box::pin(stream! { yield Ok(ExportProductsResponse { products }); })))
    }
}

#[tonic::async_trait]
impl SearchService for Fake {
    async fn search(&self, request: Request<SearchRequest>) -> Answer<SearchResponse> {
        let request = self.saw(request);
        if request.category_id == "empty" {
            return Err(error(Code::NotFound, "CATEGORY_NOT_FOUND", "no product is in it"));
        }
        let found = self.all().into_iter().filter(|product| {
            product.name.contains(&request.query) && matches!(request.category_id.as_str(), "")
        });
        let results: Vec<_> =
            found.map(|product| SearchHit { product: Some(product), score: 1.0 }).collect();
        let total_size = i32::try_from(results.len()).unwrap();
        Ok(Response::new(SearchResponse { results, total_size, ..Default::default() }))
    }
}

#[tonic::async_trait]
impl SearchAdminService for Fake {
    async fn get_index_status(
        &self,
        _: Request<GetIndexStatusRequest>,
    ) -> Answer<GetIndexStatusResponse> {
        Ok(Response::new(GetIndexStatusResponse { product_count: 3, caught_up: true }))
    }
}
