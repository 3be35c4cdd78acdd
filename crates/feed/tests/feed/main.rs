//! The feed against a fake catalogue, on a paused clock.

mod fake;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use backoff::Backoff;
use fake::{Fake, cursor_expired, heartbeat, unavailable};
use feed::{Feed, FeedEvent, Interruption, SILENCE};
use futures::{
    StreamExt as _,
    stream::{iter, pending, unfold},
};
use proto::catalogue::v1::{WatchChangesRequest, watch_changes_request::Start};
use tokio::time::{Instant, sleep, timeout};

fn follow(fake: &Fake) -> Feed {
    let request = WatchChangesRequest {
        cursor: "start".to_owned(),
        start: Start::Now.into(),
        filter: "stock_qty = 0".to_owned(),
        ..Default::default()
    };
    Feed::new(fake.client(), request)
}

async fn connected(feed: &mut Feed) {
    let event = feed.next().await;
    assert!(matches!(event, FeedEvent::Connected), "{event:?}");
}

async fn received(feed: &mut Feed, cursor: &str) {
    match feed.next().await {
        FeedEvent::Received(response) => assert_eq!(response.cursor, cursor),
        other => panic!("{other:?}"),
    }
}

async fn interrupted(feed: &mut Feed) -> Interruption {
    match feed.next().await {
        FeedEvent::Interrupted(interruption) => interruption,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_is_cut_resumes_after_its_last_event() {
    let fake = Fake::default()
        .stream(iter([heartbeat("a"), heartbeat("b"), heartbeat(""), Err(unavailable())]))
        .stream(iter([heartbeat("c")]));
    let mut feed = follow(&fake);
    connected(&mut feed).await;
    received(&mut feed, "a").await;
    received(&mut feed, "b").await;
    received(&mut feed, "").await;
    assert!(matches!(interrupted(&mut feed).await, Interruption::Failed(_)));
    connected(&mut feed).await;
    received(&mut feed, "c").await;
    assert!(matches!(interrupted(&mut feed).await, Interruption::Ended));
    connected(&mut feed).await;
    assert_eq!(fake.cursors(), ["start", "b", "c"]);
    let last = fake.requests().pop().unwrap();
    assert_eq!((last.start(), last.filter.as_str()), (Start::Now, "stock_qty = 0"));
}

#[tokio::test(start_paused = true)]
async fn silence_is_an_interruption() {
    let beats = unfold(0, |beats| async move {
        sleep(SILENCE - Duration::from_secs(1)).await;
        (beats < 3).then(|| (heartbeat("a"), beats + 1))
    });
    let fake = Fake::default().stream(beats.chain(pending())).hang();
    let mut feed = follow(&fake);
    connected(&mut feed).await;
    for _ in 0..3 {
        received(&mut feed, "a").await;
    }
    let since = Instant::now();
    assert!(matches!(interrupted(&mut feed).await, Interruption::Silent));
    assert_eq!(since.elapsed(), SILENCE);
    let since = Instant::now();
    assert!(matches!(interrupted(&mut feed).await, Interruption::Silent), "no response");
    assert!(since.elapsed() >= SILENCE);
    connected(&mut feed).await;
    assert_eq!(fake.cursors(), ["start", "a", "a"]);
}

#[tokio::test(start_paused = true)]
async fn time_without_a_reader_is_not_silence() {
    let fake = Fake::default().stream(iter([heartbeat("a")]).chain(pending()));
    let mut feed = follow(&fake);
    connected(&mut feed).await;
    received(&mut feed, "a").await;
    sleep(10 * SILENCE).await;
    assert!(timeout(SILENCE - Duration::from_secs(1), feed.next()).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn an_expired_cursor_is_kept_until_the_reader_starts_over() {
    let fake = Fake::default().refuse(cursor_expired()).refuse(cursor_expired());
    let mut feed = follow(&fake);
    assert!(interrupted(&mut feed).await.is_cursor_expired());
    assert!(interrupted(&mut feed).await.is_cursor_expired());
    feed.start_over();
    let since = Instant::now();
    connected(&mut feed).await;
    assert!(since.elapsed() <= Duration::from_millis(101), "{:?}", since.elapsed());
    assert_eq!(fake.cursors(), ["start", "start", ""]);
    assert!(!Interruption::from(unavailable()).is_cursor_expired());
}

#[tokio::test(start_paused = true)]
async fn delays_grow_until_an_event_is_received() {
    let fake = (0..4).fold(Fake::default(), |fake, _| fake.refuse(unavailable()));
    // Opening a stream that ends at once is no success.
    let fake = fake.stream(iter([])).stream(iter([heartbeat("a")]));
    let second = Duration::from_secs(1);
    let backoff = Backoff::new(second, 10 * second).with_jitter(0.0);
    let mut feed = follow(&fake).with_backoff(backoff);
    let mut since = Instant::now();
    let mut waited = || std::mem::replace(&mut since, Instant::now()).elapsed().as_secs();
    for expected in [0, 1, 2, 4] {
        interrupted(&mut feed).await;
        assert_eq!(waited(), expected);
    }
    for expected in [8, 10] {
        connected(&mut feed).await;
        assert_eq!(waited(), expected);
        if expected == 10 {
            received(&mut feed, "a").await;
        }
        interrupted(&mut feed).await;
    }
    connected(&mut feed).await;
    assert_eq!(waited(), 1);
}

#[tokio::test(start_paused = true)]
async fn cancelled_reads_lose_nothing() {
    let slow = unfold(0, |sent| async move {
        sleep(Duration::from_secs(5)).await;
        Some((heartbeat(&sent.to_string()), sent + 1))
    });
    let fake = Fake::default().refuse(unavailable()).stream(slow);
    let mut feed = follow(&fake);
    interrupted(&mut feed).await;
    let mut events = Vec::new();
    while events.len() < 3 {
        if let Ok(event) = timeout(Duration::from_millis(10), feed.next()).await {
            events.push(event);
        }
    }
    assert!(matches!(events[0], FeedEvent::Connected));
    let cursors = events[1..].iter().map(|event| match event {
        FeedEvent::Received(response) => response.cursor.as_str(),
        other => panic!("{other:?}"),
    });
    assert_eq!(cursors.collect::<Vec<_>>(), ["0", "1"]);
    assert_eq!(fake.cursors().len(), 2, "each attempt was awaited");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_read_without_a_reader_and_dropping_closes_the_stream() {
    let polled = Arc::new(AtomicUsize::new(0));
    let items = unfold(Arc::clone(&polled), |polled| async move {
        let count = polled.fetch_add(1, Ordering::Relaxed);
        // As large as a frame, so that they are not gathered into one.
        Some((heartbeat(&count.to_string().repeat(64 << 10)), polled))
    });
    let fake = Fake::default().stream(items);
    let mut feed = follow(&fake);
    connected(&mut feed).await;
    feed.next().await;
    let before = polled.load(Ordering::Relaxed);
    sleep(10 * SILENCE).await;
    assert_eq!(polled.load(Ordering::Relaxed), before);
    feed.next().await;
    assert!(polled.load(Ordering::Relaxed) > before);
    drop(feed);
    assert_eq!(Arc::strong_count(&polled), 1, "the stream is gone");
}
