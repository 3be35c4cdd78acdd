//! Asks a second endpoint when the first is late.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    pin, select,
    time::{Instant, sleep},
};
use tower::retry::budget::{Budget as _, TpsBudget};

use super::{
    answer::{Answer, Failure},
    call::Call,
    metrics,
    stack::Calls,
};

/// Of all calls that may be hedged, at most.
const SHARE: f32 = 0.05;
/// How long a call counts for that.
const WINDOW: Duration = Duration::from_secs(10);
/// A call is late when it has taken longer than this share of those before it.
const LATE: f64 = 0.95;
/// Calls that lateness is judged by, and how often that is done.
const KEPT: usize = 512;
const JUDGED_EVERY: usize = 64;

/// Makes a second attempt of a read that is late, at another endpoint; the first good answer counts,
/// and the other attempt is cancelled. Off unless the settings name the method.
///
/// **Invariant:** no more than one in twenty is asked twice, and none that writes.
#[derive(Debug)]
pub(super) struct Hedge<C> {
    inner: C,
    upstream: &'static str,
    budget: TpsBudget,
    latencies: Mutex<Latencies>,
    /// In nanoseconds; zero while too little is known.
    late_after: AtomicU64,
}

impl<C: Calls> Hedge<C> {
    pub(super) fn over(upstream: &'static str, inner: C) -> Self {
        Self {
            inner,
            upstream,
            budget: TpsBudget::new(WINDOW, 0, SHARE),
            latencies: Mutex::default(),
            late_after: AtomicU64::new(0),
        }
    }

    async fn hedged(&self, call: &mut Call, late_after: Duration) -> Result<Answer, Failure> {
        // Where the first attempt is, so that the second goes elsewhere.
        let at = Arc::new(AtomicU64::new(u64::MAX));
        call.asking = Some(Arc::clone(&at));
        let mut twin = call.twin();
        let first = self.inner.call(call);
        pin!(first);
        select! {
            biased;
            answer = &mut first => return answer,
            () = sleep(late_after) => {}
        }
        if !self.budget.withdraw() {
            return first.await;
        }
        metrics::hedged(self.upstream);
        twin.tried.push(at.load(Ordering::Relaxed));
        let second = self.inner.call(&mut twin);
        pin!(second);
        // Whichever is dropped here is cancelled, and counts for nothing.
        select! {
            biased;
            answer = &mut first => match is_good(&answer) {
                true => answer,
                false => better(answer, second.await),
            },
            answer = &mut second => match is_good(&answer) {
                true => answer,
                false => better(answer, first.await),
            },
        }
    }

    fn observe(&self, took: Duration) {
        let mut latencies = self.latencies.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(late_after) = latencies.add(took) {
            let nanos = u64::try_from(late_after.as_nanos()).unwrap_or(u64::MAX);
            self.late_after.store(nanos.max(1), Ordering::Relaxed);
        }
    }
}

impl<C: Calls> Calls for Hedge<C> {
    async fn call(&self, call: &mut Call) -> Result<Answer, Failure> {
        if !(call.hedged && call.method.has_no_side_effects() && call.may_be_repeated()) {
            return self.inner.call(call).await;
        }
        // Boxed: every call would have to carry the room that two attempts need.
        Box::pin(self.timed(call)).await
    }
}

impl<C: Calls> Hedge<C> {
    async fn timed(&self, call: &mut Call) -> Result<Answer, Failure> {
        self.budget.deposit();
        let began = Instant::now();
        let answer = match self.late_after.load(Ordering::Relaxed) {
            0 => self.inner.call(call).await,
            nanos => self.hedged(call, Duration::from_nanos(nanos)).await,
        };
        if is_good(&answer) {
            self.observe(began.elapsed());
        }
        answer
    }
}

fn is_good(answer: &Result<Answer, Failure>) -> bool {
    answer.as_ref().is_ok_and(Answer::is_good)
}

/// The second of two answers, unless only the first is any good.
fn better(one: Result<Answer, Failure>, other: Result<Answer, Failure>) -> Result<Answer, Failure> {
    if one.is_ok() && other.is_err() { one } else { other }
}

/// The latest, in a ring.
#[derive(Debug, Default)]
struct Latencies {
    ring: Vec<Duration>,
    added: usize,
}

impl Latencies {
    /// Returns what is late, now and then.
    fn add(&mut self, took: Duration) -> Option<Duration> {
        match self.ring.get_mut(self.added % KEPT) {
            Some(place) => *place = took,
            None => self.ring.push(took),
        }
        self.added += 1;
        self.added.is_multiple_of(JUDGED_EVERY).then(|| {
            let mut sorted = self.ring.clone();
            let place = ((sorted.len() - 1) as f64 * LATE) as usize;
            *sorted.select_nth_unstable(place).1
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_late_follows_what_is_usual() {
        let mut latencies = Latencies::default();
        let mut judged = Vec::new();
        for millis in (1..=100).cycle().take(1_000) {
            judged.extend(latencies.add(Duration::from_millis(millis)));
        }
        assert_eq!(judged.len(), 1_000 / JUDGED_EVERY);
        let last = judged[judged.len() - 1].as_millis();
        assert!((92..=98).contains(&last), "{last}");
        for _ in 0..2 * KEPT {
            judged.extend(latencies.add(Duration::from_millis(1)));
        }
        assert_eq!(judged[judged.len() - 1], Duration::from_millis(1));
    }
}
