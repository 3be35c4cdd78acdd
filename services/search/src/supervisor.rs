//! The index supervisor: keeps the live index followed, and builds a replacement when one is
//! requested, when the live index's feed cursor has expired, or when its files are damaged.
//!
//! During a rebuild two followers run, each on its feed. Queries and changes of the live index
//! continue. The replacement becomes live between two commits, once it has everything that the live
//! index has. A crash at any point leaves one of them live; the next start removes the other. A
//! damaged live index is no longer written; its folder is set aside once it is replaced.

use std::{error::Error as _, sync::Arc, time::Duration};

use chassis::CancellationToken;
use tokio::{
    task::{JoinError, JoinHandle, spawn_blocking},
    time::sleep,
};

use crate::{
    data_dir::{DataDir, IndexDir},
    follower::{End, Follower, FollowerContext},
    index::{self, Index, Writer},
    integrity_checks::IntegrityChecks,
    live_index::Rebuild,
};

/// Delay before another attempt after a required rebuild has failed.
const REBUILD_DELAY: Duration = Duration::from_secs(5);

/// Runs the followers.
pub(crate) struct IndexSupervisor {
    context: FollowerContext,
    live: FollowerTask,
    replacement: Option<FollowerTask>,
    /// Whether the live index's follower has ended, so that a rebuild is required.
    live_ended: bool,
    live_damaged: bool,
    checks: IntegrityChecks,
    stop: CancellationToken,
}

/// A running follower.
struct FollowerTask {
    dir: IndexDir,
    task: JoinHandle<End>,
    stop: CancellationToken,
    /// Cancelled when a replacement has become the live index.
    promoted: CancellationToken,
}

enum Event {
    Stop,
    RebuildRequested,
    LiveEnded(Result<End, JoinError>),
    LiveDamaged(index::Error),
    Promoted,
    ReplacementEnded(Result<End, JoinError>),
}

impl IndexSupervisor {
    /// Starts following into the live index.
    pub(crate) fn start(context: FollowerContext, writer: Writer, stop: CancellationToken) -> Self {
        let dir = context.live_index.snapshot().dir.clone();
        let follower = Follower::for_live(context.clone(), writer);
        let live = FollowerTask::spawn(follower, dir, &stop, CancellationToken::new());
        Self {
            context,
            live,
            replacement: None,
            live_ended: false,
            live_damaged: false,
            checks: IntegrityChecks::default(),
            stop,
        }
    }

    /// Runs until it is stopped. The data directory is free when this returns.
    pub(crate) async fn run(mut self) {
        let mut rebuild = self.context.live_index.subscribe_rebuild();
        loop {
            let requested = async {
                let is_requested = |rebuild: &Rebuild| matches!(rebuild, Rebuild::Requested);
                rebuild.wait_for(is_requested).await.map(drop)
            };
            let is_building = self.replacement.is_some();
            let event = tokio::select! {
                () = self.stop.cancelled() => Event::Stop,
                Ok(()) = requested, if !is_building => Event::RebuildRequested,
                end = &mut self.live.task, if !self.live_ended => Event::LiveEnded(end),
                error = self.checks.find_damage(&self.context.live_index), if !self.live_damaged => {
                    Event::LiveDamaged(error)
                }
                event = replacement_event(&mut self.replacement), if is_building => event,
            };
            match event {
                Event::Stop => break,
                Event::RebuildRequested => self.start_rebuild().await,
                Event::LiveEnded(end) => self.on_live_ended(end),
                Event::LiveDamaged(error) => self.on_live_damaged(&error).await,
                Event::Promoted => self.on_promoted().await,
                Event::ReplacementEnded(end) => self.on_replacement_ended(&end).await,
            }
        }
        if !self.live_ended {
            self.live.stop().await;
        }
        if let Some(replacement) = self.replacement {
            replacement.stop().await;
        }
    }

    async fn start_rebuild(&mut self) {
        let data_dir = Arc::clone(&self.context.data_dir);
        let opened = spawn_blocking(move || -> Result<(Index, IndexDir, Writer), index::Error> {
            let dir = data_dir.new_index_dir()?;
            let index = Index::open(&dir.path)?;
            let writer = index.writer()?;
            Ok((index, dir, writer))
        });
        let error = match opened.await {
            Ok(Ok((index, dir, writer))) => {
                tracing::info!(folder = %dir.path.display(), "rebuild started");
                let building = Rebuild::Building(Box::new(index.clone()));
                self.context.live_index.set_rebuild(building);
                let (context, promoted) = (self.context.clone(), CancellationToken::new());
                let follower = Follower::for_replacement(
                    context,
                    index,
                    dir.clone(),
                    writer,
                    promoted.clone(),
                );
                self.replacement = Some(FollowerTask::spawn(follower, dir, &self.stop, promoted));
                return;
            }
            Ok(Err(error)) => anyhow::Error::new(error),
            Err(error) => anyhow::Error::new(error),
        };
        tracing::error!(error = %format_args!("{error:#}"), "rebuild failed to start");
        self.end_rebuild().await;
    }

