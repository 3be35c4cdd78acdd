//! The policy of the breaker, one rule per test.

use breaker::{
    Backoff, Breaker, ManualClock, Outcome, Permit, Probes, Rejected, Settings, Slow, State, Trip,
    Window,
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);
const LEASE: Duration = Duration::from_secs(4);

#[test]
fn five_failures_in_a_row_open() {
    let trip = Trip { failure_ratio_above: None, ..Trip::default() };
    let (breaker, _) = start(Settings { trip, ..Settings::default() });
    for _ in 0..4 {
        fail(&breaker);
    }
    breaker.admit().unwrap().record(true);
    for _ in 0..4 {
        fail(&breaker);
        assert_eq!(breaker.state(), State::Closed);
    }
    fail(&breaker);
    assert_eq!(breaker.admit().unwrap_err(), Rejected::Open { retry_after: SECOND });
}

#[test]
fn long_history_of_successes_does_not_hide_an_outage() {
    // With the ratio alone, an outage must fill 60 % of the window: 6 s of 10.
    let trip = Trip { consecutive_failures: None, ..Trip::default() };
    let (breaker, clock) = start(Settings { trip, ..Settings::default() });
    for _ in 0..100_000 {
        clock.advance(MS); // 1,000 a second for 100 s
        breaker.admit().unwrap().record(true);
    }
    let failed = fail_until_open(&breaker, &clock, MS);
    assert!((5000..=7000).contains(&failed), "{failed} failures, 1,000 a second");

    // With consecutive failures: at most 20 failed calls and a second.
    let (breaker, clock) = start(Settings::default());
    for _ in 0..1_000_000 {
        breaker.admit().unwrap().record(true);
    }
    assert_eq!(fail_until_open(&breaker, &clock, 50 * MS), 5);
}

#[test]
fn endless_window_does_hide_one() {
    let trip = Trip { consecutive_failures: None, ..Trip::default() };
    let (breaker, clock) = start(Settings { window: Window::Endless, trip, ..Settings::default() });
    for _ in 0..1000 {
        breaker.admit().unwrap().record(true);
    }
    assert_eq!(fail_until_open(&breaker, &clock, MS), 1501);
}

/// As in the reference implementation, although its recorded traces have no such case.
#[test]
fn failure_from_before_the_window_is_judged_only_by_a_rolling_one() {
    let rolling = Window::Rolling { bucket: SECOND, buckets: 3 };
    for (window, state) in [(rolling, State::Open), (Window::Fixed(3 * SECOND), State::Closed)] {
        let trip = Trip { consecutive_failures: None, ..Trip::default() };
        let (breaker, clock) = start(Settings { window, trip, ..Settings::default() });
        let old = breaker.admit().unwrap();
        clock.advance(4 * SECOND);
        for _ in 0..4 {
            fail(&breaker);
        }
        let _fifth = breaker.admit().unwrap(); // 4 of 5 failed, but ratios are evaluated at failures only
        assert_eq!(breaker.state(), State::Closed);
        old.record(false);
        assert_eq!(breaker.state(), state, "{window:?}");
    }
}

#[test]
fn slow_successes_open() {
    let slow = Some(Slow { after: 100 * MS, ratio_above: 0.8 });
    let trip = Trip { slow, ..Trip::default() };
    let (breaker, clock) = start(Settings { trip, ..Settings::default() });
    let slow_call = || {
        let permit = breaker.admit().unwrap();
        clock.advance(100 * MS);
        permit.record(true);
    };
    for _ in 0..5 {
        assert_eq!(breaker.state(), State::Closed);
        slow_call();
    }
    assert_eq!(breaker.state(), State::Open);

    // A slow probe fails; a fast one succeeds.
    clock.advance(SECOND + MS);
    slow_call();
    assert_eq!(breaker.state(), State::Open);
    clock.advance(2 * SECOND + MS);
    breaker.admit().unwrap().record(true);
    assert_eq!(breaker.state(), State::Closed);
}

