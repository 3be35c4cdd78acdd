//! The actor of a change as it is kept: the principal, and beneath it the caller's note.
//!
//! Both are one text, with a separator that neither can have, so that history and feed need no further column.

/// Unit separator (ASCII 31).
pub(crate) const SEPARATOR: char = '\u{1f}';

/// The text for a principal with a note, which may be empty.
pub(crate) fn join(principal: &str, note: &str) -> String {
    match note {
        "" => principal.to_owned(),
        note => format!("{principal}{SEPARATOR}{note}"),
    }
}

/// The principal and the note of such a text.
pub(crate) fn split(stored: &str) -> (&str, &str) {
    stored.split_once(SEPARATOR).unwrap_or((stored, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn principal_and_note_are_told_apart() {
        for (principal, note) in [("key:import", "anna"), ("key:import", ""), ("", "")] {
            assert_eq!(split(&join(principal, note)), (principal, note));
        }
        assert_eq!(split("anna"), ("anna", ""));
    }
}
