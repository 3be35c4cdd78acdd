//! Words for blank, true, false and states of products.

use proto::catalogue::v1::product::{Condition, Status};

use super::number::{self, Amount, Decimal};

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

/// The condition that a word stands for.
pub(crate) fn condition(word: &str) -> Option<Condition> {
    let word = word.trim().to_lowercase().replace(['-', '_', ' '], "");
    Some(match word.as_str() {
        "new" | "newcondition" | "brandnew" | "neu" | "neuf" | "nuevo" | "nuovo" => Condition::New,
        "refurbished"
        | "refurbishedcondition"
        | "renewed"
        | "reconditioned"
        | "generalüberholt" => Condition::Refurbished,
        "secondhand" | "preowned" | "gebraucht" | "occasion" | "usado" | "usato" => Condition::Used,
        word if word.starts_with("used") => Condition::Used,
        _ => return None,
    })
}

/// The kind of a column's values, all of them that are not blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Kind {
    #[default]
    Text,
    /// With the separator of its decimals.
    Number(Decimal),
    Flag,
}

/// Finds the kind of a column's values. `decimal` separates decimals if they do not show it.
pub(crate) fn kind<'a>(values: impl Iterator<Item = &'a str> + Clone, decimal: Decimal) -> Kind {
    let values = values.filter(|text| !text.trim().is_empty());
    if values.clone().next().is_none() {
        return Kind::Text;
    }
    let is_flag = |word| numeric_flag(word).is_some();
    if values.clone().all(is_flag) && values.clone().any(|word| flag(word).is_some()) {
        return Kind::Flag;
    }
    let decimal = number::decimal_of(values.clone(), decimal);
    let mut values = values;
    match values.all(|text| number(text, decimal).is_some()) {
        true => Kind::Number(decimal),
        false => Kind::Text,
    }
}

/// The number of a text that is plain and has one reading. A code with leading zeros is not a
/// number, nor is a long one.
pub(crate) fn number(text: &str, decimal: Decimal) -> Option<f64> {
    const LONGEST: usize = 8;
    let text = text.trim();
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let is_digits =
        unsigned.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    if !is_digits || unsigned.starts_with('.') || unsigned.ends_with(['.', ',']) {
        return None;
    }
    let digits = Amount::parse(unsigned).ok()?.digits(decimal).ok()?;
    let units = digits.split('.').next().unwrap_or_default();
    let count = digits.bytes().filter(u8::is_ascii_digit).count();
    if units.len() > 1 && units.starts_with('0') || count > LONGEST {
        return None;
    }
    let number: f64 = digits.parse().ok()?;
    Some(if unsigned.len() < text.len() { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_has_one_kind() {
        let of = |values: &[&'static str]| kind(values.iter().copied(), Decimal::Either);
        let number = Kind::Number(Decimal::Either);
        assert_eq!(of(&["TRUE", "Yes", "0", ""]), Kind::Flag);
        assert_eq!(of(&["1", "0"]), number);
        assert_eq!(of(&["2.5", "0,4", ""]), number);
        assert_eq!(of(&["1,299", "2,5"]), Kind::Number(Decimal::Comma));
        assert_eq!(of(&["1,299", "7"]), Kind::Text, "1299 or 1.299");
        assert_eq!(kind(["1,299"].into_iter(), Decimal::Dot), Kind::Number(Decimal::Dot));
        assert_eq!(super::number("1,299", Decimal::Dot), Some(1299.0));
        assert_eq!(super::number("-2,5", Decimal::Comma), Some(-2.5));
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
