//! Type checking: converts a comparison to a term whose value has the type of its field.

use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

use crate::{
    Decimal, DecimalError,
    ast::{Filter, Order, Term, Test},
    error::{FilterErrorKind, ParseError, excerpt},
    operator::Operator,
    scanner::Literal,
    schema::{Kind, ResolvedField},
};

/// Error message that describes the values which the field accepts.
type Expected = String;

/// Checks `field operator literal`, given the operator's byte offset.
pub(crate) fn comparison(
    field: ResolvedField,
    (operator, operator_offset): (Operator, usize),
    literal: &Literal<'_>,
) -> Result<Filter, ParseError> {
    let ResolvedField { name, kind, key } = field;
    let is_star = !literal.quoted && literal.raw == "*";
    if kind == Kind::Map && key.is_none() {
        // `attributes:colour` tests for the key `colour`.
        return match literal.plain() {
            Some(key) if operator == Operator::Has && !key.is_empty() => {
                let key = Some(key.to_owned());
                Ok(Filter::Term(Term { field: name, key, test: Test::Present }))
            }
            _ => Err(ParseError::new(operator_offset, FilterErrorKind::NeedsKey { field: name })),
        };
    }
    let test = if operator == Operator::Has && is_star {
        Some(Test::Present)
    } else if !kind.operators().contains(&operator) {
        let (operator, allowed) = (operator.symbol(), kind.allowed());
        let kind = FilterErrorKind::WrongOperator { field: name, operator, allowed };
        return Err(ParseError::new(operator_offset, kind));
    } else {
        test(kind, operator, literal).map_err(|expected| {
            let found = excerpt(literal.raw);
            let kind = FilterErrorKind::WrongValue { field: name, found, expected };
            ParseError::new(literal.offset, kind)
        })?
    };
    // Equal to an empty text means absent.
    let is_absent = test.is_none();
    let test = test.unwrap_or(Test::Present);
    let term = Filter::Term(Term { field: name, key, test });
    let negated = is_absent != (operator == Operator::NotEqual);
    Ok(if negated { term.negated() } else { term })
}

/// The test of a literal, with `!=` taken as `=`; `None` for "is absent".
fn test(kind: Kind, operator: Operator, literal: &Literal<'_>) -> Result<Option<Test>, Expected> {
    let order = order(operator);
    let test = match kind {
        Kind::Text => return text(operator, literal),
        Kind::Map => return entry(operator, literal),
        Kind::Id => match plain(literal)? {
            "" => return Ok(None),
            id => Test::Is(id.to_owned()),
        },
        Kind::Enum(names) => {
            let name = literal.plain().filter(|name| names.contains(name));
            Test::Is(name.ok_or_else(|| format!("one of {}", names.join(", ")))?.to_owned())
        }
        Kind::Integer => {
            let number = literal.bare().and_then(whole);
            Test::Integer(order, number.ok_or("a whole number of 64 bits, without quotes")?)
        }
        Kind::Decimal => Test::Decimal(order, decimal(literal.bare())?),
        Kind::Timestamp => {
            let instant = literal.plain().and_then(timestamp);
            Test::Timestamp(order, instant.ok_or("a time such as 2026-01-31T12:00:00Z")?)
        }
        Kind::Flag => Test::Flag(literal.bare().and_then(flag).ok_or("true or false")?),
        Kind::List => Test::Element(not_empty(plain(literal)?)?),
        Kind::Category => Test::Within(not_empty(plain(literal)?)?),
    };
    Ok(Some(test))
}

/// The test of a text: equality, pattern or substring.
fn text(operator: Operator, literal: &Literal<'_>) -> Result<Option<Test>, Expected> {
    if operator == Operator::Has {
        let part = literal.plain().ok_or(
            r"a part of it: write `=` to use a wildcard, or `\*` in quotes to look for a star",
        )?;
        return Ok(Some(Test::Mentions(not_empty(part)?.to_ascii_lowercase())));
    }
    let pieces: Vec<&str> = literal.pieces.iter().map(String::as_str).collect();
    Ok(Some(match pieces.as_slice() {
        [""] => return Ok(None),
        [whole] => Test::Is((*whole).to_owned()),
        ["", ""] | ["", "", ""] => Test::Present,
        [start, ""] => Test::StartsWith((*start).to_owned()),
        ["", end] => Test::EndsWith((*end).to_owned()),
        ["", part, ""] => Test::Includes((*part).to_owned()),
        _ => return Err(r"a star only at an end; in quotes, `\*` is a plain one".to_owned()),
    }))
}

/// The test of a map entry, whose type is that of the literal. `:` is `=`, except for texts.
fn entry(operator: Operator, literal: &Literal<'_>) -> Result<Option<Test>, Expected> {
    let order = order(operator);
    match literal.bare() {
        Some(word) if is_number(word) => Ok(Some(Test::Number(order, decimal(Some(word))?))),
        _ if order != Order::Equal => {
            Err(format!("a number without quotes behind `{}`", operator.symbol()))
        }
        word => match word.and_then(flag) {
            Some(flag) => Ok(Some(Test::Flag(flag))),
            None => text(operator, literal),
        },
    }
}

/// Whether a word without quotes is a number. `007` is a text.
pub(crate) fn is_number(word: &str) -> bool {
    word.parse::<Decimal>() != Err(DecimalError::Shape)
}

pub(crate) fn flag(word: &str) -> Option<bool> {
    match word {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

fn order(operator: Operator) -> Order {
    match operator {
        Operator::Equal | Operator::NotEqual | Operator::Has => Order::Equal,
        Operator::Less => Order::Less,
        Operator::LessOrEqual => Order::LessOrEqual,
        Operator::Greater => Order::Greater,
        Operator::GreaterOrEqual => Order::GreaterOrEqual,
    }
}

fn plain<'a>(literal: &'a Literal<'_>) -> Result<&'a str, Expected> {
    literal.plain().ok_or_else(|| r"no wildcards; in quotes, `\*` is a plain star".to_owned())
}

fn not_empty(text: &str) -> Result<String, Expected> {
    if text.is_empty() { Err("a text that is not empty".to_owned()) } else { Ok(text.to_owned()) }
}

fn decimal(word: Option<&str>) -> Result<Decimal, Expected> {
    match word.ok_or(DecimalError::Shape).and_then(str::parse) {
        Ok(number) => Ok(number),
        Err(DecimalError::Shape) => Err("a number such as 20 or -0.75, without quotes".to_owned()),
        Err(DecimalError::TooLong) => Err("a number of at most 18 digits".to_owned()),
    }
}

fn whole(word: &str) -> Option<i64> {
    // `parse` alone would accept `+7` and `007`.
    if is_number(word) { word.parse().ok() } else { None }
}

/// Parses a time in the range of both RFC 3339 and `google.protobuf.Timestamp`.
fn timestamp(text: &str) -> Option<OffsetDateTime> {
    // Leap seconds have no representation in Unix time.
    let is_leap_second = text.get(17..19) == Some("60");
    let instant = OffsetDateTime::parse(text, &Rfc3339).ok()?.checked_to_offset(UtcOffset::UTC)?;
    (!is_leap_second && (1..=9999).contains(&instant.year())).then_some(instant)
}
