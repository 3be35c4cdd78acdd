//! Which failures pass, and the pauses between attempts.

use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::StatusExt as _;

/// Metadata with the delay in milliseconds that a server asks for (gRFC A6).
const PUSHBACK: &str = "grpc-retry-pushback-ms";
const SHORTEST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(30);

/// Reasons of RESOURCE_EXHAUSTED that the same request meets again.
const LASTING: [&str; 4] =
    ["BODY_TOO_LARGE", "MESSAGE_TOO_LARGE", "METADATA_TOO_LARGE", "STORE_FULL"];

/// The pause before the next attempt, after `count` earlier ones; `None` if the same request would fail again.
pub(crate) fn before_retry(status: &Status, count: u32) -> Option<Duration> {
    may_pass(status).then(|| {
        let asked = asked_for(status).unwrap_or_else(|| SHORTEST * 2_u32.pow(count.min(16)));
        // Half of the time or more, so that clients that failed together do not return together.
        asked.min(LONGEST).mul_f64(1.0 - fastrand::f64() / 2.0)
    })
}

/// Whether the same request may succeed later.
pub(crate) fn may_pass(status: &Status) -> bool {
    match status.code() {
        Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled => true,
        Code::ResourceExhausted => {
            let reason = status.get_details_error_info().map(|info| info.reason);
            reason.is_none_or(|reason| !LASTING.contains(&reason.as_str()))
        }
        // A connection that broke off.
        _ => std::error::Error::source(status).is_some(),
    }
}

/// The delay that the server asks for. A negative one forbids retries to what is between the server and this client.
fn asked_for(status: &Status) -> Option<Duration> {
    let number = |name: &str| status.metadata().get(name)?.to_str().ok()?.parse::<u64>().ok();
    let pushback = number(PUSHBACK).map(Duration::from_millis);
    let after = || number("retry-after").map(Duration::from_secs);
    let info = || status.get_details_retry_info()?.retry_delay;
    pushback.or_else(after).or_else(info)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use tonic_types::ErrorDetails;

    use super::*;

    #[test]
    fn pauses_double_unless_the_server_asks_for_another() {
        let status = Status::unavailable("gone");
        for (count, longest) in [(0, 100), (1, 200), (3, 800), (40, 30_000)] {
            let pause = before_retry(&status, count).unwrap().as_millis();
            assert!((longest / 2..=longest).contains(&pause), "{count}: {pause}");
        }
        let mut asks = status.clone();
        asks.metadata_mut().insert("retry-after", "7".parse().unwrap());
        let pause = before_retry(&asks, 0).unwrap().as_millis();
        assert!((3_500..=7_000).contains(&pause), "{pause}");
    }

    #[test]
    fn only_failures_that_pass_are_met_again() {
        let exhausted = |reason: &str| {
            let details = ErrorDetails::with_error_info(reason, "", HashMap::new());
            Status::with_error_details(Code::ResourceExhausted, "", details)
        };
        assert!(may_pass(&exhausted("OVERLOADED")) && may_pass(&Status::deadline_exceeded("")));
        assert!(!may_pass(&exhausted("MESSAGE_TOO_LARGE")));
        assert!(!may_pass(&Status::not_found("")) && !may_pass(&Status::internal("")));
    }
}
