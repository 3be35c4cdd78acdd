//! Words for blank, true, false and states of products.

use proto::catalogue::v1::product::Status;

/// Words that stand for a blank cell, in lower case.
pub(crate) const BLANKS: [&str; 9] =
    ["null", "n/a", "#n/a", "nan", "none", "-", "--", "\u{2013}", "\u{2014}"];

/// The flag that a word stands for.
pub(crate) fn flag(word: &str) -> Option<bool> {
    match word.trim().to_lowercase().as_str() {
        "true" | "yes" | "y" | "ja" | "oui" | "si" | "sí" | "wahr" | "vrai" => Some(true),
        "false" | "no" | "n" | "nein" | "non" | "falsch" | "faux" => Some(false),
        _ => None,
    }
}

/// The flag that a word or number stands for.
pub(crate) fn numeric_flag(word: &str) -> Option<bool> {
    match word.trim() {
        "1" => Some(true),
        "0" => Some(false),
        word => flag(word),
    }
}

/// The status that a word stands for.
pub(crate) fn status(word: &str) -> Option<Status> {
    Some(match word.trim().to_lowercase().as_str() {
        "active" | "published" | "publish" | "enabled" | "enable" | "visible" | "live" | "on"
        | "available" => Status::Active,
        "draft" | "unpublished" | "inactive" | "disabled" | "disable" | "hidden" | "private"
        | "pending" | "off" | "-1" | "proposed" => Status::Draft,
        "archived" | "discontinued" | "rejected" => Status::Archived,
        word if numeric_flag(word)? => Status::Active,
        _ => Status::Draft,
    })
}

/// The kind of a column's values, all of them that are not blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Kind {
    #[default]
    Text,
    Number,
    Flag,
}

/// Finds what the values of a column are.
pub(crate) fn kind<'a>(values: impl Iterator<Item = &'a str> + Clone) -> Kind {
    let values = values.filter(|text| !text.trim().is_empty());
    let all = |test: fn(&str) -> bool| values.clone().all(test);
    if values.clone().next().is_none() {
        return Kind::Text;
    }
    if all(|word| numeric_flag(word).is_some()) && values.clone().any(|word| flag(word).is_some()) {
        return Kind::Flag;
    }
    if all(is_number) { Kind::Number } else { Kind::Text }
}

/// Whether a text is a plain decimal number; a code with leading zeros is not, nor is a long one.
pub(crate) fn is_number(text: &str) -> bool {
    let digits = text.trim();
    let digits = digits.strip_prefix('-').unwrap_or(digits);
    let (units, decimals) = digits.split_once(['.', ',']).unwrap_or((digits, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    is_digits(units)
        && is_digits(decimals)
        && (units == "0" || !units.starts_with('0'))
        && units.len() + decimals.len() <= 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_has_one_kind() {
        let of = |values: &[&'static str]| kind(values.iter().copied());
        assert_eq!(of(&["TRUE", "Yes", "0", ""]), Kind::Flag);
        assert_eq!(of(&["1", "0"]), Kind::Number);
        assert_eq!(of(&["2.5", "0,4", ""]), Kind::Number);
        assert_eq!(of(&["10", "XL"]), Kind::Text);
        assert_eq!(of(&["007", "8"]), Kind::Text);
        assert_eq!(of(&["", " "]), Kind::Text);
    }

    #[test]
    fn a_status_has_many_words() {
        assert_eq!(status("Published"), Some(Status::Active));
        assert_eq!(status("1"), Some(Status::Active));
        assert_eq!(status("FALSE"), Some(Status::Draft));
        assert_eq!(status("archived"), Some(Status::Archived));
        assert_eq!(status("sold"), None);
    }
}
