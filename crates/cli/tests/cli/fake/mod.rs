//! Fake catalogue and search servers in memory, with fault injection.

mod catalogue;
mod category;
mod feed;
mod search;
mod stock;
mod transfer;

use std::{
    any::Any,
    collections::BTreeMap,
    net::{SocketAddr, TcpListener},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use proto::catalogue::v1::{
    catalogue_service_server::CatalogueServiceServer,
    category_service_server::CategoryServiceServer, feed_service_server::FeedServiceServer,
    stock_service_server::StockServiceServer, transfer_service_server::TransferServiceServer, *,
};
use proto::search::v1::search_admin_service_server::SearchAdminServiceServer;
use tokio::runtime::Runtime;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Code, Request, Response, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

type ResponseStream<T> = tonic::codegen::BoxStream<T>;

/// State of the fake, which survives when the server is killed.
#[derive(Clone, Default)]
pub(crate) struct Store {
    pub(crate) products: Arc<Mutex<BTreeMap<String, Product>>>,
    /// How often each line of an import was received.
    pub(crate) seen: Arc<Mutex<BTreeMap<i64, usize>>>,
    pub(crate) calls: Arc<AtomicUsize>,
    /// Requests other than imports: debug output and actor of each.
    pub(crate) requests: Arc<Mutex<Vec<(String, String)>>>,
    /// Responses to writes by request id.
    responses: Arc<Mutex<BTreeMap<String, Box<dyn Any + Send>>>>,
    pub(crate) writes: Arc<AtomicUsize>,
    /// Number of products sent by exports.
    pub(crate) exported: Arc<AtomicUsize>,
    faults: Arc<Mutex<Faults>>,
}

#[derive(Default)]
struct Faults {
    /// The number of the import message, over all calls, whose rows are stored, but whose response
    /// is UNAVAILABLE.
    cut: Option<usize>,
    hang: Option<usize>,
    messages: usize,
    /// Number of writes to apply, but to respond to with UNAVAILABLE.
    lost_responses: usize,
}

/// A server on a free port.
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

    /// Interrupts the import with UNAVAILABLE at its `messages`th message.
    pub(crate) fn cut_at(self, messages: usize) -> Self {
        self.faults.lock().unwrap().cut = Some(messages);
        self
    }

    /// Sends no response from the import's `messages`th message on.
    pub(crate) fn hang_at(self, messages: usize) -> Self {
        self.faults.lock().unwrap().hang = Some(messages);
        self
    }

    /// Whether the import hangs now.
    pub(crate) fn hangs(&self) -> bool {
        let faults = self.faults.lock().unwrap();
        faults.hang.is_some_and(|at| faults.messages >= at)
    }

    /// Applies the next `count` writes, but responds with UNAVAILABLE.
    pub(crate) fn lose_responses(self, count: usize) -> Self {
        self.faults.lock().unwrap().lost_responses = count;
        self
    }

    /// Number of import messages received, over all calls.
    pub(crate) fn messages(&self) -> usize {
        self.faults.lock().unwrap().messages
    }

    /// Records a request and its actor.
    fn record<T: std::fmt::Debug>(&self, request: Request<T>) -> T {
        let actor = request.metadata().get("x-actor").and_then(|actor| actor.to_str().ok());
        let actor = actor.unwrap_or_default().to_owned();
        let request = request.into_inner();
        self.requests.lock().unwrap().push((format!("{request:?}"), actor));
        request
    }

    /// Applies a write once per request id, and repeats its response after that.
    fn once<T: Clone + Send + 'static>(
        &self,
        request_id: &str,
        write: impl FnOnce() -> Result<T, Status>,
    ) -> Result<Response<T>, Status> {
        assert!(!request_id.is_empty(), "a write has no request id");
        let known = {
            let responses = self.responses.lock().unwrap();
            responses.get(request_id).and_then(|any| any.downcast_ref::<T>()).cloned()
        };
        let response = match known {
            Some(response) => response,
            None => {
                let response = write()?;
                self.writes.fetch_add(1, Ordering::SeqCst);
                let stored = Box::new(response.clone());
                self.responses.lock().unwrap().insert(request_id.to_owned(), stored);
                response
            }
        };
        let mut faults = self.faults.lock().unwrap();
        if faults.lost_responses > 0 {
            faults.lost_responses -= 1;
            return Err(Status::unavailable("the response is lost"));
        }
        Ok(Response::new(response))
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

    /// Closes the server with all connections, as after `kill -9`.
    pub(crate) fn kill(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }

    /// Restarts on the same port, without faults.
    pub(crate) fn restart(&mut self) {
        *self.store.faults.lock().unwrap() = Faults::default();
        // The old listener closes when the runtime drops it.
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
                .add_service(CategoryServiceServer::new(store.clone()))
                .add_service(FeedServiceServer::new(store.clone()))
                .add_service(SearchAdminServiceServer::new(store))
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

fn error(code: Code, reason: &str, message: impl Into<String>) -> Status {
    let details = ErrorDetails::with_error_info(reason, "catalogue", []);
    Status::with_error_details(code, message, details)
}

fn not_found(id: &str) -> Status {
    error(Code::NotFound, "PRODUCT_NOT_FOUND", format!("product {id} does not exist"))
}
