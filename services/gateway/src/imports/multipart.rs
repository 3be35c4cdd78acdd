//! `multipart/form-data` (RFC 7578), read in pieces: a part is never held whole, and the head of one is bounded. (multer
//! buffers what has arrived, and a head of any size.)

use bytes::{Buf as _, Bytes, BytesMut};
use http::{HeaderMap, header};

use crate::problem::Problem;

/// Maximum size of the head of a part, in bytes.
const MAX_HEAD: usize = 8 << 10;
/// Maximum length of a boundary (RFC 2046).
const MAX_BOUNDARY: usize = 70;

/// The boundary of a request with a form, or `None` for another type of body.
///
/// # Errors
/// 400 for a form without a usable boundary.
pub(super) fn boundary(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let Some((kind, parameters)) = kind.map(|kind| kind.split_once(';').unwrap_or((kind, "")))
    else {
        return Ok(None);
    };
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return Ok(None);
    }
    let named = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("boundary").then(|| value.trim().trim_matches('"'))
    });
    match named {
        Some(boundary) if (1..=MAX_BOUNDARY).contains(&boundary.len()) => {
            Ok(Some(boundary.to_owned()))
        }
        _ => Err(Problem::invalid("Content-Type", "multipart/form-data needs a boundary")),
    }
}

/// A piece of a form.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// A part begins.
    Part(PartHead),
    /// Bytes of the part that has begun last.
    Data(Bytes),
    /// The form is whole.
    End,
}

/// The name of a part, and of its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PartHead {
    pub(super) name: String,
    pub(super) file_name: Option<String>,
}

/// Reads a form from the bytes that are fed to it.
#[derive(Debug)]
pub(super) struct FormReader {
    /// With the line end before it and the dashes.
    delimiter: Vec<u8>,
    buffer: BytesMut,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the first delimiter.
    Preamble,
    /// Behind a delimiter.
    Delimited,
    Head,
    Data,
    End,
}

impl FormReader {
    pub(super) fn new(boundary: &str) -> Self {
        let delimiter = format!("\r\n--{boundary}").into_bytes();
        // The first delimiter may be the very beginning.
        let buffer = BytesMut::from(&b"\r\n"[..]);
        Self { delimiter, buffer, state: State::Preamble }
    }

