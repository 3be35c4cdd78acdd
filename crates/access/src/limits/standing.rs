//! The rest of a limit, and how responses say it.

use std::time::Duration;

use governor::{NotUntil, Quota, middleware::StateSnapshot};
use http::{HeaderMap, HeaderName, HeaderValue, header::RETRY_AFTER};
use opentelemetry::KeyValue;
use rpc::status::PUSHBACK;

use super::{Counted, Subject};

/// Limits that apply (draft-ietf-httpapi-ratelimit-headers-10, section 3).
pub const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// The rest of them (section 4).
pub const REMAINING: HeaderName = HeaderName::from_static("ratelimit");

/// The rest of a limit after a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The calls that the limit counts.
    pub(super) of: Counted,
    /// Their caller.
    pub(super) subject: Subject,
    /// Maximum calls together, after a pause.
    burst: u32,
    /// Time in which that many calls become possible again.
    window: Duration,
    /// Calls that are possible now.
    remaining: u32,
}

/// A limit that is exceeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exceeded {
    /// The limit.
    pub standing: Standing,
    /// Time after which a call is possible again.
    pub wait: Duration,
}

impl Standing {
    pub(super) fn new(of: Counted, subject: Subject, snapshot: &StateSnapshot) -> Self {
        let remaining = snapshot.remaining_burst_capacity();
        Self { remaining, ..Self::used_up(of, subject, snapshot.quota()) }
    }

    fn used_up(of: Counted, subject: Subject, quota: Quota) -> Self {
        let (burst, window) = (quota.burst_size().get(), quota.burst_size_replenished_in());
        Self { of, subject, burst, window, remaining: 0 }
    }

    /// Whether the client should slow down: less than a quarter is left.
    pub fn is_low(&self) -> bool {
        self.remaining < self.burst / 4
    }

    /// Adds `RateLimit-Policy` and `RateLimit` to the headers of a response.
    pub fn add_to(&self, headers: &mut HeaderMap) {
        for (name, value) in self.headers() {
            headers.insert(name, value);
        }
    }

    /// Its labels in metrics.
    pub(crate) fn labels(&self) -> [KeyValue; 2] {
        let class = KeyValue::new("class", self.of.name());
        [KeyValue::new("subject", self.subject.name()), class]
    }

    /// The values of `RateLimit-Policy` and `RateLimit`.
    fn headers(&self) -> [(HeaderName, HeaderValue); 2] {
        let name = self.of.name();
        let window = seconds(self.window);
        let policy = format!("\"{name}\";q={};w={window}", self.burst);
        let used = f64::from(self.burst - self.remaining) / f64::from(self.burst);
        let reset = seconds(self.window.mul_f64(used));
        let left = format!("\"{name}\";r={};t={reset}", self.remaining);
        let value = |text| HeaderValue::try_from(text).expect("is made of ASCII");
        [(POLICY, value(policy)), (REMAINING, value(left))]
    }
}

impl Exceeded {
    pub(super) fn new(
        of: Counted,
        subject: Subject,
        not_until: &NotUntil<std::time::Instant>,
        now: std::time::Instant,
    ) -> Self {
        let standing = Standing::used_up(of, subject, not_until.quota());
        Self { standing, wait: not_until.wait_time_from(now) }
    }

    /// Adds the delay of a retry to the headers of a refusal: `Retry-After`, `RateLimit`, and the pushback of gRPC.
    pub(crate) fn add_to(&self, headers: &mut HeaderMap) {
        self.standing.add_to(headers);
        headers.insert(RETRY_AFTER, HeaderValue::from(self.retry_after()));
        let pushback = u64::try_from(self.wait.as_millis()).unwrap_or(u64::MAX);
        headers.insert(PUSHBACK, HeaderValue::from(pushback.saturating_add(1)));
    }

    /// The value of `Retry-After`, in whole seconds.
    fn retry_after(&self) -> u64 {
        seconds(self.wait).max(1)
    }

    /// The error in words, and its cure.
    pub(crate) fn message(&self) -> String {
        let Standing { of, subject, burst, window, .. } = self.standing;
        let (whose, window, wait) = (subject.words(), seconds(window), self.retry_after());
        let what = of.words();
        format!(
            "{what} {whose} exceed {burst} in {window} s; retry in {wait} s, and call less often"
        )
    }
}

/// Whole seconds, rounded up.
fn seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}
