//! Where a text's words are.

use super::{fold::fold_into, units};
use std::ops::Range;

/// Longer tokens are noise, such as pasted URLs or base64. In bytes.
const LONGEST: usize = 64;

/// A word as it stands in a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    /// Folded; a number without its superfluous zeros.
    pub(crate) text: String,
    /// Where it is in the source, in bytes.
    pub(crate) place: Range<usize>,
    /// Only `-`, `/` and the like stand between it and the one before, as in `KT-INS114`.
    pub(crate) glued: bool,
    /// It has a digit: a number, a measure or a code, of which every letter counts.
    pub(crate) digits: bool,
}

/// Returns the words of a text: letters and digits, the decimals of a number with it.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    let mut letters = text.char_indices().peekable();
    // Whether white space, or anything else that parts words, came since the last token.
    let mut apart = true;
    while let Some((start, letter)) = letters.next() {
        if !letter.is_alphanumeric() {
            apart |= !matches!(letter, '-' | '/' | '_' | '.' | '+' | '\u{2010}' | '\u{2011}');
            // 15.6" is fifteen point six inches.
            if matches!(letter, '"' | '″' | '”')
                && let Some(last) = found.last_mut()
                && last.place.end == start
                && last.text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
            {
                last.text.push_str("in");
            }
            continue;
        }
        let mut token = String::new();
        fold_into(letter, &mut token);
        let mut end = start + letter.len_utf8();
        let mut last = letter;
        while let Some(&(at, letter)) = letters.peek() {
            let next = || text[at + letter.len_utf8()..].chars().next();
            let keep = match letter {
                letter if letter.is_alphanumeric() => {
                    fold_into(letter, &mut token);
                    true
                }
                '.' | ','
                    if last.is_ascii_digit() && next().is_some_and(|it| it.is_ascii_digit()) =>
                {
                    // 1,000 is a thousand, 1,5 is one and a half.
                    let rest = &text[at + 1..];
                    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                    if letter == '.' || digits != 3 {
                        token.push('.');
                    }
                    true
                }
                // men's
                '\'' | '’' if last.is_alphabetic() && next().is_some_and(char::is_alphabetic) => {
                    true
                }
                // An accent of its own.
                letter if unicode_normalization::char::is_combining_mark(letter) => true,
                _ => false,
            };
            if !keep {
                break;
            }
            last = letter;
            end = at + letter.len_utf8();
            letters.next();
        }
        if token.is_empty() || token.len() > LONGEST {
            apart = true;
            continue;
        }
        let digits = token.bytes().any(|byte| byte.is_ascii_digit());
        if digits {
            token = units::number(&token);
        }
        let glued = !apart && !found.is_empty();
        found.push(Token { text: token, place: start..end, glued, digits });
        apart = false;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn words_numbers_and_codes_are_found() {
        let cases: [(&str, &[&str]); 9] = [
            ("Desk lamp, white", &["desk", "lamp", "white"]),
            ("KT-INS114", &["kt", "ins114"]),
            ("25.4mm", &["25.4mm"]),
            ("1.00 m 0,5 m", &["1", "m", "0.5", "m"]),
            ("1,000 pieces", &["1000", "pieces"]),
            ("15.6\" screen", &["15.6in", "screen"]),
            ("Men's shoes", &["mens", "shoes"]),
            ("Core™2 Café", &["core", "2", "cafe"]),
            ("end. next", &["end", "next"]),
        ];
        for (text, expected) in cases {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn places_are_those_of_the_source() {
        let text = "Crème-Brûlée 12";
        let found = tokens(text);
        let places: Vec<_> = found.iter().map(|token| &text[token.place.clone()]).collect();
        assert_eq!(places, ["Crème", "Brûlée", "12"]);
        let glued: Vec<_> = found.iter().map(|token| token.glued).collect();
        assert_eq!(glued, [false, true, false]);
    }

    #[test]
    fn nothing_is_too_strange() {
        for text in ["", "\0\u{202e}", "\"\"\"", "....", "1.", ",5", "'", "\u{301}", "№ ½ Ⅷ"] {
            words(text);
        }
        assert_eq!(words(&"x".repeat(65)), Vec::<String>::new());
    }
}
