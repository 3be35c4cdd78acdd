//! Reading a filter's words, from left to right and never back.

use crate::{
    error::{FilterErrorKind, Problem, excerpt},
    schema::Operator,
};

/// Words that join comparisons, and so cannot be fields or values without quotes.
pub(crate) const KEYWORDS: [&str; 3] = ["AND", "OR", "NOT"];

/// A place in the text of a filter.
pub(crate) struct Cursor<'a> {
    source: &'a str,
    offset: usize,
}

/// A value as it was written.
pub(crate) struct Literal<'a> {
    /// Where it begins, in bytes.
    pub(crate) offset: usize,
    /// As written, quotes included.
    pub(crate) raw: &'a str,
    pub(crate) quoted: bool,
    /// The text, split at each `*` that has no backslash; never without a member.
    pub(crate) pieces: Vec<String>,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(source: &'a str) -> Self {
        Self { source, offset: 0 }
    }

    /// How many bytes have been read.
    pub(crate) fn offset(&self) -> usize {
        self.offset
    }

    fn rest(&self) -> &'a str {
        &self.source[self.offset..]
    }

    /// What comes next, without reading it.
    pub(crate) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Skips white space and says whether there was any.
    pub(crate) fn skip_space(&mut self) -> bool {
        let before = self.offset;
        self.take(char::is_whitespace);
        self.offset > before
    }

    /// Reads this character if it comes next.
    pub(crate) fn eat(&mut self, expected: char) -> bool {
        let found = self.rest().starts_with(expected);
        if found {
            self.offset += expected.len_utf8();
        }
        found
    }

    /// What has been read since it was at this offset.
    pub(crate) fn since(&self, offset: usize) -> &'a str {
        &self.source[offset..self.offset]
    }

    /// Whether this keyword comes next, and not only as the beginning of a longer word.
    pub(crate) fn at_keyword(&self, keyword: &str) -> bool {
        let behind = self.rest().strip_prefix(keyword);
        behind.is_some_and(|behind| !behind.starts_with(is_bare_in_path))
    }

    /// The next word, without reading it: what a field or a keyword is made of. Can be empty.
    pub(crate) fn word(&self) -> &'a str {
        let rest = self.rest();
        &rest[..rest.find(|c| !is_bare_in_path(c)).unwrap_or(rest.len())]
    }

    /// Reads a word that [`word`](Self::word) has shown.
    pub(crate) fn skip(&mut self, word: &str) {
        self.offset += word.len();
    }

    /// Reads an operator if one comes next.
    pub(crate) fn operator(&mut self) -> Option<Operator> {
        use Operator::{Equal, Greater, GreaterOrEqual, Has, Less, LessOrEqual, NotEqual};
        // The longer ones first.
        let all = [LessOrEqual, GreaterOrEqual, NotEqual, Less, Greater, Equal, Has];
        let found = all.into_iter().find(|operator| self.rest().starts_with(operator.symbol()))?;
        self.skip(found.symbol());
        Some(found)
    }

    /// Reads a value; white space before it has been skipped.
    pub(crate) fn literal(&mut self) -> Result<Literal<'a>, Problem> {
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

    /// Reads a text in quotes; what comes next is the opening one.
    fn quoted(&mut self, quote: char) -> Result<Vec<String>, Problem> {
        let opening = self.offset;
        self.eat(quote);
        let (mut pieces, mut piece) = (Vec::new(), String::new());
        while let Some(c) = self.next() {
            match c {
                '*' => pieces.push(std::mem::take(&mut piece)),
                '\\' => match self.next() {
                    Some(escaped @ ('\\' | '"' | '\'' | '*')) => piece.push(escaped),
                    Some(found) => {
                        let offset = self.offset - found.len_utf8() - 1;
                        return Err(Problem::new(offset, FilterErrorKind::UnknownEscape { found }));
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
        Err(Problem::new(opening, FilterErrorKind::UnclosedQuote { quote }))
    }

    /// That something else was expected here.
    pub(crate) fn unexpected(&self, expected: &'static str) -> Problem {
        let rest = self.rest();
        let word = rest.find(|c| !is_bare_in_value(c)).unwrap_or(rest.len());
        let first = self.peek().map_or(0, char::len_utf8);
        let found = match &rest[..word.max(first)] {
            "" => "the end".to_owned(),
            found => excerpt(found),
        };
        Problem::new(self.offset, FilterErrorKind::Unexpected { found, expected })
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
    /// The text, if it has no wildcards.
    pub(crate) fn plain(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [text] => Some(text),
            _ => None,
        }
    }

    /// The word, if it has neither quotes nor wildcards.
    pub(crate) fn bare(&self) -> Option<&str> {
        self.plain().filter(|_| !self.quoted)
    }
}

/// Whether a value may have this character without quotes.
pub(crate) fn is_bare_in_value(c: char) -> bool {
    !c.is_whitespace() && !r#"()"'\,=<>!*"#.contains(c)
}

/// Whether a field's name, or a name in a map, may have this character without quotes.
pub(crate) fn is_bare_in_path(c: char) -> bool {
    is_bare_in_value(c) && c != ':' && c != '.'
}
