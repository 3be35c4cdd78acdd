//! Files that are uploaded in pieces, by the IETF's resumable uploads (draft-ietf-httpbis-resumable-upload): a client whose
//! connection breaks off goes on where it was.
//!
//! An upload begins like an import in one request, with the field `Upload-Complete: ?0`. Its pieces are appended in order,
//! and with the last one the import begins. A request that comes while another one writes ends that: its client may be
//! gone, and comes back.
//!
//! **Bounds:** an upload that is not whole has a place among the imports that run or wait, so that the space of the spool
//! stays bounded. All of them together have half of these places, and one caller half of those; each expires some time
//! after its last byte. They are kept in memory: none outlives its gateway.

mod fields;
mod operations;
mod partial_file;
mod problems;
mod upload;

pub(crate) use operations::{
    Appended, Progress, append_to_upload, begin_upload, cancel_upload, upload_progress,
};

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use http::{HeaderMap, HeaderName};
use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

use self::upload::{Owner, ResumableUpload};
use super::Imports;
use crate::problem::Problem;

pub(crate) const UPLOAD_COMPLETE: HeaderName = HeaderName::from_static("upload-complete");
pub(crate) const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
pub(crate) const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
pub(crate) const UPLOAD_LIMIT: HeaderName = HeaderName::from_static("upload-limit");
/// The content type of a piece.
const PIECE_TYPE: &str = "application/partial-upload";
/// Whole uploads that are remembered, for clients to which the last response was lost.
const MAX_COMPLETE: usize = 1_000;

/// Whether a request begins an upload.
pub(crate) fn is_upload(headers: &HeaderMap) -> bool {
    headers.contains_key(UPLOAD_COMPLETE)
}

type ById = HashMap<Uuid, Arc<ResumableUpload>>;

/// The uploads of a gateway.
pub(super) struct Uploads {
    by_id: Mutex<ById>,
    /// Maximum number that are not whole, and of those of one caller.
    max_open: usize,
    max_of_caller: usize,
    /// Time after the last byte.
    keep: Duration,
}

impl Uploads {
    /// `places`: of imports that run or wait.
    pub(super) fn new(places: usize, keep: Duration) -> Self {
        let max_open = (places / 2).max(1);
        let by_id = Mutex::default();
        Self { by_id, max_open, max_of_caller: (max_open / 2).max(1), keep }
    }

    /// Ends all at the shutdown.
    pub(super) fn clear(&self) {
        self.all().drain().for_each(|(_, upload)| upload.interrupt());
    }

    /// Checks that a caller may begin one. One of the same import gives way: its client begins it again.
    ///
    /// # Errors
    /// 429 if there are as many as may be.
    fn make_room(&self, owner: &Owner, import_id: Option<&str>) -> Result<(), Problem> {
        let mut all = self.all();
        let is_same = |upload: &ResumableUpload| {
            import_id.is_some()
                && &upload.owner == owner
                && upload.import_id.as_deref() == import_id
        };
        all.extract_if(|_, upload| is_same(upload)).for_each(|(_, upload)| upload.interrupt());
        self.check_room(&all, owner)
    }

    fn check_room(&self, all: &ById, owner: &Owner) -> Result<(), Problem> {
        let open = || all.values().filter(|upload| upload.is_open());
        let of_caller = open().filter(|upload| &upload.owner == owner).count();
        match of_caller >= self.max_of_caller {
            true => Err(problems::too_many(true)),
            false if open().count() >= self.max_open => Err(problems::too_many(false)),
            false => Ok(()),
        }
    }

    /// Adds one.
    ///
    /// # Errors
    /// 429 if there are as many as may be.
    fn add(&self, upload: &Arc<ResumableUpload>) -> Result<(), Problem> {
        let mut all = self.all();
        self.check_room(&all, &upload.owner)?;
        all.insert(upload.id, Arc::clone(upload));
        Ok(())
    }

    /// The upload of this id, if this caller has begun it.
    ///
    /// # Errors
    /// 404 otherwise: whether another's exists is not told.
    fn find(&self, id: &str, owner: &Owner) -> Result<Arc<ResumableUpload>, Problem> {
        let upload = id.parse().ok().and_then(|id: Uuid| self.all().get(&id).cloned());
        upload.filter(|upload| &upload.owner == owner).ok_or_else(problems::not_found)
    }

    fn remove(&self, id: Uuid) {
        if let Some(upload) = self.all().remove(&id) {
            upload.interrupt();
        }
    }

    /// Forgets the oldest whole ones beyond their limit.
    fn forget_complete(&self) {
        let mut all = self.all();
        let complete: Vec<_> = all.values().filter(|upload| !upload.is_open()).collect();
        if complete.len() > MAX_COMPLETE {
            let oldest = complete.iter().min_by_key(|upload| upload.last_byte());
            if let Some(id) = oldest.map(|upload| upload.id) {
                all.remove(&id);
            }
        }
    }

    fn expiry(&self, upload: &ResumableUpload) -> Instant {
        upload.last_byte() + self.keep
    }

    fn all(&self) -> MutexGuard<'_, ById> {
        self.by_id.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Removes an upload when it expires.
async fn expire(imports: Imports, upload: Weak<ResumableUpload>) {
    while let Some((id, expiry)) =
        upload.upgrade().map(|upload| (upload.id, imports.uploads().expiry(&upload)))
    {
        if expiry <= Instant::now() {
            return imports.uploads().remove(id);
        }
        if imports.shutdown().run_until_cancelled(sleep_until(expiry)).await.is_none() {
            return;
        }
    }
}
