//! The newest changes of the one watch of the feed, for all event streams that follow the feed.
//!
//! The changes since a while ago are kept, so that a stream that returns with its last cursor resumes there. Each new
//! change is sent over the channel of all changes and over that of its product's shard: a stream of few products is
//! woken for few others. Channels are bounded; a stream that is too slow is notified of the changes it has missed.
//!
//! **Invariant:** a stream that begins after a cursor receives every later change of its products once,
//! in the order of the feed, or learns that it has missed some.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use prost::Message as _;
use proto::{catalogue::v1::Change, position::Position};
use tokio::{
    sync::broadcast::{self, error::RecvError},
    time::Instant,
};

use super::shards::Shards;

/// Limits of the kept changes: their number, and their size as messages in bytes.
const MAX_KEPT: usize = 4_096;
const MAX_KEPT_BYTES: usize = 8 << 20;
/// Changes are kept for so long after the last stream has ended: its client may return.
const KEPT_WITHOUT_STREAMS: Duration = Duration::from_secs(60);
/// Maximum number of changes that a stream of all products may lag behind.
const CAPACITY: usize = 1_024;

/// A change, and the cursor that resumes after it.
#[derive(Debug)]
pub(crate) struct LiveChange {
    pub(crate) cursor: String,
    pub(crate) change: Change,
    encoded: OnceLock<Bytes>,
}

impl LiveChange {
    /// The bytes that streams send, made by `encode` for the first of them.
    pub(crate) fn encoded(&self, encode: impl FnOnce(&Change, &str) -> Bytes) -> Bytes {
        self.encoded.get_or_init(|| encode(&self.change, &self.cursor)).clone()
    }
}

/// `None`: changes are missing, since the feed went on elsewhere.
type Item = Option<Arc<LiveChange>>;

/// Where a stream begins.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Begin<'a> {
    Now,
    /// After the event with this cursor, which one of these streams has sent.
    After(&'a str),
    /// After the heartbeat with this cursor, of a watch of any products.
    Reached(&'a str),
}

/// Distributes changes to streams. Cheap to clone; clones share the changes.
#[derive(Clone)]
pub(crate) struct LiveChanges(Arc<Mutex<State>>);

struct State {
    all: broadcast::Sender<Item>,
    shards: Shards<Item>,
    /// The newest changes, after `start` and up to `end`.
    kept: VecDeque<Arc<LiveChange>>,
    kept_bytes: usize,
    start: String,
    /// The cursor after the newest change. `None` while the feed has not begun.
    end: Option<String>,
    /// Each stream holds a clone.
    stream: Arc<()>,
    /// When there last was a stream.
    last_used: Instant,
}

/// The changes of some products, for one stream.
#[derive(Debug)]
pub(crate) struct ChangeStream {
    /// Kept changes that precede the channel's.
    backlog: VecDeque<Arc<LiveChange>>,
    channel: broadcast::Receiver<Item>,
    /// Empty: all changes.
    product_ids: BTreeSet<String>,
    cursor: String,
    _stream: Arc<()>,
}

/// A stream has missed changes: it was too slow, or the feed went on elsewhere.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Missed;

impl LiveChanges {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(State {
            all: broadcast::Sender::new(CAPACITY),
            shards: Shards::new(),
            kept: VecDeque::new(),
            kept_bytes: 0,
            start: String::new(),
            end: None,
            stream: Arc::default(),
            last_used: Instant::now(),
        })))
    }

    /// Records an event of the feed: its cursor, and its change if it is one.
    pub(super) fn push(&self, cursor: String, change: Option<Change>) {
        let mut state = self.state();
        state.end = Some(cursor.clone());
        if Arc::strong_count(&state.stream) > 1 {
            state.last_used = Instant::now();
        }
        if state.last_used.elapsed() > KEPT_WITHOUT_STREAMS {
            state.forget();
            state.start = cursor;
            return;
        }
        if state.start.is_empty() {
            state.start.clone_from(&cursor);
        }
        if let Some(change) = change {
            state.keep(Arc::new(LiveChange { cursor, change, encoded: OnceLock::new() }));
        }
    }

    /// Records that the feed continues elsewhere: all cursors so far have expired.
    pub(super) fn start_over(&self) {
        let mut state = self.state();
        state.forget();
        state.start.clear();
        state.end = None;
        // Fails only without streams.
        state.all.send(None).ok();
        state.shards.send_to_all(&None);
    }

    /// The changes of these products (of all, if there is no id). `None` if the feed has not begun, or
    /// the changes after the cursor are not kept.
    pub(crate) fn follow(&self, begin: Begin<'_>, product_ids: &[String]) -> Option<ChangeStream> {
        let mut state = self.state();
        let end = state.end.clone()?;
        let (cursor, first) = match begin {
            Begin::Now => (end, state.kept.len()),
            Begin::After(cursor) => (cursor.to_owned(), state.position(|other| other == cursor)?),
            Begin::Reached(cursor) => {
                let at = state.position(|other| is_same_place(other, cursor))?;
                (cursor.to_owned(), at)
            }
        };
        state.last_used = Instant::now();
        let product_ids: BTreeSet<String> = product_ids.iter().cloned().collect();
        let channel = match state.shards.of_all(&product_ids) {
            Some(shard) => shard.subscribe(),
            // Over several channels the changes would come in another order.
            None => state.all.subscribe(),
        };
        let backlog = state.kept.range(first..).cloned().collect();
        let stream = Arc::clone(&state.stream);
        Some(ChangeStream { backlog, channel, product_ids, cursor, _stream: stream })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The cursor after the newest change.
    fn end(&self) -> Option<String> {
        self.state().end.clone()
    }
}

