//! Explores thread schedules with shuttle: includes the sources of the crate, with the primitives of
//! `sync` replaced by those of shuttle, which controls the scheduling.

#![allow(dead_code, unreachable_pub, reason = "the tests use only a part of the sources")]

#[path = "../../src/breaker.rs"]
mod breaker;
#[path = "../../src/clock.rs"]
mod clock;
#[path = "../../src/fast_path.rs"]
mod fast_path;
#[path = "../../src/machine.rs"]
mod machine;
#[path = "../../src/open_times.rs"]
mod open_times;
#[path = "../../src/outcome.rs"]
mod outcome;
#[path = "../../src/probe_slots.rs"]
mod probe_slots;
#[path = "../../src/settings.rs"]
mod settings;
#[path = "../../src/state.rs"]
mod state;
#[path = "../../src/window_counts.rs"]
mod window_counts;

mod sync {
    pub(crate) use shuttle::sync::{
        Arc, Mutex,
        atomic::{AtomicU32, AtomicU64, Ordering},
    };
    pub(crate) use std::sync::PoisonError;
}

use breaker::Breaker;
use clock::ManualClock;
use settings::{Backoff, Probes, Settings, Trip};
use shuttle::thread;
use state::State;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

const SECOND: Duration = Duration::from_secs(1);
const SCHEDULES: usize = 2_000;

fn explore(scenario: impl Fn() + Send + Sync + Clone + 'static) {
    shuttle::check_random(scenario.clone(), SCHEDULES);
    // Schedules with few context switches at the worst moments.
    shuttle::check_pct(scenario, SCHEDULES, 3);
}

/// Runs `act` in `count` threads, and returns their results.
fn in_threads<T: Send + 'static>(
    count: usize,
    act: impl Fn(usize) -> T + Send + Sync + 'static,
) -> Vec<T> {
    let act = Arc::new(act);
    let threads: Vec<_> = (0..count)
        .map(|index| {
            let act = act.clone();
            thread::spawn(move || act(index))
        })
        .collect();
    threads.into_iter().map(|thread| thread.join().unwrap()).collect()
}

fn never_by_ratio(consecutive_failures: Option<u32>) -> Trip {
    Trip { failure_ratio_above: None, consecutive_failures, ..Trip::default() }
}

#[test]
fn probes_never_exceed_their_number_in_any_schedule() {
    for max in [1, 3] {
        explore(move || {
            let settings = Settings {
                trip: never_by_ratio(Some(1)),
                open: Backoff::fixed(SECOND),
                probes: Probes { max, lease: None },
                ..Settings::default()
            };
            let clock = ManualClock::new();
            let breaker = Breaker::builder(settings).clock(clock.clone()).build();
            breaker.admit().unwrap().record(false);
            clock.advance(2 * SECOND);
            let out = Arc::new(AtomicU32::new(0));
            let most = Arc::new(AtomicU32::new(0));
            let (counted, highest) = (out.clone(), most.clone());
            let shared = breaker.clone();
            in_threads(8, move |index| {
                let Ok(permit) = shared.admit() else { return };
                if !permit.is_probe() {
                    return; // successful probes have closed the breaker
                }
                highest.fetch_max(counted.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                thread::yield_now();
                counted.fetch_sub(1, Ordering::SeqCst);
                match index % 3 {
                    0 => permit.record(true),
                    1 => permit.record(false),
                    _ => drop(permit),
                }
            });
            assert!(most.load(Ordering::SeqCst) <= max);
        });
    }
}

#[test]
fn no_call_is_lost_or_counted_twice_in_any_schedule() {
    explore(|| {
        let settings = Settings { trip: never_by_ratio(None), ..Settings::default() };
        let clock = ManualClock::new();
        let breaker = Breaker::builder(settings).clock(clock.clone()).build();
        let shared = breaker.clone();
        in_threads(4, move |index| {
            for call in 0..3 {
                let permit = shared.admit().unwrap();
                // A snapshot takes the counter from the fast path.
                if index == 0 {
                    let _ = shared.snapshot();
                }
                // Buckets end meanwhile, but none leaves the window.
                clock.advance(Duration::from_millis(100));
                permit.record(call != index);
            }
        });
        let snapshot = breaker.snapshot();
        assert_eq!((snapshot.requests, snapshot.failures), (12, 3));
    });
}

#[test]
fn consecutive_failures_open_in_any_schedule() {
    explore(|| {
        let settings = Settings {
            trip: never_by_ratio(Some(3)),
            open: Backoff::fixed(SECOND),
            ..Settings::default()
        };
        let breaker = Breaker::builder(settings).clock(ManualClock::new()).build();
        // Three calls fail, after one has succeeded.
        breaker.admit().unwrap().record(true);
        let shared = breaker.clone();
        in_threads(4, move |index| {
            let Ok(permit) = shared.admit() else { return };
            if index == 3 {
                drop(permit); // ignored, does not end the streak
            } else {
                permit.record(false);
            }
        });
        assert_eq!(breaker.state(), State::Open);
    });
}

#[test]
fn a_late_success_of_another_state_changes_nothing_in_any_schedule() {
    explore(|| {
        let settings = Settings {
            trip: never_by_ratio(Some(2)),
            open: Backoff::fixed(SECOND),
            probes: Probes { max: 2, lease: None },
            ..Settings::default()
        };
        let clock = ManualClock::new();
        let breaker = Breaker::builder(settings).clock(clock.clone()).build();
        let late: Vec<_> = (0..2).map(|_| breaker.admit().unwrap()).collect();
        for _ in 0..2 {
            breaker.admit().unwrap().record(false);
        }
        clock.advance(2 * SECOND);
        let probe = breaker.admit().unwrap();
        let late = std::sync::Mutex::new(late);
        in_threads(2, move |_| {
            let permit = late.lock().unwrap().pop().unwrap();
            permit.record(true);
        });
        assert_eq!(breaker.state(), State::HalfOpen, "one probe is not two");
        probe.record(true);
        assert_eq!(breaker.state(), State::HalfOpen);
        breaker.admit().unwrap().record(true);
        assert_eq!(breaker.state(), State::Closed);
    });
}
