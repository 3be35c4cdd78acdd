//! What a breaker can be told. Plain data: nothing here refuses to be built.

use std::time::Duration;

/// How a breaker decides. The default suits one endpoint behind a balancer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// Which calls are counted while closed.
    pub window: Window,
    /// What opens it.
    pub trip: Trip,
    /// How long it stays open.
    pub open: Backoff,
    /// Who may find out whether it can close.
    pub probes: Probes,
}

/// Which calls are counted while closed. A call belongs to the moment it was admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// All since it closed; never cleared. Beware: a long good history then hides an outage.
    Endless,
    /// All since the window began. It is cleared once strictly more than this has passed, and
    /// outcomes of calls from before are not counted.
    Fixed(Duration),
    /// The current bucket and those just before it.
    Rolling {
        /// How long a bucket lasts. Zero means a nanosecond.
        bucket: Duration,
        /// How many buckets the window has. Zero means one.
        buckets: u32,
    },
}

impl Default for Window {
    /// Rolls over ten seconds, in ten buckets.
    fn default() -> Self {
        Self::Rolling { bucket: Duration::from_secs(1), buckets: 10 }
    }
}

/// What opens a closed breaker. Any one rule is enough; a rule that is `None` is off.
///
/// Ratios are of the calls admitted in the [`Window`], those in flight and those ignored included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trip {
    /// Calls admitted in the window before a ratio means anything.
    pub min_requests: u32,
    /// Opens when more than this share of calls failed, from 0 to 1. Judged at each failure.
    pub failure_ratio_above: Option<f64>,
    /// Opens at this many failures in a row, in the order they are recorded, however slowly they
    /// come: the window does not apply. Zero means one.
    pub consecutive_failures: Option<u32>,
    /// Opens when answers are late, even good ones.
    pub slow: Option<Slow>,
}

impl Default for Trip {
    /// Five failures in a row, or more than 60 % of at least five calls. Slowness depends on the
    /// method, so that rule is off.
    fn default() -> Self {
        Self {
            min_requests: 5,
            failure_ratio_above: Some(0.6),
            consecutive_failures: Some(5),
            slow: None,
        }
    }
}

/// When late answers open a breaker. A slow probe fails, too.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slow {
    /// A call that took at least this long is slow.
    pub after: Duration,
    /// Opens when more than this share of calls was slow, from 0 to 1. Judged at each slow call.
    pub ratio_above: f64,
}

/// How long a breaker stays open: doubling each time a probe fails, from `initial` up to `cap`,
/// and from `initial` again once it has closed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Backoff {
    /// The first open time.
    pub initial: Duration,
    /// The longest open time, whatever else is said.
    pub cap: Duration,
    /// How much of an open time chance may take off, from 0 to 1. It never adds, so that breakers
    /// at the cap spread out as well.
    pub jitter: f64,
}

impl Backoff {
    /// The same open time every time.
    #[must_use]
    pub const fn fixed(open: Duration) -> Self {
        Self { initial: open, cap: open, jitter: 0.0 }
    }
}

impl Default for Backoff {
    /// One second, doubling to thirty, less up to a fifth.
    fn default() -> Self {
        Self { initial: Duration::from_secs(1), cap: Duration::from_secs(30), jitter: 0.2 }
    }
}

/// Who may pass while half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probes {
    /// Probes admitted, and successes that close. One failure reopens. Zero means one.
    pub max: u32,
    /// How long a probe may keep its place without an outcome: about twice the timeout of a call.
    /// Afterwards another may take the place, and the late outcome is dropped. `None` is for ever.
    pub lease: Option<Duration>,
}

impl Default for Probes {
    /// One probe, leased for four seconds.
    fn default() -> Self {
        Self { max: 1, lease: Some(Duration::from_secs(4)) }
    }
}
