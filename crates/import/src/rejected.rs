//! Lines of a rejects file in JSON.

use serde_json::{Map, Value as Json};

/// Fields of a line. Importing a line with exactly these imports its `row`.
const FIELDS: [&str; 5] = ["line", "reason", "field", "message", "row"];

/// Returns the `row` of a line of a rejects file; `None` for any other JSON.
pub(crate) fn row(line: &[u8]) -> Option<Json> {
    // Cheap test, because most lines are not from a rejects file.
    let inner = line.trim_ascii().strip_prefix(b"{")?.trim_ascii_start();
    if !inner.starts_with(b"\"line\"") {
        return None;
    }
    let mut object: Map<String, Json> = serde_json::from_slice(line).ok()?;
    let is_reject =
        object.len() == FIELDS.len() && FIELDS.iter().all(|field| object.contains_key(*field));
    if is_reject { object.remove("row") } else { None }
}
