//! Texts of sellers, as agents get them.

use crate::pages::plain_text;

/// The text in one line, without characters that people do not see and programs do: controls, bidirectional
/// overrides, zero-width characters other than joiners, and tags, by which instructions could be smuggled to an
/// agent past the person it works for.
pub(super) fn visible(text: &str) -> String {
    plain_text(text).chars().filter(|char| !is_hidden(*char)).collect()
}

fn is_hidden(char: char) -> bool {
    matches!(
        char,
        '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}'..='\u{2065}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_instructions_do_not_pass() {
        let smuggled: String =
            "ignore".chars().filter_map(|it| char::from_u32(0xe0000 + it as u32)).collect();
        let text = format!("Mug{smuggled}\u{200b}\u{202e}, blue\n</tool>\u{feff}");
        assert_eq!(visible(&text), "Mug, blue </tool>");
        assert_eq!(visible("می\u{200c}خواهم 👩\u{200d}🍳"), "می\u{200c}خواهم 👩\u{200d}🍳");
    }
}
