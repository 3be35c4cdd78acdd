//! Encodings, detected in the first bytes of a source.

use std::io::{self, Read};

use anyhow::{Context as _, Result};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Size of the buffer for undecoded bytes.
const BUFFER: usize = 32 << 10;

/// Looks up an encoding by a name such as `windows-1252`.
///
/// # Errors
/// If no encoding has the name (WHATWG Encoding Standard).
pub(crate) fn named(name: &str) -> Result<&'static Encoding> {
    Encoding::for_label(name.as_bytes()).with_context(|| {
        format!("{name:?} is not an encoding; examples are utf-8, utf-16le and windows-1252")
    })
}

/// Detects the encoding of a text by its first bytes: a byte order mark, the zero bytes of UTF-16,
/// else UTF-8 unless most of the text outside ASCII is invalid in it. A few damaged rows do not
/// change the encoding of the others. `is_whole`: the text ends with the head.
pub(crate) fn detect(head: &[u8], is_whole: bool) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return encoding;
    }
    if let Some(encoding) = utf16(head) {
        return encoding;
    }
    let (valid, damaged) = letters(head, is_whole);
    if damaged == 0 || valid > damaged {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(head, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// UTF-16 without a byte order mark: every other byte of its ASCII letters is zero.
fn utf16(head: &[u8]) -> Option<&'static Encoding> {
    let head = &head[..head.len().min(4096)];
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    match (even, odd) {
        (0, zeros) if zeros > half / 3 => Some(UTF_16LE),
        (zeros, 0) if zeros > half / 3 => Some(UTF_16BE),
        _ => None,
    }
}

/// Numbers of letters beyond ASCII that are valid UTF-8, and of bytes that are not.
fn letters(head: &[u8], is_whole: bool) -> (usize, usize) {
    let (mut valid, mut damaged) = (0, 0);
    let mut chunks = head.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        valid += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        // A head may end within a letter.
        if chunks.peek().is_some() || is_whole {
            damaged += chunk.invalid().len();
        }
    }
    (valid, damaged)
}

/// Decodes a source to UTF-8 while it is read.
pub(crate) struct DecodingReader<R> {
    inner: R,
    decoder: Decoder,
    input: Vec<u8>,
    output: Vec<u8>,
    /// The part of `output` that was read.
    read: usize,
    ended: bool,
}

impl<R: Read> DecodingReader<R> {
    pub(crate) fn new(inner: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        Self { inner, decoder, input: Vec::new(), output: Vec::new(), read: 0, ended: false }
    }

    fn fill(&mut self) -> io::Result<()> {
        self.output.clear();
        self.read = 0;
        while self.output.is_empty() && !self.ended {
            self.input.resize(BUFFER, 0);
            let length = self.inner.read(&mut self.input)?;
            self.ended = length == 0;
            let mut rest = &self.input[..length];
            let needed = self.decoder.max_utf8_buffer_length(rest.len()).unwrap_or(4 * BUFFER);
            let mut text = String::with_capacity(needed);
            loop {
                let (result, read, _) = self.decoder.decode_to_string(rest, &mut text, self.ended);
                rest = &rest[read..];
                match result {
                    CoderResult::InputEmpty => break,
                    CoderResult::OutputFull => text.reserve(needed),
                }
            }
            self.output = text.into_bytes();
        }
        Ok(())
    }
}

impl<R: Read> Read for DecodingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read == self.output.len() {
            self.fill()?;
        }
        let length = buffer.len().min(self.output.len() - self.read);
        buffer[..length].copy_from_slice(&self.output[self.read..self.read + length]);
        self.read += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> (String, String) {
        let encoding = detect(bytes, true);
        let mut text = String::new();
        DecodingReader::new(bytes, encoding).read_to_string(&mut text).unwrap();
        (encoding.name().to_owned(), text)
    }

    #[test]
    fn encodings_are_found_by_marks_and_letters() {
        let text = "id;name\n1;Fußmatte – grün, 9 €\n2;Crème brûlée\n";
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let (windows, ..) = encoding_rs::WINDOWS_1252.encode(text);
        for (bytes, name) in [
            (text.as_bytes().to_vec(), "UTF-8"),
            ([b"\xef\xbb\xbf", text.as_bytes()].concat(), "UTF-8"),
            (utf16.clone(), "UTF-16LE"),
            ([b"\xff\xfe", &utf16[..]].concat(), "UTF-16LE"),
            (windows.to_vec(), "windows-1252"),
        ] {
            assert_eq!(decoded(&bytes), (name.to_owned(), text.to_owned()));
        }
    }

    #[test]
    fn one_damaged_row_leaves_the_others_in_utf_8() {
        let mut bytes = "1;Fußmatte\n2;Gemüse\n".as_bytes().to_vec();
        bytes.extend_from_slice(b"3;Gr\xfcn\n");
        assert_eq!(detect(&bytes, true), UTF_8);
        // A head may end within a letter, a text may not.
        assert_eq!(detect(&"Größe".as_bytes()[..3], false), UTF_8);
        assert_ne!(detect(b"1;Caf\xe9", true), UTF_8);
    }
}
