//! The grammar, as in the crate's documentation: one function for each rule.

use crate::{
    FilterErrorKind, MAX_BYTES, MAX_DEPTH, MAX_TERMS,
    ast::Filter,
    check,
    cursor::Cursor,
    error::{Problem, excerpt},
    path,
    schema::Schema,
};

pub(crate) fn filter(schema: &Schema, source: &str) -> Result<Filter, Problem> {
    let bytes = source.len();
    if bytes > MAX_BYTES {
        return Err(Problem::new(MAX_BYTES, FilterErrorKind::TooLong { bytes }));
    }
    // PostgreSQL stores no such text, and would refuse the whole query.
    if let Some(offset) = source.find('\0') {
        let kind = FilterErrorKind::Unexpected { found: excerpt("\0"), expected: "no NUL" };
        return Err(Problem::new(offset, kind));
    }
    let mut parser = Parser { schema, cursor: Cursor::new(source), depth: 0, terms: 0 };
    parser.cursor.skip_space();
    if parser.cursor.peek().is_none() {
        return Ok(Filter::And(Vec::new()));
    }
    let filter = parser.expression()?;
    match parser.cursor.peek() {
        None => Ok(filter),
        Some(_) => Err(parser.cursor.unexpected("`(` before it")),
    }
}

struct Parser<'a> {
    schema: &'a Schema,
    cursor: Cursor<'a>,
    /// Parentheses open, and so how deep the functions below have called themselves.
    depth: usize,
    terms: usize,
}

impl Parser<'_> {
    /// `expression = factor { [AND] factor }`, up to `)` or the end.
    fn expression(&mut self) -> Result<Filter, Problem> {
        let mut all = vec![self.factor()?];
        while !matches!(self.cursor.peek(), None | Some(')')) {
            self.keyword("AND")?;
            all.push(self.factor()?);
        }
        Ok(Filter::all_of(all))
    }

    /// `factor = term { OR term }`: tighter than AND.
    fn factor(&mut self) -> Result<Filter, Problem> {
        let mut any = vec![self.term()?];
        while self.keyword("OR")? {
            any.push(self.term()?);
        }
        Ok(Filter::any_of(any))
    }

    /// `term = { NOT | "-" } ( restriction | "(" expression ")" )`, and the white space behind it.
    fn term(&mut self) -> Result<Filter, Problem> {
        let mut negated = false;
        // A loop, not recursion: there is no limit to how many a filter may begin with.
        loop {
            if self.cursor.at_keyword("NOT") {
                self.cursor.skip("NOT");
            } else if !self.cursor.eat('-') {
                break;
            }
            negated = !negated;
            self.cursor.skip_space();
        }
        let opening = self.cursor.offset();
        let filter = if self.cursor.eat('(') {
            self.depth += 1;
            if self.depth > MAX_DEPTH {
                return Err(Problem::new(opening, FilterErrorKind::TooDeep));
            }
            self.cursor.skip_space();
            let inner = self.expression()?;
            if !self.cursor.eat(')') {
                return Err(self.cursor.unexpected("`)`"));
            }
            self.depth -= 1;
            inner
        } else {
            self.restriction()?
        };
        let spaced = self.cursor.skip_space();
        if !spaced && !matches!(self.cursor.peek(), None | Some(')')) {
            return Err(self.cursor.unexpected("a space, `)` or the end"));
        }
        Ok(if negated { filter.negated() } else { filter })
    }

    /// `restriction = field operator value`
    fn restriction(&mut self) -> Result<Filter, Problem> {
        let offset = self.cursor.offset();
        let field = path::field(&mut self.cursor, self.schema)?;
        if self.terms == MAX_TERMS {
            return Err(Problem::new(offset, FilterErrorKind::TooManyTerms));
        }
        self.terms += 1;
        let at = self.cursor.offset();
        let Some(operator) = self.cursor.operator() else {
            return Err(self.cursor.unexpected("one of = != < <= > >= :"));
        };
        self.cursor.skip_space();
        let literal = self.cursor.literal()?;
        check::comparison(field, (operator, at), &literal)
    }

    /// Reads this keyword and the white space behind it, if it comes next.
    fn keyword(&mut self, keyword: &str) -> Result<bool, Problem> {
        if !self.cursor.at_keyword(keyword) {
            return Ok(false);
        }
        self.cursor.skip(keyword);
        if !self.cursor.skip_space() {
            return Err(self.cursor.unexpected("a space and another comparison"));
        }
        Ok(true)
    }
}
