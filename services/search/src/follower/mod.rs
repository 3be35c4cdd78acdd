//! Follows the catalogue's change feed into one index.
//!
//! Read a batch, commit it, read on: while a commit runs nothing is read, and the stream's flow
//! control holds the catalogue back. What was read and not committed when something fails is read
//! again, from the cursor of the last commit.
//!
//! A follower's index is the live one, or one that is built aside. The latter takes the place of
//! the live one as soon as it has everything that one has, and its follower goes on with it.

mod collect;
mod pace;
mod retry;

use crate::{
    home::{Home, Room},
    index::{self, Applied, Batch, Index, Position, Writer},
    metrics,
    shelf::Shelf,
};
use chassis::{CancellationToken, client::Upstream, status::reason};
use collect::{Collected, Next, collect};
use pace::Pace;
use proto::catalogue::v1::{
    WatchChangesRequest, feed_service_client::FeedServiceClient, watch_changes_request::Start,
};
use retry::Retry;
use std::{
    error::Error as _,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};
use tokio::{
    sync::OwnedMutexGuard,
    task::{JoinError, spawn_blocking},
};
use tonic::Status;

/// An index that lacks no more changes than these catches up while the live one waits for it.
const LITTLE: u64 = 1_000;

/// How long the live index waits at most.
const LIVE_WAITS: Duration = Duration::from_secs(1);

/// What all followers of a process share.
#[derive(Clone)]
pub(crate) struct House {
    pub(crate) feed: FeedServiceClient<Upstream>,
    pub(crate) home: Arc<Home>,
    pub(crate) shelf: Shelf,
}

/// Keeps an index in step with the catalogue.
pub(crate) struct Follower {
    house: House,
    index: Index,
    room: Room,
    /// Absent after it failed, until it is opened again.
    writer: Option<Writer>,
    /// Of an index built aside: to be cancelled when it is live.
    aside: Option<CancellationToken>,
    /// Of an index built aside: the live one waits for it to catch up, since then.
    turn: Option<(OwnedMutexGuard<()>, Instant)>,
    pace: Pace,
    /// Whether all was well when it was last looked at.
    following: bool,
}

/// Why a follower came to its end.
#[derive(Debug)]
pub(crate) enum End {
    /// It was told to, or its index is not the live one any more.
    Stopped,
    /// The catalogue knows the cursor of the last commit no more: there are changes that this index
    /// will never hear of.
    Expired,
    /// An index that is built aside could not be written.
    Failed,
}

