//! The change feed: a snapshot, then every change, resumable after every event.

use std::collections::BTreeSet;

use proto::{
    catalogue::v1::{
        AdjustStockRequest, Change, DeleteProductRequest, Product, StockLevel,
        UpdateProductRequest, WatchChangesRequest, WatchChangesResponse, change::Op,
        watch_changes_request::Start, watch_changes_response::Event,
    },
    position::Position,
};
use tonic::{Code, Status, Streaming};

use crate::support::{Catalogue, as_read, assert_invalid, assert_refused, product, soon};

/// A running watch.
pub(crate) struct Watch(pub(crate) Streaming<WatchChangesResponse>);

impl Watch {
    pub(crate) async fn begin(catalogue: &Catalogue, start: Start) -> Self {
        let request = WatchChangesRequest { start: start.into(), ..Default::default() };
        Self::ask(catalogue, request).await.unwrap()
    }

    pub(crate) async fn resume(catalogue: &Catalogue, cursor: &str) -> Result<Self, Status> {
        let request = WatchChangesRequest { cursor: cursor.to_owned(), ..Default::default() };
        Self::ask(catalogue, request).await
    }

    /// Resumes after `cursor` with the same scope.
    pub(crate) async fn resume_as(
        catalogue: &Catalogue,
        request: WatchChangesRequest,
        cursor: &str,
    ) -> Self {
        let request = WatchChangesRequest { cursor: cursor.to_owned(), ..request };
        Self::ask(catalogue, request).await.unwrap()
    }

    pub(crate) async fn ask(
        catalogue: &Catalogue,
        request: WatchChangesRequest,
    ) -> Result<Self, Status> {
        if request.cursor.is_empty() {
            catalogue.settled().await;
        }
        Ok(Self(catalogue.feed().watch_changes(request).await?.into_inner()))
    }

    /// The next event and its cursor.
    pub(crate) async fn next(&mut self) -> (Event, String) {
        let response = soon(self.0.message()).await.unwrap().unwrap();
        (response.event.unwrap(), response.cursor)
    }

    /// All events until the first heartbeat.
    pub(crate) async fn caught_up(&mut self) -> Vec<(Event, String)> {
        let mut events = Vec::new();
        loop {
            let (event, cursor) = self.next().await;
            let end = matches!(event, Event::Heartbeat(_));
            events.push((event, cursor));
            if end {
                return events;
            }
        }
    }

    /// The next change, skipping other events.
    pub(crate) async fn change(&mut self) -> Change {
        loop {
            if let (Event::Change(change), _) = self.next().await {
                return change;
            }
        }
    }
}

/// A short description of an event.
pub(crate) fn label(event: &Event) -> String {
    match event {
        Event::SnapshotItem(product) => format!("item {}", product.id),
        Event::SnapshotComplete(_) => "complete".to_owned(),
        Event::Change(change) => format!("{} {}", change.op().as_str_name(), change.product_id),
        Event::Heartbeat(_) => "heartbeat".to_owned(),
    }
}

pub(crate) fn labels(events: &[(Event, String)]) -> Vec<String> {
    events.iter().map(|(event, _)| label(event)).collect()
}

pub(crate) async fn delete(catalogue: &Catalogue, id: &str) {
    let request =
        DeleteProductRequest { product_id: id.to_owned(), purge: true, ..Default::default() };
    catalogue.products().delete_product(request).await.unwrap();
}

pub(crate) async fn rename(catalogue: &Catalogue, id: &str, name: &str) -> Product {
    let product = Some(Product { name: name.to_owned(), ..product(id) });
    let paths = vec!["name".to_owned()];
    let update_mask = Some(pbjson_types::FieldMask { paths });
    let request = UpdateProductRequest { product, update_mask, ..Default::default() };
    as_read(catalogue.products().update_product(request).await.unwrap().into_inner())
}

