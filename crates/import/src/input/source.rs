//! Opens a file or standard input: unpacks it, decodes it, and finds its format.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Cursor, Read, Seek as _, SeekFrom},
    path::Path,
    sync::{Arc, atomic::AtomicU64},
};

use anyhow::{Context as _, Result, bail};
use encoding_rs::{Encoding, UTF_8};
use flate2::bufread::MultiGzDecoder;
use tokio_util::sync::CancellationToken;

use super::{
    container::{self, Limited, Limits, UNPACKED_LIMIT, Unpacked},
    documents,
    encoding::{self, DecodingReader},
    readers::{Bytes, CountingReader, HEAD, Head, PIPE_HEAD, peek},
    workbook, xml,
};

/// File format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// One JSON object per line.
    Jsonl,
    /// Comma-separated values with a header line.
    Csv,
}

impl Format {
    /// The format that the extension of a file's name tells.
    pub fn by_extension(path: &Path) -> Option<Self> {
        by_extension(path)
    }
}

/// Options of opening a source. An omitted one is detected.
#[derive(Debug, Clone, Default)]
pub struct OpenOptions {
    pub format: Option<Format>,
    /// Name of the encoding.
    pub encoding: Option<String>,
    /// Key of the array, or name of the XML element, that holds the products.
    pub records: Option<String>,
    /// Maximum size of the unpacked file, in bytes; 16 GiB if omitted.
    pub max_unpacked: Option<u64>,
    /// Makes reading fail.
    pub cancel: CancellationToken,
}

/// An open input.
pub struct Source {
    /// In UTF-8, apart from damaged bytes.
    pub reader: Box<dyn BufRead + Send>,
    pub format: Format,
    /// Name for messages.
    pub name: String,
    /// Length before decompression in bytes; unknown for pipes.
    pub length: Option<u64>,
    /// Number of bytes read so far.
    pub position: Arc<AtomicU64>,
    /// The first part, decoded.
    pub head: String,
    /// Findings about the source that a user may want to know.
    pub notes: Vec<String>,
    /// Whether it is the sheet of a workbook, see `sheet_text`.
    pub is_sheet: bool,
    /// Dropped when the source has been read, such as a permit to read it.
    pub guard: Option<Box<dyn Send>>,
}

const GZIP_MAGIC: &[u8] = &[0x1f, 0x8b];
const ZIP_MAGIC: &[u8] = b"PK\x03\x04";
/// Compound files, which Excel wrote before 2007.
const OLD_EXCEL_MAGIC: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];

impl Source {
    /// Opens `path`, or standard input for `-`.
    ///
    /// # Errors
    /// If it cannot be opened or unpacked, or is a directory.
    pub fn open(path: &Path, options: &OpenOptions) -> Result<Self> {
        let name = path.display().to_string();
        if name == "-" {
            return Self::new(io::stdin(), options, "standard input".to_owned(), None);
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
        let format = options.format.or_else(|| by_extension(path));
        Self::new(file, &OpenOptions { format, ..options.clone() }, name, length)
    }

    /// Opens a stream that is the content of the file `path` elsewhere, whose format its extension tells.
    ///
    /// # Errors
    /// If it cannot be read or unpacked.
    pub fn of_stream(
        inner: impl Read + Send + 'static,
        path: &Path,
        options: &OpenOptions,
        name: String,
    ) -> Result<Self> {
        let format = options.format.or_else(|| by_extension(path));
        Self::new(inner, &OpenOptions { format, ..options.clone() }, name, None)
    }

    /// Opens a stream.
    ///
    /// # Errors
    /// If it cannot be read or unpacked.
    pub fn new(
        inner: impl Read + Send + 'static,
        options: &OpenOptions,
        name: String,
        length: Option<u64>,
    ) -> Result<Self> {
        let position = Arc::new(AtomicU64::new(0));
        let counted = CountingReader { inner, position: position.clone() };
        let opened = Opening { options, limit: if length.is_some() { HEAD } else { PIPE_HEAD } };
        let opened =
            opened.unpacked(Box::new(counted)).with_context(|| format!("reading {name}"))?;
        let Opened { reader, format, head, notes, is_sheet } = opened;
        let guard = None;
        Ok(Self { reader, format, name, length, position, head, notes, is_sheet, guard })
    }
}

struct Opening<'a> {
    options: &'a OpenOptions,
    /// Length of the head, in bytes.
    limit: usize,
}

struct Opened {
    reader: Box<dyn BufRead + Send>,
    format: Format,
    head: String,
    notes: Vec<String>,
    is_sheet: bool,
}

