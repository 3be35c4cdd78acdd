//! `GET /v1/changes`: streams share one watch of the catalogue, and miss nothing silently.

use crate::{
    harness::{Environment, eventually},
    http_client::{Client, Events},
};

const NOW: &str = "/v1/changes?start=now";

/// An environment with a gateway that watches the change feed.
async fn watching() -> Environment {
    let env = Environment::start().await;
    eventually("the gateway's watch", async || env.fake.open_watches() == 1).await;
    // The first event of the watch has a cursor.
    eventually("the feed has begun", async || {
        let watches = env.fake.requests("WatchChangesRequest").len();
        drop(env.http().events(NOW, &[]).await);
        env.fake.requests("WatchChangesRequest").len() == watches
    })
    .await;
    eventually("only that", async || env.fake.open_watches() == 1).await;
    env
}

/// The stock of the next change.
async fn stock(events: &mut Events) -> i64 {
    events.expect("change").await.json()["product"]["stockQty"].as_i64().unwrap()
}

async fn resume(http: &Client, path: &str, id: &str) -> Events {
    http.events(path, &[("last-event-id", id)]).await
}

#[tokio::test]
async fn streams_share_one_watch_of_the_catalogue() {
    let env = watching().await;
    let before = env.fake.requests("WatchChangesRequest").len();
    let mut streams = Vec::new();
    for _ in 0..100 {
        streams.push(env.http().events(NOW, &[]).await);
        streams.push(env.http().events(&format!("{NOW}&productId=mug&productId=cup"), &[]).await);
    }
    env.fake.put("other", 7);
    env.fake.put("mug", 1);
    env.fake.put("cup", 2);
    for (number, events) in streams.iter_mut().enumerate() {
        if number % 2 == 0 {
            assert_eq!(stock(events).await, 7);
        }
        assert_eq!([stock(events).await, stock(events).await], [1, 2]);
    }
    assert_eq!(env.fake.open_watches(), 1);
    assert_eq!(env.fake.requests("WatchChangesRequest").len(), before);
}

#[tokio::test]
async fn a_stream_resumes_from_the_kept_changes() {
    let env = watching().await;
    let mut events = env.http().events(NOW, &[]).await;
    env.fake.put("mug", 1);
    let first = events.expect("change").await;
    drop(events);
    env.fake.put("cup", 9);
    env.fake.put("mug", 2);
    let before = env.fake.requests("WatchChangesRequest").len();
    let mut events = resume(&env.http(), NOW, &first.id).await;
    assert_eq!([stock(&mut events).await, stock(&mut events).await], [9, 2]);
    let mut events = resume(&env.http(), &format!("{NOW}&productId=mug"), &first.id).await;
    assert_eq!(stock(&mut events).await, 2);
    env.fake.put("cup", 10);
    env.fake.put("mug", 3);
    assert_eq!(stock(&mut events).await, 3);
    assert_eq!(env.fake.requests("WatchChangesRequest").len(), before);
}

#[tokio::test]
async fn an_older_cursor_is_read_from_the_catalogue_until_it_has_caught_up() {
    let env = Environment::start().await;
    for stock in 1..=20 {
        env.fake.put("mug", stock);
    }
    eventually("the gateway's watch", async || env.fake.open_watches() == 1).await;
    let begin = env.http().get("/v1/changes:watermark").await.json()["oldestCursor"].clone();
    let mut events = resume(&env.http(), "/v1/changes", begin.as_str().unwrap()).await;
    for expected in 1..=20 {
        assert_eq!(stock(&mut events).await, expected);
    }
    // The fake sends a heartbeat at the beginning only, so this stream is read on its own.
    env.fake.put("mug", 21);
    assert_eq!(stock(&mut events).await, 21);

    let mut events = env.http().events("/v1/changes", &[]).await;
    events.expect("snapshot").await;
    events.expect("snapshot-complete").await;
    env.fake.put("mug", 22);
    assert_eq!(stock(&mut events).await, 22);
}

#[tokio::test]
async fn a_stream_that_reads_too_slowly_misses_nothing_silently() {
    const LAST: i32 = 3_000;
    let env = watching().await;
    let mut events = env.http().events(NOW, &[]).await;
    // More than sockets and channels hold.
    let name = "x".repeat(20_000);
    for stock in 0..LAST {
        env.fake.put_named("mug", &name, stock);
    }
    // The same watch brings both: when this is there, so are those.
    let mut cup = env.http().events(&format!("{NOW}&productId=cup"), &[]).await;
    env.fake.put("cup", 1);
    assert_eq!(stock(&mut cup).await, 1);
    let (mut expected, mut resync) = (Some(0), None);
    loop {
        let event = events.next().await.expect("the stream goes on");
        if event.name == "resync" {
            assert_eq!(event.json()["reason"], "READ_TOO_SLOWLY");
            env.fake.put("mug", LAST);
            (expected, resync) = (None, Some(event));
            continue;
        }
        let change = event.json();
        if change["productId"] != "mug" {
            continue;
        }
        let stock = change["product"]["stockQty"].as_i64().unwrap();
        assert_eq!(stock, expected.unwrap_or(stock), "changes are missing without a resync");
        if stock == i64::from(LAST) {
            break;
        }
        expected = Some(stock + 1);
    }
    let mut resumed = resume(&env.http(), NOW, &resync.expect("it lags").id).await;
    while stock(&mut resumed).await != i64::from(LAST) {}
}

#[tokio::test]
async fn an_unusable_cursor_is_an_event_and_the_stream_goes_on() {
    let env = watching().await;
    for path in [NOW, "/v1/changes?productId=mug", "/v1/changes?filter=brand%3Da"] {
        let mut events = resume(&env.http(), path, "garbage").await;
        let resync = events.expect("resync").await;
        assert_eq!(resync.json()["reason"], "CURSOR_EXPIRED", "{path}");
        assert!(!resync.id.is_empty());
        env.fake.put("mug", 3);
        assert_eq!(stock(&mut events).await, 3);
        let mut events = resume(&env.http(), path, &resync.id).await;
        assert_eq!(stock(&mut events).await, 3);
    }
}

#[tokio::test]
async fn an_outage_is_reported_and_no_change_is_missed() {
    let mut env = watching().await;
    let mut events = env.http().events(NOW, &[]).await;
    env.fake.put("mug", 1);
    let first = events.expect("change").await;
    env.upstream.kill();
    events.expect("stale").await;
    env.fake.put("mug", 2);
    // Kept changes are served meanwhile, and an outage is no status that a browser gives up at.
    let mut resumed = resume(&env.http(), NOW, &first.id).await;
    resumed.expect("stale").await;
    let mut other = resume(&env.http(), "/v1/changes?filter=brand%3Da", &first.id).await;
    assert_eq!(other.expect("problem").await.json()["status"], 503);
    env.upstream.restart(&env.fake);
    assert_eq!((stock(&mut events).await, stock(&mut resumed).await), (2, 2));
}

#[tokio::test]
async fn a_watch_of_a_filter_ends_with_a_problem() {
    let mut env = watching().await;
    let mut events = env.http().events("/v1/changes?filter=brand%3Da", &[]).await;
    events.expect("snapshot-complete").await;
    env.upstream.kill();
    let problem = events.expect("problem").await;
    assert_eq!(problem.json()["status"], 503);
    assert!(!problem.id.is_empty() && events.next().await.is_none());
}
