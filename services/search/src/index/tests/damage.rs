//! Damage to the files of an index, and a full disk.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tantivy::{
    Directory,
    directory::{
        DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr,
        error::{DeleteError, LockError, OpenReadError, OpenWriteError},
    },
};

use super::*;
use crate::index::storage::Storage;

fn put(writer: &mut Writer, cursor: &str, product: Product) -> Result<AppliedChanges> {
    let position = FeedPosition { cursor: cursor.to_owned(), complete: true };
    let mut batch = Batch::new(position);
    batch.put(product);
    writer.apply(batch)
}

/// Creates an index in a folder that has two segments, one of them with a deleted document.
fn create(folder: &Path) -> FeedPosition {
    let index = Index::open(folder).unwrap();
    let mut writer = index.writer().unwrap();
    // Few deleted documents, so that no merge rewrites the segment.
    apply(&mut writer, [mug(), lamp(), named("1", "Vase"), named("2", "Vase"), named("3", "Vase")]);
    put(&mut writer, "2", Product { revision: 9, ..mug() }).unwrap();
    writer.position().clone()
}

fn file_of(folder: &Path, kind: &str) -> PathBuf {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.into_iter().find(|file| file.to_str().unwrap().ends_with(kind)).unwrap()
}

/// The metadata has no checksum: each bit of it is flipped.
#[test]
fn no_flipped_bit_of_the_metadata_is_read_as_something_else() {
    let folder = tempfile::tempdir().unwrap();
    let position = create(folder.path());
    let file = folder.path().join("meta.json");
    let meta = fs::read(&file).unwrap();
    let text = String::from_utf8(meta.clone()).unwrap();
    // The schema is compared as a whole; a sample of its bytes is enough.
    let schema = text.find("\"schema\"").unwrap()..text.rfind("\"opstamp\"").unwrap();
    for at in (0..meta.len()).filter(|at| !schema.contains(at) || at % 97 == 0) {
        let mut damaged = meta.clone();
        damaged[at] ^= 1;
        fs::write(&file, &damaged).unwrap();
        match Index::open(folder.path()) {
            Err(error) => assert!(error.is_damage(), "{error:?} at {at}"),
            // An operation number, of no consequence.
            Ok(index) => {
                assert_eq!(index.product_count(), 5, "at {at}");
                assert_eq!(*index.writer().unwrap().position(), position, "at {at}");
            }
        }
    }
}

#[test]
fn a_check_reads_what_has_changed() {
    let folder = tempfile::tempdir().unwrap();
    create(folder.path());
    let index = Index::open(folder.path()).unwrap();
    let mut verified = Verified::default();
    index.check(&mut verified).unwrap();
    index.check(&mut verified).unwrap();
    for kind in [".term", ".idx", ".pos", ".store", ".fast", ".fieldnorm", ".managed.json"] {
        let file = file_of(folder.path(), kind);
        let sound = fs::read(&file).unwrap();
        let mut damaged = sound.clone();
        // In the body: the versions in the footer do not matter.
        damaged[0] ^= 1;
        fs::write(&file, damaged).unwrap();
        let checked = index.check(&mut verified);
        assert!(checked.is_err_and(|error| error.is_damage()), "{kind}");
        fs::write(&file, sound).unwrap();
        index.check(&mut verified).unwrap();
    }
    assert_eq!(ids(&index, "lamp"), ["lamp"]);
}

#[test]
fn checks_find_no_damage_between_commits_and_merges() {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::open(folder.path()).unwrap();
    let mut writer = index.writer().unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let checks = scope.spawn(|| {
            let (mut verified, mut checks) = (Verified::default(), 0);
            while !done.load(Ordering::Relaxed) {
                index.check(&mut verified).unwrap();
                checks += 1;
            }
            checks
        });
        for number in 0..60 {
            let product = Product { revision: number, ..named(&format!("{}", number % 7), "Lamp") };
            put(&mut writer, &number.to_string(), product).unwrap();
        }
        done.store(true, Ordering::Relaxed);
        assert!(checks.join().unwrap() > 10);
    });
}

#[test]
fn a_query_that_reads_a_damaged_product_fails_as_damaged() {
    let folder = tempfile::tempdir().unwrap();
    create(folder.path());
    let index = Index::open(folder.path()).unwrap();
    let file = file_of(folder.path(), ".store");
    let mut bytes = fs::read(&file).unwrap();
    bytes[10] ^= 1;
    fs::write(&file, bytes).unwrap();
    let error = index.search(&params(""), &CompiledSettings::default()).unwrap_err();
    assert!(error.is_damage(), "{error:?}");
    assert!(index.check(&mut Verified::default()).unwrap_err().is_damage());
}

#[test]
fn a_full_disk_is_named_and_the_next_writer_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::open(folder.path());
    let is_full = Arc::clone(&disk.is_full);
    let index = Index::with_storage(Storage::with(folder.path(), Box::new(disk))).unwrap();
    let mut writer = index.writer().unwrap();
    put(&mut writer, "1", mug()).unwrap();
    is_full.store(true, Ordering::Relaxed);
    for _ in 0..2 {
        let error = put(&mut writer, "2", lamp()).unwrap_err();
        assert!(error.is_disk_full() && !error.is_damage(), "{error:?}");
        drop(writer);
        writer = match index.writer() {
            Ok(writer) => writer,
            Err(error) => {
                assert!(error.is_disk_full(), "{error:?}");
                is_full.store(false, Ordering::Relaxed);
                let writer = index.writer().unwrap();
                is_full.store(true, Ordering::Relaxed);
                writer
            }
        };
        assert_eq!(ids(&index, ""), ["mug"], "as of the last commit");
        assert_eq!(writer.position().cursor, "1");
    }
    index.check(&mut Verified::default()).unwrap();
    is_full.store(false, Ordering::Relaxed);
    put(&mut writer, "2", lamp()).unwrap();
    assert_eq!(index.product_count(), 2);
}

/// A directory on a disk that can be full.
#[derive(Clone, Debug)]
struct Disk {
    inner: MmapDirectory,
    is_full: Arc<AtomicBool>,
}

impl Disk {
    fn open(folder: &Path) -> Self {
        Self { inner: MmapDirectory::open(folder).unwrap(), is_full: Arc::default() }
    }

    fn check(&self) -> io::Result<()> {
        match self.is_full.load(Ordering::Relaxed) {
            true => Err(io::ErrorKind::StorageFull.into()),
            false => Ok(()),
        }
    }
}

impl Directory for Disk {
    fn open_write(&self, path: &Path) -> std::result::Result<WritePtr, OpenWriteError> {
        let full = |error| OpenWriteError::wrap_io_error(error, path.to_owned());
        self.check().map_err(full)?;
        self.inner.open_write(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.check()?;
        self.inner.atomic_write(path, data)
    }

    fn get_file_handle(
        &self,
        path: &Path,
    ) -> std::result::Result<Arc<dyn FileHandle>, OpenReadError> {
        self.inner.get_file_handle(path)
    }

    fn atomic_read(&self, path: &Path) -> std::result::Result<Vec<u8>, OpenReadError> {
        self.inner.atomic_read(path)
    }

    fn delete(&self, path: &Path) -> std::result::Result<(), DeleteError> {
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> std::result::Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.inner.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> std::result::Result<DirectoryLock, LockError> {
        self.inner.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}