    pub(super) fn feed(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next piece; `None` if more bytes are needed.
    ///
    /// # Errors
    /// 400 for a form that cannot be read.
    pub(super) fn next_piece(&mut self) -> Result<Option<Piece>, Problem> {
        loop {
            match self.state {
                State::Preamble => match find(&self.buffer, &self.delimiter) {
                    Some(at) => {
                        self.buffer.advance(at + self.delimiter.len());
                        self.state = State::Delimited;
                    }
                    None => {
                        self.keep_tail();
                        return Ok(None);
                    }
                },
                State::Delimited => match self.buffer.get(..2) {
                    None => return Ok(None),
                    Some(b"--") => self.state = State::End,
                    Some(b"\r\n") => self.state = State::Head,
                    Some(_) => return Err(malformed("a boundary is not at the end of its line")),
                },
                State::Head => match find(&self.buffer, b"\r\n\r\n") {
                    Some(at) => {
                        let head = self.buffer.split_to(at);
                        self.buffer.advance(4);
                        self.state = State::Data;
                        return Ok(Some(Piece::Part(part_head(&head)?)));
                    }
                    None if self.buffer.len() > MAX_HEAD => {
                        return Err(malformed("the head of a part is too long"));
                    }
                    None => return Ok(None),
                },
                State::Data => return Ok(self.data()),
                State::End => return Ok(Some(Piece::End)),
            }
        }
    }

    fn data(&mut self) -> Option<Piece> {
        match find(&self.buffer, &self.delimiter) {
            Some(at) => {
                let data = self.buffer.split_to(at).freeze();
                self.buffer.advance(self.delimiter.len());
                self.state = State::Delimited;
                Some(Piece::Data(data))
            }
            None => {
                // The end may be the beginning of a delimiter.
                let whole = self.buffer.len().saturating_sub(self.delimiter.len() - 1);
                (whole > 0).then(|| Piece::Data(self.buffer.split_to(whole).freeze()))
            }
        }
    }

    fn keep_tail(&mut self) {
        let done = self.buffer.len().saturating_sub(self.delimiter.len() - 1);
        self.buffer.advance(done);
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = wanted.first()?;
    let mut from = 0;
    while let Some(at) = text.get(from..)?.iter().position(|byte| byte == first) {
        let at = from + at;
        if text[at..].starts_with(wanted) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

fn part_head(head: &[u8]) -> Result<PartHead, Problem> {
    let head = std::str::from_utf8(head).map_err(|_| malformed("a part's head is not UTF-8"))?;
    let disposition = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("content-disposition").then_some(value)
    });
    let parameters = disposition.map(parameters).unwrap_or_default();
    let named = |wanted: &str| {
        let mut found = parameters.iter().filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.next().map(|(_, value)| value.clone())
    };
    let name = named("name").ok_or_else(|| malformed("a part has no name"))?;
    Ok(PartHead { name, file_name: named("filename") })
}

/// The parameters of a disposition; quoted ones may have semicolons.
fn parameters(disposition: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = disposition.split_once(';').map_or("", |(_, rest)| rest);
    while let Some((name, value)) = rest.split_once('=') {
        let name = name.trim_matches([' ', ';']).to_owned();
        let value = value.trim_start();
        let (value, tail) = match value.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => value.split_once(';').unwrap_or((value, "")),
        };
        found.push((name, value.trim().to_owned()));
        rest = tail;
    }
    found
}

fn malformed(rule: &str) -> Problem {
    Problem::invalid("body", format!("is not multipart/form-data: {rule}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &[u8] = b"--xYz\r\nContent-Disposition: form-data; name=\"mode\"\r\n\r\nupsert\r\n\
        --xYz\r\ncontent-disposition: form-data; name=file; filename=\"a;b.csv\"\r\n\
        Content-Type: text/csv\r\n\r\nid,name\r\n--xY\r\n1,Mug\r\n--xYz--\r\n";

    fn read(form: &[u8], step: usize) -> Result<Vec<(PartHead, Vec<u8>)>, Problem> {
        let mut reader = FormReader::new("xYz");
        let mut parts: Vec<(PartHead, Vec<u8>)> = Vec::new();
        for bytes in form.chunks(step) {
            reader.feed(bytes);
            loop {
                match reader.next_piece()? {
                    Some(Piece::Part(head)) => parts.push((head, Vec::new())),
                    Some(Piece::Data(data)) => parts.last_mut().unwrap().1.extend(data),
                    Some(Piece::End) => return Ok(parts),
                    None => break,
                }
            }
        }
        panic!("the form has no end");
    }

    #[test]
    fn a_form_is_the_same_however_it_is_cut() {
        let head = |name: &str, file_name: Option<&str>| PartHead {
            name: name.to_owned(),
            file_name: file_name.map(str::to_owned),
        };
        for step in [1, 2, 3, 7, 16, FORM.len()] {
            let parts = read(FORM, step).unwrap();
            assert_eq!(parts[0], (head("mode", None), b"upsert".to_vec()), "{step}");
            let file = b"id,name\r\n--xY\r\n1,Mug".to_vec();
            assert_eq!(parts[1], (head("file", Some("a;b.csv")), file), "{step}");
            assert_eq!(parts.len(), 2);
        }
    }

    #[test]
    fn what_is_no_form_is_refused() {
        for wrong in [&b"--xYz bad\r\n"[..], b"--xYz\r\nContent-Type: text/csv\r\n\r\n1\r\n--xYz--"]
        {
            assert!(read(wrong, 5).is_err());
        }
        let mut headers = HeaderMap::new();
        let mut of = |kind: &str| {
            headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
            boundary(&headers)
        };
        assert_eq!(
            of("multipart/form-data; charset=x; boundary=\"ab\"").unwrap().as_deref(),
            Some("ab")
        );
        assert_eq!(of("text/csv").unwrap(), None);
        assert!(of("multipart/form-data").is_err());
    }
}
