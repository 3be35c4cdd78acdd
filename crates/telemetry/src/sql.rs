//! Statements: a span below the call they are made for, and a duration.

use std::{
    borrow::Cow,
    sync::LazyLock,
    time::{Duration, SystemTime},
};

use opentelemetry::{Context, KeyValue, metrics::Histogram, trace::SpanKind};

use crate::{call::durations, span};

static TOOK: LazyLock<Histogram<f64>> = LazyLock::new(|| {
    durations(
        "db.client.operation.duration",
        "How long statements took, waiting for a connection apart.",
    )
});

/// The longest text that a span carries, in bytes.
const MAX_TEXT: usize = 2_000;

/// A statement to the database `system` (`postgresql` or `sqlite`) that ended just now. `text` has
/// placeholders and no values: what callers have sent is not in it.
pub fn statement(system: &'static str, text: &str, took: Duration, failed: bool) {
    record(system, text, took, failed);
    span(system, text, took, failed);
}

/// A statement that several calls had in common: one in the metrics, and a span in the trace of each
/// of `callers`.
pub fn batched_statement(
    system: &'static str,
    text: &str,
    took: Duration,
    failed: bool,
    callers: &[Context],
) {
    record(system, text, took, failed);
    for caller in callers {
        let _current = caller.clone().attach();
        span(system, text, took, failed);
    }
}

fn record(system: &'static str, text: &str, took: Duration, failed: bool) {
    let outcome = if failed { "failed" } else { "ok" };
    TOOK.record(
        took.as_secs_f64(),
        &[
            KeyValue::new("db.system.name", system),
            KeyValue::new("db.operation.name", operation(text)),
            KeyValue::new("outcome", outcome),
        ],
    );
}

/// Below the call that is current.
fn span(system: &'static str, text: &str, took: Duration, failed: bool) {
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
            KeyValue::new("db.query.text", shortened(text)),
        ]
    };
    let began = SystemTime::now() - took;
    span::over(name, SpanKind::Client, began, attributes, failed);
}

/// One of a few words.
fn operation(text: &str) -> &'static str {
    const KNOWN: [&str; 10] = [
        "SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "BEGIN", "COMMIT", "ROLLBACK", "NOTIFY",
        "LOCK",
    ];
    let word = text.trim_start().split(|it: char| !it.is_ascii_alphabetic()).next().unwrap_or("");
    KNOWN.into_iter().find(|known| known.eq_ignore_ascii_case(word)).unwrap_or("OTHER")
}

/// The first table that is named outside of parentheses.
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
        let names_one =
            || ["FROM", "INTO", "UPDATE"].iter().any(|it| it.eq_ignore_ascii_case(word));
        if depth == 0 && names_one() {
            let name = words.next()?.trim_matches(|it: char| !it.is_ascii_alphanumeric());
            return Some(name).filter(|name| !name.is_empty());
        }
    }
    None
}

fn shortened(text: &str) -> String {
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
    fn a_statement_is_summed_up_in_two_words() {
        let of = |text| (operation(text), table(text));
        assert_eq!(of(r#"SELECT "a" FROM "products" WHERE x = $1"#), ("SELECT", Some("products")));
        assert_eq!(of("insert into changes (a) values (?)"), ("INSERT", Some("changes")));
        assert_eq!(of(r#"UPDATE "products" SET a = 1"#), ("UPDATE", Some("products")));
        let below = "SELECT a, (SELECT group_concat(x) FROM other m) AS b FROM products WHERE true";
        assert_eq!(of(below), ("SELECT", Some("products")));
        assert_eq!(of("PRAGMA optimize"), ("OTHER", None));
        assert_eq!(of(""), ("OTHER", None));
        assert_eq!(shortened(&"é".repeat(1_500)).len(), MAX_TEXT);
    }
}
