//! Input of an import: a file or standard input, decompressed, and its detected format.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Cursor, Read},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::{Context as _, Result, bail};
use flate2::bufread::MultiGzDecoder;

/// File format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// One JSON object per line.
    Jsonl,
    /// Comma-separated values with a header line.
    Csv,
}

/// An open input.
pub(crate) struct Source {
    pub(crate) reader: Box<dyn BufRead + Send>,
    pub(crate) format: Format,
    /// Name for messages.
    pub(crate) name: String,
    /// Length before decompression in bytes; unknown for pipes.
    pub(crate) length: Option<u64>,
    /// Number of bytes read so far.
    pub(crate) position: Arc<AtomicU64>,
}

type Bytes = Box<dyn Read + Send>;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];
/// Length of the prefix in which the format is detected, in bytes.
const SNIFF_LIMIT: usize = 4096;

impl Source {
    /// Opens `path`, or standard input for `-`.
    ///
    /// # Errors
    /// If it cannot be opened, or is a directory or a JSON array.
    pub(crate) fn open(path: &Path, format: Option<Format>) -> Result<Self> {
        let name = path.display().to_string();
        if name == "-" {
            return Self::new(io::stdin(), format, "standard input".to_owned(), None);
        }
        let open = || -> io::Result<(File, Option<u64>, bool)> {
            let file = File::open(path)?;
            let metadata = file.metadata()?;
            // A named pipe has no length.
            let length = metadata.is_file().then_some(metadata.len());
            Ok((file, length, metadata.is_dir()))
        };
        let (file, length, is_folder) = open().with_context(|| format!("opening {name}"))?;
        if is_folder {
            bail!("opening {name}: it is a directory, not a file");
        }
        Self::new(file, format.or_else(|| by_extension(path)), name, length)
    }

    pub(crate) fn new(
        inner: impl Read + Send + 'static,
        format: Option<Format>,
        name: String,
        length: Option<u64>,
    ) -> Result<Self> {
        let position = Arc::new(AtomicU64::new(0));
        let mut counted = CountingReader { inner, position: position.clone() };
        let mut head = Vec::new();
        let reading = || format!("reading {name}");
        (&mut counted).take(2).read_to_end(&mut head).with_context(reading)?;
        let packed = head == GZIP_MAGIC;
        let integer = BufReader::with_capacity(64 << 10, Cursor::new(head).chain(counted));
        let plain: Bytes =
            if packed { Box::new(MultiGzDecoder::new(integer)) } else { Box::new(integer) };
        let (head, plain, first) = peek(plain).with_context(reading)?;
        if first == Some(b'[') && format != Some(Format::Csv) {
            bail!(
                "reading {name}: it is a JSON array, not one JSON object per line; \
                 convert it first: jq -c '.[]' FILE"
            );
        }
        let format = format.unwrap_or(match first {
            Some(b'{') | None => Format::Jsonl,
            Some(_) => Format::Csv,
        });
        let reader = Box::new(BufReader::with_capacity(64 << 10, Cursor::new(head).chain(plain)));
        Ok(Self { reader, format, name, length, position })
    }
}

/// Reads up to the first byte that is not blank. Returns the bytes read, the rest, and that byte.
fn peek(mut reader: Bytes) -> io::Result<(Vec<u8>, Bytes, Option<u8>)> {
    let mut head = Vec::new();
    let mut byte = [0];
    while head.len() < SNIFF_LIMIT {
        match reader.read(&mut byte) {
            Ok(0) => break,
            Ok(_) => head.push(byte[0]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        }
        let is_blank = byte[0].is_ascii_whitespace() || BYTE_ORDER_MARK.starts_with(&head);
        if !is_blank {
            return Ok((head, reader, Some(byte[0])));
        }
    }
    Ok((head, reader, None))
}

fn by_extension(path: &Path) -> Option<Format> {
    let name = path.file_name()?.to_str()?.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    match name.rsplit_once('.')?.1 {
        "jsonl" | "ndjson" | "json" => Some(Format::Jsonl),
        "csv" | "tsv" => Some(Format::Csv),
        _ => None,
    }
}

struct CountingReader<R> {
    inner: R,
    position: Arc<AtomicU64>,
}

impl<R: Read> Read for CountingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.position.fetch_add(length as u64, Ordering::Relaxed);
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn source(bytes: &[u8]) -> Result<Source> {
        Source::new(Cursor::new(bytes.to_vec()), None, "test".to_owned(), None)
    }

    #[test]
    fn format_and_compression_are_detected_in_the_bytes() {
        assert_eq!(source(b"\xef\xbb\xbf\n {\"id\":1}").unwrap().format, Format::Jsonl);
        assert_eq!(source(b"id,name\n").unwrap().format, Format::Csv);
        assert_eq!(source(b"").unwrap().format, Format::Jsonl);
        assert!(source(b" [{}]").err().unwrap().to_string().contains("jq -c"));

        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(b"id,name\n1,Mug\n").unwrap();
        let mut source = source(&packed.finish().unwrap()).unwrap();
        let mut text = String::new();
        source.reader.read_to_string(&mut text).unwrap();
        assert_eq!((source.format, text.as_str()), (Format::Csv, "id,name\n1,Mug\n"));
    }

    #[test]
    fn the_format_is_detected_by_extension() {
        assert_eq!(by_extension(Path::new("a/b.JSONL.gz")), Some(Format::Jsonl));
        assert_eq!(by_extension(Path::new("b.csv")), Some(Format::Csv));
        assert_eq!(by_extension(Path::new("b.txt")), None);
    }
}