pub(crate) async fn adjust(catalogue: &Catalogue, id: &str, delta: i32) -> StockLevel {
    let request = AdjustStockRequest { product_id: id.to_owned(), delta, ..Default::default() };
    catalogue.stock().adjust_stock(request).await.unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_follow_the_snapshot_as_they_happen() {
    let catalogue = Catalogue::start().await;
    catalogue.fill(2).await;
    let mut watch = Watch::begin(&catalogue, Start::Unspecified).await;
    let events = watch.caught_up().await;
    assert_eq!(labels(&events), ["item p-0000", "item p-0001", "complete", "heartbeat"]);

    let created = catalogue.create(product("new")).await;
    let change = watch.change().await;
    assert_eq!((change.op(), change.product), (Op::Created, Some(created)));
    assert!(change.changed_fields.is_empty() && change.change_time.is_some());

    let renamed = rename(&catalogue, "new", "Newer").await;
    let change = watch.change().await;
    assert_eq!((change.op(), change.product), (Op::Updated, Some(renamed)));
    assert_eq!(change.changed_fields, ["name"]);

    adjust(&catalogue, "new", 3).await;
    let change = watch.change().await;
    assert_eq!((change.op(), change.product.unwrap().stock_qty), (Op::Stock, 3));
    assert_eq!(change.changed_fields, ["stock_qty"]);

    delete(&catalogue, "new").await;
    let change = watch.change().await;
    assert_eq!(
        (change.op(), change.product, change.product_id.as_str()),
        (Op::Deleted, None, "new")
    );

    // Writes without effect, and failed ones, are not changes.
    rename(&catalogue, "p-0000", "Name of p-0000").await;
    catalogue.try_create(product("p-0000")).await.unwrap_err();
    adjust(&catalogue, "p-0001", 1).await;
    assert_eq!(watch.change().await.product_id, "p-0001");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_can_start_with_the_next_change() {
    let catalogue = Catalogue::start().await;
    catalogue.fill(2).await;
    let mut watch = Watch::begin(&catalogue, Start::Now).await;
    assert_eq!(labels(&watch.caught_up().await), ["heartbeat"]);
    catalogue.create(product("new")).await;
    assert_eq!(watch.change().await.product_id, "new");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_can_be_resumed_after() {
    let catalogue = Catalogue::start().await;
    catalogue.fill(3).await;
    // Started before these writes, which are therefore sent as changes.
    let mut first = Watch::begin(&catalogue, Start::Snapshot).await;
    let mut events = first.caught_up().await;
    rename(&catalogue, "p-0001", "Renamed").await;
    delete(&catalogue, "p-0002").await;
    catalogue.create(product("p-0002")).await;
    let heartbeat = events.pop().unwrap();
    for _ in 0..3 {
        let next = first.next().await;
        events.push(next);
    }
    let changes = ["OP_UPDATED p-0001", "OP_DELETED p-0002", "OP_CREATED p-0002"];
    assert_eq!(labels(&events[4..]), changes);

    let all = labels(&events);
    for (index, (_, cursor)) in events.iter().enumerate() {
        let mut watch = Watch::resume(&catalogue, cursor).await.unwrap();
        let mut rest = labels(&watch.caught_up().await);
        rest.pop();
        assert_eq!(rest, all[index + 1..], "after {}", all[index]);
    }
    let mut watch = Watch::resume(&catalogue, &heartbeat.1).await.unwrap();
    assert_eq!(labels(&watch.caught_up().await)[..3], changes);

    // A restart does not affect the feed.
    let catalogue = Catalogue::start_in(catalogue.stop().await).await;
    let mut watch = Watch::resume(&catalogue, &events[1].1).await.unwrap();
    let mut rest = labels(&watch.caught_up().await);
    rest.pop();
    assert_eq!(rest, all[2..]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_misses_nothing_during_concurrent_writes() {
    let catalogue = Catalogue::start().await;
    catalogue.fill(60).await;
    let tasks: Vec<_> = (0..4)
        .map(|task| {
            let mut products = catalogue.products();
            tokio::spawn(async move {
                for number in 0..25 {
                    let product = Some(product(&format!("new-{task}-{number}")));
                    let request = proto::catalogue::v1::CreateProductRequest {
                        product,
                        ..Default::default()
                    };
                    products.create_product(request).await.unwrap();
                }
            })
        })
        .collect();
    let (mut known, mut cursor) = (BTreeSet::new(), String::new());
    // A watch that is interrupted repeatedly resumes each time.
    while known.len() < 160 {
        let mut watch = Watch::resume(&catalogue, &cursor).await.unwrap();
        for _ in 0..17 {
            if known.len() == 160 {
                break;
            }
            let (event, at) = watch.next().await;
            cursor = at;
            let id = match event {
                Event::SnapshotItem(product) => product.id,
                Event::Change(change) => change.product_id,
                Event::SnapshotComplete(_) | Event::Heartbeat(_) => continue,
            };
            known.insert(id);
        }
    }
    for task in tasks {
        task.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unusable_cursors_are_refused() {
    let catalogue = Catalogue::start().await;
    catalogue.fill(1).await;
    let other = Catalogue::start().await;
    other.fill(1).await;
    let mut watch = Watch::begin(&other, Start::Now).await;
    let foreign = watch.next().await.1;
    let mut watch = Watch::begin(&catalogue, Start::Now).await;
    let cursor = watch.next().await.1;
    let (mut position, rest) = Position::decode(&cursor).unwrap();
    position.sequence += 1;
    let ahead = position.encode(&rest);
    for cursor in [foreign.as_str(), ahead.as_str(), "garbage", "💥", &"A".repeat(10_000)] {
        let refused = Watch::resume(&catalogue, cursor).await.map(|_| ());
        assert_refused(refused, Code::FailedPrecondition, "CURSOR_EXPIRED");
    }
    assert!(Watch::resume(&catalogue, &cursor).await.is_ok());
    let request = WatchChangesRequest { start: 9, ..Default::default() };
    assert_invalid(Watch::ask(&catalogue, request).await.map(|_| ()), &["start"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn watches_end_at_shutdown() {
    let catalogue = Catalogue::start().await;
    let mut watch = Watch::begin(&catalogue, Start::Now).await;
    watch.caught_up().await;
    catalogue.shut_down();
    let end = soon(async {
        loop {
            if let Err(status) = watch.0.message().await {
                return status;
            }
        }
    });
    assert_refused::<()>(Err(end.await), Code::Unavailable, "SHUTTING_DOWN");
    catalogue.stop().await;
}
