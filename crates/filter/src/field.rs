//! The field on the left of a comparison.

use crate::{
    cursor::{Cursor, KEYWORDS},
    error::{FilterErrorKind, Problem, excerpt},
    schema::{Kind, Schema},
};

/// A field that exists, and which entry of it if it is a map.
pub(crate) struct Resolved {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) key: Option<String>,
}

/// Reads a field's name. After it there must be an operator, which the caller reads.
pub(crate) fn field(cursor: &mut Cursor<'_>, schema: &Schema) -> Result<Resolved, Problem> {
    let offset = cursor.offset();
    let first = cursor.word();
    if first.is_empty() || KEYWORDS.contains(&first) {
        return Err(not_a_field(cursor));
    }
    cursor.skip(first);
    let mut segments = vec![first.to_owned()];
    while cursor.eat('.') {
        segments.push(segment(cursor)?);
    }
    let text = cursor.since(offset);
    cursor.skip_space();
    // Before the name is looked up: what stands alone was probably not meant as one.
    if !cursor.peek().is_some_and(|c| "=!<>:".contains(c)) {
        let keyword = KEYWORDS.iter().any(|keyword| text.eq_ignore_ascii_case(keyword));
        let kind = match cursor.peek() {
            _ if keyword => FilterErrorKind::LowercaseKeyword { found: text.to_owned() },
            None | Some(')') => FilterErrorKind::LoneWord { word: excerpt(text) },
            Some(c) if c.is_alphanumeric() || c == '-' => {
                FilterErrorKind::LoneWord { word: excerpt(text) }
            }
            Some(_) => return Err(cursor.unexpected("one of = != < <= > >= :")),
        };
        return Err(Problem::new(offset, kind));
    }
    schema.resolve(segments).map_err(|kind| Problem::new(offset, kind))
}

/// Reads what stands behind a dot.
fn segment(cursor: &mut Cursor<'_>) -> Result<String, Problem> {
    if matches!(cursor.peek(), Some('"' | '\'')) {
        let literal = cursor.literal()?;
        return match literal.plain() {
            Some(name) if !name.is_empty() => Ok(name.to_owned()),
            _ => {
                let kind = FilterErrorKind::Unexpected {
                    found: excerpt(literal.raw),
                    expected: r"a name, which is not empty and where a star is written `\*`",
                };
                Err(Problem::new(literal.offset, kind))
            }
        };
    }
    let word = cursor.word();
    if word.is_empty() {
        return Err(cursor.unexpected("a name, in quotes if it has spaces or signs"));
    }
    cursor.skip(word);
    Ok(word.to_owned())
}

fn not_a_field(cursor: &mut Cursor<'_>) -> Problem {
    let problem = cursor.unexpected("a comparison such as `field = value`");
    if !matches!(cursor.peek(), Some('"' | '\'')) {
        return problem;
    }
    // A search engine would look for it anywhere; say that this is none.
    cursor.literal().map_or_else(
        |unclosed| unclosed,
        |literal| {
            let word = excerpt(literal.raw);
            Problem::new(literal.offset, FilterErrorKind::LoneWord { word })
        },
    )
}
