//! A naive model of the breaker: a list of all events, from which every result is computed.

use breaker::{Outcome, Settings, State, Window};
use std::time::Duration;

/// A breaker that keeps its complete history.
pub(crate) struct Model {
    settings: Settings,
    now: Duration,
    /// All states, and the times of their start.
    states: Vec<(State, Duration)>,
    /// Start times of fixed windows. Other windows have one.
    windows: Vec<Duration>,
    calls: Vec<Call>,
    /// Calls in the order of their outcomes.
    ended: Vec<usize>,
}

/// An admitted call.
struct Call {
    /// Index of the state that admitted it.
    era: usize,
    /// Index of the window that admitted it.
    window: usize,
    admitted_at: Duration,
    end: Option<(Outcome, Duration)>,
}

impl Model {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            settings,
            now: Duration::ZERO,
            states: vec![(State::Closed, Duration::ZERO)],
            windows: vec![Duration::ZERO],
            calls: Vec::new(),
            ended: Vec::new(),
        }
    }

    /// Advances the time to `now`.
    pub(crate) fn advance(&mut self, now: Duration) {
        self.now = now;
        match self.state() {
            State::Open if now > self.since() + self.open_time() => self.enter(State::HalfOpen),
            State::Closed => {
                if let Window::Fixed(length) = self.settings.window
                    && now > *self.windows.last().unwrap() + length
                {
                    self.windows.push(now);
                }
            }
            State::Open | State::HalfOpen => {}
        }
    }

    pub(crate) fn state(&self) -> State {
        self.states.last().unwrap().0
    }

    /// Returns the call's number; `None` if it is rejected.
    pub(crate) fn admit(&mut self) -> Option<usize> {
        let admitted = match self.state() {
            State::Closed => true,
            State::Open => false,
            State::HalfOpen => {
                self.of_era().filter(|call| self.holds_a_place(call)).count()
                    < self.settings.probes.max as usize
            }
        };
        admitted.then(|| {
            self.calls.push(Call {
                era: self.era(),
                window: self.windows.len(),
                admitted_at: self.now,
                end: None,
            });
            self.calls.len() - 1
        })
    }

    pub(crate) fn finish(&mut self, number: usize, outcome: Outcome) {
        self.calls[number].end = Some((outcome, self.now));
        self.ended.push(number);
        let call = &self.calls[number];
        if call.era != self.era() {
            return;
        }
        let failed = is_failure(outcome);
        match self.state() {
            State::Open => unreachable!("nobody is admitted while open"),
            State::Closed => {
                let judged =
                    !matches!(self.settings.window, Window::Fixed(_)) || self.is_in_window(call);
                let by_ratio = judged && failed && self.ratio_exceeded();
                let in_a_row = outcome == Outcome::Failure && self.row_exceeded();
                let by_slowness = judged && self.is_slow(call) && self.slowness_exceeded();
                if by_ratio || in_a_row || by_slowness {
                    self.enter(State::Open);
                }
            }
            State::HalfOpen => {
                if outcome == Outcome::Ignored || self.is_past_lease(call) {
                    return;
                }
                if failed || self.is_slow(call) {
                    self.enter(State::Open);
                } else if self.of_era().filter(|call| self.is_success(call)).count()
                    >= self.settings.probes.max as usize
                {
                    self.enter(State::Closed);
                }
            }
        }
    }

    fn enter(&mut self, state: State) {
        self.states.push((state, self.now));
        self.windows.push(self.now);
    }

    fn era(&self) -> usize {
        self.states.len()
    }

    fn since(&self) -> Duration {
        self.states.last().unwrap().1
    }

    fn of_era(&self) -> impl Iterator<Item = &Call> {
        self.calls.iter().filter(|call| call.era == self.era())
    }

    /// The open time, doubled with each opening since the breaker last closed.
    fn open_time(&self) -> Duration {
        let opened = self
            .states
            .iter()
            .rev()
            .take_while(|(state, _)| *state != State::Closed)
            .filter(|(state, _)| *state == State::Open)
            .count();
        let mut time = self.settings.open.initial;
        for _ in 1..opened {
            time = (time * 2).min(self.settings.open.cap);
        }
        time.min(self.settings.open.cap)
    }

    fn is_in_window(&self, call: &Call) -> bool {
        match self.settings.window {
            Window::Endless => true,
            Window::Fixed(_) => call.window == self.windows.len(),
            Window::Rolling { bucket, buckets } => {
                let number = |at: Duration| (at - self.since()).as_nanos() / bucket.as_nanos();
                number(self.now) - number(call.admitted_at) < u128::from(buckets)
            }
        }
    }

    fn counted(&self) -> impl Iterator<Item = &Call> {
        self.of_era().filter(|call| self.is_in_window(call))
    }

    fn ratio(&self, has: impl Fn(&Call) -> bool) -> Option<f64> {
        let requests = self.counted().count();
        let part = self.counted().filter(|call| has(call)).count();
        (requests >= self.settings.trip.min_requests as usize)
            .then(|| part as f64 / requests as f64)
    }

    fn ratio_exceeded(&self) -> bool {
        let failed = |call: &Call| call.end.is_some_and(|(outcome, _)| is_failure(outcome));
        let limit = self.settings.trip.failure_ratio_above;
        self.ratio(failed).zip(limit).is_some_and(|(ratio, limit)| ratio > limit)
    }

    fn slowness_exceeded(&self) -> bool {
        let limit = self.settings.trip.slow.map(|rule| rule.ratio_above);
        let ratio = self.ratio(|call| self.is_slow(call));
        ratio.zip(limit).is_some_and(|(ratio, limit)| ratio > limit)
    }

    fn row_exceeded(&self) -> bool {
        let row = self
            .ended
            .iter()
            .rev()
            .map(|number| &self.calls[*number])
            .filter(|call| call.era == self.era())
            .filter_map(|call| call.end)
            .take_while(|(outcome, _)| *outcome != Outcome::Success)
            .filter(|(outcome, _)| *outcome == Outcome::Failure)
            .count();
        self.settings.trip.consecutive_failures.is_some_and(|limit| row >= limit as usize)
    }

    fn is_slow(&self, call: &Call) -> bool {
        let rule = self.settings.trip.slow;
        rule.zip(call.end).is_some_and(|(rule, (outcome, at))| {
            outcome != Outcome::Ignored && at - call.admitted_at >= rule.after
        })
    }

    fn is_success(&self, call: &Call) -> bool {
        call.end.is_some_and(|(outcome, _)| outcome == Outcome::Success)
            && !self.is_past_lease(call)
    }

    /// Whether a probe's lease had expired when it ended, or has expired now if it is in flight.
    fn is_past_lease(&self, call: &Call) -> bool {
        let until = call.end.map_or(self.now, |(_, at)| at);
        self.settings.probes.lease.is_some_and(|lease| until - call.admitted_at >= lease)
    }

    fn holds_a_place(&self, call: &Call) -> bool {
        if call.end.is_none() { !self.is_past_lease(call) } else { self.is_success(call) }
    }
}

fn is_failure(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Failure | Outcome::Overloaded)
}
