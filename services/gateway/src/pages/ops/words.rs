//! Words that the parts of the page share: language, time, and names of states.

use std::time::SystemTime;

use super::{
    super::{locale::Locale, messages::fill},
    figures::age,
    texts::Messages,
};

/// Settings that the parts of a board share.
#[derive(Clone, Copy)]
pub(super) struct Words {
    pub(super) m: &'static Messages,
    pub(super) locale: Locale,
    pub(super) now: SystemTime,
}

impl Words {
    pub(super) fn ago(self, time: SystemTime) -> String {
        fill(self.m.ago, &[&age(self.now.duration_since(time).unwrap_or_default())])
    }

    pub(super) fn breaker(self, state: &str) -> &'static str {
        match state {
            "closed" => self.m.closed,
            "half-open" => self.m.half_open,
            _ => self.m.open,
        }
    }
}

/// How good a breaker's state is: `ok`, `warn` or `bad`.
pub(super) fn breaker_level(state: &str) -> &'static str {
    match state {
        "closed" => "ok",
        "half-open" => "warn",
        _ => "bad",
    }
}
