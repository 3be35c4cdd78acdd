//! Encodings and containers of generated files.

use std::io::{Cursor, Write as _};

use encoding_rs::WINDOWS_1252;

use super::pick;
use crate::Random;

/// The mark of a letter that is not UTF-8.
pub(super) const BROKEN_LETTER: char = '\u{e000}';

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf8Bom,
    Utf16,
    Utf16Be,
    /// Without a byte order mark.
    Utf16Plain,
    Windows1252,
}

impl Encoding {
    pub(super) fn pick(random: &mut Random) -> Self {
        use Encoding::{Utf8, Utf8Bom, Utf16, Utf16Be, Utf16Plain, Windows1252};
        pick(random, &[Utf8, Utf8, Utf8Bom, Utf16, Utf16Be, Utf16Plain, Windows1252])
    }

    pub(super) fn encode(self, text: &str) -> Vec<u8> {
        let units = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect();
        let little: fn(u16) -> [u8; 2] = u16::to_le_bytes;
        match self {
            Self::Utf8 | Self::Utf8Bom => {
                let mut bytes = Vec::new();
                if self == Self::Utf8Bom {
                    bytes.extend_from_slice(b"\xef\xbb\xbf");
                }
                for (index, part) in text.split(BROKEN_LETTER).enumerate() {
                    if index > 0 {
                        bytes.push(0xfc);
                    }
                    bytes.extend_from_slice(part.as_bytes());
                }
                bytes
            }
            Self::Utf16 => [b"\xff\xfe".to_vec(), units(little)].concat(),
            Self::Utf16Be => [b"\xfe\xff".to_vec(), units(u16::to_be_bytes)].concat(),
            Self::Utf16Plain => units(little),
            Self::Windows1252 => WINDOWS_1252.encode(text).0.into_owned(),
        }
    }
}

/// The bytes as they are, or in a container, and the suffix for the file's name.
pub(super) fn packed(
    random: &mut Random,
    bytes: Vec<u8>,
    extension: &str,
) -> (Vec<u8>, &'static str) {
    match random.below(6) {
        0 => {
            let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            gzip.write_all(&bytes).expect("into memory");
            (gzip.finish().expect("into memory"), ".gz")
        }
        1 => {
            let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
            let options = zip::write::SimpleFileOptions::default();
            archive.start_file(format!("list.{extension}"), options).expect("into memory");
            archive.write_all(&bytes).expect("into memory");
            (archive.finish().expect("into memory").into_inner(), ".zip")
        }
        _ => (bytes, ""),
    }
}
