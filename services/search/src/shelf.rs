//! Which index answers, and how well it knows the catalogue.
//!
//! A [`Shelf`] holds the live index together with what is known of it. A request takes a [`Live`]
//! once and asks that one only: it sees the index before a swap or the one after, each of them
//! whole. **Invariant:** what `Live` says of itself was true before anyone could see it, so its
//! `revision` is in every answer.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use chassis::Health;
use proto::position::Position as Revision;
use tokio::sync::{Mutex, OwnedMutexGuard, watch};

use crate::{
    home::Room,
    index::{Applied, Index, Position},
};

/// How often a feed says that nothing has happened: up to then silence means the same.
const HEARTBEAT: Duration = Duration::from_secs(5);

/// The index that answers, as it was when it was taken.
#[derive(Clone)]
pub(crate) struct Live {
    pub(crate) index: Index,
    pub(crate) room: Room,
    /// Whether it holds a whole catalogue.
    pub(crate) complete: bool,
    /// Up to which write everything can be found; unknown before it is complete.
    pub(crate) revision: Option<Revision>,
    /// The same for those outside; else empty.
    pub(crate) token: String,
    /// The catalogue said that nothing was waiting, and all it had said before can be found.
    pub(crate) caught_up: bool,
    /// When, by the catalogue's clock, it was known to have everything.
    pub(crate) known_at: Option<SystemTime>,
    /// When something was last heard of the catalogue.
    heard: Instant,
}

impl Live {
    fn new(index: Index, room: Room, position: &Position) -> Self {
        let mut live = Self {
            index,
            room,
            complete: false,
            revision: None,
            token: String::new(),
            caught_up: false,
            known_at: None,
            heard: Instant::now(),
        };
        live.reached(position, None);
        live
    }

    /// How long ago it was known to have everything; unknown if it never was since the start.
    pub(crate) fn lag(&self) -> Option<Duration> {
        if self.caught_up {
            return Some(self.heard.elapsed().saturating_sub(HEARTBEAT));
        }
        self.known_at.map(|at| at.elapsed().unwrap_or_default())
    }

    /// How many changes an index at `position` lacks of what this one has, about; 0 if it has all.
    /// Of two feeds nobody can say; then the one that was filled later has.
    fn lacked_by(&self, position: &Position) -> u64 {
        match (position.revision(), self.revision) {
            (Some(theirs), Some(ours)) if theirs.epoch == ours.epoch && theirs < ours => {
                ours.sequence.saturating_sub(theirs.sequence).max(1).unsigned_abs()
            }
            _ => 0,
        }
    }

    fn reached(&mut self, position: &Position, known_at: Option<SystemTime>) {
        self.complete = position.complete;
        self.revision = position.revision();
        self.token = self.revision.map(|revision| revision.encode(b"")).unwrap_or_default();
        self.known_at = self.known_at.max(known_at);
        self.heard = Instant::now();
    }
}

/// Where the live index is found. Cheap to clone; all clones are one.
#[derive(Clone)]
pub(crate) struct Shelf {
    live: watch::Sender<Arc<Live>>,
    shared: Arc<Shared>,
}

/// Whether an index is being built aside.
#[derive(Clone, Default)]
pub(crate) enum Rebuild {
    #[default]
    No,
    /// It is wanted.
    Asked,
    /// It is under way; this is what there is so far.
    Building(Box<Index>),
}

struct Shared {
    /// Held by whoever commits to the live index, or puts another one in its place.
    turn: Arc<Mutex<()>>,
    rebuild: watch::Sender<Rebuild>,
    changed: AtomicU64,
    repeated: AtomicU64,
    health: Health,
}

impl Shelf {
    pub(crate) fn new(index: Index, room: Room, position: &Position, health: Health) -> Self {
        let shelf = Self {
            live: watch::Sender::new(Arc::new(Live::new(index, room, position))),
            shared: Arc::new(Shared {
                turn: Arc::default(),
                rebuild: watch::Sender::default(),
                changed: AtomicU64::default(),
                repeated: AtomicU64::default(),
                health,
            }),
        };
        if !position.complete {
            shelf.filling("the index has not been filled from the catalogue yet");
        }
        shelf.tell_health();
        shelf
    }

