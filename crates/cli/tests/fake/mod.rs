//! A catalogue in memory, for `catctl` to talk to, that can be made to break.

use std::{
    collections::BTreeMap,
    net::{SocketAddr, TcpListener},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use futures::{StreamExt as _, stream};
use proto::catalogue::v1::{
    catalogue_service_server::{CatalogueService, CatalogueServiceServer},
    feed_service_server::{FeedService, FeedServiceServer},
    stock_service_server::{StockService, StockServiceServer},
    transfer_service_server::{TransferService, TransferServiceServer},
    *,
};
use tokio::{runtime::Runtime, sync::mpsc};
use tokio_stream::wrappers::{ReceiverStream, TcpListenerStream};
use tonic::{Request, Response, Status, Streaming};
use tonic_types::{ErrorDetails, StatusExt as _};

type Answers<T> = tonic::codegen::BoxStream<T>;

/// What outlives a server that is killed.
#[derive(Clone, Default)]
pub(crate) struct Store {
    pub(crate) products: Arc<Mutex<BTreeMap<String, Product>>>,
    /// Every row that was ever stored or rejected, and how often.
    pub(crate) seen: Arc<Mutex<BTreeMap<i64, usize>>>,
    pub(crate) calls: Arc<AtomicUsize>,
    faults: Arc<Mutex<Faults>>,
}

#[derive(Default)]
struct Faults {
    /// At this many messages of an import, counted over all calls: store the rows, tell nobody.
    cut: Option<usize>,
    hang: Option<usize>,
    messages: usize,
}

/// A server on a port of its own.
pub(crate) struct Server {
    pub(crate) url: String,
    address: SocketAddr,
    store: Store,
    runtime: Option<Runtime>,
}

impl Store {
    pub(crate) fn with_products(products: impl IntoIterator<Item = Product>) -> Self {
        let store = Self::default();
        let entries = products.into_iter().map(|product| (product.id.clone(), product));
        store.products.lock().unwrap().extend(entries);
        store
    }

    /// The import is cut with UNAVAILABLE in its `messages`th message.
    pub(crate) fn cut_at(self, messages: usize) -> Self {
        self.faults.lock().unwrap().cut = Some(messages);
        self
    }

    /// The import is never answered again from its `messages`th message on.
    pub(crate) fn hang_at(self, messages: usize) -> Self {
        self.faults.lock().unwrap().hang = Some(messages);
        self
    }

    /// Whether the import hangs now.
    pub(crate) fn hangs(&self) -> bool {
        let faults = self.faults.lock().unwrap();
        faults.hang.is_some_and(|at| faults.messages >= at)
    }

    fn take(&self, row: ImportRow, answer: &mut ImportProductsResponse) {
        *self.seen.lock().unwrap().entry(row.line).or_default() += 1;
        let new = row.product.unwrap_or_default();
        answer.acknowledged_line = row.line;
        if new.name == "refused" {
            answer.rejected += 1;
            answer.rejects.push(RejectedRow {
                line: row.line,
                reason: "INVALID_FIELD".to_owned(),
                field: "name".to_owned(),
                message: "must be better".to_owned(),
            });
            return;
        }
        let mut products = self.products.lock().unwrap();
        let old = products.get(&new.id).cloned();
        let mut merged =
            old.clone().unwrap_or_else(|| Product { id: new.id.clone(), ..Product::default() });
        for path in row.update_mask.unwrap_or_default().paths {
            match path.as_str() {
                "name" => merged.name.clone_from(&new.name),
                "description" => merged.description.clone_from(&new.description),
                "stock_qty" => merged.stock_qty = new.stock_qty,
                "image_urls" => merged.image_urls.clone_from(&new.image_urls),
                "price" => merged.price.clone_from(&new.price),
                "brand" => merged.brand.clone_from(&new.brand),
                "attributes" => merged.attributes.clone_from(&new.attributes),
                "labels" => merged.labels.clone_from(&new.labels),
                "external_id" => merged.external_id.clone_from(&new.external_id),
                "category_ids" | "category_paths" => {
                    merged.category_paths.clone_from(&new.category_paths);
                }
                other => panic!("{other} is not in the contract"),
            }
        }
        match old {
            None => answer.created += 1,
            Some(old) if old == merged => answer.unchanged += 1,
            Some(_) => answer.updated += 1,
        }
        products.insert(new.id, merged);
    }
}

impl Server {
    pub(crate) fn start(store: Store) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mut server = Self { url: format!("http://{address}"), address, store, runtime: None };
        server.serve(listener);
        server
    }

    /// Ends at once, connections and all, as after `kill -9`.
    pub(crate) fn kill(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }

    /// Comes back with what was stored, and without faults.
    pub(crate) fn restart(&mut self) {
        *self.store.faults.lock().unwrap() = Faults::default();
        // The old listener closes when the runtime has dropped it.
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
        let listener = loop {
            match TcpListener::bind(self.address) {
                Ok(listener) => break listener,
                Err(error) => assert!(std::time::Instant::now() < deadline, "{error}"),
            }
            std::thread::yield_now();
        };
        self.serve(listener);
    }

    fn serve(&mut self, listener: TcpListener) {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let store = self.store.clone();
        runtime.spawn(async move {
            listener.set_nonblocking(true).unwrap();
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            tonic::transport::Server::builder()
                .add_service(TransferServiceServer::new(store.clone()))
                .add_service(CatalogueServiceServer::new(store.clone()))
                .add_service(StockServiceServer::new(store.clone()))
                .add_service(FeedServiceServer::new(store))
                .serve_with_incoming(TcpListenerStream::new(listener))
                .await
        });
        self.runtime = Some(runtime);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

fn not_found(id: &str) -> Status {
    let details = ErrorDetails::with_error_info("PRODUCT_NOT_FOUND", "catalogue", []);
    let message = format!("product {id} does not exist");
    Status::with_error_details(tonic::Code::NotFound, message, details)
}

#[tonic::async_trait]
impl TransferService for Store {
    async fn import_products(
        &self,
        request: Request<Streaming<ImportProductsRequest>>,
    ) -> Result<Response<Answers<ImportProductsResponse>>, Status> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let store = self.clone();
        let mut messages = request.into_inner();
        let (answers, receiver) = mpsc::channel(1);
        tokio::spawn(async move {
            let mut answer = ImportProductsResponse::default();
            while let Ok(Some(message)) = messages.message().await {
                answer.rejects.clear();
                assert!(message.rows.len() <= 250, "{} rows", message.rows.len());
                for row in message.rows {
                    store.take(row, &mut answer);
                }
                let (cut, hang) = {
                    let mut faults = store.faults.lock().unwrap();
                    faults.messages += 1;
                    let now = Some(faults.messages);
                    (faults.cut == now, faults.hang == now)
                };
                if hang {
                    std::future::pending::<()>().await;
                }
                let outcome =
                    if cut { Err(Status::unavailable("restarting")) } else { Ok(answer.clone()) };
                if answers.send(outcome).await.is_err() || cut {
                    return;
                }
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(receiver))))
    }

    async fn export_products(
        &self,
        _: Request<ExportProductsRequest>,
    ) -> Result<Response<Answers<ExportProductsResponse>>, Status> {
        let products: Vec<Product> = self.products.lock().unwrap().values().cloned().collect();
        let batches: Vec<_> = products
            .chunks(100)
            .map(|products| Ok(ExportProductsResponse { products: products.to_vec() }))
            .collect();
        Ok(Response::new(stream::iter(batches).boxed()))
    }
}

#[tonic::async_trait]
impl CatalogueService for Store {
    async fn get_product(
        &self,
        request: Request<GetProductRequest>,
    ) -> Result<Response<Product>, Status> {
        let id = request.into_inner().product_id;
        let product = self.products.lock().unwrap().get(&id).cloned();
        product.map(Response::new).ok_or_else(|| not_found(&id))
    }

    async fn list_products(
        &self,
        request: Request<ListProductsRequest>,
    ) -> Result<Response<Answers<Product>>, Status> {
        let limit = match request.into_inner().page_size {
            0 => usize::MAX,
            limit => limit as usize,
        };
        let products: Vec<_> = self.products.lock().unwrap().values().cloned().map(Ok).collect();
        Ok(Response::new(stream::iter(products).take(limit).boxed()))
    }

    async fn browse_products(
        &self,
        _: Request<BrowseProductsRequest>,
    ) -> Result<Response<BrowseProductsResponse>, Status> {
        let total_size = self.products.lock().unwrap().len() as i32;
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
}

#[tonic::async_trait]
impl StockService for Store {
    async fn adjust_stock(
        &self,
        request: Request<AdjustStockRequest>,
    ) -> Result<Response<StockLevel>, Status> {
        let AdjustStockRequest { product_id, delta } = request.into_inner();
        let mut products = self.products.lock().unwrap();
        let product = products.get_mut(&product_id).ok_or_else(|| not_found(&product_id))?;
        product.stock_qty += delta;
        let stock_qty = product.stock_qty;
        Ok(Response::new(StockLevel { product_id, stock_qty, revision: 2, ..Default::default() }))
    }
}

#[tonic::async_trait]
impl FeedService for Store {
    /// Everything there is, and then the end: FAILED_PRECONDITION.
    async fn watch_changes(
        &self,
        _: Request<WatchChangesRequest>,
    ) -> Result<Response<Answers<WatchChangesResponse>>, Status> {
        let products: Vec<Product> = self.products.lock().unwrap().values().cloned().collect();
        let items = products.into_iter().map(|product| {
            let event = Some(watch_changes_response::Event::SnapshotItem(product));
            Ok(WatchChangesResponse { cursor: "c".to_owned(), event })
        });
        let end = Err(Status::failed_precondition("no more"));
        let events: Vec<_> = items.chain([end]).collect();
        Ok(Response::new(stream::iter(events).boxed()))
    }
}
