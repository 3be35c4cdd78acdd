//! `min_revision`: a response includes the write that its client has seen.

use proto::position::Position;
use rpc::status::{error, invalid};
use server::grpc::wait_deadline;
use tokio::time::timeout_at;
use tonic::{Code, Extensions, Status};

use crate::live_index::{IndexSnapshot, LiveIndex};

/// Waits until the live index includes the write that a token identifies. `extensions` are the
/// request's.
///
/// # Errors
/// INVALID_ARGUMENT for an invalid token, FAILED_PRECONDITION (REVISION_UNKNOWN) for one of another
/// catalogue, ABORTED (REVISION_NOT_REACHED) if the write does not arrive before the deadline.
pub(super) async fn reach(
    live_index: &LiveIndex,
    token: &str,
    extensions: &Extensions,
) -> Result<(), Status> {
    if token.is_empty() {
        return Ok(());
    }
    let Some((wanted, _)) = Position::decode(token) else {
        return Err(invalid([("min_revision", "must be a revision_token of an earlier answer")]));
    };
    let mut live = live_index.subscribe();
    let reached = live.wait_for(|live| reaches(live, &wanted) != Reached::NotYet);
    let reached = match timeout_at(wait_deadline(extensions), reached).await {
        Ok(Ok(live)) => reaches(&live, &wanted),
        Ok(Err(_)) | Err(_) => Reached::NotYet,
    };
    match reached {
        Reached::Yes => Ok(()),
        Reached::Never => {
            let message = "the revision in min_revision is of another catalogue than this index";
            Err(error(Code::FailedPrecondition, "REVISION_UNKNOWN", message))
        }
        // Not UNAVAILABLE, which counts as a failure of this replica in clients' circuit breakers.
        Reached::NotYet => {
            Err(error(Code::Aborted, "REVISION_NOT_REACHED", behind(live_index, &wanted)))
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Reached {
    Yes,
    NotYet,
    Never,
}

fn reaches(live: &IndexSnapshot, wanted: &Position) -> Reached {
    match live.revision {
        Some(revision) if revision.epoch == wanted.epoch => {
            if revision >= *wanted {
                Reached::Yes
            } else {
                Reached::NotYet
            }
        }
        // Current with another catalogue's feed. Until it is, it may still switch to the token's
        // feed, as after the catalogue's data was replaced.
        Some(_) if live.caught_up => Reached::Never,
        Some(_) | None => Reached::NotYet,
    }
}

fn behind(live_index: &LiveIndex, wanted: &Position) -> String {
    let ours = live_index.snapshot().revision.filter(|revision| revision.epoch == wanted.epoch);
    let changes = ours.map(|ours| wanted.sequence.saturating_sub(ours.sequence).max(1));
    let by = changes.map(|changes| format!(" (changes behind: {changes})")).unwrap_or_default();
    format!("what min_revision asks for is not in the index yet{by}; try again")
}
