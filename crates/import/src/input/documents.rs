//! JSON documents: arrays of objects, alone or within an object, as lines.

use std::{
    fs::File,
    io::{self, BufRead, BufWriter, Seek as _, SeekFrom, Write as _},
};

use anyhow::{Result, bail};
use serde_json::Value as Json;

use super::lines::LINE_LIMIT;

/// Writes the objects of a document to a temporary file, one a line. Each stands on the line on which
/// it begins, unless several do.
///
/// `records` is the key of the array; without it, the first array of objects is taken.
///
/// # Errors
/// If there is no such array, or the document ends within it.
pub(super) fn lines(reader: impl BufRead, records: Option<&str>) -> Result<File> {
    let mut out = LineWriter::new()?;
    let mut scan = Scan { bytes: reader.bytes(), line: 1, peeked: None };
    match scan.next_letter()? {
        Some(b'[') => array(&mut scan, &mut out)?,
        Some(b'{') => {
            if !object(&mut scan, &mut out, records)? {
                let key = records.map_or("of objects".to_owned(), |name| format!("{name:?}"));
                bail!("the JSON object has no array {key}");
            }
        }
        _ => bail!("it is neither a JSON array nor a JSON object"),
    }
    out.finish()
}

/// The key of the array of objects in a JSON object: `records`, or the only one.
pub(super) fn envelope_key(object: &serde_json::Map<String, Json>) -> Option<&str> {
    let is_list = |value: &Json| {
        value.as_array().is_some_and(|items| items.first().is_some_and(Json::is_object))
    };
    let mut keys = object.iter().filter(|(_, value)| is_list(value)).map(|(key, _)| key.as_str());
    keys.next().filter(|_| keys.next().is_none())
}

/// A scan over the bytes of a document.
struct Scan<R: BufRead> {
    bytes: io::Bytes<R>,
    line: i64,
    peeked: Option<u8>,
}

impl<R: BufRead> Scan<R> {
    fn next(&mut self) -> io::Result<Option<u8>> {
        if let Some(byte) = self.peeked.take() {
            return Ok(Some(byte));
        }
        let byte = self.bytes.next().transpose()?;
        self.line += i64::from(byte == Some(b'\n'));
        Ok(byte)
    }

    fn next_letter(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.next()? {
                Some(b' ' | b'\t' | b'\r' | b'\n') => {}
                other => return Ok(other),
            }
        }
    }

    /// Reads one value whose first letter was read. Only the first [`LINE_LIMIT`] bytes are kept.
    fn value(&mut self, first: u8) -> Result<Vec<u8>> {
        let mut text = vec![first];
        let mut depth = u32::from(matches!(first, b'{' | b'['));
        let (mut quoted, mut escaped) = (first == b'"', false);
        while depth > 0 || quoted || !matches!(first, b'{' | b'[' | b'"') {
            let Some(byte) = self.next()? else { bail!("line {}: the JSON ends early", self.line) };
            if depth == 0 && !quoted && matches!(byte, b',' | b']' | b'}') {
                self.peeked = Some(byte);
                break;
            }
            match byte {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                b'{' | b'[' if !quoted => depth += 1,
                b'}' | b']' if !quoted => depth -= 1,
                _ => {}
            }
            if text.len() <= LINE_LIMIT {
                text.push(if matches!(byte, b'\n' | b'\r') { b' ' } else { byte });
            }
        }
        text.truncate(text.trim_ascii_end().len());
        Ok(text)
    }
}

/// Copies the items of an array whose bracket was read.
fn array<R: BufRead>(scan: &mut Scan<R>, out: &mut LineWriter) -> Result<()> {
    loop {
        match scan.next_letter()? {
            Some(b']') => return Ok(()),
            Some(b',') => {}
            Some(first) => {
                let line = scan.line;
                out.write(line, &scan.value(first)?)?;
            }
            None => bail!("line {}: the JSON array is not closed", scan.line),
        }
    }
}

