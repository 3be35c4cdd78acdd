//! Products on their way to the host of a feed.
//!
//! **Invariant:** the cursor in the state file is never ahead of what the host has acknowledged. A push that was killed
//! repeats its last products, which replace themselves.

mod repeat;
mod sales;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, SystemTime},
};

use anyhow::Result;
use bytes::Bytes;
use export::{FeedProduct, Shop, is_for_sale};
use proto::catalogue::v1::{Change, Product, WatchChangesResponse, watch_changes_response::Event};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use tokio::time::Instant;

use self::sales::SaleBoundaries;
use super::{
    host::Host,
    state::{State, StateFile},
};

/// How long products are gathered into one request.
const LINGER: Duration = Duration::from_millis(200);
/// The products of a request, and their JSON in bytes: whichever is reached first.
const BATCH: (usize, usize) = (100, 1 << 20);
/// The longest wait for the beginning or end of a sale.
const MAX_WAIT: Duration = Duration::from_secs(60);

#[derive(Serialize)]
struct UpsertRequest<'a> {
    products: Vec<&'a RawValue>,
}

/// The products on their way to the host.
pub(super) struct Pusher {
    host: Host,
    file: StateFile,
    state: State,
    shop: Shop,
    /// The JSON of products by id: of several changes of a product the last counts.
    batch: BTreeMap<String, Box<RawValue>>,
    batch_bytes: usize,
    /// While a snapshot is pushed: what the host had before and the snapshot has not had yet.
    stale: Option<BTreeSet<String>>,
    /// When prices change by themselves.
    sales: SaleBoundaries,
    /// Before this, products whose sale has begun or ended are not read again.
    retry_at: Option<Instant>,
    /// Products that the host has acknowledged.
    pub(super) pushed: u64,
}

impl Pusher {
    pub(super) fn new(host: Host, file: StateFile, state: State, shop: Shop) -> Self {
        Self {
            host,
            file,
            state,
            shop,
            batch: BTreeMap::new(),
            batch_bytes: 0,
            stale: None,
            sales: SaleBoundaries::default(),
            retry_at: None,
            pushed: 0,
        }
    }

    /// Whether the host has all products, up to a change.
    pub(super) fn has_cursor(&self) -> bool {
        !self.state.cursor.is_empty()
    }

    /// How long to wait for the next event: until the batch is sent, or a sale begins or ends. `None` for as long as it
    /// takes.
    pub(super) fn patience(&self) -> Option<Duration> {
        if !self.batch.is_empty() {
            return Some(LINGER);
        }
        let next = self.sales.next_in(SystemTime::now())?;
        let retry = self.retry_at.map(|at| at.saturating_duration_since(Instant::now()));
        // The clock may be set.
        Some(next.max(retry.unwrap_or_default()).min(MAX_WAIT))
    }

    /// All products follow. A push that is killed before the last begins again.
    ///
    /// # Errors
    /// The state cannot be written, or the host does not say what it has.
    pub(super) async fn begin_snapshot(&mut self) -> Result<()> {
        self.batch.clear();
        self.batch_bytes = 0;
        self.sales.clear();
        self.state.cursor.clear();
        self.file.save(&self.state)?;
        self.stale = Some(self.host.product_ids().await?);
        Ok(())
    }

    /// Takes an event of the change feed.
    ///
    /// # Errors
    /// The host refuses a product, or the state cannot be written.
    pub(super) async fn take(&mut self, event: WatchChangesResponse) -> Result<()> {
        let is_complete = matches!(event.event, Some(Event::SnapshotComplete(_)));
        match event.event {
            Some(Event::SnapshotItem(product)) => self.add(&product.id, Some(&product))?,
            Some(Event::SnapshotComplete(_)) => self.take_out_stale().await?,
            Some(Event::Change(Change { product_id, product, .. })) if !product_id.is_empty() => {
                self.add(&product_id, product.as_ref())?;
            }
            Some(Event::Change(_) | Event::Heartbeat(_)) | None => {}
        }
        if !event.cursor.is_empty() {
            self.state.cursor = event.cursor;
        }
        if is_complete || self.is_full() { self.flush().await } else { Ok(()) }
    }

    /// Pushes what the host had before, and the snapshot has not, as gone. Until the host has acknowledged all of it, no
    /// cursor is kept: a push that is killed here begins again.
    async fn take_out_stale(&mut self) -> Result<()> {
        while let Some(id) = self.stale.as_ref().and_then(|stale| stale.first().cloned()) {
            self.add(&id, None)?;
            if self.is_full() {
                self.flush().await?;
            }
        }
        self.flush().await?;
        self.stale = None;
        Ok(())
    }

    /// Adds a product as it is, or one that is gone.
    fn add(&mut self, id: &str, product: Option<&Product>) -> Result<()> {
        if let Some(stale) = &mut self.stale {
            stale.remove(id);
        }
        match product.filter(|product| is_for_sale(product)) {
            // Before its prices are computed, so that no boundary falls in between.
            Some(product) => self.sales.follow(product, SystemTime::now()),
            None => self.sales.forget(id),
        }
        let product = match product {
            Some(product) => FeedProduct::of(product, &self.shop),
            None => FeedProduct::gone(id.to_owned()),
        };
        let json = to_raw_value(&product)?;
        self.batch_bytes += json.get().len();
        if let Some(earlier) = self.batch.insert(product.id, json) {
            self.batch_bytes -= earlier.get().len();
        }
        Ok(())
    }

    fn is_full(&self) -> bool {
        let (products, bytes) = BATCH;
        self.batch.len() >= products || self.batch_bytes >= bytes
    }

