//! Ids and SKUs as people write them.

use product_fields::{is_id, is_id_letter, is_sku_letter};

/// An id as it may be stored: as it is, or only as an id of the system it comes from.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Identifier {
    Id(String),
    /// With the first letter that an id cannot have.
    External(String, char),
}

/// Reads an id, without blanks around it.
pub(crate) fn identifier(text: &str) -> Identifier {
    let text = trimmed(text);
    if text.is_empty() || is_id(text) {
        return Identifier::Id(text.to_owned());
    }
    let bad = text.chars().find(|letter| !is_id_letter(*letter));
    Identifier::External(text.to_owned(), bad.unwrap_or('.'))
}

/// Reads a SKU, without blanks around it.
///
/// # Errors
/// A message that continues a sentence which begins with the field's name.
pub(crate) fn sku(text: &str) -> Result<String, String> {
    let text = trimmed(text);
    match text.chars().find(|letter| !is_sku_letter(*letter)) {
        Some(bad) => Err(format!(
            "is {text:?}: the letter {} is not allowed; allowed are letters, digits and -._~/+",
            shown(bad)
        )),
        None => Ok(text.to_owned()),
    }
}

/// A letter for a message, by its name if it is not seen.
pub(crate) fn shown(letter: char) -> String {
    match letter {
        ' ' => "blank".to_owned(),
        letter if letter.is_control() || letter.is_whitespace() => {
            format!("U+{:04X}", u32::from(letter))
        }
        letter => format!("{letter:?}"),
    }
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_trimmed_and_bad_letters_named() {
        assert_eq!(identifier(" SP-1\u{a0}"), Identifier::Id("SP-1".to_owned()));
        assert_eq!(identifier("SP 2"), Identifier::External("SP 2".to_owned(), ' '));
        assert_eq!(sku("TS/M "), Ok("TS/M".to_owned()));
        assert!(sku("a b").unwrap_err().contains("the letter blank"));
        assert!(sku("a\tb").unwrap_err().contains("U+0009"));
        assert!(sku("ÄB").unwrap_err().contains("'Ä'"));
    }
}
