//! GTINs as spreadsheets leave them: without their leading zeros, with blanks, shortened.

use super::number::scientific;

/// Cleans a GTIN; a leading zero that was lost is restored if the check digit is then right.
///
/// # Errors
/// A message that continues a sentence which begins with the field's name.
pub(crate) fn clean(text: &str) -> Result<String, String> {
    let digits: String = text
        .trim()
        .trim_start_matches('\'')
        .chars()
        .filter(|letter| !letter.is_whitespace() && !matches!(letter, '-' | '\u{2013}'))
        .collect();
    if digits.is_empty() {
        return Ok(digits);
    }
    if scientific(&digits) {
        return Err(format!(
            "is {text:?}, which a spreadsheet has shortened: its last digits are lost. Export the \
             column as text"
        ));
    }
    let digits = digits.strip_suffix(".0").unwrap_or(&digits);
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("is {text:?}, must be digits"));
    }
    // The shortest valid length: 8, 12, 13 or 14 digits.
    let lengths = [8, 12, 13, 14].into_iter().filter(|length| *length >= digits.len());
    for length in lengths {
        let whole = format!("{digits:0>length$}");
        // More than two zeros are hardly lost ones.
        if whole.len() - digits.len() <= 2 && product_fields::is_gtin(&whole) {
            return Ok(whole);
        }
    }
    let digit = digits.chars().last().unwrap_or_default();
    Err(format!("is {text:?}, whose check digit {digit} is wrong, or which has a wrong length"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_zeros_are_restored_and_shortened_numbers_refused() {
        assert_eq!(clean("36000291452"), Ok("036000291452".to_owned()));
        assert_eq!(clean(" 4006381-333931 "), Ok("4006381333931".to_owned()));
        assert_eq!(clean("96385074"), Ok("96385074".to_owned()));
        assert_eq!(clean("4006381333931.0"), Ok("4006381333931".to_owned()));
        assert_eq!(clean(""), Ok(String::new()));
        assert!(clean("4.00638E+12").unwrap_err().contains("shortened"));
        assert!(clean("4006381333932").unwrap_err().contains("check digit"));
        assert!(clean("ISBN").is_err());
    }
}
