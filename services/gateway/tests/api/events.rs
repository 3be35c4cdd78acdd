//! Server-sent events.

use serde_json::json;

use crate::{
    harness::{Environment, eventually, within_timeout},
    http_client::{Event, Events},
};

/// Opens a stream, once the gateway watches the change feed.
async fn open_stream(env: &Environment, path: &str) -> Events {
    eventually("the gateway's watch", async || env.fake.open_watches() == 1).await;
    env.http().events(path, &[]).await
}

/// Reads up to the event with this stock; events with other stock may precede it.
async fn read_until_stock(events: &mut Events, stock_qty: i32) -> serde_json::Value {
    loop {
        let event = events.expect("availability").await.json();
        if event["stockQty"] == stock_qty {
            return event;
        }
    }
}

#[tokio::test]
async fn stock_is_sent_at_first_and_after_changes() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let mut events = open_stream(&env, "/v1/availability?productId=mug&productIds=none").await;
    let first = events.expect("availability").await;
    let level = first.json();
    assert_eq!((&level["productId"], &level["stockQty"]), (&json!("mug"), &json!(5)));
    assert_eq!(level["revision"], "1");
    assert_eq!(first.id, "1");
    assert_eq!(events.expect("missing").await.json(), json!({ "productId": "none" }));
    env.fake.put("other", 1);
    env.fake.put("mug", 4);
    assert_eq!(events.expect("availability").await.json()["stockQty"], 4);
    env.fake.put("none", 2);
    assert_eq!(events.expect("availability").await.json()["productId"], "none");
    env.fake.remove("mug");
    assert_eq!(events.expect("missing").await.json()["productId"], "mug");
}

#[tokio::test]
async fn variants_are_sent_on_request() {
    let env = Environment::start().await;
    env.fake.put_variants("mug", &[("red", 1), ("blue", 4)]);
    let mut events = open_stream(&env, "/v1/availability?productId=mug&variants=true").await;
    read_until_stock(&mut events, 5).await;
    let variants = events.expect("variants").await.json();
    assert_eq!(variants["productId"], "mug");
    assert_eq!(
        variants["variants"],
        json!([{ "sku": "red", "stockQty": 1 }, { "sku": "blue", "stockQty": 4 }])
    );
    env.fake.put_variants("mug", &[("red", 0), ("blue", 4)]);
    loop {
        let event = events.next().await.expect("the stream continues");
        if event.name == "variants" && event.json()["variants"][0]["stockQty"] == 0 {
            break;
        }
    }
    let response = env.http().get("/v1/availability?productId=mug&variants=yes").await;
    response.problem(400, "INVALID_ARGUMENT");
}

#[tokio::test]
async fn streams_share_one_watch_of_the_catalogue() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let mut streams = Vec::new();
    for _ in 0..5 {
        let mut events = open_stream(&env, "/v1/availability?productId=mug").await;
        read_until_stock(&mut events, 5).await;
        streams.push(events);
    }
    assert_eq!(env.fake.requests("WatchChangesRequest").len(), 1);
    assert_eq!(env.fake.open_watches(), 1);
}

#[tokio::test]
async fn outage_sends_stale_once_and_then_current_stock() {
    let mut env = Environment::start().await;
    env.fake.put("mug", 5);
    let mut events = open_stream(&env, "/v1/availability?productId=mug").await;
    read_until_stock(&mut events, 5).await;
    env.upstream.kill();
    assert_eq!(events.expect("stale").await.data, "{}");
    env.fake.put_silently("mug", 3);
    env.upstream.restart(&env.fake);
    read_until_stock(&mut events, 3).await;
    eventually("the watch", async || env.fake.open_watches() >= 1).await;
    env.fake.put("mug", 2);
    read_until_stock(&mut events, 2).await;
}

#[tokio::test]
async fn unchanged_stock_is_confirmed_after_an_outage() {
    let mut env = Environment::start().await;
    env.fake.put("mug", 5);
    let mut events = open_stream(&env, "/v1/availability?productId=mug").await;
    read_until_stock(&mut events, 5).await;
    env.upstream.kill();
    events.expect("stale").await;
    env.upstream.restart(&env.fake);
    read_until_stock(&mut events, 5).await;
}

