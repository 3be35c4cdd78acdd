//! A catalogue in memory, for `catctl` to talk to, that can be made to break.

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

type Answers<T> = tonic::codegen::BoxStream<T>;

/// What outlives a server that is killed.
#[derive(Clone, Default)]
pub(crate) struct Store {
    pub(crate) products: Arc<Mutex<BTreeMap<String, Product>>>,
    /// Every row that was ever stored or rejected, and how often.
    pub(crate) seen: Arc<Mutex<BTreeMap<i64, usize>>>,
    pub(crate) calls: Arc<AtomicUsize>,
    /// What every call that was not an import said, as Rust writes it, and who said it.
    pub(crate) said: Arc<Mutex<Vec<(String, String)>>>,
    /// The answers to writes by their request ids.
    answers: Arc<Mutex<BTreeMap<String, Box<dyn Any + Send>>>>,
    pub(crate) writes: Arc<AtomicUsize>,
    /// How many products were asked for by exports.
    pub(crate) exported: Arc<AtomicUsize>,
    faults: Arc<Mutex<Faults>>,
}

#[derive(Default)]
struct Faults {
    /// At this many messages of an import, counted over all calls: store the rows, tell nobody.
    cut: Option<usize>,
    hang: Option<usize>,
    messages: usize,
    /// So many writes are done, and their answers lost.
    lost_answers: usize,
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

    /// The next writes are done, but their callers are told UNAVAILABLE.
    pub(crate) fn lose_answers(self, count: usize) -> Self {
        self.faults.lock().unwrap().lost_answers = count;
        self
    }

    /// How many messages of imports have come in, over all calls.
    pub(crate) fn messages(&self) -> usize {
        self.faults.lock().unwrap().messages
    }

    /// Notes what was said, and by whom.
    fn hear<T: std::fmt::Debug>(&self, request: Request<T>) -> T {
        let actor = request.metadata().get("x-actor").and_then(|actor| actor.to_str().ok());
        let actor = actor.unwrap_or_default().to_owned();
        let request = request.into_inner();
        self.said.lock().unwrap().push((format!("{request:?}"), actor));
        request
    }

    /// Does a write once, however often it is asked for by the same id.
    fn once<T: Clone + Send + 'static>(
        &self,
        request_id: &str,
        write: impl FnOnce() -> Result<T, Status>,
    ) -> Result<Response<T>, Status> {
        assert!(!request_id.is_empty(), "a write has no request id");
        let known = {
            let answers = self.answers.lock().unwrap();
            answers.get(request_id).and_then(|any| any.downcast_ref::<T>()).cloned()
        };
        let answer = match known {
            Some(answer) => answer,
            None => {
                let answer = write()?;
                self.writes.fetch_add(1, Ordering::SeqCst);
                let kept = Box::new(answer.clone());
                self.answers.lock().unwrap().insert(request_id.to_owned(), kept);
                answer
            }
        };
        let mut faults = self.faults.lock().unwrap();
        if faults.lost_answers > 0 {
            faults.lost_answers -= 1;
            return Err(Status::unavailable("the answer is lost"));
        }
        Ok(Response::new(answer))
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

fn refuse(code: Code, reason: &str, message: impl Into<String>) -> Status {
    let details = ErrorDetails::with_error_info(reason, "catalogue", []);
    Status::with_error_details(code, message, details)
}

fn not_found(id: &str) -> Status {
    refuse(Code::NotFound, "PRODUCT_NOT_FOUND", format!("product {id} does not exist"))
}
