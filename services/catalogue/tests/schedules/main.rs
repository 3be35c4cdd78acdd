//! Tests the stamps of the product cache under thread schedules that shuttle controls.

#![allow(dead_code, unreachable_pub, reason = "only a part of the included source is used")]

#[path = "../../src/store/cache/stamps.rs"]
mod stamps;

mod sync {
    pub(super) use shuttle::sync::atomic::{AtomicU64, Ordering};
}

use std::sync::atomic::Ordering;

use shuttle::{
    sync::{Arc, Mutex, atomic::AtomicU64},
    thread,
};
use stamps::{Stamp, Stamps};

const SCHEDULES: usize = 3_000;
const ID: &str = "mug";

/// A database with one product, and a cache.
struct World {
    stamps: Stamps,
    committed: AtomicU64,
    acknowledged: AtomicU64,
    cached: Mutex<Option<(Stamp, u64)>>,
}

impl World {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            stamps: Stamps::new(1),
            committed: AtomicU64::new(0),
            acknowledged: AtomicU64::new(0),
            cached: Mutex::new(None),
        })
    }

    fn write(&self) {
        let write = self.stamps.begin_write([ID], false);
        let revision = self.committed.fetch_add(1, Ordering::SeqCst) + 1;
        drop(write);
        self.acknowledged.fetch_max(revision, Ordering::SeqCst);
    }

    /// Another process writes, and the follower invalidates the product.
    fn follow(&self) {
        let revision = self.committed.fetch_add(1, Ordering::SeqCst) + 1;
        self.stamps.invalidate(ID);
        self.acknowledged.fetch_max(revision, Ordering::SeqCst);
    }

    fn fill(&self) {
        let stamp = self.stamps.stamp(ID);
        let revision = self.committed.load(Ordering::SeqCst);
        if self.stamps.is_current(&stamp, false) {
            *self.cached.lock().unwrap() = Some((stamp, revision));
        }
    }

    fn read(&self) {
        let promised = self.acknowledged.load(Ordering::SeqCst);
        let cached = *self.cached.lock().unwrap();
        if let Some((stamp, revision)) = cached
            && self.stamps.is_current(&stamp, false)
        {
            assert!(revision >= promised, "revision {revision} after {promised}");
        }
    }
}

fn explore(acts: &'static [fn(&World)]) {
    let scenario = move || {
        let world = World::new();
        let threads = acts.iter().map(|act| {
            let world = Arc::clone(&world);
            thread::spawn(move || act(&world))
        });
        let threads: Vec<_> = threads.collect();
        world.read();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        world.read();
    };
    shuttle::check_random(scenario, SCHEDULES);
    // Also schedules with a few adversarial preemptions (PCT).
    shuttle::check_pct(scenario, SCHEDULES, 3);
}

#[test]
fn a_fill_that_overlaps_a_write_is_not_served_after_it() {
    explore(&[World::write, World::fill, World::read]);
}

#[test]
fn concurrent_writes_of_one_product_are_independent() {
    explore(&[World::write, World::write, World::fill, World::fill, World::read]);
}

#[test]
fn an_invalidated_product_is_not_served() {
    explore(&[World::follow, World::write, World::fill, World::read]);
}
