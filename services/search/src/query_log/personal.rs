//! Detection of personal data in queries.

/// Minimum number of digits of a telephone, account or card number.
const MIN_PERSONAL_DIGITS: usize = 9;

/// Whether a text may contain an e-mail address or a long number, with any separators.
pub(super) fn is_personal(text: &str) -> bool {
    text.contains('@') || has_long_number(text)
}

fn has_long_number(text: &str) -> bool {
    let mut digits = 0;
    for letter in text.chars() {
        if letter.is_numeric() {
            digits += 1;
            if digits >= MIN_PERSONAL_DIGITS {
                return true;
            }
        } else if letter.is_alphabetic() {
            digits = 0;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_long_numbers_are_personal_and_products_are_not() {
        for text in
            ["anna@example.com", "+43 664 123-45-67", "4111 1111 1111 1111", "call 0664/1234567"]
        {
            assert!(is_personal(text), "{text}");
        }
        for text in ["red mug", "KT-INS114", "25.4 mm", "1920x1080 60hz", "iphone 15 256gb"] {
            assert!(!is_personal(text), "{text}");
        }
    }
}