    /// Pushes the batch, and then keeps the cursor, unless a snapshot is under way.
    ///
    /// # Errors
    /// The host refuses it, or the state cannot be written.
    pub(super) async fn flush(&mut self) -> Result<()> {
        if !self.batch.is_empty() {
            let products = self.batch.values().map(|json| &**json).collect();
            let request = serde_json::to_vec(&UpsertRequest { products })?;
            self.host.upsert(Bytes::from(request)).await?;
            self.pushed += self.batch.len() as u64;
            self.batch.clear();
            self.batch_bytes = 0;
        }
        match self.stale {
            None => self.file.save(&self.state),
            Some(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        fs, io,
        path::Path,
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
    };

    use proto::{
        catalogue::v1::{BatchGetProductsResponse, SalePeriod, SnapshotComplete, product::Status},
        time::timestamp,
    };
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::{TcpListener, TcpStream},
        sync::mpsc,
    };
    use url::Url;

    use super::*;

    /// A host that takes so many requests, and is then silent; and a message for each request.
    async fn host(takes: usize) -> (Host, mpsc::UnboundedReceiver<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url: Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        let (sender, requests) = mpsc::unbounded_channel();
        let taken = Arc::new(AtomicUsize::new(0));
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serve(socket, sender.clone(), Arc::clone(&taken), takes));
            }
        });
        (Host::new(&url, "feed", None).unwrap(), requests)
    }

    async fn serve(
        mut socket: TcpStream,
        requests: mpsc::UnboundedSender<()>,
        taken: Arc<AtomicUsize>,
        takes: usize,
    ) -> io::Result<()> {
        let mut received = Vec::new();
        while socket.read_buf(&mut received).await? > 0 {
            if !is_whole(&received) {
                continue;
            }
            received.clear();
            requests.send(()).ok();
            if taken.fetch_add(1, Ordering::Relaxed) < takes {
                socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await?;
            }
        }
        Ok(())
    }

    /// Whether the bytes are a request with its body.
    fn is_whole(received: &[u8]) -> bool {
        let text = String::from_utf8_lossy(received);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
        let lines = head.lines().filter_map(|line| line.split_once(": "));
        let mut lengths = lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        lengths.next().is_none_or(|(_, length)| body.len() >= length.parse().unwrap())
    }

    fn pusher(host: Host, folder: &Path) -> Pusher {
        let file = StateFile::lock(folder.join("feed.state")).unwrap();
        Pusher::new(host, file, State::default(), Shop::default())
    }

    fn complete(cursor: &str) -> WatchChangesResponse {
        let event = Some(Event::SnapshotComplete(SnapshotComplete::default()));
        WatchChangesResponse { cursor: cursor.to_owned(), event }
    }

    fn kept(folder: &Path) -> String {
        let json = fs::read(folder.join("feed.state")).unwrap_or_default();
        let state: State = serde_json::from_slice(&json).unwrap_or_default();
        state.cursor
    }

    #[tokio::test]
    async fn no_cursor_is_kept_before_all_that_is_stale_is_taken_out() {
        let stale: BTreeSet<_> = (0..250).map(|number| format!("old-{number}")).collect();
        let folder = tempfile::tempdir().unwrap();
        let (silent, mut requests) = host(2).await;
        let mut killed = pusher(silent, folder.path());
        killed.stale = Some(stale.clone());
        // That of the last item of the snapshot.
        "item".clone_into(&mut killed.state.cursor);
        let third = async {
            for _ in 0..3 {
                requests.recv().await.unwrap();
            }
        };
        tokio::select! {
            _ = killed.take(complete("done")) => panic!("the host has not taken all"),
            () = third => {}
        }
        assert_eq!(kept(folder.path()), "");

        let folder = tempfile::tempdir().unwrap();
        let (whole, _requests) = host(usize::MAX).await;
        let mut pusher = pusher(whole, folder.path());
        pusher.stale = Some(stale);
        pusher.take(complete("done")).await.unwrap();
        assert_eq!((kept(folder.path()).as_str(), pusher.pushed), ("done", 250));
    }

    #[tokio::test]
    async fn a_product_is_awaited_while_a_sale_of_it_is_to_begin_or_end() {
        let folder = tempfile::tempdir().unwrap();
        let (host, _requests) = host(usize::MAX).await;
        let mut pusher = pusher(host, folder.path());
        assert_eq!(pusher.patience(), None);
        let end_time = Some(timestamp(SystemTime::now() + Duration::from_secs(30)));
        let mut mug = Product {
            id: "mug".to_owned(),
            status: Status::Active.into(),
            sale_period: Some(SalePeriod { start_time: None, end_time }),
            ..Product::default()
        };
        pusher.add("mug", Some(&mug)).unwrap();
        assert_eq!(pusher.patience(), Some(LINGER));
        pusher.flush().await.unwrap();
        assert!(pusher.patience().is_some_and(|wait| wait <= Duration::from_secs(30)));
        // Read again from a replica that lags, it is not pushed.
        let response = |product: &Product| BatchGetProductsResponse {
            products: vec![product.clone()],
            missing_ids: Vec::new(),
        };
        mug.revision = -1;
        pusher.repeat(response(&mug)).await.unwrap();
        assert!(pusher.batch.is_empty() && pusher.retry_at.is_some());
        mug.revision = 1;
        pusher.repeat(response(&mug)).await.unwrap();
        assert_eq!(pusher.batch.len(), 1);
        // Archived, it is awaited no more.
        mug.set_status(Status::Archived);
        pusher.add("mug", Some(&mug)).unwrap();
        pusher.flush().await.unwrap();
        assert_eq!(pusher.patience(), None);
    }
}
