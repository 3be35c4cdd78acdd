//! Settings of a breaker. Any values are valid.

use std::time::Duration;

/// Settings of a breaker. The default suits one endpoint behind a load balancer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// The window of calls that are counted while closed.
    pub window: Window,
    /// The conditions that open it.
    pub trip: Trip,
    /// The durations for which it stays open.
    pub open: Backoff,
    /// The probes while half-open.
    pub probes: Probes,
}

/// The window of calls that are counted while closed, by the time of their admission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// All calls since it closed. Beware: a long history of successes then hides an outage.
    Endless,
    /// All calls since the start of the window, which is cleared once strictly more time than this
    /// has passed. Outcomes of earlier calls are not counted.
    Fixed(Duration),
    /// The current bucket and the ones just before it.
    Rolling {
        /// Duration of a bucket. Zero means a nanosecond.
        bucket: Duration,
        /// Number of buckets. Zero means one.
        buckets: u32,
    },
}

impl Default for Window {
    /// Ten seconds, in ten buckets.
    fn default() -> Self {
        Self::Rolling { bucket: Duration::from_secs(1), buckets: 10 }
    }
}

/// Conditions that open a closed breaker. Any one is enough; `None` disables a condition.
///
/// Ratios are of the calls admitted in the [`Window`], including calls in flight and ignored ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trip {
    /// Minimum number of calls in the window for ratios to apply.
    pub min_requests: u32,
    /// Opens when more than this ratio of calls failed, from 0 to 1. Evaluated at each failure.
    pub failure_ratio_above: Option<f64>,
    /// Opens at this number of consecutive failures, in the order of recording, regardless of the
    /// window. Zero means one.
    pub consecutive_failures: Option<u32>,
    /// Opens when responses are slow, even successful ones.
    pub slow: Option<Slow>,
}

impl Default for Trip {
    /// Five consecutive failures, or more than 60 % of at least five calls. Slowness depends on the
    /// method, so that condition is disabled.
    fn default() -> Self {
        Self {
            min_requests: 5,
            failure_ratio_above: Some(0.6),
            consecutive_failures: Some(5),
            slow: None,
        }
    }
}

/// The condition of slow calls. A slow probe fails, too.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slow {
    /// Duration from which a call is slow.
    pub after: Duration,
    /// Opens when more than this ratio of calls was slow, from 0 to 1. Evaluated at each slow call.
    pub ratio_above: f64,
}

/// The open time: doubles with each failed probe from `initial` up to `cap`, and starts over once the
/// breaker has closed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Backoff {
    /// The first open time.
    pub initial: Duration,
    /// The longest open time.
    pub cap: Duration,
    /// Maximum random reduction of an open time, from 0 to 1. It never extends the time, so that
    /// breakers at the cap spread out as well.
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
    /// One second, doubling up to thirty, with a jitter of a fifth.
    fn default() -> Self {
        Self { initial: Duration::from_secs(1), cap: Duration::from_secs(30), jitter: 0.2 }
    }
}

/// Probes of a half-open breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probes {
    /// Maximum number of probes, and number of successes that close the breaker. One failure opens
    /// it again. Zero means one.
    pub max: u32,
    /// Time after which the slot of a probe without an outcome is free for another probe, and a late
    /// outcome is ignored: about twice the timeout of a call. `None` means never.
    pub lease: Option<Duration>,
}

impl Default for Probes {
    /// One probe, leased for four seconds.
    fn default() -> Self {
        Self { max: 1, lease: Some(Duration::from_secs(4)) }
    }
}
