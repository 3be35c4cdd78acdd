//! The tokenizer: splits a text into words, numbers and codes.

use super::{fold::fold_into, units};
use std::{iter::Peekable, ops::Range, str::CharIndices};
use unicode_normalization::char::is_combining_mark;

/// Maximum size of a token, in bytes. Longer ones are pasted URLs or base64 and are skipped.
const MAX_TOKEN_BYTES: usize = 64;

/// A word of a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    /// Folded; a number in normal form.
    pub(crate) text: String,
    /// Byte range in the text.
    pub(crate) range: Range<usize>,
    /// Whether only `-`, `/` or the like separates it from the previous token, as in `KT-INS114`.
    pub(crate) joined_to_previous: bool,
    /// Whether it is a number, measurement or code, in which every character counts.
    pub(crate) has_digits: bool,
}

/// Splits a text into tokens. Numbers include their decimals.
pub(crate) fn tokenize(text: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    let mut letters = text.char_indices().peekable();
    // Whether a space or another separator has come since the last token.
    let mut apart = true;
    while let Some((start, letter)) = letters.next() {
        if !letter.is_alphanumeric() {
            apart |= !matches!(letter, '-' | '/' | '_' | '.' | '+' | '\u{2010}' | '\u{2011}');
            // `15.6"` is 15.6 inches.
            if matches!(letter, '"' | '″' | '”')
                && let Some(last) = found.last_mut()
                && last.range.end == start
                && last.text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
            {
                last.text.push_str("in");
            }
            continue;
        }
        let (mut token, mut end) = read_token(text, start, letter, &mut letters);
        if let Some((value, length)) = inch_fraction(&token, &text[end..]) {
            token = value;
            end += length;
            letters.nth(length - 1);
        }
        if let Some(sign) = language_sign(&token, &text[end..]) {
            token.push_str(sign);
            end += sign.len();
            letters.nth(sign.len() - 1);
        }
        if token.is_empty() || token.len() > MAX_TOKEN_BYTES {
            apart = true;
            continue;
        }
        // A capital after a number, as ratings are written.
        if &text[start..end] == "A"
            && found.last().is_some_and(|last| follows_number(last, text, start))
        {
            "amp".clone_into(&mut token);
        }
        let has_digits = token.bytes().any(|byte| byte.is_ascii_digit());
        if has_digits {
            token = units::normalise_number(&token);
        }
        let joined_to_previous = !apart && !found.is_empty();
        found.push(Token { text: token, range: start..end, joined_to_previous, has_digits });
        apart = false;
    }
    found
}

/// Returns the value of a fraction of an inch, as in `1/2"`, and the size of the text after its numerator.
fn inch_fraction(numerator: &str, rest: &str) -> Option<(String, usize)> {
    let denominator = rest.strip_prefix('/')?;
    let digits = denominator.bytes().take_while(u8::is_ascii_digit).count();
    let (denominator, after) = denominator.split_at(digits);
    if !after.starts_with(['"', '″', '”'])
        || !matches!(denominator, "2" | "4" | "8" | "16" | "32" | "64")
    {
        return None;
    }
    let (numerator, denominator) = (numerator.parse::<u8>().ok()?, denominator.parse::<u8>().ok()?);
    let value = f64::from(numerator) / f64::from(denominator);
    Some((value.to_string(), 1 + digits))
}

/// Whether only a space is between a number and the token at `start`.
fn follows_number(last: &Token, text: &str, start: usize) -> bool {
    units::is_number(&last.text) && &text[last.range.end..start] == " "
}

/// Reads the rest of a token that starts with `letter`. Returns it folded, and its end in the text.
fn read_token(
    text: &str,
    start: usize,
    letter: char,
    letters: &mut Peekable<CharIndices<'_>>,
) -> (String, usize) {
    let mut token = String::new();
    push(letter, &mut token);
    let mut end = start + letter.len_utf8();
    if stands_alone(letter) {
        return (token, end);
    }
    let mut last = letter;
    while let Some(&(at, letter)) = letters.peek() {
        let next = || text[at + letter.len_utf8()..].chars().next();
        match letter {
            letter if stands_alone(letter) => break,
            letter if letter.is_alphanumeric() => push(letter, &mut token),
            '.' | ',' if last.is_ascii_digit() && next().is_some_and(|it| it.is_ascii_digit()) => {
                // `1,000` is a thousand, `1,5` one and a half.
                let rest = &text[at + 1..];
                let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                if letter == '.' || digits != 3 {
                    token.push('.');
                }
            }
            // `men's`
            '\'' | '’' if last.is_alphabetic() && next().is_some_and(char::is_alphabetic) => {}
            // A combining accent.
            letter if is_combining_mark(letter) => {}
            _ => break,
        }
        last = letter;
        end = at + letter.len_utf8();
        letters.next();
    }
    (token, end)
}

/// Whether a letter is a token by itself, as in scripts without blanks between words. Words of several letters are
/// found by their letters; products that have them side by side come first.
fn stands_alone(letter: char) -> bool {
    matches!(letter,
        '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{309f}' | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}'
        | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9d}' | '\u{20000}'..='\u{3134f}')
}

/// Returns the sign that belongs to the name of a programming language: `C++`, `C#`.
fn language_sign(token: &str, rest: &str) -> Option<&'static str> {
    let sign = ["++", "#"].into_iter().find(|sign| rest.starts_with(sign))?;
    let after = rest[sign.len()..].chars().next();
    let is_name = token.len() == 1 && token.bytes().all(|it| it.is_ascii_lowercase());
    (is_name && !after.is_some_and(char::is_alphanumeric)).then_some(sign)
}

/// Appends a folded letter; a fraction as decimals of the number before it.
fn push(letter: char, token: &mut String) {
    let decimals = match letter {
        '½' => ".5",
        '¼' => ".25",
        '¾' => ".75",
        '⅓' => ".333",
        '⅔' => ".667",
        '⅛' => ".125",
        '⅜' => ".375",
        '⅝' => ".625",
        '⅞' => ".875",
        _ => return fold_into(letter, token),
    };
    if !token.bytes().all(|it| it.is_ascii_digit()) {
        return fold_into(letter, token);
    }
    if token.is_empty() {
        token.push('0');
    }
    token.push_str(decimals);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        tokenize(text).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn texts_split_into_words_numbers_and_codes() {
        let cases: [(&str, &[&str]); 14] = [
            ("1/2\" pipe 24/7", &["0.5in", "pipe", "24", "7"]),
            ("16 A fuse", &["16", "amp", "fuse"]),
            ("C++ C# c", &["c++", "c#", "c"]),
            ("化妆包 usb", &["化", "妆", "包", "usb"]),
            ("½\" pipe 1½ m", &["0.5in", "pipe", "1.5", "m"]),
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
    fn ranges_refer_to_the_text() {
        let text = "Crème-Brûlée 12";
        let found = tokenize(text);
        let ranges: Vec<_> = found.iter().map(|token| &text[token.range.clone()]).collect();
        assert_eq!(ranges, ["Crème", "Brûlée", "12"]);
        let joined: Vec<_> = found.iter().map(|token| token.joined_to_previous).collect();
        assert_eq!(joined, [false, true, false]);
    }

    #[test]
    fn unusual_texts_are_accepted() {
        for text in ["", "\0\u{202e}", "\"\"\"", "....", "1.", ",5", "'", "\u{301}", "№ ½ Ⅷ"] {
            words(text);
        }
        assert_eq!(words(&"x".repeat(65)), Vec::<String>::new());
    }
}
