//! The stamps, against a model of a database whose statements and commits interleave.

use std::collections::HashMap;

use proptest::{collection::vec, prelude::*};

use super::stamps::{Stamp, Stamps, Write};

/// Few products and fewer slots, so that some share one.
const PRODUCTS: usize = 4;
const SLOTS: usize = 2;

#[derive(Debug, Clone)]
enum Step {
    /// A statement is about to be sent: its stamp is taken.
    Stamp(usize),
    /// The database takes the snapshot of the oldest such statement of the product.
    Snapshot(usize),
    /// Its result arrives, and is cached if it may be.
    Arrive(usize),
    BeginWrite(usize),
    Commit(usize),
    /// The write is acknowledged.
    EndWrite(usize),
    /// Another process commits, which is seen later.
    CommitElsewhere(usize),
    TakeIn(usize),
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
        _ => Step::TakeIn(product),
    })
}

/// What is known of one product, in the database and in this process.
#[derive(Default)]
struct Model<'a> {
    committed: u64,
    /// The least that a read that begins now must show.
    promised: u64,
    stamped: Vec<Stamp>,
    read: Vec<(Stamp, u64)>,
    cached: Option<(Stamp, u64)>,
    /// With what it has committed.
    writing: Option<(Write<'a>, Option<u64>)>,
}

impl<'a> Model<'a> {
    fn apply(&mut self, stamps: &'a Stamps, id: &str, step: &Step) {
        match step {
            Step::Stamp(_) => self.stamped.push(stamps.stamp(id)),
            Step::Snapshot(_) if !self.stamped.is_empty() => {
                self.read.push((self.stamped.remove(0), self.committed));
            }
            // Any of them may arrive first; the last is as good as another.
            Step::Arrive(_) => {
                if let Some((stamp, revision)) = self.read.pop()
                    && stamps.is_current(&stamp, false)
                {
                    self.cached = Some((stamp, revision));
                }
            }
            Step::BeginWrite(_) if self.writing.is_none() => {
                self.writing = Some((stamps.write([id], false), None));
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
            Step::TakeIn(_) => {
                stamps.written(id);
                self.promised = self.committed;
            }
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Whatever the order of things, what may be served is at least what was promised, and while a
    /// write is between its commit and its acknowledgement nothing older than it is served.
    #[test]
    fn what_is_served_is_never_older_than_what_was_promised(steps in vec(step(), 0..60)) {
        let stamps = Stamps::new(SLOTS);
        let mut models: HashMap<usize, Model<'_>> = HashMap::new();
        for step in &steps {
            let (Step::Stamp(of) | Step::Snapshot(of) | Step::Arrive(of) | Step::BeginWrite(of)
                | Step::Commit(of) | Step::EndWrite(of) | Step::CommitElsewhere(of)
                | Step::TakeIn(of)) = step;
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
fn a_change_of_the_categories_is_of_those_who_are_in_some() {
    let stamps = Stamps::new(64);
    let stamp = stamps.stamp("mug");
    let write = stamps.write([], true);
    assert!(stamps.is_current(&stamp, false) && !stamps.is_current(&stamp, true));
    drop(write);
    assert!(stamps.is_current(&stamp, false) && !stamps.is_current(&stamp, true));
    let stamp = stamps.stamp("mug");
    assert!(stamps.is_current(&stamp, true));
    stamps.categories_written();
    assert!(!stamps.is_current(&stamp, true));
    stamps.everything_written();
    assert!(!stamps.is_current(&stamp, false));
    assert!(stamps.is_current(&stamps.stamp("mug"), true));
}

#[test]
fn several_writes_of_one_product_end_on_their_own() {
    let stamps = Stamps::new(1);
    let (first, second) = (stamps.write(["mug", "cup"], false), stamps.write(["mug"], false));
    drop(first);
    let stamp = stamps.stamp("mug");
    assert!(!stamps.is_current(&stamp, false), "the second is under way");
    drop(second);
    assert!(!stamps.is_current(&stamp, false), "taken while it was written");
    assert!(stamps.is_current(&stamps.stamp("mug"), false));
}
