//! The follower: applies the catalogue's change feed to one index.
//!
//! It reads a batch, commits it, and reads on. Nothing is read during a commit, so that the
//! stream's flow control slows the catalogue down. After a failure it resumes from the cursor of
//! the last commit.
//!
//! Its index is the live one or a replacement. A replacement is promoted to the live index as soon
//! as it has everything that the live index has; the follower then continues with it.

mod backoff;
mod collect;
mod pace;

use crate::{
    data_dir::{DataDir, IndexDir},
    index::{
        self, AppliedChanges, Batch, Engine as _, EngineWriter as _, FeedPosition, Index, Writer,
    },
    live_index::LiveIndex,
    metrics,
};
use backoff::Backoff;
use chassis::CancellationToken;
use collect::{Collected, NextStep, collect};
use pace::Pace;
use proto::catalogue::v1::{
    WatchChangesRequest, feed_service_client::FeedServiceClient, watch_changes_request::Start,
};
use rpc::status::reason;
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
use upstream::Upstream;

/// Maximum number of missing changes for which commits to the live index are blocked until the
/// replacement has caught up.
const MAX_BLOCKING_CHANGES: u64 = 1_000;

/// Maximum time for which commits to the live index are blocked.
const MAX_BLOCKING: Duration = Duration::from_secs(1);

/// Dependencies of a follower, shared by all of a process.
#[derive(Clone)]
pub(crate) struct FollowerContext {
    pub(crate) feed: FeedServiceClient<Upstream>,
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
    /// Whether the feed was connected at the last attempt, so that an outage is logged once.
    connected: bool,
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
}

/// Why following was interrupted. Most errors are retried.
#[derive(Debug, thiserror::Error)]
enum FollowError {
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
        let (writer, pace) = (Some(writer), Pace::default());
        Self { context, index, dir, writer, promoted, blocking: None, pace, connected: true }
    }

    /// Follows until `stop`, retrying after failures. The index is free for another writer when
    /// this returns.
    pub(crate) async fn run(mut self, stop: CancellationToken) -> End {
        let mut backoff = Backoff::default();
        let end = loop {
            let followed = self.follow(&stop, &mut backoff).await;
            self.blocking = None;
            self.context.live_index.set_caught_up(&self.dir, false);
            let Err(interrupted) = followed else { break End::Stopped };
            if let Some(end) = self.on_interrupted(&interrupted) {
                break end;
            }
            let wait = backoff.next_delay();
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

    /// Connects and follows until `stop` or the first failure.
    async fn follow(
        &mut self,
        stop: &CancellationToken,
        backoff: &mut Backoff,
    ) -> Result<(), FollowError> {
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
            answer = self.context.feed.watch_changes(request) => answer?.into_inner(),
        };
        self.connected = true;
        let from = if position.cursor.is_empty() { "snapshot" } else { "cursor" };
        tracing::info!(folder = %self.dir.path.display(), from, "following the change feed");
        loop {
            let (live_index, dir) = (&self.context.live_index, &self.dir);
            let on_change = || live_index.set_caught_up(dir, false);
            let collected = collect(&mut events, position, &self.pace, stop, on_change).await;
            let Collected { batch, changed_at, next } = collected;
            position = batch.position.clone();
            self.apply(batch, changed_at).await?;
            match next {
                NextStep::More => {}
                NextStep::CaughtUp => self.context.live_index.set_caught_up(&self.dir, true),
                NextStep::Stop => return Ok(()),
                NextStep::Failed(interrupted) => return Err(interrupted),
            }
            backoff.reset();
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

    /// Logs an interruption, once per outage, and decides whether it ends the follower.
    fn on_interrupted(&mut self, interrupted: &FollowError) -> Option<End> {
        match interrupted {
            FollowError::Replaced => return Some(End::Stopped),
            FollowError::Feed(status) if reason(status).as_deref() == Some("CURSOR_EXPIRED") => {
                tracing::warn!("the feed cursor has expired; rebuilding the index");
                return Some(End::Expired);
            }
            // The cause, perhaps a full disk, would harm the live index too.
            FollowError::Index(_) | FollowError::Panicked(_) if self.promoted.is_some() => {
                tracing::error!(reason = %interrupted, error = interrupted.source(), "rebuild failed");
                return Some(End::Failed);
            }
            _ => {}
        }
        let (reason, error) = (interrupted.to_string(), interrupted.source());
        if std::mem::replace(&mut self.connected, false) {
            tracing::warn!(reason, error, "change feed interrupted; retrying");
        } else {
            tracing::debug!(reason, error, "change feed interrupted; retrying");
        }
        None
    }
}
