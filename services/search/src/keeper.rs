//! Sees to it that the live index is followed, and builds another one aside when that is asked for,
//! or when the live one has lost its place in the feed.
//!
//! Two followers then run side by side, each with a feed of its own; queries go on, and the live
//! index goes on to change. The new one takes its place between two commits, once it has all that
//! the old one has. Dying at any instant leaves one of the two live, and the other for the next
//! start to remove.

use std::{sync::Arc, time::Duration};

use chassis::CancellationToken;
use tokio::{
    task::{JoinError, JoinHandle, spawn_blocking},
    time::sleep,
};

use crate::{
    follower::{End, Follower, House},
    home::Room,
    index::{self, Index, Writer},
    shelf::Rebuild,
};

/// How long after a rebuild that cannot be done without has failed the next one begins.
const AGAIN: Duration = Duration::from_secs(5);

/// Runs the followers.
pub(crate) struct Keeper {
    house: House,
    live: Task,
    aside: Option<Task>,
    /// Whether nobody follows the live index any more.
    lost: bool,
    stop: CancellationToken,
}

/// A follower at work.
struct Task {
    room: Room,
    work: JoinHandle<End>,
    stop: CancellationToken,
    /// Of an index that is built aside: it has become the live one.
    swapped: CancellationToken,
}

/// What happens to the one or the other.
enum Event {
    Stop,
    Asked,
    LiveEnded(Result<End, JoinError>),
    Swapped,
    AsideEnded(Result<End, JoinError>),
}

impl Keeper {
    /// Begins to follow into the live index.
    pub(crate) fn begin(house: House, writer: Writer, stop: CancellationToken) -> Self {
        let room = house.shelf.live().room.clone();
        let follower = Follower::of_live(house.clone(), writer);
        let live = Task::begin(follower, room, &stop, CancellationToken::new());
        Self { house, live, aside: None, lost: false, stop }
    }

    /// Goes on until it is stopped. When this returns, the data folder is free.
    pub(crate) async fn run(mut self) {
        let mut rebuild = self.house.shelf.rebuild();
        loop {
            let asked = async {
                rebuild.wait_for(|rebuild| matches!(rebuild, Rebuild::Asked)).await.map(drop)
            };
            let is_building = self.aside.is_some();
            let event = tokio::select! {
                () = self.stop.cancelled() => Event::Stop,
                Ok(()) = asked, if !is_building => Event::Asked,
                ended = &mut self.live.work, if !self.lost => Event::LiveEnded(ended),
                event = event_of(&mut self.aside), if is_building => event,
            };
            match event {
                Event::Stop => break,
                Event::Asked => self.build().await,
                Event::LiveEnded(ended) => self.live_ended(&ended),
                Event::Swapped => self.swapped().await,
                Event::AsideEnded(ended) => self.aside_ended(&ended).await,
            }
        }
        if !self.lost {
            self.live.end().await;
        }
        if let Some(aside) = self.aside {
            aside.end().await;
        }
    }

    /// Begins another index, aside.
    async fn build(&mut self) {
        let home = Arc::clone(&self.house.home);
        let opened = spawn_blocking(move || -> Result<(Index, Room, Writer), index::Error> {
            let room = home.next()?;
            let index = Index::open(&room.folder)?;
            let writer = index.writer()?;
            Ok((index, room, writer))
        });
        let failed = match opened.await {
            Ok(Ok((index, room, writer))) => {
                tracing::info!(folder = %room.folder.display(), "building an index aside");
                self.house.shelf.set_rebuild(Rebuild::Building(Box::new(index.clone())));
                let (house, swapped) = (self.house.clone(), CancellationToken::new());
                let follower =
                    Follower::of_aside(house, index, room.clone(), writer, swapped.clone());
                self.aside = Some(Task::begin(follower, room, &self.stop, swapped));
                return;
            }
            Ok(Err(error)) => anyhow::Error::new(error),
            Err(error) => anyhow::Error::new(error),
        };
        tracing::error!("an index could not be built aside: {failed:#}");
        self.over().await;
    }

    /// The index that was built aside is live: the one before can go.
    async fn swapped(&mut self) {
        let Some(aside) = self.aside.take() else { return };
        let before = std::mem::replace(&mut self.live, aside);
        let room = before.room.clone();
        if !std::mem::take(&mut self.lost) {
            before.end().await;
        }
        self.vacate(room).await;
        self.house.shelf.set_rebuild(Rebuild::No);
    }

    fn live_ended(&mut self, ended: &Result<End, JoinError>) {
        // One that has stopped by itself has been told to, or another is live and we hear it next.
        self.lost = true;
        if matches!(ended, Ok(End::Stopped)) {
            return;
        }
        if let Err(error) = ended {
            tracing::error!(%error, "following the catalogue panicked");
        }
        self.house.shelf.ask_rebuild();
    }

    async fn aside_ended(&mut self, ended: &Result<End, JoinError>) {
        let Some(aside) = self.aside.take() else { return };
        if let Err(error) = ended {
            tracing::error!(%error, "building an index panicked");
        }
        self.vacate(aside.room).await;
        self.over().await;
    }

    /// A rebuild has come to nothing. Where it is needed, it is tried again.
    async fn over(&mut self) {
        self.house.shelf.set_rebuild(Rebuild::No);
        if self.lost {
            tokio::select! {
                () = self.stop.cancelled() => {}
                () = sleep(AGAIN) => { self.house.shelf.ask_rebuild(); }
            }
        }
    }

    async fn vacate(&self, room: Room) {
        let home = Arc::clone(&self.house.home);
        match spawn_blocking(move || home.vacate(&room)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "an index that is not used stays for now"),
            Err(error) => tracing::error!(%error, "removing an index panicked"),
        }
    }
}

/// What happens to the index that is built aside.
async fn event_of(aside: &mut Option<Task>) -> Event {
    let Some(task) = aside else { return std::future::pending().await };
    tokio::select! {
        // First: who was swapped in may have been stopped since.
        biased;
        () = task.swapped.cancelled() => Event::Swapped,
        ended = &mut task.work => Event::AsideEnded(ended),
    }
}

impl Task {
    fn begin(
        follower: Follower,
        room: Room,
        stop: &CancellationToken,
        swapped: CancellationToken,
    ) -> Self {
        let stop = stop.child_token();
        Self { room, work: tokio::spawn(follower.run(stop.clone())), stop, swapped }
    }

    /// Stops it, and waits until its index is free.
    async fn end(self) {
        self.stop.cancel();
        if let Err(error) = self.work.await {
            tracing::error!(%error, "a follower panicked");
        }
    }
}
