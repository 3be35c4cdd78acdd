//! A request as a row of the table, with its waterfall.

use std::time::Duration;

use askama::Template;

use super::{
    super::{locale::Locale, messages::fill},
    figures::{NONE, Utc, latency},
    texts::Messages,
};
use crate::ops::{Kept, KnownAttempt, Outcome, Request};

/// The waterfall's width, and the height of an attempt's bar, in units of its drawing.
const WIDTH: f64 = 100.0;
const BAR: usize = 3;

/// A request.
#[derive(Template)]
#[template(path = "ops/row.html")]
pub(super) struct RequestRow {
    number: u64,
    elapsed_us: u128,
    iso: String,
    time: String,
    name: String,
    status: String,
    /// `ok`, `bad` or `dim`.
    level: &'static str,
    /// Why it is kept, if that is of interest.
    note: &'static str,
    took: String,
    height: usize,
    attempts: Vec<AttemptBar>,
    summary: String,
    id: String,
}

/// An attempt, as a bar and in words.
struct AttemptBar {
    x: String,
    y: usize,
    width: String,
    is_failure: bool,
    words: String,
}

impl RequestRow {
    pub(super) fn new(request: &Request, m: &'static Messages, locale: Locale) -> Self {
        let ended = Utc::of(request.ended);
        let (status, level) = match request.outcome {
            Outcome::Web(status) => (status.as_u16().to_string(), level(request.outcome)),
            Outcome::Grpc(code) => (format!("{code:?}"), level(request.outcome)),
            Outcome::HungUp => (m.hung_up.to_owned(), "dim"),
        };
        let note = match request.kept {
            Kept::Failed => m.kept_failed,
            Kept::Slow => m.kept_slow,
            Kept::Retried => m.kept_retried,
            Kept::Traced | Kept::Sample => "",
        };
        let attempts = bars(request, locale);
        let count = attempts.len() + request.further_attempts;
        let summary = match count {
            0 => m.no_attempts.to_owned(),
            1 => m.one_attempt.to_owned(),
            count => fill(m.many_attempts, &[&count.to_string()]),
        };
        Self {
            number: request.number,
            elapsed_us: request.elapsed.as_micros(),
            iso: ended.iso().to_owned(),
            time: ended.time_with_milliseconds(),
            name: request.name.clone(),
            status,
            level,
            note,
            took: latency(request.elapsed, locale),
            height: attempts.len().max(1) * BAR,
            attempts,
            summary,
            id: request.trace_id.clone().unwrap_or_else(|| request.request_id.clone()),
        }
    }
}

fn level(outcome: Outcome) -> &'static str {
    if outcome.is_failure() { "bad" } else { "ok" }
}

fn bars(request: &Request, locale: Locale) -> Vec<AttemptBar> {
    let total = request.elapsed.as_secs_f64().max(1e-6);
    let units = |micros: u32| f64::from(micros) / 1e6 / total * WIDTH;
    let bar = |(number, known): (usize, &KnownAttempt)| {
        let attempt = known.attempt;
        let x = units(attempt.started_us).min(WIDTH - 1.0);
        let width = units(attempt.elapsed_us).clamp(1.0, WIDTH - x);
        let (started, elapsed) = (attempt.started_us, attempt.elapsed_us);
        let time = |micros: u32| latency(Duration::from_micros(micros.into()), locale);
        let method = attempt.method.rsplit('/').next().unwrap_or_default();
        let address = if known.address.is_empty() { NONE } else { &known.address };
        let upstream = known.upstream;
        AttemptBar {
            x: format!("{x:.1}"),
            y: number * BAR,
            width: format!("{width:.1}"),
            is_failure: !is_answer(attempt.end),
            words: format!(
                "{} + {}: {upstream} {address} {method}: {}",
                time(started),
                time(elapsed),
                attempt.end
            ),
        }
    };
    request.attempts.iter().enumerate().map(bar).collect()
}

/// Whether an attempt ended with an answer that another one would not have improved.
fn is_answer(end: &str) -> bool {
    matches!(
        end,
        "OK" | "streaming"
            | "INVALID_ARGUMENT"
            | "NOT_FOUND"
            | "ALREADY_EXISTS"
            | "PERMISSION_DENIED"
            | "FAILED_PRECONDITION"
            | "ABORTED"
            | "OUT_OF_RANGE"
            | "UNAUTHENTICATED"
            | "cancelled"
    )
}
