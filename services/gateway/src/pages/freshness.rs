//! How current and complete a page is: it says so itself, and so does the response header `freshness`.

use std::time::Duration;

use http::{HeaderName, HeaderValue};
use pbjson_types::Duration as ProtoDuration;
use tonic::{Code, Status};

use super::{locale::Locale, messages::fill, text};

pub(super) const HEADER: HeaderName = HeaderName::from_static("freshness");
/// The age from which products of the index are called old. It follows the catalogue within a second.
const OLD: Duration = Duration::from_secs(10);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Freshness {
    #[default]
    Fresh,
    /// From the index, which was last up to date so long ago; unknown if it never was.
    Stale(Option<Duration>),
    /// Without the search service: the catalogue's list.
    WithoutSearch,
}

impl Freshness {
    /// The freshness of a search response with this lag.
    pub(super) fn of_lag(lag: Option<&ProtoDuration>) -> Self {
        let age = lag.map(|lag| Duration::from_secs(lag.seconds.max(0).unsigned_abs()));
        match age {
            Some(age) if age < OLD => Self::Fresh,
            age => Self::Stale(age),
        }
    }

    /// The header's value (RFC 9651): `fresh`, `stale; age=42` in seconds, or `partial; missing=search`.
    pub(super) fn header(self) -> HeaderValue {
        match self {
            Self::Fresh => HeaderValue::from_static("fresh"),
            Self::Stale(None) => HeaderValue::from_static("stale"),
            Self::Stale(Some(age)) => {
                let value = format!("stale; age={}", age.as_secs());
                HeaderValue::from_str(&value).expect("ASCII")
            }
            Self::WithoutSearch => HeaderValue::from_static("partial; missing=search"),
        }
    }

    /// The words for visitors; `None` for a fresh page.
    pub(super) fn notice(self, locale: Locale) -> Option<String> {
        let messages = locale.messages();
        match self {
            Self::Fresh => None,
            Self::Stale(None) => Some(messages.stale_unknown.to_owned()),
            Self::Stale(Some(age)) => Some(fill(messages.stale, &[&duration(age, locale)])),
            Self::WithoutSearch => Some(messages.search_is_down.to_owned()),
        }
    }
}

/// Whether a call failed because its service is away, so that another may stand in for it.
pub(super) fn is_outage(status: &Status) -> bool {
    matches!(status.code(), Code::Unavailable | Code::DeadlineExceeded)
}

fn duration(age: Duration, locale: Locale) -> String {
    let messages = locale.messages();
    let (number, message) = match age.as_secs() {
        seconds @ ..120 => (seconds, messages.seconds),
        seconds @ 120..7_200 => (seconds / 60, messages.minutes),
        seconds => (seconds / 3_600, messages.hours),
    };
    fill(message, &[&text::grouped(number, locale)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn age_of_the_index_is_said() {
        let of = |seconds| Freshness::of_lag(Some(&ProtoDuration { seconds, nanos: 0 }));
        assert_eq!((of(0), of(9)), (Freshness::Fresh, Freshness::Fresh));
        assert_eq!(of(200).header(), "stale; age=200");
        let notice = of(200).notice(Locale::English).unwrap();
        assert!(notice.contains("3 minutes ago"), "{notice}");
        assert!(of(9_000).notice(Locale::German).unwrap().contains("vor 2 Stunden"));
        assert_eq!(Freshness::of_lag(None).header(), "stale");
    }
}
