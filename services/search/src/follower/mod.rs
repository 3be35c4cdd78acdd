//! Follows the catalogue's change feed into the index, for as long as the service runs.
//!
//! Read a batch, commit it, read on: while a commit runs nothing is read, and the stream's flow
//! control holds the catalogue back. What was read and not committed when something fails is read
//! again, from the cursor of the last commit.

mod collect;
mod retry;

use crate::{
    freshness::Freshness,
    index::{self, Batch, Index, Writer},
};
use chassis::{CancellationToken, client::Upstream, status::reason};
use collect::{Next, collect};
use proto::catalogue::v1::{
    WatchChangesRequest, feed_service_client::FeedServiceClient, watch_changes_request::Start,
};
use retry::Retry;
use std::error::Error as _;
use tokio::task::{JoinError, spawn_blocking};
use tonic::Status;

/// Keeps an index in step with the catalogue.
pub(crate) struct Follower {
    feed: FeedServiceClient<Upstream>,
    index: Index,
    /// Absent after it failed, until it is opened again.
    writer: Option<Writer>,
    /// Whether the catalogue knows the cursor of the last commit no more.
    expired: bool,
    /// Whether all was well when it was last looked at.
    following: bool,
    freshness: Freshness,
}

/// Why following came to an end.
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
}

impl Follower {
    pub(crate) fn new(
        feed: FeedServiceClient<Upstream>,
        index: Index,
        writer: Writer,
        freshness: Freshness,
    ) -> Self {
        if writer.position().complete {
            freshness.complete();
        } else {
            freshness.filling("the index has not been filled from the catalogue yet".to_owned());
        }
        Self { feed, index, writer: Some(writer), expired: false, following: true, freshness }
    }

    /// Follows until `shutdown`; whatever fails before is tried again. When this returns, the index
    /// is free for another writer.
    pub(crate) async fn run(mut self, shutdown: CancellationToken) {
        let mut retry = Retry::default();
        loop {
            let followed = self.follow(&shutdown, &mut retry).await;
            self.freshness.set_caught_up(false);
            let Err(interrupted) = followed else { break };
            self.note(&interrupted);
            let wait = retry.next();
            tokio::select! {
                () = shutdown.cancelled() => break,
                () = tokio::time::sleep(wait) => {}
            }
        }
        // Waits for the threads that merge.
        let writer = self.writer.take();
        spawn_blocking(move || drop(writer)).await.ok();
    }

    /// Follows until `shutdown` or the first failure.
    async fn follow(
        &mut self,
        shutdown: &CancellationToken,
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
        position = if self.expired { position.restarted() } else { position.resumed() };

        let request = WatchChangesRequest {
            cursor: position.cursor.clone(),
            start: Start::Snapshot.into(),
            ..Default::default()
        };
        let mut events = tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            answer = self.feed.watch_changes(request) => answer?.into_inner(),
        };
        self.following = true;
        tracing::info!(generation = position.generation, "following the catalogue");
        loop {
            let freshness = &self.freshness;
            let collecting = collect(&mut events, position, shutdown, || {
                freshness.set_caught_up(false);
            });
            let (batch, next) = collecting.await;
            position = batch.position.clone();
            self.apply(batch).await?;
            match next {
                Next::More => {}
                Next::CaughtUp => self.freshness.set_caught_up(true),
                Next::Stop => return Ok(()),
                Next::Failed(interrupted) => return Err(interrupted),
            }
            retry.reset();
        }
    }

    /// Commits a batch. Without an error the writer is there again.
    async fn apply(&mut self, batch: Batch) -> Result<(), Interrupted> {
        let Some(mut writer) = self.writer.take() else { return Ok(()) };
        let was_complete = writer.position().complete;
        let generation = batch.position.generation;
        let applied = spawn_blocking(move || writer.apply(batch).map(|()| writer));
        let writer = applied.await??;
        let position = writer.position();
        // Once a new snapshot has begun to be in the index, it is the one to go on with.
        self.expired &= position.generation != generation;
        if position.complete && !was_complete {
            tracing::info!(products = self.index.product_count(), "the index is complete");
            self.freshness.complete();
        }
        self.writer = Some(writer);
        Ok(())
    }

    /// Learns from a failure, and says so: once, not at every try.
    fn note(&mut self, interrupted: &Interrupted) {
        if let Interrupted::Feed(status) = interrupted
            && reason(status).as_deref() == Some("CURSOR_EXPIRED")
        {
            tracing::warn!("the catalogue knows our cursor no more; filling the index anew");
            self.expired = true;
            return;
        }
        if std::mem::replace(&mut self.following, false) {
            tracing::warn!(
                error = interrupted.source(),
                "{interrupted}; trying again until it works"
            );
        } else {
            tracing::debug!(error = interrupted.source(), "{interrupted}");
        }
    }
}
