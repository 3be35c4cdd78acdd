//! `min_revision`: an answer includes the write that its caller has seen.

use chassis::{
    grpc::give_up,
    status::{error, invalid},
};
use proto::position::Position;
use tokio::time::timeout_at;
use tonic::{Code, Extensions, Status};

use crate::shelf::{Live, Shelf};

/// Waits until the live index has the write that a token names. `extensions` are the request's.
///
/// # Errors
/// INVALID_ARGUMENT if it is not a token, FAILED_PRECONDITION (REVISION_UNKNOWN) if it is of another
/// catalogue, ABORTED (REVISION_NOT_REACHED) if the write does not come in time.
pub(super) async fn reach(
    shelf: &Shelf,
    token: &str,
    extensions: &Extensions,
) -> Result<(), Status> {
    if token.is_empty() {
        return Ok(());
    }
    let Some((wanted, _)) = Position::decode(token) else {
        return Err(invalid([("min_revision", "must be a revision_token of an earlier answer")]));
    };
    let mut live = shelf.watch();
    let come = live.wait_for(|live| reaches(live, &wanted) != Reached::NotYet);
    let reached = match timeout_at(give_up(extensions), come).await {
        Ok(Ok(live)) => reaches(&live, &wanted),
        Ok(Err(_)) | Err(_) => Reached::NotYet,
    };
    match reached {
        Reached::Yes => Ok(()),
        Reached::Never => {
            let message = "the revision in min_revision is of another catalogue than this index";
            Err(error(Code::FailedPrecondition, "REVISION_UNKNOWN", message))
        }
        // Not UNAVAILABLE: whoever calls us for others would take us for ill.
        Reached::NotYet => {
            Err(error(Code::Aborted, "REVISION_NOT_REACHED", behind(shelf, &wanted)))
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Reached {
    Yes,
    NotYet,
    Never,
}

fn reaches(live: &Live, wanted: &Position) -> Reached {
    match live.revision {
        Some(revision) if revision.epoch == wanted.epoch => {
            if revision >= *wanted {
                Reached::Yes
            } else {
                Reached::NotYet
            }
        }
        // Up to date with another feed. While it is not, it may be on its way to the one meant, as
        // after the catalogue's data was replaced.
        Some(_) if live.caught_up => Reached::Never,
        Some(_) | None => Reached::NotYet,
    }
}

fn behind(shelf: &Shelf, wanted: &Position) -> String {
    let ours = shelf.live().revision.filter(|revision| revision.epoch == wanted.epoch);
    let changes = ours.map(|ours| wanted.sequence.saturating_sub(ours.sequence).max(1));
    let by = changes.map(|changes| format!(" (changes behind: {changes})")).unwrap_or_default();
    format!("what min_revision asks for is not in the index yet{by}; try again")
}
