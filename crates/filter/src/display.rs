//! The canonical text of a filter, which is the shortest.
//!
//! It is never longer or more deeply nested than the original text, so that it never exceeds the
//! parser's limits.

use std::fmt::{self, Display, Formatter};

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    ast::{Filter, Order, Term, Test},
    check,
    scanner::{KEYWORDS, is_bare_in_name, is_bare_in_value},
};

impl Display for Filter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(all) => joined(f, all, " ", |_| false),
            // OR binds tighter than AND, so only an AND within an OR needs parentheses.
            Self::Or(any) => joined(f, any, " OR ", |filter| matches!(filter, Self::And(_))),
            Self::Not(inner) if matches!(**inner, Self::Term(_)) => write!(f, "-{inner}"),
            Self::Not(inner) => write!(f, "-({inner})"),
            Self::Term(term) => term.fmt(f),
        }
    }
}

fn joined(
    f: &mut Formatter<'_>,
    filters: &[Filter],
    separator: &str,
    in_parentheses: impl Fn(&Filter) -> bool,
) -> fmt::Result {
    for (i, filter) in filters.iter().enumerate() {
        f.write_str(if i == 0 { "" } else { separator })?;
        if in_parentheses(filter) {
            write!(f, "({filter})")?;
        } else {
            filter.fmt(f)?;
        }
    }
    Ok(())
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.field)?;
        let in_map = self.key.is_some();
        match (&self.key, &self.test) {
            (Some(key), Test::Present) => return write!(f, ":{}", value(key, false)),
            (Some(key), _) if !key.is_empty() && key.chars().all(is_bare_in_name) => {
                write!(f, ".{key}")?;
            }
            (Some(key), _) => write!(f, ".{}", quoted(key, ["", ""]))?,
            (None, _) => {}
        }
        match &self.test {
            Test::Present => f.write_str(":*"),
            Test::Is(text) => write!(f, "={}", value(text, in_map)),
            Test::StartsWith(text) => write!(f, "={}", pattern(text, ["", "*"])),
            Test::EndsWith(text) => write!(f, "={}", pattern(text, ["*", ""])),
            Test::Includes(text) => write!(f, "={}", pattern(text, ["*", "*"])),
            Test::Mentions(text) => write!(f, ":{}", value(text, in_map)),
            Test::Element(text) | Test::Within(text) => write!(f, ":{}", value(text, false)),
            Test::Integer(order, number) => write!(f, "{order}{number}"),
            Test::Decimal(order, number) | Test::Number(order, number) => {
                write!(f, "{order}{number}")
            }
            Test::Timestamp(order, instant) => write!(f, "{order}{}", timestamp(*instant)?),
            Test::Flag(flag) => write!(f, "={flag}"),
        }
    }
}

impl Display for Order {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Equal => "=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        })
    }
}

/// A text as a literal in quotes, as a value or as the key of a map.
pub fn quote(text: &str) -> String {
    quoted(text, ["", ""])
}

/// Formats a text as a literal, with quotes only if it would be parsed differently without.
fn value(text: &str, in_map: bool) -> String {
    let other_type = in_map && (check::is_number(text) || check::flag(text).is_some());
    if other_type || KEYWORDS.contains(&text) {
        quoted(text, ["", ""])
    } else {
        pattern(text, ["", ""])
    }
}

/// Formats a text between optional wildcards, with quotes if necessary.
fn pattern(text: &str, [before, after]: [&str; 2]) -> String {
    if !text.is_empty() && text.chars().all(is_bare_in_value) {
        format!("{before}{text}{after}")
    } else {
        quoted(text, [before, after])
    }
}

/// Formats a text between optional wildcards in quotes, with the quote that needs fewer escapes.
fn quoted(text: &str, [before, after]: [&str; 2]) -> String {
    let count = |quote| text.matches(quote).count();
    let quote = if count('"') > count('\'') { '\'' } else { '"' };
    let mut literal = format!("{quote}{before}");
    for c in text.chars() {
        if c == quote || c == '\\' || c == '*' {
            literal.push('\\');
        }
        literal.push(c);
    }
    literal + after + &quote.to_string()
}

fn timestamp(instant: OffsetDateTime) -> Result<String, fmt::Error> {
    instant.format(&Rfc3339).map_err(|_| fmt::Error)
}