impl State {
    fn keep(&mut self, change: Arc<LiveChange>) {
        self.kept_bytes += change.change.encoded_len();
        self.kept.push_back(Arc::clone(&change));
        while self.kept.len() > MAX_KEPT || self.kept_bytes > MAX_KEPT_BYTES {
            let Some(oldest) = self.kept.pop_front() else { break };
            self.kept_bytes -= oldest.change.encoded_len();
            self.start.clone_from(&oldest.cursor);
        }
        self.shards.send(&change.change.product_id, Some(Arc::clone(&change)));
        // Fails only without streams.
        self.all.send(Some(change)).ok();
    }

    /// The index of the first kept change after the cursor for which `is_it` holds.
    fn position(&self, is_it: impl Fn(&str) -> bool) -> Option<usize> {
        if self.end.as_deref().is_some_and(&is_it) {
            return Some(self.kept.len());
        }
        let at = self.kept.iter().rposition(|change| is_it(&change.cursor));
        at.map(|at| at + 1).or_else(|| is_it(&self.start).then_some(0))
    }

    fn forget(&mut self) {
        self.kept.clear();
        self.kept_bytes = 0;
    }
}

/// Whether two cursors, neither of them within a snapshot, are after the same change. They differ by
/// the products that they are for.
fn is_same_place(one: &str, other: &str) -> bool {
    let position = |cursor: &str| Some(Position::decode(cursor)?.0);
    one == other || position(one).is_some_and(|place| position(other) == Some(place))
}

impl ChangeStream {
    /// The cursor after the last change that was returned, or skipped.
    pub(crate) fn cursor(&self) -> &str {
        &self.cursor
    }

    /// Waits for the next change. Cancel-safe.
    ///
    /// # Errors
    /// Changes are missing.
    pub(crate) async fn next(&mut self) -> Result<Arc<LiveChange>, Missed> {
        loop {
            let change = match self.backlog.pop_front() {
                Some(change) => change,
                None => match self.channel.recv().await {
                    Ok(Some(change)) => change,
                    Ok(None) | Err(RecvError::Lagged(_) | RecvError::Closed) => return Err(Missed),
                },
            };
            self.cursor.clone_from(&change.cursor);
            if self.product_ids.is_empty() || self.product_ids.contains(&change.change.product_id) {
                return Ok(change);
            }
        }
    }

