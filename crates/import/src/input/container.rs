//! Containers: zip archives and workbooks, unpacked to temporary files.

use std::{
    fs::File,
    io::{self, Read, Seek as _, SeekFrom},
};

use anyhow::{Context as _, Result, bail};
use zip::ZipArchive;

/// Maximum unpacked size of a file, in bytes: against archives that unpack to fill the disk.
pub(super) const UNPACKED_LIMIT: u64 = 16 << 30;

/// A reader that fails behind a limit.
pub(super) struct Limited<R> {
    inner: R,
    /// The limit, and what is left of it, in bytes.
    limit: u64,
    left: u64,
}

impl<R: Read> Limited<R> {
    pub(super) fn new(inner: R, limit: u64) -> Self {
        Self { inner, limit, left: limit }
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        let left = self.left.checked_sub(length as u64);
        self.left = left.ok_or_else(|| {
            let limit = self.limit;
            io::Error::other(format!("it unpacks to more than {limit} bytes"))
        })?;
        Ok(length)
    }
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

/// Unpacks the one file of a zip archive, up to `limit` bytes.
///
/// # Errors
/// If the archive is damaged, or has no file or several, or unpacks to more.
pub(super) fn unzip(file: &File, limit: u64) -> Result<Unpacked> {
    let mut archive = ZipArchive::new(file.try_clone()?).context("not a complete zip archive")?;
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
            Ok(Unpacked::File(spool(&mut Limited::new(member, limit))?, name.clone()))
        }
        [first, second, ..] => bail!(
            "the archive holds several files ({first}, {second}, ...); unpack it and import each"
        ),
    }
}
