//! Small readers around others, and the head of a stream.

use std::{
    io::{self, Read},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

pub(super) type Bytes = Box<dyn Read + Send>;

/// Length of the prefix in which encoding and format are found, in bytes: of files and of pipes.
pub(super) const HEAD: usize = 4 << 20;
pub(super) const PIPE_HEAD: usize = 64 << 10;

/// The first part of a stream.
pub(super) struct Head {
    pub(super) bytes: Vec<u8>,
    pub(super) rest: Bytes,
    /// Whether that is all of it.
    pub(super) is_whole: bool,
}

/// Reads the head of a stream. Of a pipe no more is awaited than its first line.
pub(super) fn peek(mut reader: Bytes, limit: usize) -> io::Result<Head> {
    let mut bytes = Vec::new();
    let mut buffer = vec![0; 64 << 10];
    let mut is_whole = false;
    while bytes.len() < limit {
        let wanted = buffer.len().min(limit - bytes.len());
        match reader.read(&mut buffer[..wanted]) {
            Ok(0) => {
                is_whole = true;
                break;
            }
            Ok(length) => bytes.extend_from_slice(&buffer[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            // The bytes before the error are imported; the rest fails again when it is read.
            Err(error) if !bytes.is_empty() => {
                reader = Box::new(FailingReader(Some(error)));
                break;
            }
            Err(error) => return Err(error),
        }
        let has_line = bytes
            .iter()
            .position(|byte| *byte == b'\n')
            .is_some_and(|end| !bytes[..end].trim_ascii().is_empty());
        if limit == PIPE_HEAD && has_line {
            break;
        }
    }
    Ok(Head { bytes, rest: reader, is_whole })
}

/// Fails with an error that was met ahead of its place.
struct FailingReader(Option<io::Error>);

impl Read for FailingReader {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// Counts the bytes that were read.
pub(super) struct CountingReader<R> {
    pub(super) inner: R,
    pub(super) position: Arc<AtomicU64>,
}

impl<R: Read> Read for CountingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.position.fetch_add(length as u64, Ordering::Relaxed);
        Ok(length)
    }
}