    /// Moves the cursor to the newest change, if the stream has received all of its changes.
    pub(crate) fn skip_to_end(&mut self, changes: &LiveChanges) {
        // Before the look at the channel: changes of the channel may come after this end only.
        if let Some(end) = changes.end()
            && self.backlog.is_empty()
            && self.channel.is_empty()
        {
            self.cursor = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(product_id: &str) -> Option<Change> {
        Some(Change { product_id: product_id.to_owned(), ..Default::default() })
    }

    fn begun() -> LiveChanges {
        let changes = LiveChanges::new();
        changes.push("0".to_owned(), None);
        changes
    }

    async fn next(stream: &mut ChangeStream) -> String {
        stream.next().await.unwrap().cursor.clone()
    }

    #[tokio::test]
    async fn streams_resume_after_every_kept_change() {
        let changes = LiveChanges::new();
        assert!(changes.follow(Begin::Now, &[]).is_none(), "the feed has not begun");
        changes.push("0".to_owned(), None);
        for number in 1..=9 {
            changes.push(number.to_string(), change(if number % 2 == 0 { "even" } else { "odd" }));
        }
        for after in 0..9 {
            let mut all = changes.follow(Begin::After(&after.to_string()), &[]).unwrap();
            assert_eq!(next(&mut all).await, (after + 1).to_string());
        }
        let even = ["even".to_owned()];
        let mut even = changes.follow(Begin::After("5"), &even).unwrap();
        changes.push("10".to_owned(), change("even"));
        assert_eq!(
            [next(&mut even).await, next(&mut even).await, next(&mut even).await],
            ["6", "8", "10"]
        );
        changes.push("11".to_owned(), change("odd"));
        even.skip_to_end(&changes);
        assert_eq!(even.cursor(), "11");
        assert!(changes.follow(Begin::After("garbage"), &[]).is_none());
    }

    #[tokio::test]
    async fn a_stream_that_is_too_slow_learns_that_it_has_missed_changes() {
        let changes = begun();
        let mut slow = changes.follow(Begin::Now, &[]).unwrap();
        for number in 1..=MAX_KEPT + 1 {
            changes.push(number.to_string(), change("mug"));
        }
        assert_eq!(slow.next().await.unwrap_err(), Missed);
        assert!(changes.follow(Begin::After("0"), &[]).is_none(), "no longer kept");
        let mut oldest = changes.follow(Begin::After("1"), &[]).unwrap();
        assert_eq!(next(&mut oldest).await, "2");
    }

    #[tokio::test]
    async fn a_feed_that_starts_over_ends_no_stream_silently() {
        let changes = begun();
        let mut all = changes.follow(Begin::Now, &[]).unwrap();
        let mut one = changes.follow(Begin::Now, &["mug".to_owned()]).unwrap();
        changes.start_over();
        assert_eq!(
            (all.next().await.unwrap_err(), one.next().await.unwrap_err()),
            (Missed, Missed)
        );
        assert!(changes.follow(Begin::Now, &[]).is_none(), "until the feed has begun again");
    }

    #[tokio::test(start_paused = true)]
    async fn without_streams_nothing_is_kept() {
        let changes = begun();
        tokio::time::advance(KEPT_WITHOUT_STREAMS * 2).await;
        changes.push("1".to_owned(), change("mug"));
        assert!(changes.follow(Begin::After("0"), &[]).is_none());
        assert!(changes.follow(Begin::After("1"), &[]).is_some());
    }

    #[test]
    fn cursors_of_one_place_are_equal_whatever_their_products() {
        let position = Position { epoch: [7; 16], transaction: 1, sequence: 2 };
        let (all, some) = (position.encode(&[1; 9]), position.encode(&[2; 9]));
        assert!(is_same_place(&all, &some));
        let next = Position { sequence: 3, ..position };
        assert!(!is_same_place(&all, &next.encode(&[1; 9])));
        assert!(is_same_place("x", "x") && !is_same_place("x", "y"));
    }
}
