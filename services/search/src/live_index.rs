//! The live index: the index that serves requests, and how current it is.
//!
//! [`LiveIndex`] holds the current [`IndexSnapshot`]. A request takes one snapshot and uses only
//! that: it sees the index from before a replacement or the one after, each complete.
//! **Invariant:** a snapshot's metadata is published after the commit it describes, so that every
//! result includes the snapshot's `revision`.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use proto::position::Position as Revision;
use server::Health;
use tokio::sync::{Mutex, OwnedMutexGuard, watch};

use crate::{
    data_dir::IndexDir,
    index::{AppliedChanges, FeedPosition, Index},
};

/// Interval of the feed's heartbeats. Up to then silence does not mean that the index lags.
const HEARTBEAT: Duration = Duration::from_secs(5);

/// Readiness report of a damaged index; begins with the reason that requests are refused with.
const INDEX_DAMAGED: &str =
    "INDEX_DAMAGED: the index is damaged and being filled again from the catalogue";

/// The live index with its metadata at one point in time.
#[derive(Clone)]
pub(crate) struct IndexSnapshot {
    pub(crate) index: Index,
    pub(crate) dir: IndexDir,
    /// Whether the index holds the whole catalogue.
    pub(crate) complete: bool,
    /// The last write that the index includes; unknown until it is complete.
    pub(crate) revision: Option<Revision>,
    /// `revision` encoded as a token, or empty.
    pub(crate) token: String,
    pub(crate) condition: Condition,
    /// Whether the feed has no events left, and all changes are searchable.
    pub(crate) caught_up: bool,
    /// The latest time, by the catalogue's clock, at which the index was known to be current.
    pub(crate) current_at: Option<SystemTime>,
    /// Time of the last event from the catalogue.
    last_event: Instant,
}

/// The condition of the live index's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    Sound,
    /// Damaged on disk. The part in memory was verified before and answers requests, but other
    /// replicas should be preferred: it no longer changes.
    Damaged,
    /// Empty at first, in the place of a damaged one, and not complete yet.
    Refilling,
}

impl IndexSnapshot {
    fn new(index: Index, dir: IndexDir, position: &FeedPosition) -> Self {
        let mut snapshot = Self {
            index,
            dir,
            complete: false,
            revision: None,
            token: String::new(),
            condition: Condition::Sound,
            caught_up: false,
            current_at: None,
            last_event: Instant::now(),
        };
        snapshot.set_position(position, None);
        snapshot
    }

    /// Returns the time since the index was last known to be current; none if it has never been
    /// since the start.
    pub(crate) fn lag(&self) -> Option<Duration> {
        if self.caught_up {
            return Some(self.last_event.elapsed().saturating_sub(HEARTBEAT));
        }
        self.current_at.map(|at| at.elapsed().unwrap_or_default())
    }

    fn set_position(&mut self, position: &FeedPosition, current_at: Option<SystemTime>) {
        self.complete = position.complete;
        self.revision = position.revision();
        self.token = self.revision.map(|revision| revision.encode(b"")).unwrap_or_default();
        self.current_at = self.current_at.max(current_at);
        self.last_event = Instant::now();
    }
}

/// The handle of the live index. Cheap to clone; clones share the state.
#[derive(Clone)]
pub(crate) struct LiveIndex {
    snapshot: watch::Sender<Arc<IndexSnapshot>>,
    shared: Arc<Shared>,
}

/// State of a rebuild.
#[derive(Clone, Default)]
pub(crate) enum Rebuild {
    #[default]
    Idle,
    Requested,
    /// In progress, with the replacement index as filled so far.
    Building(Box<Index>),
}

struct Shared {
    commit_lock: Arc<Mutex<()>>,
    rebuild: watch::Sender<Rebuild>,
    changed: AtomicU64,
    repeated: AtomicU64,
    healed: AtomicU64,
    health: Health,
}

impl LiveIndex {
    /// Creates the handle. `condition` is [`Condition::Refilling`] if the index replaces a damaged
    /// one.
    pub(crate) fn new(
        index: Index,
        dir: IndexDir,
        position: &FeedPosition,
        condition: Condition,
        health: Health,
    ) -> Self {
        let snapshot = IndexSnapshot { condition, ..IndexSnapshot::new(index, dir, position) };
        let live_index = Self {
            snapshot: watch::Sender::new(Arc::new(snapshot)),
            shared: Arc::new(Shared {
                commit_lock: Arc::default(),
                rebuild: watch::Sender::default(),
                changed: AtomicU64::default(),
                repeated: AtomicU64::default(),
                healed: AtomicU64::default(),
                health,
            }),
        };
        if !position.complete {
            let reason = "the index has not been filled from the catalogue yet";
            live_index.shared.health.set("feed", Err(reason.to_owned()));
        }
        let index = match condition {
            Condition::Sound => Ok(()),
            Condition::Damaged | Condition::Refilling => Err(INDEX_DAMAGED.to_owned()),
        };
        live_index.shared.health.set("index", index);
        live_index.report_health();
        live_index
    }

