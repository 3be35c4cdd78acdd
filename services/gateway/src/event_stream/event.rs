//! Server-sent events in their wire form (WHATWG HTML, section 9.2.5).

use std::time::Duration;

use bytes::Bytes;

/// An encoded event.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Event(Bytes);

impl Event {
    /// An event with a name, data, and the id from which a client resumes.
    pub(crate) fn new(name: &str, data: &str, id: &str) -> Self {
        let mut text = String::with_capacity(name.len() + data.len() + id.len() + 24);
        push_field(&mut text, "event", name);
        for line in data.split(['\n', '\r']) {
            push_field(&mut text, "data", line);
        }
        push_id(&mut text, id);
        Self::end(text)
    }

    /// An event that has been encoded before, for another stream.
    pub(crate) fn encoded(bytes: Bytes) -> Self {
        Self(bytes)
    }

    /// A comment, which clients ignore but for its id.
    pub(crate) fn comment(comment: &str, id: &str) -> Self {
        let mut text = String::new();
        push_field(&mut text, "", comment);
        push_id(&mut text, id);
        Self::end(text)
    }

    /// Sets the time after which a client reconnects when the connection is lost.
    pub(super) fn retry(time: Duration) -> Self {
        let mut text = String::new();
        push_field(&mut text, "retry", &time.as_millis().to_string());
        Self::end(text)
    }

    /// The bytes as they are sent.
    pub(crate) fn into_bytes(self) -> Bytes {
        self.0
    }

    fn end(mut text: String) -> Self {
        text.push('\n');
        Self(text.into())
    }
}

fn push_field(text: &mut String, name: &str, value: &str) {
    for part in [name, ": ", value, "\n"] {
        text.push_str(part);
    }
}

/// Appends an id, unless it is empty or has characters that no id can contain.
fn push_id(text: &mut String, id: &str) {
    if !id.is_empty() && !id.contains(['\n', '\r', '\0']) {
        push_field(text, "id", id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_written_as_clients_parse_them() {
        for (event, text) in [
            (Event::new("change", "{}", "7"), "event: change\ndata: {}\nid: 7\n\n"),
            (Event::new("a", "1\n2", ""), "event: a\ndata: 1\ndata: 2\n\n"),
            (Event::new("a", "{}", "forged\nid"), "event: a\ndata: {}\n\n"),
            (Event::comment("heartbeat", "7"), ": heartbeat\nid: 7\n\n"),
            (Event::retry(Duration::from_millis(1_500)), "retry: 1500\n\n"),
        ] {
            assert_eq!(event.into_bytes(), text);
        }
    }
}