#[tokio::test]
async fn expired_cursor_loses_no_change() {
    let mut env = Environment::start().await;
    env.fake.put("mug", 5);
    let mut events = open_stream(&env, "/v1/availability?productId=mug").await;
    read_until_stock(&mut events, 5).await;
    env.upstream.kill();
    events.expect("stale").await;
    env.fake.expire_cursors();
    env.fake.put_silently("mug", 1);
    env.upstream.restart(&env.fake);
    read_until_stock(&mut events, 1).await;
}

#[tokio::test]
async fn stream_opened_during_an_outage_continues_after_it() {
    let mut env = Environment::start().await;
    env.fake.put("mug", 5);
    env.upstream.kill();
    let mut events = env.http().events("/v1/availability?productId=mug", &[]).await;
    events.expect("stale").await;
    env.upstream.restart(&env.fake);
    read_until_stock(&mut events, 5).await;
}

#[tokio::test]
async fn lagging_stream_ends_with_the_newest_stock() {
    let env = Environment::start().await;
    env.fake.put("mug", 0);
    let mut events = open_stream(&env, "/v1/availability?productId=mug").await;
    for stock in 1..=5_000 {
        env.fake.put("mug", stock);
    }
    read_until_stock(&mut events, 5_000).await;
}

#[tokio::test]
async fn number_of_streams_is_limited() {
    let env = Environment::start_with(&["--max-event-streams", "1"]).await;
    env.fake.put("mug", 5);
    let path = "/v1/availability?productId=mug";
    let mut events = env.http().events(path, &[]).await;
    read_until_stock(&mut events, 5).await;
    let response = env.http().get(path).await;
    response.problem(503, "TOO_MANY_STREAMS");
    drop(events);
    let http = env.http();
    eventually("a free stream", async || http.status(path).await == 200).await;
}

#[tokio::test]
async fn streams_end_at_shutdown() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let mut stock = env.http().events("/v1/availability?productId=mug", &[]).await;
    let mut changes = env.http().events("/v1/changes", &[]).await;
    read_until_stock(&mut stock, 5).await;
    // Before that there is no cursor.
    changes.expect("snapshot").await;
    changes.expect("snapshot-complete").await;
    env.gateway.stop();
    let stock = within_timeout("the end", last(&mut stock)).await;
    let changes = within_timeout("the end", last(&mut changes)).await;
    for end in [&stock, &changes] {
        assert_eq!((&*end.name, &end.json()["reason"]), ("problem", &json!("SHUTTING_DOWN")));
    }
    assert!(!changes.id.is_empty(), "it has the cursor to resume from");
}

/// The last event of a stream.
async fn last(events: &mut Events) -> Event {
    let mut last = None;
    while let Some(event) = events.next().await {
        last = Some(event);
    }
    last.expect("an event")
}

#[tokio::test]
async fn change_feed_begins_with_a_snapshot_and_resumes_by_id() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let mut events = env.http().events("/v1/changes", &[]).await;
    assert_eq!(events.expect("snapshot").await.json()["id"], "mug");
    let complete = events.expect("snapshot-complete").await;
    env.fake.put("mug", 4);
    let change = events.expect("change").await;
    assert_eq!(change.json()["op"], "OP_STOCK");
    env.fake.put("mug", 3);

    let resumed = [("last-event-id", change.id.as_str())];
    let mut events = env.http().events("/v1/changes", &resumed).await;
    assert_eq!(events.expect("change").await.json()["product"]["stockQty"], 3);
    let path = format!("/v1/changes?cursor={}", complete.id.replace(':', "%3A"));
    let mut events = env.http().events(&path, &[]).await;
    assert_eq!(events.expect("change").await.json()["product"]["stockQty"], 4);
}

#[tokio::test]
async fn event_streams_count_in_the_share_of_their_peer() {
    let flags = ["--peer-share", "50", "--max-open-streams", "4"];
    let env = Environment::start_with(&flags).await;
    env.fake.put("mug", 5);
    let stock = open_stream(&env, "/v1/availability?productId=mug").await;
    let _changes = open_stream(&env, "/v1/changes?start=now").await;
    let third = env.http().get("/v1/changes").await;
    third.problem(429, "PEER_LIMIT");
    assert_ne!(third.header("retry-after"), "");
    drop(stock);
    eventually("a place for another stream", async || {
        env.http().status("/v1/availability?productId=mug").await == 200
    })
    .await;
}
