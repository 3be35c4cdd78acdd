//! A file or standard input, unpacked, and what it looks like.

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

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// One JSON object a line.
    Jsonl,
    /// Comma-separated values with a header line.
    Csv,
}

/// Something to read rows from.
pub(crate) struct Source {
    pub(crate) reader: Box<dyn BufRead + Send>,
    pub(crate) format: Format,
    /// For messages.
    pub(crate) name: String,
    /// How many bytes there are to read, where that is known.
    pub(crate) length: Option<u64>,
    /// How many of them have been read.
    pub(crate) position: Arc<AtomicU64>,
}

type Bytes = Box<dyn Read + Send>;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];
/// How much is looked at to tell JSON lines from CSV, in bytes.
const SNIFFED: usize = 4096;

impl Source {
    /// Opens `path`, or standard input for `-`.
    ///
    /// # Errors
    /// What cannot be opened, or is recognisably something else.
    pub(crate) fn open(path: &Path, format: Option<Format>) -> Result<Self> {
        let name = path.display().to_string();
        if name == "-" {
            return Self::new(io::stdin(), format, "standard input".to_owned(), None);
        }
        let open = || -> io::Result<(File, Option<u64>, bool)> {
            let file = File::open(path)?;
            let metadata = file.metadata()?;
            // A pipe has a name here, too, and no length.
            let length = metadata.is_file().then_some(metadata.len());
            Ok((file, length, metadata.is_dir()))
        };
        let (file, length, is_folder) = open().with_context(|| format!("opening {name}"))?;
        if is_folder {
            bail!("opening {name}: it is a folder; name a file in it");
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
        let mut counted = Counted { inner, position: position.clone() };
        let mut head = Vec::new();
        let reading = || format!("reading {name}");
        (&mut counted).take(2).read_to_end(&mut head).with_context(reading)?;
        let packed = head == GZIP_MAGIC;
        let whole = BufReader::with_capacity(64 << 10, Cursor::new(head).chain(counted));
        let plain: Bytes =
            if packed { Box::new(MultiGzDecoder::new(whole)) } else { Box::new(whole) };
        let (head, plain, first) = peek(plain).with_context(reading)?;
        if first == Some(b'[') && format != Some(Format::Csv) {
            bail!(
                "reading {name}: it is one JSON array, and not a JSON object a line; \
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

/// The first bytes, the rest, and the first byte that is not blank.
fn peek(mut reader: Bytes) -> io::Result<(Vec<u8>, Bytes, Option<u8>)> {
    let mut head = Vec::new();
    let mut byte = [0];
    while head.len() < SNIFFED {
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

struct Counted<R> {
    inner: R,
    position: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
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
    fn shape_and_packing_are_seen_in_the_bytes() {
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
    fn the_extension_tells_the_format() {
        assert_eq!(by_extension(Path::new("a/b.JSONL.gz")), Some(Format::Jsonl));
        assert_eq!(by_extension(Path::new("b.csv")), Some(Format::Csv));
        assert_eq!(by_extension(Path::new("b.txt")), None);
    }
}
