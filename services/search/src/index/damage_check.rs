//! Checks of an index's files on disk.
//!
//! A segment's files are written once: one that has the size, times and inode that it had when it
//! was verified is not read again, so that a check costs a few system calls.

use std::{
    collections::{BTreeSet, HashMap},
    fs, io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use tantivy::{
    Directory as _, SegmentReader, TantivyError,
    directory::{META_LOCK, error::OpenReadError},
    error::DataCorruption,
    index::{IndexMeta, SegmentComponent, SegmentMeta},
};

use super::{
    Result,
    model::FeedPosition,
    schema::REVISION,
    storage::{Storage, read_verified},
};

const META: &str = "meta.json";
const MANAGED: &str = ".managed.json";

/// Files of every segment.
const COMPONENTS: [SegmentComponent; 6] = [
    SegmentComponent::Terms,
    SegmentComponent::Postings,
    SegmentComponent::Positions,
    SegmentComponent::Store,
    SegmentComponent::FastFields,
    SegmentComponent::FieldNorms,
];

/// Contents verified by earlier checks.
#[derive(Debug, Default)]
pub(crate) struct Verified {
    meta: Vec<u8>,
    files: HashMap<PathBuf, FileStamp>,
}

/// Attributes that change whenever a file does.
#[derive(Debug, PartialEq)]
struct FileStamp {
    inode: u64,
    len: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl FileStamp {
    fn of(file: &Path) -> io::Result<Self> {
        let it = fs::metadata(file)?;
        Ok(Self {
            inode: it.ino(),
            len: it.len(),
            modified: (it.mtime(), it.mtime_nsec()),
            changed: (it.ctime(), it.ctime_nsec()),
        })
    }
}

/// Checks everything on disk.
///
/// # Errors
/// Damage, or a check failed for another reason: see
/// [`is_damage`](super::Error::is_damage).
pub(super) fn check(
    engine: &tantivy::Index,
    storage: &Storage,
    verified: &mut Verified,
) -> Result<()> {
    // While they are held, no file that they name is removed.
    let meta = check_meta(engine, storage, verified)?;
    let mut files = HashMap::new();
    for path in meta.segments.iter().flat_map(segment_files) {
        let file = storage.folder().join(&path);
        let stamp = FileStamp::of(&file).map_err(|error| unreadable(&path, error))?;
        if verified.files.get(&path) != Some(&stamp) {
            read_verified(&file).map_err(|error| unreadable(&path, error))?;
        }
        files.insert(path, stamp);
    }
    verified.files = files;
    Ok(())
}

/// Checks the index's metadata, which carries no checksum, against the files of its segments.
pub(super) fn check_meta(
    engine: &tantivy::Index,
    storage: &Storage,
    verified: &mut Verified,
) -> Result<IndexMeta> {
    let (bytes, meta) = read_meta(engine, storage)?;
    let managed = fs::read(storage.folder().join(MANAGED))
        .map_err(|error| unreadable(Path::new(MANAGED), error))?;
    let managed: BTreeSet<PathBuf> = serde_json::from_slice(&managed)
        .map_err(|error| damaged(MANAGED, format!("not a list of files: {error}")))?;
    let segment_files = meta.segments.iter().flat_map(segment_files);
    if let Some(file) = segment_files.into_iter().find(|file| !managed.contains(file)) {
        return Err(damaged(MANAGED, format!("{} is not listed", file.display())));
    }
    if bytes == verified.meta {
        return Ok(meta);
    }
    // It was written in exactly this form: a key or a value that is read as something else shows.
    let written = serde_json::to_vec_pretty(&meta).map_err(io::Error::from)?;
    if bytes.strip_suffix(b"\n") != Some(&written) {
        return Err(damaged(META, "unknown or missing keys".to_owned()));
    }
    if meta.schema != engine.schema() || meta.index_settings != *engine.settings() {
        return Err(damaged(META, "another schema".to_owned()));
    }
    match &meta.payload {
        None if meta.segments.is_empty() => {}
        payload => {
            let position = payload.as_deref().and_then(FeedPosition::decode);
            position.ok_or_else(|| damaged(META, "invalid feed position".to_owned()))?;
        }
    }
    for segment in &meta.segments {
        check_counts(engine, segment)?;
    }
    verified.meta = bytes;
    Ok(meta)
}

/// Reads the metadata as bytes and parsed, both of one commit.
fn read_meta(engine: &tantivy::Index, storage: &Storage) -> Result<(Vec<u8>, IndexMeta)> {
    loop {
        // Otherwise a file might be removed between reading its name here and holding it.
        let lock = engine.directory().acquire_lock(&META_LOCK).map_err(TantivyError::from)?;
        let before = storage.atomic_read(Path::new(META)).map_err(TantivyError::from)?;
        let meta = engine.load_metas()?;
        let after = storage.atomic_read(Path::new(META)).map_err(TantivyError::from)?;
        drop(lock);
        if before == after {
            return Ok((after, meta));
        }
    }
}

fn check_counts(engine: &tantivy::Index, segment: &SegmentMeta) -> Result<()> {
    let reader = SegmentReader::open(&engine.segment(segment.clone()))?;
    let rows = reader.fast_fields().i64(REVISION)?.num_docs();
    // A file of deleted documents is ignored if their number is 0.
    let ignores_deletes = segment.delete_opstamp().is_some() && !segment.has_deletes();
    let same = rows == segment.max_doc() && reader.num_docs() == segment.num_docs();
    if ignores_deletes || !same {
        let message = format!("other numbers of documents than segment {}", segment.id());
        return Err(damaged(META, message));
    }
    Ok(())
}

fn segment_files(segment: &SegmentMeta) -> Vec<PathBuf> {
    let deleted = segment.has_deletes().then_some(SegmentComponent::Delete);
    COMPONENTS.into_iter().chain(deleted).map(|it| segment.relative_path(it)).collect()
}

/// Checks that a folder without metadata holds no index.
///
/// # Errors
/// Damage: the metadata is missing, or the folder cannot be read.
pub(super) fn check_unused(storage: &Storage) -> Result<()> {
    let folder = storage.folder();
    if folder.join(META).try_exists()? {
        return Ok(());
    }
    match folder.join(MANAGED).try_exists()? {
        true => Err(damaged(META, "missing".to_owned())),
        false => Ok(()),
    }
}

fn unreadable(file: &Path, error: io::Error) -> super::Error {
    TantivyError::from(match error.kind() {
        io::ErrorKind::NotFound => OpenReadError::FileDoesNotExist(file.to_owned()),
        _ => OpenReadError::wrap_io_error(error, file.to_owned()),
    })
    .into()
}

fn damaged(file: &str, comment: String) -> super::Error {
    TantivyError::from(DataCorruption::new(file.into(), comment)).into()
}
