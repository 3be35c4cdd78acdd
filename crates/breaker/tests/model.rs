//! Compares the breaker with a naive model, over random settings and histories. More cases:
//! `PROPTEST_CASES=100000 cargo test -p breaker --test model`.
//!
//! A breaker's state is behind one lock, so every schedule of threads is equivalent to a history.

mod naive;

use breaker::{
    Backoff, Breaker, ManualClock, Outcome, Permit, Probes, Settings, Slow, State, Trip, Window,
};
use naive::Model;
use proptest::{collection::vec, option, prelude::*, sample::select, test_runner::RngSeed};
use std::{collections::BTreeMap, time::Duration};

/// An event of a history.
#[derive(Debug, Clone)]
enum Step {
    /// The time advances by milliseconds.
    Wait(u64),
    /// A call requests a permit.
    Admit,
    /// The outcome of a call in flight, selected by the number, is recorded.
    Finish(usize, Outcome),
    /// A permit is dropped.
    Drop(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let outcome = prop_oneof![
        3 => Just(Outcome::Success),
        5 => Just(Outcome::Failure),
        1 => Just(Outcome::Overloaded),
        1 => Just(Outcome::Ignored),
    ];
    let step = prop_oneof![
        6 => Just(Step::Admit),
        6 => (any::<usize>(), outcome).prop_map(|(which, outcome)| Step::Finish(which, outcome)),
        1 => any::<usize>().prop_map(Step::Drop),
        3 => prop_oneof![select(vec![1, 10, 50, 100, 101, 200, 400]), 0..300_u64]
            .prop_map(Step::Wait),
    ];
    vec(step, 0..200)
}

prop_compose! {
    fn settings()(
        window in prop_oneof![
            Just(Window::Endless),
            millis(&[100, 200, 1000]).prop_map(Window::Fixed),
            (millis(&[10, 50, 100]), 1..8_u32)
                .prop_map(|(bucket, buckets)| Window::Rolling { bucket, buckets }),
        ],
        min_requests in 0..8_u32,
        failure_ratio_above in option::of(select(vec![0.0, 0.25, 0.5, 0.6, 0.9])),
        consecutive_failures in option::of(1..6_u32),
        slow in option::of((millis(&[50, 100, 200]), select(vec![0.0, 0.5, 0.8]))),
        (initial, cap) in (millis(&[50, 100]), millis(&[100, 300])),
        max in 1..4_u32,
        lease in option::of(millis(&[50, 100, 400])),
    ) -> Settings {
        let slow = slow.map(|(after, ratio_above)| Slow { after, ratio_above });
        Settings {
            window,
            trip: Trip { min_requests, failure_ratio_above, consecutive_failures, slow },
            open: Backoff { initial, cap, jitter: 0.0 },
            probes: Probes { max, lease },
        }
    }
}

fn millis(choices: &[u64]) -> impl Strategy<Value = Duration> + use<> {
    select(choices.to_vec()).prop_map(Duration::from_millis)
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: RngSeed::Fixed(20_260_801), // the same histories every time
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn breaker_does_as_the_model_does(settings in settings(), steps in steps()) {
        let clock = ManualClock::new();
        let breaker = Breaker::builder(settings.clone()).clock(clock.clone()).build();
        let mut model = Model::new(settings);
        let mut now = Duration::ZERO;
        let mut permits: BTreeMap<usize, Permit> = BTreeMap::new();
        for step in steps {
            match step {
                Step::Wait(millis) => {
                    now += Duration::from_millis(millis);
                    clock.set(now);
                    model.advance(now);
                }
                Step::Admit => {
                    let may_pass = breaker.check();
                    let permit = breaker.admit();
                    prop_assert_eq!(may_pass.err(), permit.as_ref().err().copied());
                    let number = model.admit();
                    prop_assert_eq!(permit.is_ok(), number.is_some(), "{:?} at {:?}", permit, now);
                    permits.extend(number.zip(permit.ok()));
                }
                Step::Finish(which, outcome) => {
                    if let Some((number, permit)) = pick(&mut permits, which) {
                        permit.record(outcome);
                        model.finish(number, outcome);
                    }
                }
                Step::Drop(which) => {
                    if let Some((number, permit)) = pick(&mut permits, which) {
                        drop(permit);
                        model.finish(number, Outcome::Ignored);
                    }
                }
            }
            prop_assert_eq!(breaker.state(), model.state(), "at {:?}", now);
        }
    }

    /// After any history, a recovered upstream is called again soon.
    #[test]
    fn breaker_never_sticks(settings in settings(), steps in steps()) {
        let clock = ManualClock::new();
        let lease = settings.probes.lease.unwrap_or(Duration::from_millis(400));
        let probes = Probes { lease: Some(lease), ..settings.probes };
        let settings = Settings { probes, ..settings };
        let breaker = Breaker::builder(settings.clone()).clock(clock.clone()).build();
        let mut permits: BTreeMap<usize, Permit> = BTreeMap::new();
        for (number, step) in steps.into_iter().enumerate() {
            match step {
                Step::Wait(millis) => clock.advance(Duration::from_millis(millis)),
                Step::Admit => permits.extend(breaker.admit().ok().map(|permit| (number, permit))),
                Step::Finish(which, outcome) => {
                    if let Some((_, permit)) = pick(&mut permits, which) {
                        permit.record(outcome);
                    }
                }
                Step::Drop(which) => drop(pick(&mut permits, which)),
            }
        }
        // The calls still in flight never end.
        clock.advance(settings.open.cap.max(lease) + Duration::from_nanos(1));
        for _ in 0..settings.probes.max {
            prop_assert!(breaker.state() == State::Closed || breaker.admit().is_ok());
            breaker.admit().unwrap().record(true);
        }
        prop_assert_eq!(breaker.state(), State::Closed);
    }
}

fn pick(permits: &mut BTreeMap<usize, Permit>, which: usize) -> Option<(usize, Permit)> {
    let number = *permits.keys().nth(which % permits.len().max(1))?;
    permits.remove_entry(&number)
}
