//! The follower: applies the catalogue's change feed to one index.
//!
//! It reads a batch, commits it, and reads on. Nothing is read during a commit, so that the
//! stream's flow control slows the catalogue down. After an interruption the [`Feed`] resumes; after a
//! failure of the index, a new one starts from the cursor of the last commit.
//!
//! Its index is the live one or a replacement. A replacement is promoted to the live index as soon
//! as it has everything that the live index has; the follower then continues with it.

mod authorized;
mod collect;
mod pace;
mod settings;

use crate::{
    data_dir::{DataDir, IndexDir},
    index::{
        self, AppliedChanges, Batch, Engine as _, EngineWriter as _, FeedPosition, Index, Writer,
    },
    live_index::LiveIndex,
    metrics,
};
pub(crate) use authorized::Authorized;
pub(crate) use settings::follow_settings;

use authorized::Catalogue;
use backoff::Backoff;
use chassis::CancellationToken;
use collect::{Collected, NextStep, collect};
use feed::Feed;
use pace::Pace;
use proto::catalogue::v1::{
    WatchChangesRequest, feed_service_client::FeedServiceClient, watch_changes_request::Start,
};
use std::{
    error::Error as _,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};
use tokio::{
    sync::OwnedMutexGuard,
    task::{JoinError, spawn_blocking},
};

/// Maximum number of missing changes for which commits to the live index are blocked until the
/// replacement has caught up.
const MAX_BLOCKING_CHANGES: u64 = 1_000;

/// Maximum time for which commits to the live index are blocked.
const MAX_BLOCKING: Duration = Duration::from_secs(1);

/// Delays before reconnecting or retrying. The first ones are short enough for a restart of the
/// catalogue.
const BACKOFF: Backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(5))
    .with_early_max(10, Duration::from_secs(1));

/// Dependencies of a follower, shared by all of a process.
#[derive(Clone)]
pub(crate) struct FollowerContext {
    pub(crate) feed: FeedServiceClient<Catalogue>,
    pub(crate) data_dir: Arc<DataDir>,
    pub(crate) live_index: LiveIndex,
}

/// Applies the change feed to an index.
pub(crate) struct Follower {
    context: FollowerContext,
    index: Index,
    dir: IndexDir,
    /// Absent after a failure, until it is opened again.
    writer: Option<Writer>,
    /// Present for a replacement index; cancelled when it is promoted.
    promoted: Option<CancellationToken>,
    /// Blocks commits to the live index while a replacement catches up, and since when.
    blocking: Option<(OwnedMutexGuard<()>, Instant)>,
    pace: Pace,
    /// Delays before retrying after a failure of the index.
    backoff: Backoff,
    /// Whether no batch has been committed since a failure, which has been logged.
    failing: bool,
}

/// Why a follower ended.
#[derive(Debug)]
pub(crate) enum End {
    /// It was stopped, or its index is no longer the live one.
    Stopped,
    /// The cursor of the last commit has expired: the feed no longer has the changes after it.
    Expired,
    /// A replacement index could not be written.
    Failed,
    /// The live index's files are damaged.
    Damaged(index::Error),
}