#[test]
fn long_stream_that_began_promptly_is_not_slow() {
    let slow = Some(Slow { after: 100 * MS, ratio_above: 0.0 });
    let trip = Trip { min_requests: 1, slow, ..Trip::default() };
    let (breaker, clock) = start(Settings { trip, ..Settings::default() });
    let mut permit = breaker.admit().unwrap();
    clock.advance(99 * MS);
    permit.answered();
    clock.advance(SECOND);
    permit.answered(); // only the first call counts
    permit.record(true);
    assert_eq!(breaker.snapshot().slow, 0);
}

#[test]
fn overload_counts_in_the_ratio_and_fails_a_probe() {
    let (breaker, clock) = start(Settings::default());
    for _ in 0..4 {
        fail(&breaker);
    }
    breaker.admit().unwrap().record(true);
    breaker.admit().unwrap().record(Outcome::Overloaded); // 5 of 6, but no consecutive ones
    assert_eq!(breaker.state(), State::Open);
    clock.advance(SECOND + MS);
    breaker.admit().unwrap().record(Outcome::Overloaded);
    assert_eq!(breaker.state(), State::Open);
}

#[test]
fn cancelled_calls_never_open() {
    let (breaker, _) = start(Settings::default());
    for _ in 0..5000 {
        drop(breaker.admit().unwrap());
    }
    assert_eq!(breaker.state(), State::Closed);
}

#[test]
fn open_time_doubles_until_a_probe_succeeds() {
    let (breaker, clock) = start(Settings::default());
    open(&breaker);
    for seconds in [1, 2, 4, 8, 16, 30, 30] {
        clock.advance(seconds * SECOND); // strictly more time must pass
        assert_eq!(breaker.admit().unwrap_err(), Rejected::Open { retry_after: Duration::ZERO });
        clock.advance(MS);
        fail(&breaker);
    }
    clock.advance(30 * SECOND + MS);
    breaker.admit().unwrap().record(true);
    assert_eq!(breaker.state(), State::Closed);
    open(&breaker);
    assert_eq!(breaker.snapshot().retry_after, Some(SECOND));
}

#[test]
fn open_times_of_two_breakers_differ() {
    let retry_after = |seed| {
        let settings = Settings::default();
        let breaker = Breaker::builder(settings).clock(ManualClock::new()).seed(seed).build();
        open(&breaker);
        breaker.snapshot().retry_after.unwrap()
    };
    assert_ne!(retry_after(1), retry_after(2));
    assert_eq!(retry_after(1), retry_after(1));
}

#[test]
fn ignored_probe_frees_its_slot() {
    let panicking = |permit: Permit| {
        let unwound = catch_unwind(AssertUnwindSafe(|| {
            let _permit = permit;
            std::panic::resume_unwind(Box::new("on purpose")); // without printing a message
        }));
        assert!(unwound.is_err());
    };
    let ends: [&dyn Fn(Permit); 3] =
        [&|permit| drop(permit), &|permit| permit.record(Outcome::Ignored), &panicking];
    let (breaker, _) = half_open(1);
    for end in ends.iter().cycle().take(300) {
        let probe = breaker.admit().unwrap();
        assert!(probe.is_probe());
        assert_eq!(breaker.admit().unwrap_err(), Rejected::TooManyProbes);
        end(probe);
    }
    breaker.admit().unwrap().record(true);
    assert_eq!(breaker.state(), State::Closed);
}

#[test]
fn hung_probe_loses_its_slot_and_its_outcome_is_ignored() {
    let (breaker, clock) = half_open(1);
    let hung = breaker.admit().unwrap();
    clock.advance(LEASE - MS);
    assert_eq!(breaker.check(), Err(Rejected::TooManyProbes));
    clock.advance(MS);
    let next = breaker.admit().unwrap();
    hung.record(false);
    assert_eq!(breaker.state(), State::HalfOpen);
    // Its end must not free the slot, which now belongs to another probe.
    assert_eq!(breaker.check(), Err(Rejected::TooManyProbes));
    next.record(true);
    assert_eq!(breaker.state(), State::Closed);
}

