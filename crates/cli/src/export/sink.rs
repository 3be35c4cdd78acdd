//! Output of an export: standard output, a device or pipe, or a file that appears only when it is complete.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use flate2::{Compression, write::GzEncoder};

/// Writes to `FILE.part`, renamed to `FILE` by [`Sink::finish`] and removed if that is not called.
pub(crate) struct Sink {
    writer: Writer,
    /// The path of the unfinished file, and its final path.
    rename: Option<(PathBuf, PathBuf)>,
}

enum Writer {
    Plain(BufWriter<Box<dyn Write + Send>>),
    Gzip(Box<GzEncoder<BufWriter<Box<dyn Write + Send>>>>),
}

impl Sink {
    /// Opens `path`, or standard output for `-`; compresses if the path ends in `.gz`. What exists and is no file, such
    /// as `/dev/null` or a pipe, is written to and never replaced.
    ///
    /// # Errors
    /// If the file cannot be created.
    pub(crate) fn create(path: &Path) -> Result<Self> {
        let (inner, rename): (Box<dyn Write + Send>, _) = if path.as_os_str() == "-" {
            (Box::new(io::stdout()), None)
        } else if fs::metadata(path).is_ok_and(|existing| !existing.is_file()) {
            let opened = OpenOptions::new().write(true).open(path);
            (Box::new(opened.with_context(|| format!("opening {}", path.display()))?), None)
        } else {
            let mut part = OsString::from(path);
            part.push(".part");
            let part = PathBuf::from(part);
            let file =
                File::create(&part).with_context(|| format!("creating {}", part.display()))?;
            (Box::new(file), Some((part, path.to_owned())))
        };
        let plain = BufWriter::with_capacity(64 << 10, inner);
        let writer = if path.extension().is_some_and(|extension| extension == "gz") {
            Writer::Gzip(Box::new(GzEncoder::new(plain, Compression::default())))
        } else {
            Writer::Plain(plain)
        };
        Ok(Self { writer, rename })
    }

    /// # Errors
    /// If writing fails: no space left, or a closed pipe.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.writer {
            Writer::Plain(writer) => writer.write_all(bytes),
            Writer::Gzip(writer) => writer.write_all(bytes),
        }
    }

    /// Flushes, and renames the file to its final path.
    ///
    /// # Errors
    /// If writing or renaming fails.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        match &mut self.writer {
            Writer::Plain(writer) => writer.flush()?,
            Writer::Gzip(writer) => {
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

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Self::write(self, bytes).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        if let Some((part, _)) = &self.rename {
            // If removal fails, the suffix `.part` still marks it as incomplete.
            fs::remove_file(part).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{os::unix::fs::FileTypeExt as _, process::Command, thread};

    use super::*;

    #[test]
    fn a_file_appears_only_when_complete() {
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

    #[test]
    fn a_pipe_is_written_to_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let from = pipe.clone();
        let reader = thread::spawn(move || fs::read_to_string(from).unwrap());
        let mut sink = Sink::create(&pipe).unwrap();
        sink.write(b"line\n").unwrap();
        sink.finish().unwrap();
        assert_eq!(reader.join().unwrap(), "line\n");
        assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
