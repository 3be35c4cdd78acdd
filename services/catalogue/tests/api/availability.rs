//! `WatchAvailability`: the stock of some products, as it changes.

use std::collections::BTreeMap;

use futures::future::join_all;
use proto::catalogue::v1::{
    WatchAvailabilityRequest, WatchAvailabilityResponse, stock_service_client::StockServiceClient,
};
use tonic::{Code, Status, Streaming, transport::Channel};

use crate::{
    feed::{adjust, delete, rename},
    support::{Catalogue, assert_invalid, assert_refused, product, soon},
};

struct Watch(Streaming<WatchAvailabilityResponse>);

impl Watch {
    async fn begin(channel: Channel, ids: &[&str]) -> Result<Self, Status> {
        let product_ids = ids.iter().map(|id| (*id).to_owned()).collect();
        let request = WatchAvailabilityRequest { product_ids };
        let stream = StockServiceClient::new(channel).watch_availability(request).await?;
        Ok(Self(stream.into_inner()))
    }

    async fn next(&mut self) -> WatchAvailabilityResponse {
        soon(self.0.message()).await.unwrap().unwrap()
    }

    /// The next response with changes.
    async fn next_change(&mut self) -> WatchAvailabilityResponse {
        loop {
            let answer = self.next().await;
            if !answer.levels.is_empty() || !answer.gone_ids.is_empty() {
                return answer;
            }
        }
    }
}

fn levels(answer: &WatchAvailabilityResponse) -> BTreeMap<&str, i32> {
    answer.levels.iter().map(|level| (level.product_id.as_str(), level.stock_qty)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_sends_all_stock_first_and_then_changes() {
    let catalogue = Catalogue::start().await;
    catalogue.fill(3).await;
    adjust(&catalogue, "p-0001", 5).await;
    let ids = ["p-0000", "p-0001", "later"];
    let mut watch = Watch::begin(catalogue.channel.clone(), &ids).await.unwrap();
    let first = watch.next().await;
    assert!(first.resync);
    assert_eq!(levels(&first), [("p-0000", 0), ("p-0001", 5)].into());
    assert_eq!(first.gone_ids, ["later"]);

    // Other products, and other fields, cause no response.
    adjust(&catalogue, "p-0002", 1).await;
    rename(&catalogue, "p-0000", "Another name").await;
    let sold = adjust(&catalogue, "p-0001", -2).await;
    let answer = watch.next_change().await;
    assert!(!answer.resync && answer.gone_ids.is_empty());
    assert_eq!(levels(&answer), [("p-0001", 3)].into());
    assert_eq!(answer.levels[0].revision, sold.revision);

    catalogue.create(product("later")).await;
    assert_eq!(levels(&watch.next_change().await), [("later", 0)].into());
    delete(&catalogue, "p-0000").await;
    assert_eq!(watch.next_change().await.gone_ids, ["p-0000"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_client_gets_the_latest_state_only() {
    const SALES: i32 = 800;
    let catalogue = Catalogue::start().await;
    catalogue.create(product("mug")).await;
    adjust(&catalogue, "mug", SALES).await;
    let mut watch = Watch::begin(catalogue.channel.clone(), &["mug"]).await.unwrap();
    watch.next().await;
    let began = std::time::Instant::now();
    let writers = (0..4).map(|_| async {
        for _ in 0..SALES / 4 {
            adjust(&catalogue, "mug", -1).await;
        }
    });
    join_all(writers).await;
    let (mut answers, mut last) = (0, SALES);
    while last > 0 {
        let now = watch.next_change().await.levels[0].stock_qty;
        assert!(now < last, "{now} after {last}");
        (answers, last) = (answers + 1, now);
    }
    // At most one response in 50 ms, regardless of the number of sales.
    let most = began.elapsed().as_millis() / 50 + 2;
    assert!(answers <= most, "{answers} answers, {most} at most");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_watches_end_with_the_same_state() {
    let catalogue = Catalogue::start().await;
    catalogue.fill(20).await;
    let ids: Vec<String> = (0..20).map(|number| format!("p-{number:04}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut watches = Vec::new();
    for index in 0..100 {
        let mine = &ids[index % 10..][..10];
        watches.push(Watch::begin(catalogue.channel.clone(), mine).await.unwrap());
    }
    for (index, id) in ids.iter().cycle().take(200).enumerate() {
        adjust(&catalogue, id, 1 + i32::try_from(index % 3).unwrap()).await;
    }
    let mut total = BTreeMap::<&str, i32>::new();
    for (index, id) in ids.iter().cycle().take(200).enumerate() {
        *total.entry(id).or_default() += 1 + i32::try_from(index % 3).unwrap();
    }
    let ends = watches.into_iter().enumerate().map(async |(index, mut watch)| {
        let mine = &ids[index % 10..][..10];
        let wanted: BTreeMap<&str, i32> = mine.iter().map(|id| (*id, total[id])).collect();
        let mut known = BTreeMap::<String, (i64, i32)>::new();
        loop {
            for level in watch.next().await.levels {
                let (revision, qty) = (level.revision, level.stock_qty);
                let before = known.insert(level.product_id, (revision, qty));
                assert!(before.is_none_or(|before| before.0 <= revision));
            }
            let now: BTreeMap<&str, i32> =
                known.iter().map(|(id, (_, qty))| (id.as_str(), *qty)).collect();
            if now == wanted {
                return;
            }
        }
    });
    soon(join_all(ends)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_without_changes_reports_its_watermark() {
    let catalogue = Catalogue::start().await;
    catalogue.fill(1).await;
    let mut watch = Watch::begin(catalogue.channel.clone(), &["p-0000"]).await.unwrap();
    watch.next().await;
    let answer = watch.next().await;
    assert!(answer.levels.is_empty() && answer.gone_ids.is_empty() && !answer.resync);
    assert!(answer.watermark.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_watches_are_refused_and_a_shutdown_ends_watches() {
    let catalogue = Catalogue::start().await;
    let begin = async |ids: &[&str]| Watch::begin(catalogue.channel.clone(), ids).await.map(|_| ());
    assert_invalid(begin(&[]).await, &["product_ids"]);
    assert_invalid(begin(&["a"; 201]).await, &["product_ids"]);
    assert_invalid(begin(&["a", "b c"]).await, &["product_ids[1]"]);
    let mut watch = Watch::begin(catalogue.channel.clone(), &["mug"]).await.unwrap();
    assert_eq!(watch.next().await.gone_ids, ["mug"]);
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
