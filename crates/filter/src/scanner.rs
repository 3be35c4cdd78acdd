//! Scanner for the tokens of a filter: left to right, without backtracking.

use crate::{
    error::{FilterErrorKind, ParseError, excerpt},
    operator::Operator,
};

/// Keywords, which need quotes if used as values.
pub(crate) const KEYWORDS: [&str; 3] = ["AND", "OR", "NOT"];

/// A position in the text of a filter.
pub(crate) struct Scanner<'a> {
    source: &'a str,
    offset: usize,
}

/// A value in the source text.
pub(crate) struct Literal<'a> {
    /// Byte offset of its start.
    pub(crate) offset: usize,
    /// The source text, including quotes.
    pub(crate) raw: &'a str,
    pub(crate) quoted: bool,
    /// The unescaped text, split at each wildcard `*`; has at least one element.
    pub(crate) pieces: Vec<String>,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(source: &'a str) -> Self {
        Self { source, offset: 0 }
    }

    /// Byte offset of the position.
    pub(crate) fn offset(&self) -> usize {
        self.offset
    }

    fn rest(&self) -> &'a str {
        &self.source[self.offset..]
    }

    /// The next character, without consuming it.
    pub(crate) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Skips white space; returns whether there was any.
    pub(crate) fn skip_space(&mut self) -> bool {
        let before = self.offset;
        self.take(char::is_whitespace);
        self.offset > before
    }

    /// Consumes the expected character if it is next; returns whether it was.
    pub(crate) fn accept(&mut self, expected: char) -> bool {
        let found = self.rest().starts_with(expected);
        if found {
            self.offset += expected.len_utf8();
        }
        found
    }

    /// The source text from `offset` to the position.
    pub(crate) fn since(&self, offset: usize) -> &'a str {
        &self.source[offset..self.offset]
    }

    /// Whether the keyword is next, and is not the prefix of a longer word.
    pub(crate) fn at_keyword(&self, keyword: &str) -> bool {
        let rest = self.rest().strip_prefix(keyword);
        rest.is_some_and(|rest| !rest.starts_with(is_bare_in_name))
    }

    /// The next field name or keyword, without consuming it. Can be empty.
    pub(crate) fn word(&self) -> &'a str {
        let rest = self.rest();
        &rest[..rest.find(|c| !is_bare_in_name(c)).unwrap_or(rest.len())]
    }

    /// Consumes a word returned by [`word`](Self::word).
    pub(crate) fn skip(&mut self, word: &str) {
        self.offset += word.len();
    }

    /// Consumes an operator if one is next.
    pub(crate) fn operator(&mut self) -> Option<Operator> {
        use Operator::{Equal, Greater, GreaterOrEqual, Has, Less, LessOrEqual, NotEqual};
        // Longer symbols first.
        let all = [LessOrEqual, GreaterOrEqual, NotEqual, Less, Greater, Equal, Has];
        let found = all.into_iter().find(|operator| self.rest().starts_with(operator.symbol()))?;
        self.skip(found.symbol());
        Some(found)
    }

    /// Consumes a literal. White space before it must have been skipped.
    pub(crate) fn literal(&mut self) -> Result<Literal<'a>, ParseError> {
        let offset = self.offset;
        if let Some(quote @ ('"' | '\'')) = self.peek() {
            let pieces = self.quoted(quote)?;
            let raw = self.since(offset);
            return Ok(Literal { offset, raw, quoted: true, pieces });
        }
        let raw = self.take(|c| is_bare_in_value(c) || c == '*');
        if raw.is_empty() || KEYWORDS.contains(&raw) {
            self.offset = offset;
            return Err(self.unexpected("a value, in quotes if it has spaces or signs"));
        }
        let pieces = raw.split('*').map(str::to_owned).collect();
        Ok(Literal { offset, raw, quoted: false, pieces })
    }

    /// Consumes a quoted text, starting at the opening quote.
    fn quoted(&mut self, quote: char) -> Result<Vec<String>, ParseError> {
        let opening = self.offset;
        self.accept(quote);
        let (mut pieces, mut piece) = (Vec::new(), String::new());
        while let Some(c) = self.next() {
            match c {
                '*' => pieces.push(std::mem::take(&mut piece)),
                '\\' => match self.next() {
                    Some(escaped @ ('\\' | '"' | '\'' | '*')) => piece.push(escaped),
                    Some(found) => {
                        let offset = self.offset - found.len_utf8() - 1;
                        return Err(ParseError::new(
                            offset,
                            FilterErrorKind::UnknownEscape { found },
                        ));
                    }
                    None => break,
                },
                c if c == quote => {
                    pieces.push(piece);
                    return Ok(pieces);
                }
                c => piece.push(c),
            }
        }
        Err(ParseError::new(opening, FilterErrorKind::UnclosedQuote { quote }))
    }

    /// An error for unexpected input at this position.
    pub(crate) fn unexpected(&self, expected: &'static str) -> ParseError {
        let rest = self.rest();
        let word = rest.find(|c| !is_bare_in_value(c)).unwrap_or(rest.len());
        let first = self.peek().map_or(0, char::len_utf8);
        let found = match &rest[..word.max(first)] {
            "" => "the end".to_owned(),
            found => excerpt(found),
        };
        ParseError::new(self.offset, FilterErrorKind::Unexpected { found, expected })
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.offset += next.len_utf8();
        Some(next)
    }

    fn take(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let taken = &rest[..rest.find(|c| !wanted(c)).unwrap_or(rest.len())];
        self.skip(taken);
        taken
    }
}

impl Literal<'_> {
    /// The unescaped text, if it has no wildcards.
    pub(crate) fn plain(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [text] => Some(text),
            _ => None,
        }
    }

    /// The text, if it has neither quotes nor wildcards.
    pub(crate) fn bare(&self) -> Option<&str> {
        self.plain().filter(|_| !self.quoted)
    }
}

/// Whether a value with this character needs no quotes.
pub(crate) fn is_bare_in_value(c: char) -> bool {
    !c.is_whitespace() && !r#"()"'\,=<>!*"#.contains(c)
}

/// Whether a field name or map key with this character needs no quotes.
pub(crate) fn is_bare_in_name(c: char) -> bool {
    is_bare_in_value(c) && c != ':' && c != '.'
}
