//! Why a piece of an upload is not taken.

use http::{HeaderName, HeaderValue, StatusCode, header};

use super::{PIECE_TYPE, UPLOAD_OFFSET};
use crate::problem::Problem;

/// Retry of an upload for which there is no room, in seconds.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("60");

/// 404 for an upload that is not here, or is of another caller.
pub(super) fn not_found() -> Problem {
    let detail = "there is no such upload here: it was cancelled or has expired, or its gateway was restarted or is another \
                  one; begin it again with POST /v1/imports";
    Problem::new(StatusCode::NOT_FOUND, "IMPORT_UPLOAD_NOT_FOUND", detail)
}

/// 409 for a piece of another place.
pub(super) fn wrong_offset(expected: u64, provided: u64) -> Problem {
    let detail = format!("the upload has {expected} bytes: go on there, not at {provided}");
    Problem::new(StatusCode::CONFLICT, "IMPORT_UPLOAD_OFFSET_MISMATCH", detail)
        .with_header(UPLOAD_OFFSET, HeaderValue::from(expected))
        .with_fact("expectedOffset", expected)
        .with_fact("providedOffset", provided)
}

/// 409 for a request that another one has ended.
pub(super) fn taken_over() -> Problem {
    let detail = "another request for this upload came, and has ended this one: ask for the offset, and send one piece \
                  at a time";
    Problem::new(StatusCode::CONFLICT, "IMPORT_UPLOAD_TAKEN_OVER", detail)
}

/// 400 for a file that is not as long as was said, in bytes.
pub(super) fn wrong_length(said: u64, found: u64) -> Problem {
    let detail = format!("the file has {said} bytes as was said, and {found} as was sent");
    Problem::new(StatusCode::BAD_REQUEST, "IMPORT_UPLOAD_LENGTH_MISMATCH", detail)
}

/// 400 for a piece or a file with other bytes than its digest says.
pub(super) fn wrong_digest(what: &str, cure: &str) -> Problem {
    let detail = format!("the bytes of the {what} are not those of its SHA-256: {cure}");
    Problem::new(StatusCode::BAD_REQUEST, "IMPORT_UPLOAD_DIGEST_MISMATCH", detail)
}

/// 400 for a further piece of a whole file.
pub(super) fn complete(import: &str) -> Problem {
    let detail = format!("the file is whole already: /v1/imports/{import} is its import");
    Problem::new(StatusCode::BAD_REQUEST, "IMPORT_UPLOAD_COMPLETE", detail)
        .with_fact("importId", import)
}

/// 429: as many uploads are not whole as may be.
pub(super) fn too_many(of_caller: bool) -> Problem {
    let detail = match of_caller {
        true => {
            "as many uploads of yours are not whole as may be: complete or DELETE one, or wait until one expires"
        }
        false => {
            "as many uploads are not whole here as may be: send the file in one request, or try again later"
        }
    };
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "IMPORT_UPLOAD_LIMIT", detail)
        .with_header(header::RETRY_AFTER, RETRY_AFTER)
}

/// 415 for a piece of another type.
pub(super) fn wrong_type() -> Problem {
    let detail =
        "send a piece of the file with the header content-type: application/partial-upload";
    let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
    Problem::new(status, "CONTENT_TYPE_UNSUPPORTED", detail)
        .with_header(HeaderName::from_static("accept-patch"), HeaderValue::from_static(PIECE_TYPE))
}
