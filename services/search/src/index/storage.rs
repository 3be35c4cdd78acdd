//! Storage of an index's files, with verified contents.
//!
//! tantivy's own directory maps files into memory. Damage to a mapped file becomes a wrong answer,
//! and a truncated one ends the process (SIGBUS). [`Storage`] verifies the checksum in each file's
//! footer when the file is opened, and keeps the verified bytes in memory. Only document stores,
//! the largest files, stay on disk: each block is verified when it is read.
//!
//! **Invariant:** no reader receives a byte that has not been verified.

use std::{
    collections::HashMap,
    fmt,
    fs::File,
    io::{self, BufWriter, Read as _, Write},
    ops::Range,
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
};

use tantivy::{
    Directory, HasLen,
    directory::{
        AntiCallToken, DirectoryLock, FileHandle, FileSlice, Lock, MmapDirectory, OwnedBytes,
        TerminatingWrite, WatchCallback, WatchHandle, WritePtr,
        error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError},
        footer::Footer,
    },
};
use tokio::sync::Notify;

use super::error::is_disk_full;

/// Size of the parts of a document store that are verified on their own, in bytes. A block of
/// documents is four times as large, so that reading one verifies little besides it.
const PART_BYTES: usize = 4096;

/// The directory of an index. Cheap to clone; clones share the state.
#[derive(Clone)]
pub(super) struct Storage {
    folder: PathBuf,
    /// Writes files, and locks.
    inner: Box<dyn Directory>,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    /// Files in use, so that the segments that two commits share are read once.
    open: Mutex<HashMap<PathBuf, Weak<SegmentFile>>>,
    /// Notified when reading a file has failed.
    suspected: Notify,
    /// Whether a write has failed for want of space.
    disk_full: AtomicBool,
}

impl Storage {
    /// Opens an existing folder.
    pub(super) fn open(folder: &Path) -> Result<Self, OpenDirectoryError> {
        Ok(Self::with(folder, Box::new(MmapDirectory::open(folder)?)))
    }

    /// Reads from a folder, and writes through `inner`.
    pub(super) fn with(folder: &Path, inner: Box<dyn Directory>) -> Self {
        Self { folder: folder.to_owned(), inner, shared: Arc::default() }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Waits until damage is suspected.
    pub(super) async fn suspected(&self) {
        self.shared.suspected.notified().await;
    }

    pub(super) fn suspect(&self) {
        self.shared.suspected.notify_one();
    }

    /// Returns whether a write has failed for want of space since the last call.
    pub(super) fn take_disk_full(&self) -> bool {
        self.shared.disk_full.swap(false, Ordering::Relaxed)
    }

    fn open_files(&self) -> MutexGuard<'_, HashMap<PathBuf, Weak<SegmentFile>>> {
        self.shared.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    fn note_write<T>(&self, written: io::Result<T>) -> io::Result<T> {
        written.inspect_err(|error| {
            self.disk_full.fetch_or(is_disk_full(error), Ordering::Relaxed);
        })
    }
}

impl fmt::Debug for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Storage({})", self.folder.display())
    }
}

/// Reads a whole file and verifies the checksum in its footer. Also returns the open file.
///
/// # Errors
/// Reading failed; `InvalidData` or `UnexpectedEof` if the file is damaged.
pub(super) fn read_verified(path: &Path) -> io::Result<(OwnedBytes, File)> {
    let mut file = File::open(path)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let bytes = OwnedBytes::new(bytes);
    let (footer, body) = Footer::extract_footer(FileSlice::new(Arc::new(bytes.clone())))?;
    if crc32fast::hash(&body.read_bytes()?) != footer.crc {
        return Err(mismatch(path));
    }
    Ok((bytes, file))
}

fn mismatch(file: &Path) -> io::Error {
    let message = format!("checksum mismatch in {}", file.display());
    io::Error::new(io::ErrorKind::InvalidData, message)
}

/// A file of a segment, verified.
enum SegmentFile {
    InMemory(OwnedBytes),
    OnDisk(DocumentStore),
}

/// A document store, read from disk part by part.
struct DocumentStore {
    file: File,
    path: PathBuf,
    len: usize,
    /// Checksum of each part, from when the whole file was verified.
    checksums: Vec<u32>,
    shared: Arc<Shared>,
}

impl SegmentFile {
    fn open(path: PathBuf, shared: &Arc<Shared>) -> io::Result<Self> {
        let (bytes, file) = read_verified(&path)?;
        if path.extension().is_none_or(|extension| extension != "store") {
            return Ok(Self::InMemory(bytes));
        }
        let checksums = bytes.chunks(PART_BYTES).map(crc32fast::hash).collect();
        let shared = Arc::clone(shared);
        Ok(Self::OnDisk(DocumentStore { file, path, len: bytes.len(), checksums, shared }))
    }
}

