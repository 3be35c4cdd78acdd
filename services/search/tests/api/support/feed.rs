//! A fake catalogue that serves only the change feed and settings, and fails on request.

use proto::catalogue::v1::{
    Change, Heartbeat, Product, SnapshotComplete, WatchChangesRequest, WatchChangesResponse,
    change::Op,
    feed_service_server::{FeedService, FeedServiceServer},
    setting_service_server::SettingServiceServer,
    watch_changes_response::Event,
};
use proto::position::Position;
use rpc::status::error;
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    ops::Bound,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard},
    time::SystemTime,
};
use tokio::{
    net::TcpListener,
    sync::{mpsc, watch},
    task::JoinHandle,
};
use tokio_stream::{
    Stream,
    wrappers::{ReceiverStream, TcpListenerStream},
};
use tonic::{Code, Request, Response, Status, transport::Server};

use super::FakeSettings;

type Events = Pin<Box<dyn Stream<Item = Result<WatchChangesResponse, Status>> + Send>>;

/// The feed of some products. Cheap to clone; clones share the state.
#[derive(Clone)]
pub(crate) struct Feed {
    pub(crate) settings: FakeSettings,
    state: Arc<Mutex<State>>,
    changed: watch::Sender<()>,
}

#[derive(Default)]
struct State {
    /// Part of every cursor; cursors of other epochs have expired.
    epoch: u32,
    products: BTreeMap<String, Product>,
    changes: Vec<(Op, String)>,
    /// Cursors of the requests received.
    cursors: Vec<String>,
    /// Number of snapshot items sent.
    items_sent: usize,
    /// Number of events to send before the next failure.
    fail_after: Option<usize>,
    /// Whether snapshots pause after their first product.
    holds_snapshots: bool,
}

impl Feed {
    pub(crate) fn new(products: impl IntoIterator<Item = Product>) -> Self {
        let settings = FakeSettings::default();
        let feed = Self { settings, state: Arc::default(), changed: watch::Sender::new(()) };
        products.into_iter().for_each(|product| drop(feed.put(product)));
        feed.state().changes.clear();
        feed
    }

    /// Creates or changes a product; returns the write's revision token.
    pub(crate) fn put(&self, mut product: Product) -> String {
        let mut state = self.state();
        let known = state.products.get(&product.id).map(|product| product.revision);
        product.revision = known.unwrap_or_default() + 1;
        let op = if known.is_some() { Op::Updated } else { Op::Created };
        state.changes.push((op, product.id.clone()));
        state.products.insert(product.id.clone(), product);
        self.changed.send_replace(());
        Cursor { epoch: state.epoch, change: state.changes.len(), snapshot: None }.encode()
    }

    /// Changes a product's stock.
    pub(crate) fn stock(&self, id: &str, stock_qty: i32) {
        let mut state = self.state();
        let product = state.products.get_mut(id).unwrap();
        product.stock_qty = stock_qty;
        product.revision += 1;
        state.changes.push((Op::Stock, id.to_owned()));
        self.changed.send_replace(());
    }

    pub(crate) fn delete(&self, id: &str) {
        let mut state = self.state();
        state.products.remove(id).unwrap();
        state.changes.push((Op::Deleted, id.to_owned()));
        self.changed.send_replace(());
    }

    /// Becomes another catalogue with these products; all cursors expire.
    pub(crate) fn replace_all(&self, products: impl IntoIterator<Item = Product>) {
        let mut state = self.state();
        state.epoch += 1;
        state.changes.clear();
        let products = products.into_iter().map(|product| Product { revision: 1, ..product });
        state.products = products.map(|product| (product.id.clone(), product)).collect();
        self.changed.send_replace(());
    }

    /// Fails the stream that sends the event after the next `events` ones.
    pub(crate) fn fail_after(&self, events: usize) {
        self.state().fail_after = Some(events);
    }

    /// Pauses snapshots after their first product, or resumes them.
    pub(crate) fn hold_snapshots(&self, hold: bool) {
        self.state().holds_snapshots = hold;
        self.changed.send_replace(());
    }

    /// Returns the cursors of the requests received, oldest first.
    pub(crate) fn cursors(&self) -> Vec<String> {
        self.state().cursors.clone()
    }

    pub(crate) fn items_sent(&self) -> usize {
        self.state().items_sent
    }

