//! A file that is not whole yet.

use std::{
    io::{self, SeekFrom},
    path::PathBuf,
};

use sha2::{Digest as _, Sha256};
use tokio::{
    fs::File,
    io::{AsyncSeekExt as _, AsyncWriteExt as _},
};

use super::{
    super::{
        receive::{self, Pieces},
        spool::SpoolFile,
    },
    fields::{Digest, UploadFields},
    problems,
};
use crate::problem::Problem;

/// Bytes that are read at once.
const CHUNK: usize = 64 << 10;

/// A file of the spool that grows at its end. It stays consistent when a request that writes is dropped at any point: a
/// write that is left under way is waited for, and cut off, before the next one.
pub(super) struct PartialFile {
    spooled: SpoolFile,
    file: File,
    /// Number of bytes that were received.
    offset: u64,
    /// Size of the whole file, in bytes, once it was said.
    length: Option<u64>,
    /// Of the whole file.
    digest: Option<Digest>,
    max_bytes: u64,
}

/// Why a piece was not received to its end.
pub(super) enum Broken {
    /// The upload can go on.
    Interrupted(Problem),
    /// The file became longer than it may.
    Spoilt(Problem),
}

impl PartialFile {
    pub(super) async fn create(spooled: SpoolFile, max_bytes: u64) -> Result<Self, Problem> {
        let file = spooled.create().await.map_err(receive::failed)?;
        Ok(Self { spooled, file, offset: 0, length: None, digest: None, max_bytes })
    }

    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    pub(super) fn length(&self) -> Option<u64> {
        self.length
    }

    pub(super) fn into_spooled(self) -> SpoolFile {
        self.spooled
    }

    /// Waits for what is being written, and counts no more than was.
    ///
    /// # Errors
    /// The last write has failed.
    pub(super) async fn settle(&mut self) -> Result<(), Problem> {
        let flushed = self.file.flush().await;
        let metadata = self.file.metadata().await.map_err(receive::failed)?;
        self.offset = self.offset.min(metadata.len());
        flushed.map_err(receive::failed)
    }

    /// Takes over what a request says of the whole file.
    ///
    /// # Errors
    /// It contradicts what was said before, is shorter than what is here, or is longer than a file may be.
    pub(super) fn learn(&mut self, fields: &UploadFields) -> Result<(), Problem> {
        if let Some(length) = fields.file_length(self.offset)? {
            if let Some(before) = self.length.filter(|before| *before != length) {
                return Err(problems::wrong_length(before, length));
            }
            if length < self.offset {
                return Err(problems::wrong_length(length, self.offset));
            }
            if length > self.max_bytes {
                return Err(receive::too_large(self.max_bytes));
            }
            self.length = Some(length);
        }
        if let Some(body) = fields.body_length {
            self.check_end(self.offset.saturating_add(body))?;
        }
        self.digest = fields.file_digest.or(self.digest);
        Ok(())
    }

    /// Checks that the file does not become too long.
    fn check_end(&self, end: u64) -> Result<(), Problem> {
        match self.length {
            Some(length) if end > length => Err(problems::wrong_length(length, end)),
            _ if end > self.max_bytes => Err(receive::too_large(self.max_bytes)),
            _ => Ok(()),
        }
    }

    /// Appends a piece. What came of it stays if it breaks off, unless a digest says what it is as a whole. `received` is
    /// called for each part of it.
    ///
    /// # Errors
    /// It was cut off or came too slowly, has another digest, makes the file too long, or cannot be written.
    pub(super) async fn append(
        &mut self,
        fields: &UploadFields,
        mut pieces: Pieces,
        received: impl Fn(),
    ) -> Result<(), Broken> {
        let interrupted = Broken::Interrupted;
        let begin = self.offset;
        self.rewind().await.map_err(|error| interrupted(receive::failed(error)))?;
        let (mut end, mut hasher) = (begin, fields.body_digest.map(|_| Sha256::new()));
        loop {
            let part = pieces.next().await;
            received();
            let Some(bytes) = part.map_err(interrupted)? else { break };
            end += bytes.len() as u64;
            self.check_end(end).map_err(Broken::Spoilt)?;
            self.file
                .write_all(&bytes)
                .await
                .map_err(|error| interrupted(receive::failed(error)))?;
            match &mut hasher {
                Some(hasher) => hasher.update(&bytes),
                None => self.offset = end,
            }
        }
        if hasher.map(|hasher| <Digest>::from(hasher.finalize())) != fields.body_digest {
            let cure = "send it again from the same offset";
            return Err(interrupted(problems::wrong_digest("piece", cure)));
        }
        self.offset = end;
        self.settle().await.map_err(interrupted)
    }

    /// Cuts the file off where the next piece begins: one that was refused may have left bytes.
    async fn rewind(&mut self) -> io::Result<()> {
        self.file.set_len(self.offset).await?;
        self.file.seek(SeekFrom::Start(self.offset)).await?;
        Ok(())
    }

    /// Checks that all of the file is here, as it was said.
    ///
    /// # Errors
    /// Bytes are missing; or they are others, in which case no piece can mend it.
    pub(super) async fn check_whole(&self) -> Result<(), Broken> {
        if let Some(length) = self.length.filter(|length| *length != self.offset) {
            return Err(Broken::Interrupted(problems::wrong_length(length, self.offset)));
        }
        let Some(said) = self.digest else { return Ok(()) };
        let path = self.spooled.path().to_owned();
        let found = tokio::task::spawn_blocking(move || digest_of(path)).await;
        let found = found.unwrap_or_else(|error| Err(io::Error::other(error)));
        match found.map_err(|error| Broken::Interrupted(receive::failed(error)))? {
            found if found == said => Ok(()),
            _ => Err(Broken::Spoilt(problems::wrong_digest("file", "begin the upload again"))),
        }
    }
}

fn digest_of(path: PathBuf) -> io::Result<Digest> {
    let mut file = io::BufReader::with_capacity(CHUNK, std::fs::File::open(path)?);
    let mut hasher = Sha256::new();
    loop {
        let bytes = io::BufRead::fill_buf(&mut file)?;
        if bytes.is_empty() {
            return Ok(hasher.finalize().into());
        }
        hasher.update(bytes);
        let length = bytes.len();
        io::BufRead::consume(&mut file, length);
    }
}
