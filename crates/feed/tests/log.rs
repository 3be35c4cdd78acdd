//! The log of an outage. Alone in its process: a callsite that another test reaches first, without a
//! subscriber, stays disabled.

#[path = "feed/fake.rs"]
#[expect(dead_code, reason = "the other tests use more of it")]
mod fake;

use std::{
    io,
    sync::{Arc, Mutex},
};

use fake::{Fake, cursor_expired, heartbeat, unavailable};
use feed::{Feed, FeedEvent};
use futures::stream::iter;
use proto::catalogue::v1::WatchChangesRequest;

#[tokio::test(start_paused = true)]
async fn an_outage_is_logged_once_and_so_is_its_end() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let fake = Fake::default()
        .stream(iter([heartbeat("a")]))
        .refuse(unavailable())
        .stream(iter([]))
        .stream(iter([heartbeat("b"), heartbeat("c"), Err(cursor_expired())]));
    let mut feed = Feed::new(fake.client(), WatchChangesRequest::default());
    while !matches!(feed.next().await, FeedEvent::Interrupted(lost) if lost.is_cursor_expired()) {}
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<_> = log.lines().collect();
    assert_eq!(lines.len(), 3, "{log}");
    assert!(lines[0].contains("INFO") && lines[2].contains("INFO"), "{log}");
    assert!(lines[1].contains("WARN") && lines[1].contains("ended its change feed"), "{log}");
}

/// The captured log.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
