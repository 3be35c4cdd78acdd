//! Benchmark of a call: `cargo run --release -p breaker --example cost`. Prints nanoseconds for
//! admitting and recording a call with one thread, and with two threads on the same breaker, which is
//! the worst case for its lock.

use breaker::{Breaker, Settings};
use std::{hint::black_box, thread, time::Instant};

const CALLS: u32 = 2_000_000;

fn main() {
    for threads in [1, 2] {
        let breaker = Breaker::new(Settings::default());
        let mut runs: Vec<f64> = (0..5).map(|_| nanoseconds(&breaker, threads)).collect();
        runs.sort_by(f64::total_cmp);
        println!("{threads} thread(s): {:.0} ns/call, {:.0} to {:.0}", runs[2], runs[0], runs[4]);
    }
}

/// Returns the wall time per call of each thread, in nanoseconds.
fn nanoseconds(breaker: &Breaker, threads: usize) -> f64 {
    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for _ in 0..CALLS {
                    if let Ok(permit) = black_box(breaker).admit() {
                        permit.record(black_box(true));
                    }
                }
            });
        }
    });
    start.elapsed().as_secs_f64() * 1e9 / f64::from(CALLS)
}
