//! Watches that have caught up take the changes from one reader, and miss nothing.

use proto::catalogue::v1::{
    WatchChangesRequest, change::Op, watch_changes_request::Start, watch_changes_response::Event,
};

use crate::{
    feed::{Watch, adjust, delete, rename},
    support::{Catalogue, product, soon},
};

/// The request of a watch from now on, of these products.
fn of(product_ids: &[&str]) -> WatchChangesRequest {
    let product_ids = product_ids.iter().map(|id| (*id).to_owned()).collect();
    WatchChangesRequest { product_ids, start: Start::Now.into(), ..Default::default() }
}

/// The next `count` changes: product, kind of change, and stock.
async fn changes(watch: &mut Watch, count: usize) -> Vec<(String, Op, i32)> {
    let mut changes = Vec::new();
    while changes.len() < count {
        let change = watch.change().await;
        let stock = change.product.as_ref().map_or(0, |product| product.stock_qty);
        changes.push((change.product_id.clone(), change.op(), stock));
    }
    changes
}

#[tokio::test(flavor = "multi_thread")]
async fn all_watches_get_the_changes_in_their_scope() {
    let catalogue = Catalogue::start().await;
    catalogue.fill(3).await;
    let (mut all, mut some) = (Vec::new(), Vec::new());
    for _ in 0..10 {
        all.push(Watch::ask(&catalogue, of(&[])).await.unwrap());
        some.push(Watch::ask(&catalogue, of(&["p-0001", "new"])).await.unwrap());
    }
    for watch in all.iter_mut().chain(&mut some) {
        watch.caught_up().await;
    }
    adjust(&catalogue, "p-0000", 5).await;
    adjust(&catalogue, "p-0001", 7).await;
    catalogue.create(product("new")).await;
    rename(&catalogue, "p-0002", "Newer").await;
    delete(&catalogue, "new").await;
    let ids = |changes: Vec<(String, Op, i32)>| {
        changes.into_iter().map(|(id, op, _)| (id, op)).collect::<Vec<_>>()
    };
    for watch in &mut all {
        let expected = [
            ("p-0000", Op::Stock),
            ("p-0001", Op::Stock),
            ("new", Op::Created),
            ("p-0002", Op::Updated),
            ("new", Op::Deleted),
        ];
        let expected = expected.map(|(id, op)| (id.to_owned(), op));
        assert_eq!(ids(changes(watch, 5).await), expected);
    }
    for watch in &mut some {
        let expected = [("p-0001", Op::Stock), ("new", Op::Created), ("new", Op::Deleted)];
        let expected = expected.map(|(id, op)| (id.to_owned(), op));
        assert_eq!(ids(changes(watch, 3).await), expected);
        let (event, cursor) = watch.next().await;
        assert!(matches!(event, Event::Heartbeat(_)), "it goes on: {event:?}");
        let request = of(&["p-0001", "new"]);
        let mut resumed = Watch::resume_as(&catalogue, request, &cursor).await;
        assert_eq!(resumed.caught_up().await.len(), 1, "nothing follows");
    }
}

/// The first watch reads nothing until the changes that are kept have gone on without it.
#[tokio::test(flavor = "multi_thread")]
async fn a_slow_watch_reads_on_from_the_database() {
    const CHANGES: i32 = 2_500;
    let catalogue = Catalogue::start().await;
    catalogue.fill(1).await;
    let mut slow = Watch::ask(&catalogue, of(&[])).await.unwrap();
    let mut quick = Watch::ask(&catalogue, of(&[])).await.unwrap();
    slow.caught_up().await;
    quick.caught_up().await;
    let mut stock = catalogue.stock();
    let writing = async {
        for number in 1..=CHANGES {
            let request = proto::catalogue::v1::AdjustStockRequest {
                product_id: "p-0000".to_owned(),
                delta: 1,
                request_id: format!("change-{number}"),
                ..Default::default()
            };
            stock.adjust_stock(request).await.unwrap();
        }
    };
    let expected = |number: i32| format!("change-{number}");
    let reading = async {
        for number in 1..=CHANGES {
            assert_eq!(quick.change().await.request_id, expected(number));
        }
    };
    tokio::join!(writing, reading);
    for number in 1..=CHANGES {
        assert_eq!(slow.change().await.request_id, expected(number));
    }
    adjust(&catalogue, "p-0000", 1).await;
    assert_eq!(soon(slow.change()).await.product.unwrap().stock_qty, CHANGES + 1);
}
