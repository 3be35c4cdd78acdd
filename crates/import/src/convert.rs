//! Conversion of source values to field types of the contract. Error messages continue a sentence
//! that begins with the field's name.

use proto::{
    catalogue::v1::{
        Attribute, CategoryPath, Variant, attribute,
        product::{Condition, Status},
    },
    google::r#type::Money,
    money,
};

use crate::{
    value::Value,
    values::{
        number::{Amount, Currency, Decimal},
        words,
    },
};

/// Separators by which a text is parsed as a list.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Separators {
    /// Separates items; `None`: the text is a single item.
    pub(crate) items: Option<String>,
    /// Separates category paths; `None`: the text is a single path.
    pub(crate) paths: Option<String>,
    /// Whether a backslash escapes a separator.
    pub(crate) escaped: bool,
}

pub(crate) fn text(value: &Value) -> Result<String, String> {
    match value {
        Value::Null => Ok(String::new()),
        Value::Text(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Cells(cells) => match &cells[..] {
            [] => Ok(String::new()),
            [only] => text(only),
            _ => Err("stands in several columns with different values".to_owned()),
        },
        other => Err(format!("is {}, must be text", other.kind())),
    }
}

/// The text of a value without blanks around it; `None` if nothing is left.
pub(crate) fn filled(value: &Value) -> Result<Option<String>, String> {
    let text = text(value)?;
    let text = text.trim();
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// Parses a whole number; `None` if the value is blank.
pub(crate) fn integer(value: &Value) -> Result<Option<i64>, String> {
    if value.is_blank() {
        return Ok(None);
    }
    let text = match value {
        Value::Text(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        other => return Err(format!("is {}, must be a whole number", other.kind())),
    };
    let digits = match text.split_once('.') {
        Some((digits, zeros)) if zeros.bytes().all(|byte| byte == b'0') => digits,
        _ => &text,
    };
    digits.parse().map(Some).map_err(|_| format!("is {text:?}, must be a whole number"))
}

/// Parses a stock quantity, a 32-bit integer in the contract.
pub(crate) fn stock(value: &Value, decimal: Decimal) -> Result<Option<i32>, String> {
    let plain = match value {
        Value::Text(text) if text.contains(['.', ',']) => match Amount::parse(text) {
            Ok(amount) => Some(Value::Text(amount.digits(decimal)?)),
            Err(_other) => None,
        },
        _ => None,
    };
    let Some(number) = integer(plain.as_ref().unwrap_or(value))? else { return Ok(None) };
    i32::try_from(number).map(Some).map_err(|_| format!("is {number}, at most {}", i32::MAX))
}

/// Parses a decimal amount such as `1299.50`, without rounding.
pub(crate) fn amount(value: &Value, currency: &str) -> Result<Option<Money>, String> {
    money(value, Some(currency), "", Decimal::Either)
}

/// Parses an amount as people write it, without rounding. Its currency is the one `given`, that of
/// its text, or `default`.
pub(crate) fn money(
    value: &Value,
    given: Option<&str>,
    default: &str,
    decimal: Decimal,
) -> Result<Option<Money>, String> {
    let Some(text) = filled(value)? else { return Ok(None) };
    let amount = Amount::parse(&text)?;
    let currency = match (given, &amount.currency) {
        (Some(given), None) => given,
        (Some(given), Some(Currency::Code(code))) if code == given => given,
        (Some(given), Some(Currency::Sign(codes))) if codes.contains(&given) => given,
        (Some(given), Some(_)) => {
            return Err(format!("is {text:?}, but the currency is {given}"));
        }
        (None, None) => default,
        (None, Some(Currency::Code(code))) if money::is_currency(code) => code,
        (None, Some(Currency::Code(code))) => {
            return Err(format!("is {text:?}: {code} is no currency"));
        }
        (None, Some(Currency::Sign(codes))) if codes.contains(&default) => default,
        (None, Some(Currency::Sign(codes))) => codes[0],
    };
    let decimal = match (value, decimal) {
        // The numbers of JSON have a point.
        (Value::Number(_), _) => Decimal::Dot,
        // Three decimals are the usual ones.
        (_, Decimal::Either) if money::decimals(currency) == 3 => Decimal::Dot,
        (_, decimal) => decimal,
    };
    exact(&amount.digits(decimal)?, currency).map(Some)
}

/// An amount of a plain decimal number.
fn exact(digits: &str, currency: &str) -> Result<Money, String> {
    let (units, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let places = money::decimals(currency) as usize;
    let coins = decimals.trim_end_matches('0');
    if coins.len() > places {
        return Err(format!("is {digits}, but {currency} has {places} decimals"));
    }
    let minor = format!("{units}{coins:0<places$}");
    let minor = minor.parse().map_err(|_| format!("is {digits}, too large"))?;
    Ok(money::from_minor(minor, currency))
}

/// Parses an amount in minor units of the currency, such as cents.
pub(crate) fn minor(value: &Value, currency: &str) -> Result<Option<Money>, String> {
    match integer(value)? {
        Some(minor) if minor < 0 => Err(format!("is {minor}, must not be negative")),
        minor => Ok(minor.map(|minor| money::from_minor(minor, currency))),
    }
}

/// Parses a list of texts, without blank items.
pub(crate) fn list(value: &Value, separators: &Separators) -> Result<Vec<String>, String> {
    match value {
        Value::List(items) => {
            let texts: Result<Vec<String>, String> = items.iter().map(text).collect();
            let mut texts = texts.map_err(|error| format!("holds an item that {error}"))?;
            texts.retain(|text| !text.is_empty());
            Ok(texts)
        }
        Value::Cells(cells) => {
            let lists: Result<Vec<_>, _> =
                cells.iter().map(|cell| list(cell, separators)).collect();
            let mut seen = std::collections::HashSet::new();
            let items = lists?.into_iter().flatten();
            Ok(items.filter(|item| seen.insert(item.clone())).collect())
        }
        single => Ok(items(&text(single)?, separators.items.as_deref(), separators.escaped)),
    }
}

/// Parses category paths: a list of names, a list of such lists, or text with separators.
pub(crate) fn paths(value: &Value, separators: &Separators) -> Result<Vec<CategoryPath>, String> {
    let paths: Vec<Vec<String>> = match value {
        Value::List(entries) if entries.iter().any(|entry| matches!(entry, Value::List(_))) => {
            entries.iter().map(|entry| list(entry, separators)).collect::<Result<_, _>>()?
        }
        Value::Cells(cells) => {
            let paths: Result<Vec<_>, _> =
                cells.iter().map(|cell| paths(cell, separators)).collect();
            return Ok(paths?.into_iter().flatten().collect());
        }
        Value::Text(text) if separators.paths.is_some() => {
            // Splitting into paths keeps escapes, for splitting each path into items.
            split(text, separators.paths.as_deref(), separators.escaped)
                .iter()
                .map(|path| items(path, separators.items.as_deref(), separators.escaped))
                .collect()
        }
        value => vec![list(value, separators)?],
    };
    let paths = paths.into_iter().filter(|names| !names.is_empty());
    Ok(paths.map(|names| CategoryPath { names, ids: Vec::new() }).collect())
}

/// Converts a value to an attribute; `None` if the value is blank.
pub(crate) fn attribute(name: &str, value: &Value) -> Result<Option<Attribute>, String> {
    if value.is_blank() {
        return Ok(None);
    }
    let value = match value {
        Value::Flag(flag) => attribute::Value::Flag(*flag),
        Value::Number(number) => attribute::Value::Number(
            number.as_f64().ok_or_else(|| format!("is {number}, too large a number"))?,
        ),
        Value::List(_) | Value::Cells(_) => match list(value, &Separators::default())? {
            texts if texts.is_empty() => return Ok(None),
            texts => attribute::Value::Text(texts.join(", ")),
        },
        Value::Object(_) => return Err("is an object, must be text, a number or a flag".into()),
        other => attribute::Value::Text(text(other)?),
    };
    Ok(Some(Attribute { name: name.to_owned(), value: Some(value), unit: String::new() }))
}

/// Parses a status by its name or by a word for it, case-insensitively; `None` if the value is blank.
pub(crate) fn status(value: &Value) -> Result<Option<Status>, String> {
    if let Value::Flag(flag) = value {
        return Ok(Some(if *flag { Status::Active } else { Status::Draft }));
    }
    let Some(text) = filled(value)? else { return Ok(None) };
    match words::status(&text) {
        Some(status) => Ok(Some(status)),
        None => Err(format!("is {text:?}, must be DRAFT, ACTIVE or ARCHIVED, or a word for one")),
    }
}

/// Parses a condition; `None` if the value is blank.
pub(crate) fn condition(value: &Value) -> Result<Option<Condition>, String> {
    let Some(text) = filled(value)? else { return Ok(None) };
    match words::condition(&text) {
        Some(condition) => Ok(Some(condition)),
        None => Err(format!("is {text:?}, must be NEW, REFURBISHED or USED, or a word for one")),
    }
}

/// Parses variants in the format of the product JSON.
pub(crate) fn variants(value: &Value) -> Result<Vec<Variant>, String> {
    if value.is_blank() {
        return Ok(Vec::new());
    }
    let Value::List(items) = value else {
        return Err(format!("is {}, must be a list of variants", value.kind()));
    };
    let variant = |(index, item): (usize, &Value)| {
        let variant = serde_json::from_value(item.to_json());
        variant.map_err(|error| format!("has an invalid variant, number {}: {error}", index + 1))
    };
    items.iter().enumerate().map(variant).collect()
}

pub(crate) fn items(text: &str, separator: Option<&str>, escaped: bool) -> Vec<String> {
    let pieces = split(text, separator, escaped).into_iter();
    let items = pieces.map(|piece| if escaped { unescape(&piece) } else { piece });
    items.filter(|item| !item.is_empty()).collect()
}

/// Splits at each separator that is not escaped, and trims the pieces.
pub(crate) fn split(text: &str, separator: Option<&str>, escaped: bool) -> Vec<String> {
    let Some(separator) = separator else { return vec![text.to_owned()] };
    let pieces = split_at(text, separator, escaped);
    pieces.iter().map(|piece| piece.trim().to_owned()).collect()
}

/// Splits at each separator that is not escaped.
pub(crate) fn pieces(text: &str, separator: &str) -> Vec<String> {
    split_at(text, separator, true)
}

fn split_at(text: &str, separator: &str, escaped: bool) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let mut length = letter.len_utf8();
        if rest.starts_with(separator) {
            pieces.push(String::new());
            rest = &rest[separator.len()..];
            continue;
        }
        if escaped && letter == '\\' {
            length += rest[1..].chars().next().map_or(0, char::len_utf8);
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push_str(&rest[..length]);
        }
        rest = &rest[length..];
    }
    pieces
}

/// Escapes separators and backslashes with a backslash.
pub fn escape(item: &str, separators: &[char]) -> String {
    let mut escaped = String::with_capacity(item.len());
    for letter in item.chars() {
        if letter == '\\' || separators.contains(&letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

pub(crate) fn unescape(item: &str) -> String {
    let mut letters = item.chars();
    let mut plain = String::with_capacity(item.len());
    while let Some(letter) = letters.next() {
        plain.push(if letter == '\\' { letters.next().unwrap_or('\\') } else { letter });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(json: &str) -> Value {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn amounts_are_exact_or_rejected() {
        let shown = |json: &str, currency: &str| {
            amount(&value(json), currency).map(|money| money.map(|money| money::display(&money)))
        };
        assert_eq!(shown(r#""12.5""#, "EUR"), Ok(Some("12.50 EUR".to_owned())));
        assert_eq!(shown("0.1", "EUR"), Ok(Some("0.10 EUR".to_owned())));
        assert_eq!(shown(r#"" 980.00 ""#, "JPY"), Ok(Some("980 JPY".to_owned())));
        assert_eq!(shown(r#""""#, "EUR"), Ok(None));
        assert_eq!(shown(r#""0.005""#, "EUR").unwrap_err(), "is 0.005, but EUR has 2 decimals");
        assert_eq!(shown(r#""1.299,50""#, "EUR"), Ok(Some("1299.50 EUR".to_owned())));
        assert!(shown(r#""1.200""#, "EUR").unwrap_err().contains("two ways"));
        assert_eq!(shown(r#""1.250""#, "KWD"), Ok(Some("1.250 KWD".to_owned())));
        assert!(shown(r#""12 apples""#, "EUR").unwrap_err().contains("such as 1299.50"));
        assert!(shown(r#""12 USD""#, "EUR").unwrap_err().contains("the currency is EUR"));
        assert!(shown("-1", "EUR").unwrap_err().contains("negative"));
        assert!(shown(r#""99999999999999999999""#, "EUR").unwrap_err().contains("too large"));
    }

    #[test]
    fn numbers_are_whole_or_rejected() {
        let stock = |value: &Value| stock(value, Decimal::Either);
        assert_eq!(stock(&value("3.0")), Ok(Some(3)));
        assert_eq!(stock(&value(r#"" 7 ""#)), Ok(Some(7)));
        assert_eq!(stock(&value("null")), Ok(None));
        assert!(stock(&value("3.5")).is_err());
        assert!(stock(&value("3000000000")).unwrap_err().contains("at most"));
        assert!(stock(&value(r#""1.000""#)).unwrap_err().contains("two ways"));
        assert!(stock(&value(r#""1,000""#)).unwrap_err().contains("two ways"));
        assert_eq!(super::stock(&value(r#""1.000""#), Decimal::Comma), Ok(Some(1000)));
        assert_eq!(stock(&value(r#""12.00""#)), Ok(Some(12)));
        assert!(minor(&value("-5"), "EUR").unwrap_err().contains("negative"));
    }

    #[test]
    fn status_and_variants_are_those_of_the_contract_or_rejected() {
        assert_eq!(status(&value(r#"" draft ""#)), Ok(Some(Status::Draft)));
        assert_eq!(status(&value(r#""""#)), Ok(None));
        assert!(status(&value(r#""sold""#)).unwrap_err().contains("must be DRAFT, ACTIVE"));
        let read = variants(&value(r#"[{"sku":"s","price":{"currencyCode":"EUR","units":"4"}}]"#));
        assert_eq!(read.unwrap()[0].price.as_ref().unwrap().units, 4);
        let error = variants(&value(r#"[{"sku":"s"},{"skuu":"t"}]"#)).unwrap_err();
        assert!(error.contains("number 2") && error.contains("skuu"), "{error}");
        assert!(variants(&value(r#""s""#)).unwrap_err().contains("must be a list"));
    }

    #[test]
    fn category_paths_are_parsed_from_lists_and_text() {
        let separators = Separators { items: Some(" > ".to_owned()), ..Separators::default() };
        let names = |json: &str, separators: &Separators| -> Vec<Vec<String>> {
            paths(&value(json), separators).unwrap().into_iter().map(|path| path.names).collect()
        };
        assert_eq!(names(r#"["A","B"]"#, &separators), [["A", "B"]]);
        assert_eq!(names(r#"[["A","B"],["C","D"]]"#, &separators), [["A", "B"], ["C", "D"]]);
        assert_eq!(names(r#""A > B""#, &separators), [["A", "B"]]);
        assert_eq!(names("null", &separators), Vec::<Vec<String>>::new());
        assert_eq!(names("[]", &separators), Vec::<Vec<String>>::new());
    }

    #[test]
    fn escaped_text_is_parsed_back_unchanged() {
        let separators =
            Separators { items: Some(">".to_owned()), paths: Some("|".to_owned()), escaped: true };
        let name = r"a>b|c\d";
        let escaped = format!("{}>x|y", escape(name, &['>', '|']));
        let read = paths(&Value::Text(escaped), &separators).unwrap();
        assert_eq!(read[0].names, [name, "x"]);
        assert_eq!(read[1].names, ["y"]);
    }
}