    /// Returns the current snapshot. Call it once per request.
    pub(crate) fn snapshot(&self) -> Arc<IndexSnapshot> {
        self.snapshot.borrow().clone()
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<Arc<IndexSnapshot>> {
        self.snapshot.subscribe()
    }

    /// Acquires the lock that serialises commits to the live index and its replacement.
    pub(crate) async fn lock_commits(&self) -> OwnedMutexGuard<()> {
        Arc::clone(&self.shared.commit_lock).lock_owned().await
    }

    /// Records a commit to the index in `dir`; ignored unless that is the live one. `current_at` is
    /// the time, by the catalogue's clock, at which the index was current.
    pub(crate) fn record_commit(
        &self,
        dir: &IndexDir,
        position: &FeedPosition,
        applied: AppliedChanges,
        current_at: Option<SystemTime>,
    ) {
        // Items of a snapshot are not changes.
        if self.snapshot.borrow().complete {
            self.shared.changed.fetch_add(applied.changed, Ordering::Relaxed);
            self.shared.repeated.fetch_add(applied.repeated, Ordering::Relaxed);
        }
        let mut heals = false;
        self.update(dir, |snapshot| {
            snapshot.set_position(position, current_at);
            if snapshot.complete && snapshot.condition == Condition::Refilling {
                snapshot.condition = Condition::Sound;
                heals = true;
            }
        });
        if heals {
            self.report_healed();
        }
        self.report_health();
    }

    /// Returns approximately how many changes an index at `position` lacks compared with the live
    /// one; 0 if it lacks none. Positions of different feeds are not comparable: then the later
    /// index counts as current.
    pub(crate) fn missing_changes(&self, position: &FeedPosition) -> u64 {
        match (position.revision(), self.snapshot.borrow().revision) {
            (Some(other), Some(live)) if other.epoch == live.epoch && other < live => {
                live.sequence.saturating_sub(other.sequence).max(1).unsigned_abs()
            }
            _ => 0,
        }
    }

    /// Replaces the live index. Requires the lock of [`lock_commits`](Self::lock_commits).
    pub(crate) fn replace(&self, index: Index, dir: IndexDir, position: &FeedPosition) {
        let mut heals = false;
        self.snapshot.send_modify(|snapshot| {
            let mut new = IndexSnapshot::new(index, dir, position);
            new.current_at = snapshot.current_at;
            heals = snapshot.condition != Condition::Sound;
            *snapshot = Arc::new(new);
        });
        if heals {
            self.report_healed();
        }
        self.report_health();
    }

    /// Marks the live index as damaged. It is not ready until it has been replaced.
    pub(crate) fn set_damaged(&self) {
        self.snapshot.send_modify(|snapshot| {
            Arc::make_mut(snapshot).condition = Condition::Damaged;
        });
        self.shared.health.set("index", Err(INDEX_DAMAGED.to_owned()));
    }

    /// Sets whether commits fail because the disk is full. Requests are served from the last commit
    /// meanwhile.
    pub(crate) fn set_disk_full(&self, is_full: bool) {
        let reason = "DISK_FULL: changes are not searchable until there is space";
        let state = if is_full { Err(reason.to_owned()) } else { Ok(()) };
        self.shared.health.note("disk", state);
    }

    /// Sets whether the index in `dir`, if it is the live one, has all events of the feed.
    pub(crate) fn set_caught_up(&self, dir: &IndexDir, caught_up: bool) {
        self.update(dir, |snapshot| {
            snapshot.caught_up = caught_up;
            if caught_up {
                snapshot.last_event = Instant::now();
                snapshot.current_at = snapshot.current_at.max(Some(SystemTime::now()));
            }
        });
    }

    /// Requests a rebuild. Returns false if one is requested or in progress already.
    pub(crate) fn request_rebuild(&self) -> bool {
        self.shared.rebuild.send_if_modified(|rebuild| {
            let is_new = matches!(rebuild, Rebuild::Idle);
            if is_new {
                *rebuild = Rebuild::Requested;
            }
            is_new
        })
    }

    pub(crate) fn set_rebuild(&self, rebuild: Rebuild) {
        self.shared.rebuild.send_replace(rebuild);
    }

    pub(crate) fn subscribe_rebuild(&self) -> watch::Receiver<Rebuild> {
        self.shared.rebuild.subscribe()
    }

    /// Returns the number of changes applied since the start, and of changes skipped as repeated.
    pub(crate) fn change_counts(&self) -> (u64, u64) {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        (count(&self.shared.changed), count(&self.shared.repeated))
    }

    /// Returns the number of damaged indexes that have been replaced since the start.
    pub(crate) fn healed_count(&self) -> u64 {
        self.shared.healed.load(Ordering::Relaxed)
    }

    fn update(&self, dir: &IndexDir, change: impl FnOnce(&mut IndexSnapshot)) {
        self.snapshot.send_if_modified(|snapshot| {
            let is_live = snapshot.dir == *dir;
            if is_live {
                change(Arc::make_mut(snapshot));
            }
            is_live
        });
    }

    fn report_healed(&self) {
        self.shared.healed.fetch_add(1, Ordering::Relaxed);
        tracing::info!("a damaged index has been replaced");
        self.shared.health.set("index", Ok(()));
    }

    /// Reports ready once the index is complete, even if the catalogue is unavailable.
    fn report_health(&self) {
        if self.snapshot.borrow().complete {
            self.shared.health.set("feed", Ok(()));
        }
    }
}
