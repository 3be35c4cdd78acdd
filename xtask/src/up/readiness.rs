//! Readiness probes.

use super::{consul, postgres};
use crate::http;

/// Maximum length of a reason, in characters.
const MAX_REASON: usize = 160;

/// Checks on its admin port whether an instance is ready.
///
/// # Errors
/// If not, with the reason.
pub(crate) fn probe(name: &str, admin_port: u16) -> Result<(), String> {
    match name {
        "consul" => return consul::probe(admin_port),
        "postgres" => return postgres::probe(admin_port),
        _ => {}
    }
    match http::get(admin_port, "/readyz") {
        Ok((200, _)) => Ok(()),
        Ok((_, body)) => Err(reason(&body)),
        Err(_) => Err("not listening yet".to_owned()),
    }
}

/// Formats the body of `/readyz` on one line: plain text unchanged, JSON as `name: reason` pairs.
fn reason(body: &str) -> String {
    let mut parts = Vec::new();
    match serde_json::from_str::<serde_json::Value>(body) {
        Ok(value) => collect("", &value, &mut parts),
        Err(_) => parts.extend(body.lines().map(|line| line.trim().to_owned())),
    }
    parts.retain(|part| !part.is_empty());
    let text = parts.join("; ");
    if text.is_empty() { "not ready".to_owned() } else { text.chars().take(MAX_REASON).collect() }
}

fn collect(name: &str, value: &serde_json::Value, parts: &mut Vec<String>) {
    use serde_json::Value;
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| collect(name, value, parts));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(name, item, parts)),
        Value::String(text) if is_good(text) || name == "status" => {}
        Value::String(text) if name.is_empty() || matches!(name, "reason" | "message") => {
            parts.push(text.clone());
        }
        Value::String(text) => parts.push(format!("{name}: {text}")),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn is_good(text: &str) -> bool {
    ["ok", "ready", "serving"].contains(&text.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_one_short_line() {
        assert_eq!(
            reason("database: migrating\nfeed: connecting\n"),
            "database: migrating; feed: connecting"
        );
        assert_eq!(
            reason(r#"{"status":"not ready","checks":{"database":"migrating","feed":"ok"}}"#),
            "database: migrating"
        );
        assert_eq!(reason(r#"{"reason":"catalogue is unreachable"}"#), "catalogue is unreachable");
        assert_eq!(reason(""), "not ready");
        assert_eq!(reason(&"x".repeat(5000)).len(), MAX_REASON);
    }
}
