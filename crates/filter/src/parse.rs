//! Recursive-descent parser: one function for each rule of the grammar in the crate's documentation.

use crate::{
    FilterError, FilterErrorKind, MAX_BYTES, MAX_DEPTH, MAX_TERMS,
    ast::Filter,
    check,
    error::{ParseError, excerpt},
    field,
    scanner::Scanner,
    schema::Schema,
};

impl Schema {
    /// Parses and checks a filter, in time and memory proportional to its length.
    ///
    /// # Errors
    /// The first error and its column.
    pub fn parse(&self, source: &str) -> Result<Filter, FilterError> {
        filter(self, source).map_err(|error| error.in_source(source))
    }
}

fn filter(schema: &Schema, source: &str) -> Result<Filter, ParseError> {
    let bytes = source.len();
    if bytes > MAX_BYTES {
        return Err(ParseError::new(MAX_BYTES, FilterErrorKind::TooLong { bytes }));
    }
    // PostgreSQL rejects queries with a NUL in a text parameter.
    if let Some(offset) = source.find('\0') {
        let kind = FilterErrorKind::Unexpected { found: excerpt("\0"), expected: "no NUL" };
        return Err(ParseError::new(offset, kind));
    }
    let mut parser = Parser { schema, scanner: Scanner::new(source), depth: 0, terms: 0 };
    parser.scanner.skip_space();
    if parser.scanner.peek().is_none() {
        return Ok(Filter::And(Vec::new()));
    }
    let filter = parser.expression()?;
    match parser.scanner.peek() {
        None => Ok(filter),
        Some(_) => Err(parser.scanner.unexpected("`(` before it")),
    }
}

struct Parser<'a> {
    schema: &'a Schema,
    scanner: Scanner<'a>,
    /// Number of open parentheses, which is the recursion depth.
    depth: usize,
    terms: usize,
}

impl Parser<'_> {
    /// `expression = factor { [ AND ] factor }`, up to `)` or the end.
    fn expression(&mut self) -> Result<Filter, ParseError> {
        let mut all = vec![self.factor()?];
        while !matches!(self.scanner.peek(), None | Some(')')) {
            self.keyword("AND")?;
            all.push(self.factor()?);
        }
        Ok(Filter::all_of(all))
    }

    /// `factor = term { OR term }`
    fn factor(&mut self) -> Result<Filter, ParseError> {
        let mut any = vec![self.term()?];
        while self.keyword("OR")? {
            any.push(self.term()?);
        }
        Ok(Filter::any_of(any))
    }

    /// `term = { NOT | "-" } ( restriction | "(" expression ")" )`, and the white space after it.
    fn term(&mut self) -> Result<Filter, ParseError> {
        let mut negated = false;
        // A loop instead of recursion, because the number of negations has no limit.
        loop {
            if self.scanner.at_keyword("NOT") {
                self.scanner.skip("NOT");
            } else if !self.scanner.accept('-') {
                break;
            }
            negated = !negated;
            self.scanner.skip_space();
        }
        let opening = self.scanner.offset();
        let filter = if self.scanner.accept('(') {
            self.depth += 1;
            if self.depth > MAX_DEPTH {
                return Err(ParseError::new(opening, FilterErrorKind::TooDeep));
            }
            self.scanner.skip_space();
            let inner = self.expression()?;
            if !self.scanner.accept(')') {
                return Err(self.scanner.unexpected("`)`"));
            }
            self.depth -= 1;
            inner
        } else {
            self.restriction()?
        };
        let spaced = self.scanner.skip_space();
        if !spaced && !matches!(self.scanner.peek(), None | Some(')')) {
            return Err(self.scanner.unexpected("a space, `)` or the end"));
        }
        Ok(if negated { filter.negated() } else { filter })
    }

    /// `restriction = field operator value`
    fn restriction(&mut self) -> Result<Filter, ParseError> {
        let offset = self.scanner.offset();
        let field = field::parse(&mut self.scanner, self.schema)?;
        if self.terms == MAX_TERMS {
            return Err(ParseError::new(offset, FilterErrorKind::TooManyTerms));
        }
        self.terms += 1;
        let operator_offset = self.scanner.offset();
        let Some(operator) = self.scanner.operator() else {
            return Err(self.scanner.unexpected("one of = != < <= > >= :"));
        };
        self.scanner.skip_space();
        let literal = self.scanner.literal()?;
        check::comparison(field, (operator, operator_offset), &literal)
    }

    /// Consumes the keyword and the white space after it, if it is next.
    fn keyword(&mut self, keyword: &str) -> Result<bool, ParseError> {
        if !self.scanner.at_keyword(keyword) {
            return Ok(false);
        }
        self.scanner.skip(keyword);
        if !self.scanner.skip_space() {
            return Err(self.scanner.unexpected("a space and another comparison"));
        }
        Ok(true)
    }
}