/// Finds the array in an object whose brace was read, and copies its items.
fn object<R: BufRead>(
    scan: &mut Scan<R>,
    out: &mut LineWriter,
    records: Option<&str>,
) -> Result<bool> {
    let mut whole = b"{".to_vec();
    let line = scan.line;
    loop {
        let first = match scan.next_letter()? {
            Some(b'}') => break,
            Some(b',') => continue,
            Some(first) => first,
            None => bail!("line {}: the JSON object is not closed", scan.line),
        };
        let key = scan.value(first)?;
        let name: Result<String, _> = serde_json::from_slice(&key);
        if scan.next_letter()? != Some(b':') {
            bail!("line {}: the JSON is malformed", scan.line);
        }
        let Some(first) = scan.next_letter()? else { bail!("the JSON ends early") };
        if first == b'[' {
            let item = scan.next_letter()?;
            scan.peeked = item;
            let is_wanted = match (records, &name) {
                (Some(records), Ok(name)) => records == name,
                (Some(_), Err(_)) => false,
                // A product of its own has lists of objects, too, but is told by its other fields.
                (None, _) => item == Some(b'{') && !looks_like_product(&whole),
            };
            if is_wanted {
                array(scan, out)?;
                return Ok(true);
            }
        }
        let value = scan.value(first)?;
        if whole.len() > 1 {
            whole.push(b',');
        }
        whole.extend_from_slice(&[&key[..], b":", &value].concat());
    }
    whole.push(b'}');
    let is_product = records.is_none() && looks_like_product(&whole);
    if is_product {
        out.write(line, &whole)?;
    }
    Ok(is_product)
}

/// Whether the fields of an object so far are those of a product rather than of an envelope.
fn looks_like_product(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    ["\"name\":", "\"title\":", "\"sku\":", "\"handle\":"].iter().any(|key| text.contains(key))
}

/// Writes lines at given numbers, with blank lines between them.
struct LineWriter {
    out: BufWriter<File>,
    line: i64,
}

impl LineWriter {
    fn new() -> io::Result<Self> {
        Ok(Self { out: BufWriter::new(tempfile::tempfile()?), line: 1 })
    }

    fn write(&mut self, line: i64, text: &[u8]) -> io::Result<()> {
        while self.line < line {
            self.out.write_all(b"\n")?;
            self.line += 1;
        }
        self.out.write_all(text)?;
        self.out.write_all(b"\n")?;
        self.line += 1;
        Ok(())
    }

    fn finish(self) -> Result<File> {
        let mut file = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    fn read(text: &str, records: Option<&str>) -> Result<String> {
        let mut out = String::new();
        lines(text.as_bytes(), records)?.read_to_string(&mut out)?;
        Ok(out)
    }

    #[test]
    fn items_stand_on_their_lines() {
        let text = "[\n {\"a\": \"]}\\\"\",\n  \"b\": [1, {}]},\n\n {\"c\":2}, 5 ]";
        let out = read(text, None).unwrap();
        assert_eq!(out, "\n{\"a\": \"]}\\\"\",   \"b\": [1, {}]}\n\n\n{\"c\":2}\n5\n");
    }

    #[test]
    fn envelopes_are_opened() {
        let text = r#"{"total": 2, "tags": ["x"], "items": [{"id": 1}, {"id": 2}], "skip": 0}"#;
        assert_eq!(read(text, None).unwrap(), "{\"id\": 1}\n{\"id\": 2}\n");
        let text = r#"{"meta": [{"a": 1}], "data": [{"id": 3}]}"#;
        assert_eq!(read(text, Some("data")).unwrap(), "{\"id\": 3}\n");
        let product = "{\n\"name\": \"Mug\",\n\"media\": [{\"url\": \"/a\"}]\n}";
        let out = "{\"name\":\"Mug\",\"media\":[{\"url\": \"/a\"}]}\n";
        assert_eq!(read(product, None).unwrap(), out);
        assert!(read(r#"{"a": 1}"#, None).is_err());
        assert!(read("[{\"a\": 1}, {\"b\"", None).unwrap_err().to_string().contains("ends early"));
    }
}
