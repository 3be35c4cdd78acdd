//! Breakers shared by many threads, and hooks that call their breaker.

use breaker::{
    Backoff, Breaker, Cause, ManualClock, Permit, Probes, Settings, State, Transition, Trip,
};
use std::{
    sync::{Arc, Barrier, Mutex},
    thread,
    time::Duration,
};

const SECOND: Duration = Duration::from_secs(1);
const THREADS: usize = 64;

#[test]
fn half_open_admits_no_more_than_its_probes_under_a_race() {
    for max in [1, 3, 10] {
        for _ in 0..20 {
            let clock = ManualClock::new();
            let breaker = Breaker::builder(settings(max)).clock(clock.clone()).build();
            breaker.admit().unwrap().record(false);
            clock.advance(2 * SECOND);
            // The open time is over, so that the threads race for the transition as well.
            let admitted = race(&breaker, |breaker| breaker.admit().ok());
            assert_eq!(admitted.len(), max as usize);
            assert!(admitted.iter().all(Permit::is_probe));
            admitted.into_iter().for_each(|permit| permit.record(true));
            assert_eq!(breaker.state(), State::Closed);
        }
    }
}

#[test]
fn no_call_is_lost_under_a_race() {
    let trip = Trip { failure_ratio_above: None, consecutive_failures: None, ..Trip::default() };
    let breaker = Breaker::builder(Settings { trip, ..Settings::default() })
        .clock(ManualClock::new())
        .build();
    race(&breaker, |breaker| {
        for call in 0..100 {
            breaker.admit().unwrap().record(call % 4 != 0);
        }
        None::<()>
    });
    let snapshot = breaker.snapshot();
    assert_eq!((snapshot.requests, snapshot.failures), (6400, 1600));
}

#[test]
fn hook_may_call_the_breaker_it_watches() {
    let seen: Arc<Mutex<Vec<Transition>>> = Arc::default();
    let clock = ManualClock::new();
    let log = seen.clone();
    let breaker = Breaker::builder(settings(1))
        .clock(clock.clone())
        .on_change(move |breaker, change| {
            log.lock().unwrap().push(*change);
            // Each of these takes the breaker's lock; the last causes another transition.
            assert_eq!(breaker.state(), change.to);
            assert_eq!(breaker.snapshot().generation, change.generation);
            if let Ok(probe) = breaker.admit()
                && probe.is_probe()
            {
                probe.record(true);
            }
        })
        .build();
    breaker.admit().unwrap().record(false);
    clock.advance(2 * SECOND);
    assert_eq!(breaker.state(), State::HalfOpen, "the state before the hook ran");
    assert_eq!(breaker.state(), State::Closed, "and then the hook's own probe closed it");
    let transition = |from, to, generation, open_for, cause| Transition {
        from,
        to,
        generation,
        open_for,
        cause,
    };
    let (open_for, none) = (Some(SECOND), None);
    assert_eq!(
        *seen.lock().unwrap(),
        [
            transition(State::Closed, State::Open, 1, open_for, Cause::ConsecutiveFailures),
            transition(State::Open, State::HalfOpen, 2, none, Cause::OpenTimeOver),
            transition(State::HalfOpen, State::Closed, 3, none, Cause::ProbesSucceeded),
        ]
    );
}

#[test]
fn hooks_are_called_once_per_transition_under_a_race() {
    let seen: Arc<Mutex<Vec<u64>>> = Arc::default();
    let clock = ManualClock::new();
    let log = seen.clone();
    let breaker = Breaker::builder(settings(3))
        .clock(clock.clone())
        .on_change(move |breaker, change| {
            let _ = breaker.snapshot();
            log.lock().unwrap().push(change.generation);
        })
        .build();
    race(&breaker, |breaker| {
        for call in 0..200 {
            clock.advance(SECOND / 10);
            if let Ok(permit) = breaker.admit() {
                permit.record(call % 5 != 0);
            }
        }
        None::<()>
    });
    let last = breaker.snapshot().generation; // may cause one more transition
    let mut generations = seen.lock().unwrap().clone();
    generations.sort_unstable();
    assert!(generations.into_iter().eq(1..=last));
}

/// Settings with which one failure opens the breaker for a second.
fn settings(max: u32) -> Settings {
    Settings {
        trip: Trip { consecutive_failures: Some(1), ..Trip::default() },
        open: Backoff::fixed(SECOND),
        probes: Probes { max, lease: None },
        ..Settings::default()
    }
}

/// Runs `act` in all threads simultaneously, and returns their results.
fn race<T: Send>(breaker: &Breaker, act: impl Fn(&Breaker) -> Option<T> + Sync) -> Vec<T> {
    let barrier = Barrier::new(THREADS);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    barrier.wait();
                    act(breaker)
                })
            })
            .collect();
        threads.into_iter().filter_map(|thread| thread.join().unwrap()).collect()
    })
}