/// Why following was interrupted.
#[derive(Debug, thiserror::Error)]
enum Interrupted {
    #[error("the catalogue's change feed failed")]
    Feed(#[from] Status),
    #[error("the catalogue ended its change feed")]
    Ended,
    #[error("the catalogue's change feed has been silent for {} s", collect::SILENCE.as_secs())]
    Silent,
    #[error(transparent)]
    Index(#[from] index::Error),
    #[error("writing the index panicked")]
    Panicked(#[from] JoinError),
    /// Another index is live.
    #[error("another index has taken the place of this one")]
    Replaced,
}

impl Follower {
    /// A follower of the live index.
    pub(crate) fn of_live(house: House, writer: Writer) -> Self {
        let live = house.shelf.live();
        let (index, room) = (live.index.clone(), live.room.clone());
        Self::new(house, index, room, writer, None)
    }

    /// A follower of an empty index, which cancels `swapped` when it has become the live one.
    pub(crate) fn of_aside(
        house: House,
        index: Index,
        room: Room,
        writer: Writer,
        swapped: CancellationToken,
    ) -> Self {
        Self::new(house, index, room, writer, Some(swapped))
    }

    fn new(
        house: House,
        index: Index,
        room: Room,
        writer: Writer,
        aside: Option<CancellationToken>,
    ) -> Self {
        let (writer, pace) = (Some(writer), Pace::default());
        Self { house, index, room, writer, aside, turn: None, pace, following: true }
    }

    /// Follows until `stop`; most of what fails before is tried again. When this returns, the index
    /// is free for another writer.
    pub(crate) async fn run(mut self, stop: CancellationToken) -> End {
        let mut retry = Retry::default();
        let end = loop {
            let followed = self.follow(&stop, &mut retry).await;
            self.turn = None;
            self.house.shelf.set_caught_up(&self.room, false);
            let Err(interrupted) = followed else { break End::Stopped };
            if let Some(end) = self.note(&interrupted) {
                break end;
            }
            let wait = retry.next();
            tokio::select! {
                () = stop.cancelled() => break End::Stopped,
                () = tokio::time::sleep(wait) => {}
            }
        };
        // Waits for the threads that merge.
        let writer = self.writer.take();
        spawn_blocking(move || drop(writer)).await.ok();
        end
    }

    /// Follows until `stop` or the first failure.
    async fn follow(
        &mut self,
        stop: &CancellationToken,
        retry: &mut Retry,
    ) -> Result<(), Interrupted> {
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None => {
                let index = self.index.clone();
                spawn_blocking(move || index.writer()).await??
            }
        };
        let mut position = writer.position().clone();
        self.writer = Some(writer);

        let request = WatchChangesRequest {
            cursor: position.cursor.clone(),
            start: Start::Snapshot.into(),
            ..Default::default()
        };
        let mut events = tokio::select! {
            () = stop.cancelled() => return Ok(()),
            answer = self.house.feed.watch_changes(request) => answer?.into_inner(),
        };
        self.following = true;
        let from = if position.cursor.is_empty() { "the snapshot" } else { "where it was" };
        tracing::info!(folder = %self.room.folder.display(), from, "following the catalogue");
        loop {
            let (shelf, room) = (&self.house.shelf, &self.room);
            let on_change = || shelf.set_caught_up(room, false);
            let collected = collect(&mut events, position, &self.pace, stop, on_change).await;
            let Collected { batch, changed_at, next } = collected;
            position = batch.position.clone();
            self.apply(batch, changed_at).await?;
            match next {
                Next::More => {}
                Next::CaughtUp => self.house.shelf.set_caught_up(&self.room, true),
                Next::Stop => return Ok(()),
                Next::Failed(interrupted) => return Err(interrupted),
            }
            retry.reset();
        }
    }

    /// Commits a batch, and says so; or takes the place of the live index.
    async fn apply(
        &mut self,
        batch: Batch,
        changed_at: Option<SystemTime>,
    ) -> Result<(), Interrupted> {
        if self.aside.is_some() {
            let (position, _) = self.write(batch).await?;
            return if position.complete { self.take_place(&position).await } else { Ok(()) };
        }
        let shelf = self.house.shelf.clone();
        let _turn = shelf.turn().await;
        let live = shelf.live();
        if live.room != self.room {
            return Err(Interrupted::Replaced);
        }
        let (position, applied) = self.write(batch).await?;
        shelf.committed(&self.room, &position, applied, changed_at);
        if position.complete && !live.complete {
            self.completed().await?;
        }
        Ok(())
    }

    /// Writes a batch. Without an error the writer is there again.
    async fn write(&mut self, batch: Batch) -> Result<(Position, Applied), Interrupted> {
        let Some(mut writer) = self.writer.take() else { return Err(Interrupted::Replaced) };
        let began = Instant::now();
        let writing = spawn_blocking(move || {
            metrics::commit(|| writer.apply(batch)).map(|applied| (writer, applied))
        });
        let (writer, applied) = writing.await??;
        if applied != Applied::default() {
            self.pace.committed(began.elapsed());
        }
        let position = writer.position().clone();
        self.writer = Some(writer);
        Ok((position, applied))
    }

    /// Makes this index the live one if it has all that the live one has: nobody who has seen a
    /// write shall miss it afterwards. If it lacks little, the live one is made to wait, since two
    /// that go at the same pace may never meet.
    async fn take_place(&mut self, position: &Position) -> Result<(), Interrupted> {
        let (turn, since) = match self.turn.take() {
            Some(held) => held,
            None => (self.house.shelf.turn().await, Instant::now()),
        };
        let lacks = self.house.shelf.lacked_by(position);
        if lacks > 0 {
            if lacks <= LITTLE && since.elapsed() < LIVE_WAITS {
                self.turn = Some((turn, since));
                self.pace = Pace::hurried(LIVE_WAITS);
            } else {
                self.pace.due = None;
            }
            return Ok(());
        }
        let (home, room) = (Arc::clone(&self.house.home), self.room.clone());
        spawn_blocking(move || home.put_live(&room)).await??;
        self.house.shelf.swap(self.index.clone(), self.room.clone(), position);
        drop(turn);
        if let Some(swapped) = self.aside.take() {
            swapped.cancel();
        }
        self.completed().await
    }

    /// The index is whole for the first time.
    async fn completed(&self) -> Result<(), Interrupted> {
        tracing::info!(products = self.index.product_count(), "the index is complete");
        let home = Arc::clone(&self.house.home);
        Ok(spawn_blocking(move || home.remove_other_versions()).await??)
    }

    /// Learns from an interruption, and says so: once, not at every try.
    fn note(&mut self, interrupted: &Interrupted) -> Option<End> {
        match interrupted {
            Interrupted::Replaced => return Some(End::Stopped),
            Interrupted::Feed(status) if reason(status).as_deref() == Some("CURSOR_EXPIRED") => {
                tracing::warn!("the catalogue knows our cursor no more; filling an index anew");
                return Some(End::Expired);
            }
            // Whatever is wrong, a full disk perhaps, the live index has the better use of it.
            Interrupted::Index(_) | Interrupted::Panicked(_) if self.aside.is_some() => {
                tracing::error!(error = interrupted.source(), "{interrupted}; the rebuild ends");
                return Some(End::Failed);
            }
            _ => {}
        }
        if std::mem::replace(&mut self.following, false) {
            tracing::warn!(
                error = interrupted.source(),
                "{interrupted}; trying again until it works"
            );
        } else {
            tracing::debug!(error = interrupted.source(), "{interrupted}");
        }
        None
    }
}