    /// The index that answers. Take it once a request.
    pub(crate) fn live(&self) -> Arc<Live> {
        self.live.borrow().clone()
    }

    /// The index that answers, from now on.
    pub(crate) fn watch(&self) -> watch::Receiver<Arc<Live>> {
        self.live.subscribe()
    }

    /// Keeps commits to the live index and swaps apart. Hold it while doing either.
    pub(crate) async fn turn(&self) -> OwnedMutexGuard<()> {
        Arc::clone(&self.shared.turn).lock_owned().await
    }

    /// The index in this room was brought to a position. `known_at` is when, by the catalogue's
    /// clock, there was nothing behind it. Nothing is said of an index that is not live any more.
    pub(crate) fn committed(
        &self,
        room: &Room,
        position: &Position,
        applied: Applied,
        known_at: Option<SystemTime>,
    ) {
        // What a snapshot speaks of is no change.
        if self.live.borrow().complete {
            self.shared.changed.fetch_add(applied.changed, Ordering::Relaxed);
            self.shared.repeated.fetch_add(applied.repeated, Ordering::Relaxed);
        }
        self.update(room, |live| live.reached(position, known_at));
        self.tell_health();
    }

    /// How many changes an index at `position` lacks of what the live one has, about; 0 if it has
    /// all.
    pub(crate) fn lacked_by(&self, position: &Position) -> u64 {
        self.live.borrow().lacked_by(position)
    }

    /// Puts another index in the place of the live one. Hold the turn.
    pub(crate) fn swap(&self, index: Index, room: Room, position: &Position) {
        self.live.send_modify(|live| {
            let mut new = Live::new(index, room, position);
            new.known_at = live.known_at;
            *live = Arc::new(new);
        });
        self.tell_health();
    }

    /// Nothing was waiting behind what was committed; or something is, or who knows.
    pub(crate) fn set_caught_up(&self, room: &Room, caught_up: bool) {
        self.update(room, |live| {
            live.caught_up = caught_up;
            if caught_up {
                live.heard = Instant::now();
                live.known_at = live.known_at.max(Some(SystemTime::now()));
            }
        });
    }

    /// The index cannot be filled, or not yet.
    pub(crate) fn filling(&self, reason: &str) {
        self.shared.health.set("feed", Err(reason.to_owned()));
    }

    /// Asks for an index to be built aside. Whether it was not already.
    pub(crate) fn ask_rebuild(&self) -> bool {
        self.shared.rebuild.send_if_modified(|rebuild| {
            let is_new = matches!(rebuild, Rebuild::No);
            if is_new {
                *rebuild = Rebuild::Asked;
            }
            is_new
        })
    }

    /// An index is being built aside, or no more.
    pub(crate) fn set_rebuild(&self, rebuild: Rebuild) {
        self.shared.rebuild.send_replace(rebuild);
    }

    /// Whether an index is being built aside.
    pub(crate) fn rebuild(&self) -> watch::Receiver<Rebuild> {
        self.shared.rebuild.subscribe()
    }

    /// Changes applied since the start, and those of them that the index had already.
    pub(crate) fn counted(&self) -> (u64, u64) {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        (count(&self.shared.changed), count(&self.shared.repeated))
    }

    fn update(&self, room: &Room, change: impl FnOnce(&mut Live)) {
        self.live.send_if_modified(|live| {
            let is_live = live.room == *room;
            if is_live {
                change(Arc::make_mut(live));
            }
            is_live
        });
    }

    /// Once complete it is worth asking, also when the catalogue is gone.
    fn tell_health(&self) {
        if self.live.borrow().complete {
            self.shared.health.set("feed", Ok(()));
        }
    }
}
