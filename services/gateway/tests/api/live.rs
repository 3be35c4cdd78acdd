//! Server-sent events.

use serde_json::json;

use crate::{
    harness::{World, soon, until},
    http_client::{Event, Events},
};

/// A reader that has been told how things are, on a gateway whose watch is up.
async fn reader(world: &World, path: &str) -> Events {
    until("the gateway's watch", async || world.fake.readers() == 1).await;
    world.http().events(path, &[]).await
}

/// Reads until `name` says that there are `stock_qty`; more than one reading may come before.
async fn until_stock(events: &mut Events, stock_qty: i32) -> serde_json::Value {
    loop {
        let event = events.expect("availability").await.json();
        if event["stockQty"] == stock_qty {
            return event;
        }
    }
}

#[tokio::test]
async fn stock_is_told_at_first_and_when_it_changes() {
    let world = World::start().await;
    world.fake.put("mug", 5);
    let mut events = reader(&world, "/v1/availability?productId=mug&productIds=none").await;
    let first = events.expect("availability").await;
    let level = first.json();
    assert_eq!((&level["productId"], &level["stockQty"]), (&json!("mug"), &json!(5)));
    assert_eq!(level["revision"], "1");
    assert_eq!(first.id, "1");
    assert_eq!(events.expect("missing").await.json(), json!({ "productId": "none" }));
    world.fake.put("other", 1);
    world.fake.put("mug", 4);
    assert_eq!(events.expect("availability").await.json()["stockQty"], 4);
    world.fake.put("none", 2);
    assert_eq!(events.expect("availability").await.json()["productId"], "none");
    world.fake.remove("mug");
    assert_eq!(events.expect("missing").await.json()["productId"], "mug");
}

#[tokio::test]
async fn variants_are_told_to_those_who_ask() {
    let world = World::start().await;
    world.fake.put_variants("mug", &[("red", 1), ("blue", 4)]);
    let mut events = reader(&world, "/v1/availability?productId=mug&variants=true").await;
    until_stock(&mut events, 5).await;
    let variants = events.expect("variants").await.json();
    assert_eq!(variants["productId"], "mug");
    assert_eq!(
        variants["variants"],
        json!([{ "sku": "red", "stockQty": 1 }, { "sku": "blue", "stockQty": 4 }])
    );
    world.fake.put_variants("mug", &[("red", 0), ("blue", 4)]);
    loop {
        let event = events.next().await.expect("the stream goes on");
        if event.name == "variants" && event.json()["variants"][0]["stockQty"] == 0 {
            break;
        }
    }
    let answer = world.http().get("/v1/availability?productId=mug&variants=yes").await;
    answer.problem(400, "INVALID_ARGUMENT");
}

#[tokio::test]
async fn readers_share_one_watch_of_the_catalogue() {
    let world = World::start().await;
    world.fake.put("mug", 5);
    let mut readers = Vec::new();
    for _ in 0..5 {
        let mut events = reader(&world, "/v1/availability?productId=mug").await;
        until_stock(&mut events, 5).await;
        readers.push(events);
    }
    assert_eq!(world.fake.asked("WatchChangesRequest").len(), 1);
    assert_eq!(world.fake.readers(), 1);
}

#[tokio::test]
async fn an_outage_is_told_once_and_followed_by_how_things_are() {
    let mut world = World::start().await;
    world.fake.put("mug", 5);
    let mut events = reader(&world, "/v1/availability?productId=mug").await;
    until_stock(&mut events, 5).await;
    world.behind.kill();
    assert_eq!(events.expect("stale").await.data, "{}");
    world.fake.put_silently("mug", 3);
    world.behind.restart(&world.fake);
    until_stock(&mut events, 3).await;
    until("the watch", async || world.fake.readers() >= 1).await;
    world.fake.put("mug", 2);
    until_stock(&mut events, 2).await;
}

#[tokio::test]
async fn what_did_not_change_in_an_outage_is_confirmed() {
    let mut world = World::start().await;
    world.fake.put("mug", 5);
    let mut events = reader(&world, "/v1/availability?productId=mug").await;
    until_stock(&mut events, 5).await;
    world.behind.kill();
    events.expect("stale").await;
    world.behind.restart(&world.fake);
    until_stock(&mut events, 5).await;
}

