//! Tests the stamps against a model of a database whose statements and commits interleave.

use std::collections::HashMap;

use proptest::{collection::vec, prelude::*};

use super::stamps::{Stamp, Stamps, WriteGuard};

/// Few products and fewer slots, so that some share one.
const PRODUCTS: usize = 4;
const SLOTS: usize = 2;

#[derive(Debug, Clone)]
enum Step {
    /// The stamp of a statement is taken before it is sent.
    Stamp(usize),
    /// The database takes the snapshot of the oldest statement of the product that has none.
    Snapshot(usize),
    /// Its result arrives, and is cached if its stamp is current.
    Arrive(usize),
    BeginWrite(usize),
    Commit(usize),
    /// The write is acknowledged.
    EndWrite(usize),
    /// Another process commits; the change is seen by a later `Invalidate`.
    CommitElsewhere(usize),
    Invalidate(usize),
}

fn step() -> impl Strategy<Value = Step> {
    (0..8, 0..PRODUCTS).prop_map(|(kind, product)| match kind {
        0 => Step::Stamp(product),
        1 => Step::Snapshot(product),
        2 => Step::Arrive(product),
        3 => Step::BeginWrite(product),
        4 => Step::Commit(product),
        5 => Step::EndWrite(product),
        6 => Step::CommitElsewhere(product),
        _ => Step::Invalidate(product),
    })
}

/// One product, in the database and in this process.
#[derive(Default)]
struct Model<'a> {
    committed: u64,
    /// The lowest revision that a read that begins now may show.
    promised: u64,
    stamped: Vec<Stamp>,
    read: Vec<(Stamp, u64)>,
    cached: Option<(Stamp, u64)>,
    /// The active write, and the revision that it has committed.
    writing: Option<(WriteGuard<'a>, Option<u64>)>,
}

impl<'a> Model<'a> {
    fn apply(&mut self, stamps: &'a Stamps, id: &str, step: &Step) {
        match step {
            Step::Stamp(_) => self.stamped.push(stamps.stamp(id)),
            Step::Snapshot(_) if !self.stamped.is_empty() => {
                self.read.push((self.stamped.remove(0), self.committed));
            }
            // Results may arrive in any order; the last is taken as one of them.
            Step::Arrive(_) => {
                if let Some((stamp, revision)) = self.read.pop()
                    && stamps.is_current(&stamp, false)
                {
                    self.cached = Some((stamp, revision));
                }
            }
            Step::BeginWrite(_) if self.writing.is_none() => {
                self.writing = Some((stamps.begin_write([id], false), None));
            }
            Step::Commit(_) => {
                if let Some((_, committed @ None)) = &mut self.writing {
                    self.committed += 1;
                    *committed = Some(self.committed);
                }
            }
            Step::EndWrite(_) => {
                if let Some((write, committed)) = self.writing.take() {
                    drop(write);
                    self.promised = self.promised.max(committed.unwrap_or(0));
                }
            }
            Step::CommitElsewhere(_) => self.committed += 1,
            Step::Invalidate(_) => {
                stamps.invalidate(id);
                self.promised = self.committed;
            }
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// In every order of steps, a cached product that may be served is not older than promised, and
    /// none is served while a write is between its commit and its acknowledgement.
    #[test]
    fn a_served_product_is_never_older_than_promised(steps in vec(step(), 0..60)) {
        let stamps = Stamps::new(SLOTS);
        let mut models: HashMap<usize, Model<'_>> = HashMap::new();
        for step in &steps {
            let (Step::Stamp(of) | Step::Snapshot(of) | Step::Arrive(of) | Step::BeginWrite(of)
                | Step::Commit(of) | Step::EndWrite(of) | Step::CommitElsewhere(of)
                | Step::Invalidate(of)) = step;
            let model = models.entry(*of).or_default();
            model.apply(&stamps, &of.to_string(), step);
            for model in models.values() {
                let Some((stamp, revision)) = &model.cached else { continue };
                if !stamps.is_current(stamp, false) {
                    continue;
                }
                prop_assert!(*revision >= model.promised, "{revision} < {}", model.promised);
                prop_assert!(model.writing.is_none(), "served while it is written");
            }
        }
    }
}

#[test]
fn a_change_of_the_tree_invalidates_products_with_categories() {
    let stamps = Stamps::new(64);
    let stamp = stamps.stamp("mug");
    let write = stamps.begin_write([], true);
    assert!(stamps.is_current(&stamp, false) && !stamps.is_current(&stamp, true));
    drop(write);
    assert!(stamps.is_current(&stamp, false) && !stamps.is_current(&stamp, true));
    let stamp = stamps.stamp("mug");
    assert!(stamps.is_current(&stamp, true));
    stamps.invalidate_categories();
    assert!(!stamps.is_current(&stamp, true));
    stamps.invalidate_all();
    assert!(!stamps.is_current(&stamp, false));
    assert!(stamps.is_current(&stamps.stamp("mug"), true));
}

#[test]
fn concurrent_writes_of_one_product_finish_independently() {
    let stamps = Stamps::new(1);
    let (first, second) =
        (stamps.begin_write(["mug", "cup"], false), stamps.begin_write(["mug"], false));
    drop(first);
    let stamp = stamps.stamp("mug");
    assert!(!stamps.is_current(&stamp, false), "the second is active");
    drop(second);
    assert!(!stamps.is_current(&stamp, false), "taken while it was written");
    assert!(stamps.is_current(&stamps.stamp("mug"), false));
}