impl DocumentStore {
    fn read(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        let start = range.start - range.start % PART_BYTES;
        let end = range.end.next_multiple_of(PART_BYTES).min(self.len);
        let mut bytes = vec![0; end - start];
        self.file.read_exact_at(&mut bytes, start as u64)?;
        let checksums = &self.checksums[start / PART_BYTES..];
        let is_sound = |(part, checksum): (&[u8], &u32)| crc32fast::hash(part) == *checksum;
        if !bytes.chunks(PART_BYTES).zip(checksums).all(is_sound) {
            return Err(mismatch(&self.path));
        }
        Ok(OwnedBytes::new(bytes).slice(range.start - start..range.end - start))
    }
}

impl FileHandle for SegmentFile {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        match self {
            Self::InMemory(bytes) => bytes.read_bytes(range),
            Self::OnDisk(store) => {
                store.read(range).inspect_err(|_| store.shared.suspected.notify_one())
            }
        }
    }
}

impl HasLen for SegmentFile {
    fn len(&self) -> usize {
        match self {
            Self::InMemory(bytes) => bytes.len(),
            Self::OnDisk(store) => store.len,
        }
    }
}

impl fmt::Debug for SegmentFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SegmentFile({} bytes)", self.len())
    }
}

impl Directory for Storage {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let mut open = self.open_files();
        if let Some(file) = open.get(path).and_then(Weak::upgrade) {
            return Ok(file);
        }
        let file = SegmentFile::open(self.folder.join(path), &self.shared).map_err(|error| {
            self.suspect();
            match error.kind() {
                io::ErrorKind::NotFound => OpenReadError::FileDoesNotExist(path.to_owned()),
                _ => OpenReadError::wrap_io_error(error, path.to_owned()),
            }
        })?;
        let file = Arc::new(file);
        open.retain(|_, file| file.strong_count() > 0);
        open.insert(path.to_owned(), Arc::downgrade(&file));
        Ok(file)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let file = self.inner.open_write(path).inspect_err(|error| {
            if let OpenWriteError::IoError { io_error, .. } = error {
                self.shared.disk_full.fetch_or(is_disk_full(io_error), Ordering::Relaxed);
            }
        })?;
        let inner = file.into_inner().map_err(drop).expect("nothing has been written");
        Ok(BufWriter::new(Box::new(ObservedWriter { inner, shared: Arc::clone(&self.shared) })))
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.shared.note_write(self.inner.atomic_write(path, data))
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.shared.note_write(self.inner.sync_directory())
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.inner.atomic_read(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.inner.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}

/// A writer that notes when the disk is full. tantivy's own errors lose that on the way through its
/// threads.
struct ObservedWriter {
    inner: Box<dyn TerminatingWrite + Send + Sync>,
    shared: Arc<Shared>,
}

impl Write for ObservedWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.shared.note_write(self.inner.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.shared.note_write(self.inner.flush())
    }
}

impl TerminatingWrite for ObservedWriter {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        self.shared.note_write(self.inner.terminate_ref(token))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_part_of_a_document_store_is_never_returned() {
        let folder = tempfile::tempdir().unwrap();
        let storage = Storage::open(folder.path()).unwrap();
        let path = Path::new("0.store");
        let body: Vec<u8> = (0..100_000_u32).map(|number| number as u8).collect();
        write(&storage, path, &body);
        let file = storage.get_file_handle(path).unwrap();
        for range in [0..10, 4_090..4_100, 0..body.len(), 99_990..100_000] {
            assert_eq!(file.read_bytes(range.clone()).unwrap().as_slice(), &body[range]);
        }
        let on_disk = File::options().write(true).open(folder.path().join(path)).unwrap();
        on_disk.write_all_at(b"!", 50_000).unwrap();
        assert_eq!(file.read_bytes(0..10).unwrap().as_slice(), &body[..10]);
        let error = file.read_bytes(49_990..50_010).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{error}");
        on_disk.set_len(10).unwrap();
        assert!(file.read_bytes(0..10).is_err(), "the part that it belongs to is incomplete");
    }

    #[test]
    fn other_files_are_unaffected_by_damage_once_open() {
        let folder = tempfile::tempdir().unwrap();
        let storage = Storage::open(folder.path()).unwrap();
        let path = Path::new("0.idx");
        write(&storage, path, b"postings");
        let file = storage.get_file_handle(path).unwrap();
        std::fs::write(folder.path().join(path), "x").unwrap();
        assert_eq!(file.read_bytes(0..8).unwrap().as_slice(), b"postings");
        assert!(storage.get_file_handle(path).is_ok(), "in use already");
        drop(file);
        assert!(storage.get_file_handle(path).is_err());
    }

    /// Writes a file with its footer.
    fn write(storage: &Storage, path: &Path, body: &[u8]) {
        let managed = tantivy::directory::ManagedDirectory::wrap(Box::new(storage.clone()));
        let mut file = managed.unwrap().open_write(path).unwrap();
        file.write_all(body).unwrap();
        file.terminate().unwrap();
    }
}