impl Opening<'_> {
    /// Unpacks a stream that may be compressed or a container.
    fn unpacked(&self, mut reader: Bytes) -> Result<Opened> {
        let mut magic = Vec::new();
        (&mut reader).take(4).read_to_end(&mut magic)?;
        let is_gzip = magic.starts_with(GZIP_MAGIC);
        let (is_zip, is_old) = (magic == ZIP_MAGIC, magic == OLD_EXCEL_MAGIC);
        let mut whole: Bytes = Box::new(Cursor::new(magic).chain(reader));
        let limits = &self.limits();
        if is_gzip {
            let packed = BufReader::with_capacity(64 << 10, whole);
            return self.text(Box::new(Limited::new(MultiGzDecoder::new(packed), limits)));
        }
        if is_old {
            bail!("it is a workbook of an old Excel (.xls); save it as .xlsx or as CSV UTF-8");
        }
        if !is_zip {
            return self.text(whole);
        }
        let mut file = container::spool(&mut Limited::new(&mut whole, limits))?;
        match container::unzip(&file, limits)? {
            Unpacked::File(member, name) => {
                let options = OpenOptions {
                    format: self.options.format.or_else(|| by_extension(Path::new(&name))),
                    ..self.options.clone()
                };
                let mut opened =
                    Opening { options: &options, limit: HEAD }.text(Box::new(member))?;
                opened.notes.insert(0, format!("reading {name} in the archive"));
                Ok(opened)
            }
            Unpacked::Workbook => {
                file.seek(SeekFrom::Start(0))?;
                let (sheet, name) = workbook::sheet(&file, limits)?;
                let (format, cancel) = (Some(Format::Csv), limits.cancel.clone());
                let options = OpenOptions { format, cancel, ..OpenOptions::default() };
                let opened = Opening { options: &options, limit: HEAD }.text(Box::new(sheet))?;
                let notes = vec![format!("reading the sheet {name:?} of the workbook")];
                Ok(Opened { notes, is_sheet: true, ..opened })
            }
        }
    }

    fn limits(&self) -> Limits {
        let bytes = self.options.max_unpacked.unwrap_or(UNPACKED_LIMIT);
        Limits { bytes, cancel: self.options.cancel.clone() }
    }

    /// A reader that can be cancelled.
    fn cancellable(&self, reader: impl Read + Send + 'static) -> Bytes {
        Box::new(Limited::new(reader, &self.limits().with_bytes(u64::MAX)))
    }

    /// Decodes a text and finds its format.
    fn text(&self, reader: Bytes) -> Result<Opened> {
        let reader = self.cancellable(reader);
        let Head { bytes: head, rest: reader, is_whole } = peek(reader, self.limit)?;
        let found = match &self.options.encoding {
            Some(name) => encoding::named(name)?,
            None => encoding::detect(&head, is_whole),
        };
        let mut notes = Vec::new();
        if found != UTF_8 && !head.is_empty() {
            notes.push(format!("read as {}; --encoding names another", found.name()));
        }
        let text = decoded(&head, found);
        let whole: Bytes = Box::new(Cursor::new(head).chain(reader));
        let whole: Bytes =
            if found == UTF_8 { whole } else { Box::new(DecodingReader::new(whole, found)) };
        let whole = BufReader::with_capacity(64 << 10, whole);
        let start = text.trim_start();
        let is_table = self.options.format == Some(Format::Csv);
        let records = self.options.records.as_deref();
        if start.starts_with('<') && !is_table {
            let mut whole = whole;
            skip_mark(&mut whole)?;
            return self.lines(xml::lines(whole, records, &self.limits())?, notes);
        }
        if !is_table && (start.starts_with('[') || documents::is_document(start, records)) {
            let mut whole = whole;
            skip_mark(&mut whole)?;
            let documents::Documents { file, notes: found } = documents::lines(whole, records)?;
            notes.extend(found);
            return self.lines(file, notes);
        }
        let format = self.options.format.unwrap_or(match start.chars().next() {
            Some('{') | None => Format::Jsonl,
            Some(_) => Format::Csv,
        });
        Ok(Opened { reader: Box::new(whole), format, head: text, notes, is_sheet: false })
    }

    /// Opens a file of lines of JSON that the source was converted to.
    fn lines(&self, file: File, notes: Vec<String>) -> Result<Opened> {
        let Head { bytes, rest, .. } = peek(self.cancellable(file), HEAD)?;
        let text = decoded(&bytes, UTF_8);
        let reader = BufReader::with_capacity(64 << 10, Cursor::new(bytes).chain(rest));
        let format = Format::Jsonl;
        Ok(Opened { reader: Box::new(reader), format, head: text, notes, is_sheet: false })
    }
}

fn decoded(head: &[u8], encoding: &'static Encoding) -> String {
    let (text, _) = encoding.decode_with_bom_removal(head);
    text.into_owned()
}

/// Skips a byte order mark.
fn skip_mark(reader: &mut impl BufRead) -> io::Result<()> {
    if reader.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
        reader.consume(3);
    }
    Ok(())
}

