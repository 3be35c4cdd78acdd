//! Reads queries without searching for them, over the real products if they are beside the checkout.

use std::{hint::black_box, path::Path};

use criterion::{Criterion, criterion_group, criterion_main};
use search::tuning::{Parameters, TrialIndex};

/// A query of each kind, and one that is as long as a pasted title.
const QUERIES: [&str; 6] = [
    "laptop",
    "hp laptop -black under $500",
    "genuine kyocera toner cartridge",
    "trip lite surge protector 10 ft",
    "i need something to charge my phone in the car",
    "xerox black toner cartridge equivalent to hp c3906a compatible with hp laserjet 3100 3150 laserjet 5l 5lfs",
];

fn read(criterion: &mut Criterion) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let Ok(products) = judgements::products(&folder) else {
        eprintln!("skipped: put the product data at {}", folder.display());
        return;
    };
    let trial = TrialIndex::new(Parameters::default(), products).expect("memory is enough");
    let mut group = criterion.benchmark_group("read");
    for query in QUERIES {
        group.bench_function(query, |bencher| {
            bencher.iter(|| trial.read(black_box(query)).expect("the index is in memory"));
        });
    }
}

criterion_group!(benches, read);
criterion_main!(benches);
