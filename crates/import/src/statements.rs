//! Statements about a file, as people write them in an option or a parameter.

/// A delimiter: one ASCII letter, or `\t`.
pub fn delimiter(text: &str) -> Option<char> {
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some('\\'), Some('t')) => Some('\t'),
        (Some(letter), None) if letter.is_ascii() => Some(letter),
        _ => None,
    }
}

/// An ISO 4217 code, in any case.
pub fn currency(text: &str) -> Option<String> {
    let code = text.to_ascii_uppercase();
    proto::money::is_currency(&code).then_some(code)
}
