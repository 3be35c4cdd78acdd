//! Where an export goes: standard output, or a file that is whole or not there.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use flate2::{Compression, write::GzEncoder};

/// Writes to `FILE.part`, which becomes `FILE` in the end, and goes away if the end never comes.
pub(crate) struct Sink {
    writer: Writer,
    /// The unfinished file and the name it is to have.
    rename: Option<(PathBuf, PathBuf)>,
}

enum Writer {
    Plain(BufWriter<Box<dyn Write + Send>>),
    Packed(GzEncoder<BufWriter<Box<dyn Write + Send>>>),
}

impl Sink {
    /// Opens `path`, or standard output for `-`; a name that ends in `.gz` is packed.
    ///
    /// # Errors
    /// A file that cannot be created.
    pub(crate) fn create(path: &Path) -> Result<Self> {
        let (inner, rename): (Box<dyn Write + Send>, _) = if path.as_os_str() == "-" {
            (Box::new(io::stdout()), None)
        } else {
            let mut part = OsString::from(path);
            part.push(".part");
            let part = PathBuf::from(part);
            let file =
                File::create(&part).with_context(|| format!("creating {}", part.display()))?;
            (Box::new(file), Some((part, path.to_owned())))
        };
        let plain = BufWriter::with_capacity(64 << 10, inner);
        let writer = match path.extension().is_some_and(|extension| extension == "gz") {
            true => Writer::Packed(GzEncoder::new(plain, Compression::default())),
            false => Writer::Plain(plain),
        };
        Ok(Self { writer, rename })
    }

    /// # Errors
    /// Those of the file: no space left, nobody reads any more.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.writer {
            Writer::Plain(writer) => writer.write_all(bytes),
            Writer::Packed(writer) => writer.write_all(bytes),
        }
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// Those of [`Sink::write`], and a name that cannot be given.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        match &mut self.writer {
            Writer::Plain(writer) => writer.flush()?,
            Writer::Packed(writer) => {
                writer.try_finish()?;
                writer.get_mut().flush()?;
            }
        }
        if let Some((part, path)) = &self.rename {
            fs::rename(part, path)?;
            self.rename = None;
        }
        Ok(())
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        if let Some((part, _)) = &self.rename {
            // If it cannot be removed, its name still says that it is not whole.
            fs::remove_file(part).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_whole_or_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("products.jsonl");
        let mut sink = Sink::create(&path).unwrap();
        sink.write(b"half").unwrap();
        drop(sink);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);

        let mut sink = Sink::create(&path).unwrap();
        sink.write(b"whole\n").unwrap();
        sink.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"whole\n");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
