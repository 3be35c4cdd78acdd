//! The newest changes with their products, read once for all watches.
//!
//! A watch that has caught up with the database takes the changes from here: however many watches
//! there are, a change costs the same statements. A watch that is behind the changes kept reads the
//! database until it has caught up again.
//!
//! **Invariant:** the pages are consecutive: every change of the feed after `start` and up to `end` is
//! in one of them.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

use super::LoadedChanges;
use crate::domain::Place;

/// Maximum number of changes kept.
const MAX_CHANGES: usize = 1_000;

/// The newest changes. Cheap to clone; clones share them.
#[derive(Debug, Clone)]
pub(crate) struct LiveChanges {
    kept: Arc<Mutex<Kept>>,
    news: Arc<watch::Sender<()>>,
}

#[derive(Debug, Default)]
struct Kept {
    pages: VecDeque<Arc<LoadedChanges>>,
    /// The number of changes in the pages.
    count: usize,
    start: Place,
    /// `None` while the feed cannot be read.
    end: Option<Place>,
}

/// A watch that reads the newest changes. While there is one, they are kept.
#[derive(Debug)]
pub(crate) struct LiveWatch {
    changes: LiveChanges,
    news: watch::Receiver<()>,
}

/// The changes that follow a place.
#[derive(Debug)]
pub(crate) enum Following {
    /// Changes, some of which may precede the place.
    Changes(Arc<LoadedChanges>),
    /// Nothing yet.
    Nothing,
    /// Changes that are in the database only, if any.
    NotKept,
}

impl LiveChanges {
    pub(super) fn new() -> Self {
        Self { kept: Arc::default(), news: Arc::new(watch::Sender::new(())) }
    }

    pub(super) fn has_watches(&self) -> bool {
        self.news.receiver_count() > 0
    }

    /// Adds the changes that follow the place `after`.
    pub(super) fn push(&self, after: Place, page: LoadedChanges) {
        let Some(end) = page.end() else { return };
        let mut kept = self.kept();
        if kept.end != Some(after) {
            kept.skip_to(after);
        }
        kept.end = Some(end);
        kept.count += page.changes.len();
        kept.pages.push_back(Arc::new(page));
        while kept.count > MAX_CHANGES {
            let Some(oldest) = kept.pages.pop_front() else { break };
            kept.count -= oldest.changes.len();
            kept.start = oldest.end().unwrap_or(kept.start);
        }
        drop(kept);
        self.news.send_replace(());
    }

    /// Continues at `place`, without the changes before.
    pub(super) fn skip_to(&self, place: Place) {
        self.kept().skip_to(place);
        self.news.send_replace(());
    }

    /// Begins at `place` if the feed could not be read before: nothing follows it.
    pub(super) fn begin_at(&self, place: Place) {
        if self.kept().end.is_none() {
            self.skip_to(place);
        }
    }

    /// Sends all watches to the database: the feed cannot be read here.
    pub(super) fn interrupt(&self) {
        let mut kept = self.kept();
        kept.skip_to(Place::default());
        kept.end = None;
        drop(kept);
        self.news.send_replace(());
    }

    /// Starts a watch.
    pub(super) fn watch(&self) -> LiveWatch {
        LiveWatch { changes: self.clone(), news: self.news.subscribe() }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn skip_to(&mut self, place: Place) {
        self.pages.clear();
        self.count = 0;
        self.start = place;
        self.end = Some(place);
    }
}

impl LiveWatch {
    /// The changes that follow `place`, up to now.
    pub(crate) fn following(&mut self, place: Place) -> Following {
        // Before the look, so that a change during it wakes `changed`.
        self.news.mark_unchanged();
        let kept = self.changes.kept();
        match kept.end {
            None => Following::NotKept,
            // A watch may be ahead of the one reader.
            Some(end) if place >= end => Following::Nothing,
            _ if place < kept.start => Following::NotKept,
            _ => {
                let is_before = |page: &Arc<LoadedChanges>| page.end() <= Some(place);
                let next = kept.pages.partition_point(is_before);
                kept.pages.get(next).cloned().map_or(Following::NotKept, Following::Changes)
            }
        }
    }

    /// Waits until something may follow. Cancel-safe.
    pub(crate) async fn changed(&mut self) {
        // Fails never: this watch holds the sender.
        self.news.changed().await.ok();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::domain::{Change, Op, ProductId};

    fn place(sequence: i64) -> Place {
        Place { transaction: 0, sequence }
    }

    fn page(sequences: std::ops::RangeInclusive<i64>) -> LoadedChanges {
        let change = |sequence| {
            let id = ProductId::known("mug".to_owned());
            Change { place: place(sequence), ..Change::whole(id, Op::Created, Default::default()) }
        };
        let changes = sequences.map(change).collect();
        LoadedChanges { changes, products: HashMap::new(), tree: Arc::default() }
    }

    /// The first change of the page; 0 for nothing, -1 for changes that are not kept.
    fn first(watch: &mut LiveWatch, after: i64) -> i64 {
        match watch.following(place(after)) {
            Following::Changes(page) => page.changes[0].place.sequence,
            Following::Nothing => 0,
            Following::NotKept => -1,
        }
    }

    #[test]
    fn every_kept_change_follows_its_predecessor() {
        let changes = LiveChanges::new();
        let mut watch = changes.watch();
        assert_eq!(first(&mut watch, 7), -1, "nothing is known yet");
        changes.skip_to(place(3));
        changes.push(place(3), page(4..=5));
        changes.push(place(5), page(6..=6));
        let found: Vec<_> = (2..=8).map(|after| first(&mut watch, after)).collect();
        assert_eq!(found, [-1, 4, 4, 6, 0, 0, 0]);
    }

    #[test]
    fn a_gap_is_not_bridged() {
        let changes = LiveChanges::new();
        let mut watch = changes.watch();
        changes.skip_to(place(3));
        changes.push(place(3), page(4..=5));
        changes.push(place(8), page(9..=9));
        assert_eq!([5, 7, 8, 9].map(|after| first(&mut watch, after)), [-1, -1, 9, 0]);
        changes.interrupt();
        assert_eq!(first(&mut watch, 9), -1);
    }

    #[test]
    fn a_bounded_number_of_changes_is_kept() {
        let changes = LiveChanges::new();
        let mut watch = changes.watch();
        changes.skip_to(place(0));
        for number in 0..30 {
            changes.push(place(number * 100), page(number * 100 + 1..=number * 100 + 100));
        }
        assert_eq!(
            [0, 1_999, 2_000, 2_999].map(|after| first(&mut watch, after)),
            [-1, -1, 2_001, 2_901]
        );
    }
}
