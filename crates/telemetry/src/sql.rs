//! Database statements: a span within the call, and a duration.

use std::{
    borrow::Cow,
    sync::LazyLock,
    time::{Duration, SystemTime},
};

use opentelemetry::{Context, KeyValue, metrics::Histogram, trace::SpanKind};

use crate::{histogram::durations, span};

static DURATION: LazyLock<Histogram<f64>> = LazyLock::new(|| {
    durations(
        "db.client.operation.duration",
        "How long statements took, without the wait for a connection.",
    )
});

/// The longest statement in a span, in bytes.
const MAX_TEXT: usize = 2_000;

/// Records a statement to the database `system` (`postgresql` or `sqlite`) that has just ended. `text`
/// has placeholders, not values, so it holds nothing that callers sent.
pub fn statement(system: &'static str, text: &str, elapsed: Duration, failed: bool) {
    record_duration(system, text, elapsed, failed);
    record_span(system, text, elapsed, failed);
}

/// Records a statement that several calls shared: once in the metrics, and as a span in the trace of
/// each of `callers`.
pub fn batched_statement(
    system: &'static str,
    text: &str,
    elapsed: Duration,
    failed: bool,
    callers: &[Context],
) {
    record_duration(system, text, elapsed, failed);
    for caller in callers {
        let _current = caller.clone().attach();
        record_span(system, text, elapsed, failed);
    }
}

fn record_duration(system: &'static str, text: &str, elapsed: Duration, failed: bool) {
    let outcome = if failed { "failed" } else { "ok" };
    DURATION.record(
        elapsed.as_secs_f64(),
        &[
            KeyValue::new("db.system.name", system),
            KeyValue::new("db.operation.name", operation(text)),
            KeyValue::new("outcome", outcome),
        ],
    );
}

fn record_span(system: &'static str, text: &str, elapsed: Duration, failed: bool) {
    let operation = operation(text);
    let name = || match table(text) {
        Some(table) => Cow::Owned(format!("{operation} {table}")),
        None => Cow::Borrowed(operation),
    };
    let attributes = || {
        vec![
            KeyValue::new("db.system.name", system),
            KeyValue::new("db.operation.name", operation),
            KeyValue::new("db.query.summary", name()),
            KeyValue::new("db.query.text", truncated(text)),
        ]
    };
    let start = SystemTime::now() - elapsed;
    span::record_ended(name, SpanKind::Client, start, attributes, failed);
}

/// The statement's first word as a label: one of a fixed list, so that labels stay bounded.
fn operation(text: &str) -> &'static str {
    const KNOWN: [&str; 10] = [
        "SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "BEGIN", "COMMIT", "ROLLBACK", "NOTIFY",
        "LOCK",
    ];
    let word = text.trim_start().split(|char: char| !char.is_ascii_alphabetic()).next();
    let word = word.unwrap_or("");
    KNOWN.into_iter().find(|known| known.eq_ignore_ascii_case(word)).unwrap_or("OTHER")
}

/// The first table named outside of parentheses.
fn table(text: &str) -> Option<&str> {
    let mut words = text.split_ascii_whitespace();
    let mut depth = 0_usize;
    while let Some(word) = words.next() {
        for byte in word.bytes() {
            match byte {
                b'(' => depth += 1,
                b')' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        let precedes_table =
            || ["FROM", "INTO", "UPDATE"].iter().any(|known| known.eq_ignore_ascii_case(word));
        if depth == 0 && precedes_table() {
            let name = words.next()?.trim_matches(|char: char| !char.is_ascii_alphanumeric());
            return Some(name).filter(|name| !name.is_empty());
        }
    }
    None
}

fn truncated(text: &str) -> String {
    let mut end = text.len().min(MAX_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statement_is_summarised_by_operation_and_table() {
        let of = |text| (operation(text), table(text));
        assert_eq!(of(r#"SELECT "a" FROM "products" WHERE x = $1"#), ("SELECT", Some("products")));
        assert_eq!(of("insert into changes (a) values (?)"), ("INSERT", Some("changes")));
        assert_eq!(of(r#"UPDATE "products" SET a = 1"#), ("UPDATE", Some("products")));
        let below = "SELECT a, (SELECT group_concat(x) FROM other m) AS b FROM products WHERE true";
        assert_eq!(of(below), ("SELECT", Some("products")));
        assert_eq!(of("PRAGMA optimize"), ("OTHER", None));
        assert_eq!(of(""), ("OTHER", None));
        assert_eq!(truncated(&"é".repeat(1_500)).len(), MAX_TEXT);
    }
}