/// Why a batch was not committed. Most errors are retried.
#[derive(Debug, thiserror::Error)]
enum FollowError {
    #[error(transparent)]
    Index(#[from] index::Error),
    #[error("writing the index panicked")]
    Panicked(#[from] JoinError),
    #[error("another index has become the live one")]
    Replaced,
}

impl Follower {
    /// Creates the follower of the live index.
    pub(crate) fn for_live(context: FollowerContext, writer: Writer) -> Self {
        let live = context.live_index.snapshot();
        let (index, dir) = (live.index.clone(), live.dir.clone());
        Self::new(context, index, dir, writer, None)
    }

    /// Creates a follower of an empty replacement, which cancels `promoted` when it has become the
    /// live index.
    pub(crate) fn for_replacement(
        context: FollowerContext,
        index: Index,
        dir: IndexDir,
        writer: Writer,
        promoted: CancellationToken,
    ) -> Self {
        Self::new(context, index, dir, writer, Some(promoted))
    }

    fn new(
        context: FollowerContext,
        index: Index,
        dir: IndexDir,
        writer: Writer,
        promoted: Option<CancellationToken>,
    ) -> Self {
        Self {
            context,
            index,
            dir,
            writer: Some(writer),
            promoted,
            blocking: None,
            pace: Pace::default(),
            backoff: BACKOFF,
            failing: false,
        }
    }

    /// Follows until `stop`, retrying after failures. The index is free for another writer when
    /// this returns.
    pub(crate) async fn run(mut self, stop: CancellationToken) -> End {
        let end = loop {
            let followed = self.follow(&stop).await;
            self.on_interrupted();
            let error = match followed {
                Ok(end) => break end,
                Err(error) => error,
            };
            if let Some(end) = self.on_failed(&error) {
                break end;
            }
            if let FollowError::Index(error) = error
                && error.is_damage()
            {
                break End::Damaged(error);
            }
            let wait = self.backoff.next_delay();
            tokio::select! {
                () = stop.cancelled() => break End::Stopped,
                () = tokio::time::sleep(wait) => {}
            }
        };
        // Dropping the writer waits for its merging threads.
        let writer = self.writer.take();
        spawn_blocking(move || drop(writer)).await.ok();
        end
    }

    /// Follows from the last commit until `stop`, or until the cursor has expired.
    async fn follow(&mut self, stop: &CancellationToken) -> Result<End, FollowError> {
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None => {
                let index = self.index.clone();
                spawn_blocking(move || index.writer()).await??
            }
        };
        let mut position = writer.position().clone();
        self.writer = Some(writer);

        let from = if position.cursor.is_empty() { "snapshot" } else { "cursor" };
        tracing::info!(folder = %self.dir.path.display(), from, "following the change feed");
        let request = WatchChangesRequest {
            cursor: position.cursor.clone(),
            start: Start::Snapshot.into(),
            ..Default::default()
        };
        let mut feed = Feed::new(self.context.feed.clone(), request).with_backoff(BACKOFF);
        loop {
            let (live_index, dir) = (&self.context.live_index, &self.dir);
            let on_change = || live_index.set_caught_up(dir, false);
            let collected = collect(&mut feed, position, &self.pace, stop, on_change).await;
            let Collected { batch, changed_at, next } = collected;
            position = batch.position.clone();
            self.apply(batch, changed_at).await?;
            match next {
                NextStep::More => {}
                NextStep::CaughtUp => self.context.live_index.set_caught_up(&self.dir, true),
                NextStep::Stop => return Ok(End::Stopped),
                NextStep::Interrupted(interruption) if interruption.is_cursor_expired() => {
                    tracing::warn!("the feed cursor has expired; rebuilding the index");
                    return Ok(End::Expired);
                }
                NextStep::Interrupted(_) => {
                    self.on_interrupted();
                    continue;
                }
            }
            self.backoff.reset();
            self.failing = false;
        }
    }

    /// Commits a batch, and publishes the commit or promotes a replacement.
    async fn apply(
        &mut self,
        batch: Batch,
        changed_at: Option<SystemTime>,
    ) -> Result<(), FollowError> {
        if self.promoted.is_some() {
            let (position, _) = self.write(batch).await?;
            return if position.complete { self.try_promote(&position).await } else { Ok(()) };
        }
        let live_index = self.context.live_index.clone();
        let _guard = live_index.lock_commits().await;
        let live = live_index.snapshot();
        if live.dir != self.dir {
            return Err(FollowError::Replaced);
        }
        let (position, applied) = self.write(batch).await?;
        live_index.record_commit(&self.dir, &position, applied, changed_at);
        if position.complete && !live.complete {
            self.on_complete().await?;
        }
        Ok(())
    }

    /// Writes a batch on a blocking thread. After an error the writer is gone.
    async fn write(&mut self, batch: Batch) -> Result<(FeedPosition, AppliedChanges), FollowError> {
        let Some(mut writer) = self.writer.take() else { return Err(FollowError::Replaced) };
        let began = Instant::now();
        let writing = spawn_blocking(move || {
            metrics::commit(|| writer.apply(batch)).map(|applied| (writer, applied))
        });
        let (writer, applied) = writing.await??;
        if applied != AppliedChanges::default() {
            self.context.live_index.set_disk_full(false);
            self.pace.record_commit(began.elapsed());
        }
        let position = writer.position().clone();
        self.writer = Some(writer);
        Ok((position, applied))
    }

    /// Promotes this index if it has everything that the live index has, so that no client loses
    /// sight of a write. If it lacks only a few changes, commits to the live index are blocked
    /// meanwhile: otherwise two followers at the same pace might never meet.
    async fn try_promote(&mut self, position: &FeedPosition) -> Result<(), FollowError> {
        let (guard, since) = match self.blocking.take() {
            Some(held) => held,
            None => (self.context.live_index.lock_commits().await, Instant::now()),
        };
        let lacks = self.context.live_index.missing_changes(position);
        if lacks > 0 {
            if lacks <= MAX_BLOCKING_CHANGES && since.elapsed() < MAX_BLOCKING {
                self.blocking = Some((guard, since));
                self.pace = Pace::urgent(MAX_BLOCKING);
            } else {
                self.pace.due = None;
            }
            return Ok(());
        }
        let (data_dir, dir) = (Arc::clone(&self.context.data_dir), self.dir.clone());
        spawn_blocking(move || data_dir.set_live(&dir)).await??;
        self.context.live_index.replace(self.index.clone(), self.dir.clone(), position);
        drop(guard);
        if let Some(promoted) = self.promoted.take() {
            promoted.cancel();
        }
        self.on_complete().await
    }

    /// Runs when the live index is complete for the first time.
    async fn on_complete(&self) -> Result<(), FollowError> {
        let products = self.index.product_count();
        tracing::info!(folder = %self.dir.path.display(), products, "index complete");
        let data_dir = Arc::clone(&self.context.data_dir);
        Ok(spawn_blocking(move || data_dir.remove_other_versions()).await??)
    }

    /// Runs when no events are received for now: changes may be missing, and commits to the live
    /// index are no longer blocked.
    fn on_interrupted(&mut self) {
        self.blocking = None;
        self.pace.due = None;
        self.context.live_index.set_caught_up(&self.dir, false);
    }

    /// Logs a failure, once until a batch is committed, and decides whether it ends the follower.
    fn on_failed(&mut self, error: &FollowError) -> Option<End> {
        match error {
            FollowError::Replaced => return Some(End::Stopped),
            FollowError::Index(error) if error.is_disk_full() => {
                self.context.live_index.set_disk_full(true);
            }
            FollowError::Index(_) | FollowError::Panicked(_) => self.index.suspect(),
        }
        let (reason, error) = (error.to_string(), error.source());
        if self.promoted.is_some() {
            // The cause, perhaps a full disk, would harm the live index too.
            tracing::error!(reason, error, "rebuild failed");
            return Some(End::Failed);
        }
        if std::mem::replace(&mut self.failing, true) {
            tracing::debug!(reason, error, "index update failed; retrying");
        } else {
            tracing::warn!(reason, error, "index update failed; retrying");
        }
        None
    }
}
