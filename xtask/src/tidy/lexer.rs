//! Splits Rust source into tokens, so that the checks see neither code in comments nor comments in strings.

/// A piece of source and the line on which it begins, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    pub(super) line: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An identifier or keyword.
    Word,
    /// A string, character, number or lifetime.
    Literal,
    /// `::`, or one character of any other punctuation.
    Punctuation,
    /// Includes doc comments; one line, or one block.
    Comment,
}

impl Token<'_> {
    pub(super) fn is_comment(&self) -> bool {
        self.kind == Kind::Comment
    }

    pub(super) fn is_word(&self) -> bool {
        self.kind == Kind::Word
    }
}

/// Tokens of `source`, which must be valid Rust; otherwise the rest is split at random, but the function ends.
pub(super) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < source.len() {
        let rest = &source[at..];
        let Some((kind, len)) = token(rest) else {
            let space = rest.chars().next().map_or(1, char::len_utf8);
            line += usize::from(rest.starts_with('\n'));
            at += space;
            continue;
        };
        let text = &rest[..len];
        tokens.push(Token { kind, text, line });
        line += text.matches('\n').count();
        at += len;
    }
    tokens
}

/// Kind and length of the token at the start of `rest`, or `None` before white space.
fn token(rest: &str) -> Option<(Kind, usize)> {
    let first = rest.chars().next()?;
    let found = match first {
        _ if first.is_whitespace() => return None,
        '/' if rest.starts_with("//") => (Kind::Comment, rest.find('\n').unwrap_or(rest.len())),
        '/' if rest.starts_with("/*") => (Kind::Comment, block_comment(rest)),
        '"' => (Kind::Literal, string(rest, 1)),
        '\'' => (Kind::Literal, quote(rest)),
        '0'..='9' => (Kind::Literal, word(rest)),
        _ if is_word(first) => prefixed(rest).unwrap_or_else(|| (Kind::Word, word(rest))),
        ':' if rest.starts_with("::") => (Kind::Punctuation, 2),
        _ => (Kind::Punctuation, first.len_utf8()),
    };
    Some(found)
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

fn word(rest: &str) -> usize {
    rest.find(|c| !is_word(c)).unwrap_or(rest.len())
}

/// Strings and characters with a prefix (`r"`, `br#"`, `c"`, `b'`), and raw identifiers.
fn prefixed(rest: &str) -> Option<(Kind, usize)> {
    let prefix = word(rest);
    if !matches!(&rest[..prefix], "r" | "b" | "br" | "c" | "cr") {
        return None;
    }
    let tail = &rest[prefix..];
    let hashes = tail.len() - tail.trim_start_matches('#').len();
    let raw = rest[..prefix].ends_with('r');
    match tail[hashes..].chars().next()? {
        '"' if raw => {
            let end = format!("\"{}", "#".repeat(hashes));
            let body = prefix + hashes + 1;
            let len = rest[body..].find(&end).map_or(rest.len(), |found| body + found + end.len());
            Some((Kind::Literal, len))
        }
        '"' if hashes == 0 => Some((Kind::Literal, string(rest, prefix + 1))),
        '\'' if hashes == 0 => Some((Kind::Literal, prefix + quote(tail))),
        c if hashes == 1 && raw && is_word(c) => Some((Kind::Word, prefix + 1 + word(&tail[1..]))),
        _ => None,
    }
}

/// Length of a string whose body begins at `body`.
fn string(rest: &str, body: usize) -> usize {
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(body) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Length of a character or lifetime.
fn quote(rest: &str) -> usize {
    let mut body = rest[1..].chars();
    match body.next() {
        Some('\\') => 4 + rest[3..].find('\'').unwrap_or(0),
        Some(c) if body.next() == Some('\'') => 2 + c.len_utf8(),
        _ => 1 + word(&rest[1..]),
    }
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<&str> {
        tokens(source).iter().map(|token| token.text).collect()
    }

    #[test]
    fn strings_characters_and_lifetimes_are_whole() {
        assert_eq!(texts(r#"f("a // \" {", '{', b'\'', '\u{7d}', 'é')"#).len(), 12);
        assert_eq!(
            texts("r#\"a \" b\"# br##\"\"#\"## r\"\\\" x"),
            ["r#\"a \" b\"#", "br##\"\"#\"##", "r\"\\\"", "x"]
        );
        assert_eq!(
            texts("&'a str, r#type, 'outer: 1.5e3"),
            ["&", "'a", "str", ",", "r#type", ",", "'outer", ":", "1", ".", "5e3"]
        );
        assert_eq!(texts("a::b"), ["a", "::", "b"]);
    }

    #[test]
    fn comments_are_tokens_with_their_line() {
        let tokens = tokens("x /* a /* b */\n */ y\n// z \"\n\"\n\" w");
        let comments: Vec<_> = tokens.iter().filter(|t| t.is_comment()).map(|t| t.line).collect();
        assert_eq!(comments, [1, 3]);
        let words: Vec<_> =
            tokens.iter().filter(|t| t.is_word()).map(|t| (t.text, t.line)).collect();
        assert_eq!(words, [("x", 1), ("y", 2), ("w", 5)]);
    }
}
