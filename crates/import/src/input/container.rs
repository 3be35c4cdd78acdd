//! Containers: zip archives and workbooks, unpacked to temporary files.

use std::{
    fs::File,
    io::{self, Read, Seek as _, SeekFrom},
};

use anyhow::{Context as _, Result, bail};
use zip::ZipArchive;

/// Maximum unpacked size of a container, in bytes: against archives that unpack to fill the disk.
pub(super) const UNPACKED_LIMIT: u64 = 16 << 30;

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
    let length = io::copy(&mut reader.take(UNPACKED_LIMIT), &mut file).context("unpacking")?;
    if length == UNPACKED_LIMIT {
        bail!("it unpacks to more than {} GiB", UNPACKED_LIMIT >> 30);
    }
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}

/// Unpacks the one file of a zip archive.
///
/// # Errors
/// If the archive is damaged, or has no file or several.
pub(super) fn unzip(file: &File) -> Result<Unpacked> {
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
            let mut member = archive.by_name(name).with_context(|| format!("unpacking {name}"))?;
            Ok(Unpacked::File(spool(&mut member)?, name.clone()))
        }
        [first, second, ..] => bail!(
            "the archive holds several files ({first}, {second}, ...); unpack it and import each"
        ),
    }
}
