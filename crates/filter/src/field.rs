//! Parses the field on the left side of a comparison.

use crate::{
    error::{FilterErrorKind, ParseError, excerpt},
    scanner::{KEYWORDS, Scanner},
    schema::{ResolvedField, Schema},
};

/// Consumes a field name. An operator must be next, which is left to the caller.
pub(crate) fn parse(
    scanner: &mut Scanner<'_>,
    schema: &Schema,
) -> Result<ResolvedField, ParseError> {
    let offset = scanner.offset();
    let first = scanner.word();
    if first.is_empty() || KEYWORDS.contains(&first) {
        return Err(not_a_field(scanner));
    }
    scanner.skip(first);
    let mut segments = vec![first.to_owned()];
    while scanner.accept('.') {
        segments.push(segment(scanner)?);
    }
    let text = scanner.since(offset);
    scanner.skip_space();
    // Checked before the name is resolved, because a lone word was probably not meant as a field.
    if !scanner.peek().is_some_and(|c| "=!<>:".contains(c)) {
        let keyword = KEYWORDS.iter().any(|keyword| text.eq_ignore_ascii_case(keyword));
        let kind = match scanner.peek() {
            _ if keyword => FilterErrorKind::LowercaseKeyword { found: text.to_owned() },
            None | Some(')') => FilterErrorKind::LoneWord { word: excerpt(text) },
            Some(c) if c.is_alphanumeric() || c == '-' => {
                FilterErrorKind::LoneWord { word: excerpt(text) }
            }
            Some(_) => return Err(scanner.unexpected("one of = != < <= > >= :")),
        };
        return Err(ParseError::new(offset, kind));
    }
    schema.resolve(segments).map_err(|kind| ParseError::new(offset, kind))
}

/// Consumes a segment after a dot.
fn segment(scanner: &mut Scanner<'_>) -> Result<String, ParseError> {
    if matches!(scanner.peek(), Some('"' | '\'')) {
        let literal = scanner.literal()?;
        return match literal.plain() {
            Some(name) if !name.is_empty() => Ok(name.to_owned()),
            _ => {
                let kind = FilterErrorKind::Unexpected {
                    found: excerpt(literal.raw),
                    expected: r"a name, which is not empty and where a star is written `\*`",
                };
                Err(ParseError::new(literal.offset, kind))
            }
        };
    }
    let word = scanner.word();
    if word.is_empty() {
        return Err(scanner.unexpected("a name, in quotes if it has spaces or signs"));
    }
    scanner.skip(word);
    Ok(word.to_owned())
}

fn not_a_field(scanner: &mut Scanner<'_>) -> ParseError {
    let error = scanner.unexpected("a comparison such as `field = value`");
    if !matches!(scanner.peek(), Some('"' | '\'')) {
        return error;
    }
    // A quoted text without a field is probably meant as a full-text search.
    scanner.literal().map_or_else(
        |unclosed| unclosed,
        |literal| {
            let word = excerpt(literal.raw);
            ParseError::new(literal.offset, FilterErrorKind::LoneWord { word })
        },
    )
}
