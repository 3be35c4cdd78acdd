//! A limit of files that are made as a whole before they are sent.

use std::sync::Arc;

use http::{HeaderValue, StatusCode, header};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::problem::Problem;

/// Limit of files that are made as a whole at the same time, and sent from the disk.
const MAX_WHOLE_FILES: usize = 8;
/// Retry after a refusal for that limit, in seconds.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("10");

/// The places of files that are made as a whole. Cheap to clone.
#[derive(Clone)]
pub(crate) struct WholeFiles(Arc<Semaphore>);

impl Default for WholeFiles {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MAX_WHOLE_FILES)))
    }
}

impl WholeFiles {
    /// A place for one more file.
    ///
    /// # Errors
    /// All are taken.
    pub(crate) fn take_place(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.0).try_acquire_owned().map_err(|_all_taken| {
            let detail = "as many workbooks and files for other shops are made here as may: try again when one has been \
                          sent, or take the native columns as CSV or JSON lines";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "TOO_MANY_EXPORTS", detail)
                .with_header(header::RETRY_AFTER, RETRY_AFTER)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_made_as_a_whole_are_bounded_and_the_refusal_names_the_cure() {
        let files = WholeFiles::default();
        let mut places: Vec<_> =
            (0..MAX_WHOLE_FILES).map(|_| files.take_place().unwrap()).collect();
        let problem = files.take_place().unwrap_err();
        assert_eq!((problem.status.as_u16(), &*problem.reason), (503, "TOO_MANY_EXPORTS"));
        assert!(problem.detail.contains("try again"), "{}", problem.detail);
        places.pop();
        assert!(files.take_place().is_ok());
    }
}
