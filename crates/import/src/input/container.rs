//! Containers: zip archives and workbooks, unpacked to temporary files.

use std::{
    cell::Cell,
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom, Write},
    rc::Rc,
};

use anyhow::{Context as _, Result, bail};
use tokio_util::sync::CancellationToken;
use zip::ZipArchive;

/// Maximum unpacked size of a file, in bytes: against archives that unpack to fill the disk.
pub(super) const UNPACKED_LIMIT: u64 = 16 << 30;

/// Maximum size of the directory of a zip archive, in bytes; in memory it takes ten times that.
const DIRECTORY_LIMIT: u64 = 4 << 20;

/// Bounds of unpacking.
#[derive(Debug, Clone)]
pub(super) struct Limits {
    /// Maximum unpacked size, in bytes.
    pub(super) bytes: u64,
    /// Ends it early.
    pub(super) cancel: CancellationToken,
}

impl Limits {
    /// The same with another size.
    pub(super) fn with_bytes(&self, bytes: u64) -> Self {
        Self { bytes, ..self.clone() }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: UNPACKED_LIMIT, cancel: CancellationToken::new() }
    }
}

/// A reader or writer that fails behind a limit, and once it is cancelled.
pub(super) struct Limited<T> {
    inner: T,
    limits: Limits,
    /// Rest of the limit, in bytes.
    left: u64,
}

impl<T> Limited<T> {
    pub(super) fn new(inner: T, limits: &Limits) -> Self {
        Self { inner, limits: limits.clone(), left: limits.bytes }
    }

    pub(super) fn into_inner(self) -> T {
        self.inner
    }

    fn spend(&mut self, length: usize) -> io::Result<()> {
        let left = self.left.checked_sub(length as u64);
        self.left = left.ok_or_else(|| {
            let limit = self.limits.bytes;
            io::Error::other(format!("it unpacks to more than {limit} bytes"))
        })?;
        Ok(())
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.limits.cancel.is_cancelled() {
            return Err(io::Error::other("reading was cancelled"));
        }
        let length = self.inner.read(buffer)?;
        self.spend(length)?;
        Ok(length)
    }
}

impl<W: Write> Write for Limited<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.spend(buffer.len())?;
        self.inner.write_all(buffer)?;
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// The file of an archive, of which a limited number of bytes is read until its directory is known.
pub(super) struct DirectoryReader {
    file: BufReader<File>,
    /// Number of bytes that may be read yet; `None` for any.
    left: Rc<Cell<Option<u64>>>,
}

impl Read for DirectoryReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(buffer)?;
        if let Some(left) = self.left.get() {
            let left = left.checked_sub(length as u64).ok_or_else(|| {
                let limit = DIRECTORY_LIMIT >> 20;
                io::Error::other(format!(
                    "its list of files is not within {limit} MiB: it has too many"
                ))
            })?;
            self.left.set(Some(left));
        }
        Ok(length)
    }
}

impl Seek for DirectoryReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// Opens a zip archive, whose directory is held in memory.
///
/// # Errors
/// If it is damaged, or has too many files.
pub(super) fn archive(file: &File) -> Result<ZipArchive<DirectoryReader>> {
    let left = Rc::new(Cell::new(Some(DIRECTORY_LIMIT)));
    let reader = DirectoryReader { file: BufReader::new(file.try_clone()?), left: left.clone() };
    let archive = ZipArchive::new(reader)?;
    left.set(None);
    Ok(archive)
}

/// The content of a container.
pub(super) enum Unpacked {
    /// The bytes of the one file in an archive, and its name.
    File(File, String),
    /// A workbook.
    Workbook,
}

/// Copies a stream to a temporary file, which is removed with its handle.
pub(super) fn spool(reader: &mut dyn Read) -> Result<File> {
    let mut file = tempfile::tempfile().context("creating a temporary file")?;
    io::copy(reader, &mut file).context("unpacking")?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}

/// Unpacks the one file of a zip archive, within the limits.
///
/// # Errors
/// If the archive is damaged, or has no file or several, or unpacks to more.
pub(super) fn unzip(file: &File, limits: &Limits) -> Result<Unpacked> {
    let mut archive = archive(file).context("not a complete zip archive")?;
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.map(std::borrow::Cow::into_owned))
        .collect::<Result<_, _>>()
        .context("listing the archive")?;
    if names.iter().any(|name| name.starts_with("xl/")) {
        return Ok(Unpacked::Workbook);
    }
    let is_data = |name: &&String| {
        let file = name.rsplit('/').next().unwrap_or_default();
        !file.is_empty() && !file.starts_with('.') && !name.starts_with("__MACOSX/")
    };
    match names.iter().filter(is_data).collect::<Vec<_>>()[..] {
        [] => bail!("the archive holds no file"),
        [name] => {
            let member = archive.by_name(name).with_context(|| format!("unpacking {name}"))?;
            Ok(Unpacked::File(spool(&mut Limited::new(member, limits))?, name.clone()))
        }
        [first, second, ..] => bail!(
            "the archive holds several files ({first}, {second}, ...); unpack it and import each"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_of_many_files_is_refused_before_they_are_listed() {
        let packed = |files: usize| {
            let mut archive = zip::ZipWriter::new(tempfile::tempfile().unwrap());
            for number in 0..files {
                let options = zip::write::SimpleFileOptions::default();
                archive.start_file(format!("{}{number}", "x".repeat(50_000)), options).unwrap();
            }
            archive.finish().unwrap()
        };
        assert_eq!(archive(&packed(2)).unwrap().len(), 2);
        let error = archive(&packed(100)).err().unwrap();
        assert!(format!("{error:#}").contains("it has too many"), "{error:#}");
    }
}
