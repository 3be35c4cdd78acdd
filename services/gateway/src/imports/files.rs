//! Access to the files of an import, and why they are not here.

use contract::Scope;
use http::StatusCode;
use proto::catalogue::v1::Import;

use super::{Imports, spool::REHEARSED_TIME};
use crate::{problem::Problem, upstreams::Upstreams};

/// Checks that the caller has sent the file itself, or may see what products cost, which a file may say.
///
/// # Errors
/// 401 or 403.
pub(crate) fn check_owner(upstreams: &Upstreams, import: &Import) -> Result<(), Problem> {
    match !import.actor.is_empty() && import.actor == upstreams.actor_name() {
        true => Ok(()),
        false => Ok(upstreams.require(Scope::ReadCosts)?),
    }
}

/// Why a file of an import, such as `the file`, is not here.
pub(crate) fn no_file(imports: &Imports, import: &Import, what: &str) -> Problem {
    let gateway = import.report.as_ref().map_or("", |report| report.gateway.as_str());
    if gateway != imports.name() {
        let detail =
            format!("{what} may be on the gateway {gateway}, which ran the import; ask it there");
        return Problem::new(StatusCode::CONFLICT, "IMPORT_FILES_ELSEWHERE", detail);
    }
    let minutes = REHEARSED_TIME.as_secs() / 60;
    let detail = format!(
        "{what} is not kept any more: rejected rows are for 7 days, and files for {minutes} minutes after a dry run or \
         a guess; send the file again"
    );
    Problem::new(StatusCode::GONE, "IMPORT_FILES_GONE", detail)
}

/// 500 for a folder that cannot be used.
pub(super) fn unusable(error: &anyhow::Error) -> Problem {
    Problem::internal(format!("the folder of imports cannot be used: {error:#}"))
}