fn by_extension(path: &Path) -> Option<Format> {
    let name = path.file_name()?.to_str()?.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    match name.rsplit_once('.')?.1 {
        "jsonl" | "ndjson" => Some(Format::Jsonl),
        "csv" | "tsv" => Some(Format::Csv),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn source(bytes: &[u8]) -> Result<Source> {
        let bytes = Cursor::new(bytes.to_vec());
        Source::new(bytes, &OpenOptions::default(), "test".to_owned(), Some(1))
    }

    fn text(bytes: &[u8]) -> (Format, String) {
        let mut source = source(bytes).unwrap();
        let mut text = String::new();
        source.reader.read_to_string(&mut text).unwrap();
        (source.format, text)
    }

    #[test]
    fn format_and_compression_are_detected_in_the_bytes() {
        assert_eq!(source(b"\xef\xbb\xbf\n {\"id\":1}").unwrap().format, Format::Jsonl);
        assert_eq!(source(b"id,name\n").unwrap().format, Format::Csv);
        assert_eq!(source(b"").unwrap().format, Format::Jsonl);
        let lines = (Format::Jsonl, "{\"id\":1}\n".to_owned());
        assert_eq!(text(b" [{\"id\":1}]"), lines);
        assert_eq!(text(b"{\"total\":1,\"products\":[{\"id\":1}]}"), lines);
        // Envelopes may follow each other, one a line, and begin with more than a brace.
        let pages = b"{\"data\":[{\"id\":1}]}\n{\"data\":[{\"id\":2}]}\n";
        assert_eq!(text(pages).1, "{\"id\":1}\n{\"id\":2}\n");
        assert_eq!(text(b"{ \"items\": [\n{\"id\":1}\n]}").1, "\n{\"id\":1}\n");
        let damaged = "{\"id\":\"1\",\n{\"id\":\"2\"}\n";
        assert_eq!(text(damaged.as_bytes()).1, damaged);
        assert_eq!(text(b"<feed><entry><id>1</id></entry></feed>").1, "{\"id\":\"1\"}\n");

        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(b"id,name\n1,Mug\n").unwrap();
        let packed = packed.finish().unwrap();
        assert_eq!(text(&packed), (Format::Csv, "id,name\n1,Mug\n".to_owned()));
        let options = OpenOptions { max_unpacked: Some(10), ..OpenOptions::default() };
        let bomb = Source::new(Cursor::new(packed), &options, "test".to_owned(), Some(1));
        assert!(bomb.err().unwrap().root_cause().to_string().contains("more than 10 bytes"));
    }

    #[test]
    fn an_archive_of_one_file_is_unpacked() {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        archive.start_file("list.csv", options).unwrap();
        archive.write_all(b"id,name\n1,Mug\n").unwrap();
        let bytes = archive.finish().unwrap().into_inner();
        assert_eq!(text(&bytes), (Format::Csv, "id,name\n1,Mug\n".to_owned()));
        let options = OpenOptions { max_unpacked: Some(10), ..OpenOptions::default() };
        let bomb = Source::new(Cursor::new(bytes), &options, "test".to_owned(), Some(1));
        let error = bomb.err().unwrap().root_cause().to_string();
        assert_eq!(error, "it unpacks to more than 10 bytes");
        assert!(source(b"PK\x03\x04 and no more").is_err());
        assert!(
            source(b"\xd0\xcf\x11\xe0").err().unwrap().root_cause().to_string().contains("xls")
        );
    }

    #[test]
    fn a_cancelled_source_fails() {
        struct Cancelling(CancellationToken, usize);
        impl Read for Cancelling {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                self.1 += 1;
                if self.1 > 100 {
                    self.0.cancel();
                }
                buffer.fill(b' ');
                buffer[0] = if self.1 == 1 { b'[' } else { b' ' };
                Ok(buffer.len())
            }
        }
        let cancel = CancellationToken::new();
        let options = OpenOptions { cancel: cancel.clone(), ..OpenOptions::default() };
        let endless = Source::new(Cancelling(cancel, 0), &options, "x".to_owned(), Some(1));
        let error = format!("{:#}", endless.err().unwrap());
        assert!(error.contains("reading was cancelled"), "{error}");

        let cancel = CancellationToken::new();
        let options = OpenOptions { cancel: cancel.clone(), ..OpenOptions::default() };
        let text = Cursor::new(vec![b'x'; 2 * HEAD]);
        let mut source = Source::new(text, &options, "x".to_owned(), Some(1)).unwrap();
        cancel.cancel();
        assert!(io::copy(&mut source.reader, &mut io::sink()).is_err());
    }

    #[test]
    fn the_format_is_detected_by_extension() {
        assert_eq!(by_extension(Path::new("a/b.JSONL.gz")), Some(Format::Jsonl));
        assert_eq!(by_extension(Path::new("b.csv")), Some(Format::Csv));
        assert_eq!(by_extension(Path::new("b.txt")), None);
    }
}