#[tokio::test]
async fn a_cursor_that_has_expired_costs_a_reading_and_no_change() {
    let mut world = World::start().await;
    world.fake.put("mug", 5);
    let mut events = reader(&world, "/v1/availability?productId=mug").await;
    until_stock(&mut events, 5).await;
    world.behind.kill();
    events.expect("stale").await;
    world.fake.expire_cursors();
    world.fake.put_silently("mug", 1);
    world.behind.restart(&world.fake);
    until_stock(&mut events, 1).await;
}

#[tokio::test]
async fn a_reader_that_comes_during_an_outage_is_served_after_it() {
    let mut world = World::start().await;
    world.fake.put("mug", 5);
    world.behind.kill();
    let mut events = world.http().events("/v1/availability?productId=mug", &[]).await;
    events.expect("stale").await;
    world.behind.restart(&world.fake);
    until_stock(&mut events, 5).await;
}

#[tokio::test]
async fn a_reader_that_falls_behind_ends_at_the_newest_stock() {
    let world = World::start().await;
    world.fake.put("mug", 0);
    let mut events = reader(&world, "/v1/availability?productId=mug").await;
    for stock in 1..=5_000 {
        world.fake.put("mug", stock);
    }
    until_stock(&mut events, 5_000).await;
}

#[tokio::test]
async fn streams_are_counted() {
    let world = World::start_with(&["--max-event-streams", "1"]).await;
    world.fake.put("mug", 5);
    let path = "/v1/availability?productId=mug";
    let mut events = world.http().events(path, &[]).await;
    until_stock(&mut events, 5).await;
    let answer = world.http().get(path).await;
    answer.problem(503, "TOO_MANY_STREAMS");
    drop(events);
    let http = world.http();
    until("room", async || http.status(path).await == 200).await;
}

#[tokio::test]
async fn streams_end_when_the_gateway_stops() {
    let world = World::start().await;
    world.fake.put("mug", 5);
    let mut stock = world.http().events("/v1/availability?productId=mug", &[]).await;
    let mut changes = world.http().events("/v1/changes", &[]).await;
    until_stock(&mut stock, 5).await;
    world.gateway.stop();
    let stock = soon("the end", last(&mut stock)).await;
    let changes = soon("the end", last(&mut changes)).await;
    for end in [&stock, &changes] {
        assert_eq!((&*end.name, &end.json()["reason"]), ("problem", &json!("SHUTTING_DOWN")));
    }
    assert!(!changes.id.is_empty(), "it says where to go on");
}

/// The last event there is.
async fn last(events: &mut Events) -> Event {
    let mut last = None;
    while let Some(event) = events.next().await {
        last = Some(event);
    }
    last.expect("an event")
}

#[tokio::test]
async fn the_change_feed_begins_with_a_snapshot_and_resumes_by_id() {
    let world = World::start().await;
    world.fake.put("mug", 5);
    let mut events = world.http().events("/v1/changes", &[]).await;
    assert_eq!(events.expect("snapshot").await.json()["id"], "mug");
    let complete = events.expect("snapshot-complete").await;
    world.fake.put("mug", 4);
    let change = events.expect("change").await;
    assert_eq!(change.json()["op"], "OP_STOCK");
    world.fake.put("mug", 3);

    let resumed = [("last-event-id", change.id.as_str())];
    let mut events = world.http().events("/v1/changes", &resumed).await;
    assert_eq!(events.expect("change").await.json()["product"]["stockQty"], 3);
    let path = format!("/v1/changes?cursor={}", complete.id.replace(':', "%3A"));
    let mut events = world.http().events(&path, &[]).await;
    assert_eq!(events.expect("change").await.json()["product"]["stockQty"], 4);

    world.fake.expire_cursors();
    let answer = world.http().send("GET", "/v1/changes", &resumed, "").await;
    answer.problem(409, "CURSOR_EXPIRED");
}

#[tokio::test]
async fn a_change_feed_that_is_cut_says_why() {
    let mut world = World::start().await;
    let mut events = world.http().events("/v1/changes", &[]).await;
    events.expect("snapshot-complete").await;
    world.behind.kill();
    let problem = events.expect("problem").await.json();
    assert_eq!(problem["status"], 503);
    assert!(events.next().await.is_none());
}
