//! An upload: its file, and the one request at a time that writes to it.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::SystemTime,
};

use chassis::CancellationToken;
use tokio::{
    sync::{Mutex as AsyncMutex, OwnedMutexGuard, OwnedSemaphorePermit},
    time::Instant,
};
use uuid::Uuid;

use super::{
    super::{settings::ImportSettings, spool::SpoolFile, submit::Accepted},
    partial_file::PartialFile,
    problems,
};
use crate::problem::Problem;

/// A client: its actor, and the id of its key.
pub(super) type Owner = (String, Option<String>);

/// An upload of one file, for one client.
pub(super) struct ResumableUpload {
    pub(super) id: Uuid,
    /// The client that began it.
    pub(super) owner: Owner,
    /// The id of its import, as its client says.
    pub(super) import_id: Option<String>,
    state: Arc<AsyncMutex<State>>,
    /// Cancelled to end the request that writes.
    writer: Mutex<CancellationToken>,
    last_byte: Mutex<Instant>,
    is_open: AtomicBool,
}

/// The state of an upload, for one request at a time.
pub(super) enum State {
    Open(Box<Open>),
    /// The file is whole.
    Complete {
        import_id: String,
        /// In bytes.
        length: u64,
    },
    /// It was cancelled, or cannot become whole.
    Closed,
}

/// A file that is not whole, and what is said about it.
pub(super) struct Open {
    pub(super) file: PartialFile,
    pub(super) settings: ImportSettings,
    pub(super) begun: SystemTime,
    /// Its place among the imports that are received, wait or run.
    pub(super) place: OwnedSemaphorePermit,
}

/// The turn of a request. Cancelled when another request comes.
pub(super) struct Turn {
    pub(super) state: OwnedMutexGuard<State>,
    pub(super) ended: CancellationToken,
}

impl ResumableUpload {
    pub(super) fn new(owner: Owner, import_id: Option<String>, open: Open) -> Self {
        Self {
            id: Uuid::new_v4(),
            owner,
            import_id,
            state: Arc::new(AsyncMutex::new(State::Open(Box::new(open)))),
            writer: Mutex::default(),
            last_byte: Mutex::new(Instant::now()),
            is_open: AtomicBool::new(true),
        }
    }

    /// Ends the request that writes, as its client may have gone, and waits for the turn of this one.
    ///
    /// # Errors
    /// 409 if a further request came meanwhile.
    pub(super) async fn take_turn(&self) -> Result<Turn, Problem> {
        let ended = self.call_turn();
        let mut state = Arc::clone(&self.state).lock_owned().await;
        if let State::Open(open) = &mut *state {
            // The request before may have ended within a write. If that has failed, its bytes are sent again.
            open.file.settle().await.ok();
            if ended.is_cancelled() {
                return Err(problems::taken_over());
            }
        }
        Ok(Turn { state, ended })
    }

    fn call_turn(&self) -> CancellationToken {
        let ended = CancellationToken::new();
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *writer, ended.clone()).cancel();
        ended
    }

    /// Ends the request that writes.
    pub(super) fn interrupt(&self) {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner).cancel();
    }

    /// Notes that bytes came.
    pub(super) fn touch(&self) {
        *self.last_byte.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    pub(super) fn last_byte(&self) -> Instant {
        *self.last_byte.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether its file takes space.
    pub(super) fn is_open(&self) -> bool {
        self.is_open.load(Ordering::Relaxed)
    }

    /// Ends the upload: as a whole file whose import has begun, or without one.
    pub(super) fn end(&self, turn: &mut Turn, end: State) -> Option<(Accepted, u64)> {
        self.is_open.store(false, Ordering::Relaxed);
        let State::Open(open) = std::mem::replace(&mut *turn.state, end) else { return None };
        let Open { file, settings, begun, place } = *open;
        let length = file.offset();
        let file: SpoolFile = file.into_spooled();
        Some((Accepted { settings, file, begun, place }, length))
    }
}