    /// Serves the feed until the task is aborted, which cuts all connections.
    pub(crate) async fn serve(&self, addr: SocketAddr) -> (SocketAddr, JoinHandle<()>) {
        let listener = TcpListener::bind(addr).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let service = FeedServiceServer::new(self.clone());
        let settings = SettingServiceServer::new(self.settings.clone());
        // On a runtime of its own, because tonic's connection tasks would survive an abort.
        let (cut, on_cut) = tokio::sync::oneshot::channel::<()>();
        let listener = listener.into_std().unwrap();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread();
            let runtime = { runtime }.enable_all().build().unwrap();
            runtime.block_on(async {
                let incoming = TcpListenerStream::new(TcpListener::from_std(listener).unwrap());
                let server = Server::builder().add_service(service).add_service(settings);
                let server = server.serve_with_incoming(incoming);
                tokio::select! {
                    served = server => served.unwrap(),
                    _ = on_cut => {}
                }
            });
        });
        let task = tokio::spawn(async move {
            let _cut_on_drop = cut;
            std::future::pending::<()>().await;
        });
        (addr, task)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Returns the event at `at`, if there is one, and advances `at`.
    fn next(&self, at: &mut Cursor) -> Option<Event> {
        let mut state = self.state();
        if let Some(last) = &at.snapshot {
            let from =
                if last.is_empty() { Bound::Unbounded } else { Bound::Excluded(last.clone()) };
            let product = state.products.range((from, Bound::Unbounded)).next();
            let product = product.map(|(_, product)| product.clone());
            at.snapshot = product.as_ref().map(|product| product.id.clone());
            state.items_sent += usize::from(product.is_some());
            return Some(match product {
                Some(product) => Event::SnapshotItem(product),
                None => Event::SnapshotComplete(SnapshotComplete {}),
            });
        }
        let (op, id) = state.changes.get(at.change)?.clone();
        at.change += 1;
        let product = state.products.get(&id).cloned();
        let change_time = Some(timestamp_now());
        let change =
            Change { op: op.into(), product_id: id, product, change_time, ..Change::default() };
        Some(Event::Change(change))
    }

    /// Counts an event. Returns whether it must fail.
    fn fails(&self) -> bool {
        let left = &mut self.state().fail_after;
        match left {
            Some(0) => left.take().is_some(),
            Some(events) => {
                *events -= 1;
                false
            }
            None => false,
        }
    }

    async fn send_all(
        self,
        mut at: Cursor,
        events: mpsc::Sender<Result<WatchChangesResponse, Status>>,
    ) {
        let mut changed = self.changed.subscribe();
        loop {
            if at.epoch != self.state().epoch {
                return drop(events.send(Err(expired())).await);
            }
            let in_snapshot = at.snapshot.as_ref().is_some_and(|last| !last.is_empty());
            if in_snapshot && self.state().holds_snapshots {
                tokio::select! {
                    _ = changed.changed() => continue,
                    () = events.closed() => return,
                }
            }
            let event = self.next(&mut at);
            let nothing_more = event.is_none();
            let event = event.unwrap_or(Event::Heartbeat(Heartbeat { watermark: None }));
            let response = WatchChangesResponse { cursor: at.encode(), event: Some(event) };
            let failed = self.fails();
            let sent = if failed { Err(Status::unavailable("cut")) } else { Ok(response) };
            if events.send(sent).await.is_err() || failed {
                return;
            }
            if nothing_more {
                tokio::select! {
                    _ = changed.changed() => {}
                    () = events.closed() => return,
                }
            }
        }
    }
}

/// A decoded cursor; displayed as `epoch/change` or, within a snapshot, `epoch/change/last id`.
struct Cursor {
    epoch: u32,
    change: usize,
    snapshot: Option<String>,
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.epoch, self.change)?;
        self.snapshot.iter().try_for_each(|id| write!(f, "/{id}"))
    }
}

impl Cursor {
    /// Encodes the cursor. Its prefix is a revision token, as the contract requires.
    fn encode(&self) -> String {
        let mut epoch = [0; 16];
        epoch[..4].copy_from_slice(&self.epoch.to_be_bytes());
        let position = Position { epoch, transaction: 0, sequence: self.change as i64 };
        let rest = self.snapshot.as_ref().map(|last| format!("@{last}"));
        position.encode(rest.unwrap_or_default().as_bytes())
    }

    fn decode(cursor: &str) -> Self {
        let (position, rest) = Position::decode(cursor).expect("a cursor of ours");
        let rest = String::from_utf8(rest).unwrap();
        Self {
            epoch: u32::from_be_bytes(*position.epoch.first_chunk().unwrap()),
            change: position.sequence as usize,
            snapshot: rest.strip_prefix('@').map(str::to_owned),
        }
    }
}

fn expired() -> Status {
    error(Code::FailedPrecondition, "CURSOR_EXPIRED", "the cursor is of another feed")
}

#[tonic::async_trait]
impl FeedService for Feed {
    async fn watch_changes(
        &self,
        request: Request<WatchChangesRequest>,
    ) -> Result<Response<Events>, Status> {
        let cursor = request.into_inner().cursor;
        let at = {
            let mut state = self.state();
            let at = match cursor.as_str() {
                "" => Cursor {
                    epoch: state.epoch,
                    change: state.changes.len(),
                    snapshot: Some(String::new()),
                },
                cursor => Cursor::decode(cursor),
            };
            let shown = if cursor.is_empty() { String::new() } else { at.to_string() };
            state.cursors.push(shown);
            at
        };
        if at.epoch != self.state().epoch {
            return Err(expired());
        }
        let (events, stream) = mpsc::channel(1);
        tokio::spawn(self.clone().send_all(at, events));
        Ok(Response::new(Box::pin(ReceiverStream::new(stream))))
    }
}

fn timestamp_now() -> pbjson_types::Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    pbjson_types::Timestamp { seconds: since.as_secs() as i64, nanos: since.subsec_nanos() as i32 }
}