#[test]
fn hung_probe_without_a_lease_keeps_its_slot() {
    let probes = Probes { max: 1, lease: None };
    let (breaker, clock) = start(Settings { probes, ..Settings::default() });
    open(&breaker);
    clock.advance(2 * SECOND);
    let _hung = breaker.admit().unwrap();
    clock.advance(3600 * SECOND);
    assert_eq!(breaker.check(), Err(Rejected::TooManyProbes));
}

#[test]
fn late_results_of_an_older_state_have_no_effect() {
    // Calls admitted while closed, that end while open, half-open and closed again.
    for stride in [1, 3, 7, 49] {
        let (breaker, clock) = start(Settings::default());
        let mut held: Vec<Option<Permit>> = (0..50).map(|_| breaker.admit().ok()).collect();
        let mut release = |count: usize, from: usize| {
            for epoch in from..from + count {
                let outcome = [Outcome::Failure, Outcome::Success, Outcome::Overloaded][epoch % 3];
                held[epoch * stride % 50].take().unwrap().record(outcome);
            }
        };
        open(&breaker);
        release(20, 0);
        assert_eq!(breaker.state(), State::Open);
        clock.advance(SECOND + MS);
        release(10, 20);
        assert_eq!(breaker.state(), State::HalfOpen);
        breaker.admit().unwrap().record(true);
        release(20, 30);
        let snapshot = breaker.snapshot();
        assert_eq!((snapshot.state, snapshot.requests), (State::Closed, 0));
        assert_eq!((snapshot.failures, snapshot.consecutive_failures), (0, 0));
    }
}

#[test]
fn clock_that_steps_back_is_harmless() {
    let (breaker, clock) = half_open(1);
    clock.set(Duration::ZERO);
    assert_eq!(breaker.state(), State::HalfOpen);
    breaker.admit().unwrap().record(true);
    open(&breaker);
    assert_eq!(breaker.snapshot().retry_after, Some(SECOND));
}

#[test]
fn rejection_has_a_reason() {
    let (breaker, _) = start(Settings::default());
    open(&breaker);
    assert_eq!(breaker.admit().unwrap_err().to_string(), "the circuit breaker is open");
}

/// Creates a breaker without jitter.
#[test]
fn open_time_can_be_ended() {
    let (breaker, clock) = start(Settings::default());
    breaker.end_open_time();
    assert_eq!(breaker.state(), State::Closed, "there is nothing to end");
    open(&breaker);
    let late = Settings::default().open.cap;
    breaker.end_open_time();
    assert_eq!(breaker.state(), State::HalfOpen);
    breaker.admit().unwrap().record(false);
    assert!(breaker.admit().is_err(), "the probe has failed");
    clock.advance(late);
    breaker.admit().unwrap().record(true);
    assert_eq!(breaker.state(), State::Closed);
}

fn start(settings: Settings) -> (Breaker, ManualClock) {
    let clock = ManualClock::new();
    let open = Backoff { jitter: 0.0, ..settings.open };
    let breaker = Breaker::builder(Settings { open, ..settings }).clock(clock.clone()).build();
    (breaker, clock)
}

fn half_open(max: u32) -> (Breaker, ManualClock) {
    let probes = Probes { max, lease: Some(LEASE) };
    let (breaker, clock) = start(Settings { probes, ..Settings::default() });
    open(&breaker);
    clock.advance(SECOND + MS);
    assert_eq!(breaker.state(), State::HalfOpen);
    (breaker, clock)
}

fn open(breaker: &Breaker) {
    for _ in 0..5 {
        fail(breaker);
    }
    assert_eq!(breaker.state(), State::Open);
}

fn fail(breaker: &Breaker) {
    breaker.admit().unwrap().record(false);
}

/// Fails a call at each step of the clock, and returns the number of calls until it opened.
fn fail_until_open(breaker: &Breaker, clock: &ManualClock, step: Duration) -> u32 {
    let mut failed = 0;
    while let Ok(permit) = breaker.admit() {
        permit.record(false);
        clock.advance(step);
        failed += 1;
    }
    failed
}