    /// Removes the previous index after the replacement has become the live one.
    async fn on_promoted(&mut self) {
        let Some(replacement) = self.replacement.take() else { return };
        let previous = std::mem::replace(&mut self.live, replacement);
        let dir = previous.dir.clone();
        if !std::mem::take(&mut self.live_ended) {
            previous.stop().await;
        }
        self.checks = IntegrityChecks::default();
        if std::mem::take(&mut self.live_damaged) {
            self.retire(dir, DataDir::set_aside).await;
        } else {
            self.retire(dir, DataDir::remove).await;
        }
        self.context.live_index.set_rebuild(Rebuild::Idle);
    }

    fn on_live_ended(&mut self, end: Result<End, JoinError>) {
        self.live_ended = true;
        match end {
            // Either the service is stopping, or a replacement is live and `Promoted` follows.
            Ok(End::Stopped) => return,
            Ok(End::Expired | End::Failed) => {}
            Ok(End::Damaged(error)) => self.set_damaged(&error),
            Err(error) => tracing::error!(%error, "the live index's follower panicked"),
        }
        self.context.live_index.request_rebuild();
    }

    async fn on_live_damaged(&mut self, error: &index::Error) {
        self.set_damaged(error);
        if !std::mem::replace(&mut self.live_ended, true) {
            self.live.stop.cancel();
            if let Err(error) = (&mut self.live.task).await {
                tracing::error!(%error, "the live index's follower panicked");
            }
        }
        self.context.live_index.request_rebuild();
    }

    fn set_damaged(&mut self, error: &index::Error) {
        let folder = self.live.dir.path.display();
        tracing::error!(%folder, error = error.source(), "the index is damaged; filling it again");
        self.live_damaged = true;
        self.context.live_index.set_damaged();
    }

    async fn on_replacement_ended(&mut self, end: &Result<End, JoinError>) {
        let Some(replacement) = self.replacement.take() else { return };
        if let Err(error) = end {
            tracing::error!(%error, "the replacement index's follower panicked");
        }
        self.retire(replacement.dir, DataDir::remove).await;
        self.end_rebuild().await;
    }

    /// Ends a failed rebuild. If it is required, requests another one after a delay.
    async fn end_rebuild(&mut self) {
        self.context.live_index.set_rebuild(Rebuild::Idle);
        if self.live_ended {
            tokio::select! {
                () = self.stop.cancelled() => {}
                () = sleep(REBUILD_DELAY) => { self.context.live_index.request_rebuild(); }
            }
        }
    }

    /// Removes an unused index, or sets it aside.
    async fn retire(
        &self,
        dir: IndexDir,
        retire: fn(&DataDir, &IndexDir) -> Result<(), index::Error>,
    ) {
        let folder = dir.path.display().to_string();
        let data_dir = Arc::clone(&self.context.data_dir);
        match spawn_blocking(move || retire(&data_dir, &dir)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(%error, folder, "unused index not removed; the next start retries");
            }
            Err(error) => tracing::error!(%error, folder, "removing an unused index panicked"),
        }
    }
}

async fn replacement_event(replacement: &mut Option<FollowerTask>) -> Event {
    let Some(follower) = replacement else { return std::future::pending().await };
    tokio::select! {
        // A promoted follower may have been stopped since: its promotion comes first.
        biased;
        () = follower.promoted.cancelled() => Event::Promoted,
        end = &mut follower.task => Event::ReplacementEnded(end),
    }
}

impl FollowerTask {
    fn spawn(
        follower: Follower,
        dir: IndexDir,
        stop: &CancellationToken,
        promoted: CancellationToken,
    ) -> Self {
        let stop = stop.child_token();
        Self { dir, task: tokio::spawn(follower.run(stop.clone())), stop, promoted }
    }

    /// Stops the follower and waits until its index is free for another writer.
    async fn stop(self) {
        self.stop.cancel();
        if let Err(error) = self.task.await {
            tracing::error!(%error, folder = %self.dir.path.display(), "a follower panicked");
        }
    }
}
