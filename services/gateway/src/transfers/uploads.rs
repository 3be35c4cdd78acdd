//! `/v1/uploads/{id}`: a file to import that is sent in pieces. `POST /v1/imports` begins it.

use axum::{
    extract::{Path, Request, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::{UPLOAD, respond};
use crate::{
    imports::{
        Appended, Imports, Progress, UPLOAD_COMPLETE, UPLOAD_LENGTH, UPLOAD_LIMIT, UPLOAD_OFFSET,
        append_to_upload, cancel_upload, upload_progress,
    },
    problem::Problem,
    state::AppState,
    upstreams::Upstreams,
};

const YES: HeaderValue = HeaderValue::from_static("?1");
const NO: HeaderValue = HeaderValue::from_static("?0");

pub(super) async fn head(
    State(state): State<AppState>,
    Path(id): Path<String>,
    upstreams: Upstreams,
) -> Result<Response, Problem> {
    progress(&state.imports, &upstreams, &id).await
}

pub(super) async fn patch(
    State(state): State<AppState>,
    Path(id): Path<String>,
    upstreams: Upstreams,
    request: Request,
) -> Result<Response, Problem> {
    append(&state.imports, upstreams, &id, request).await
}

pub(super) async fn delete(
    State(state): State<AppState>,
    Path(id): Path<String>,
    upstreams: Upstreams,
) -> Result<Response, Problem> {
    cancel(&state.imports, &upstreams, &id).await
}

/// Responds to a request that has begun an upload below the path `base`.
///
/// # Errors
/// The import cannot be shown.
pub(crate) fn begun(appended: Appended, base: &str) -> Result<Response, Problem> {
    match appended {
        Appended::Import(import, is_new) => complete(respond(&import, is_new)?),
        Appended::Piece(progress) => {
            let location = header_value(&format!("{base}/{}", progress.id))?;
            let mut headers = headers(&progress)?;
            headers.insert(header::LOCATION, location);
            Ok((StatusCode::CREATED, headers).into_response())
        }
    }
}

/// Appends the body of a request to an upload.
///
/// # Errors
/// There is no such upload of this caller, or the piece was not taken.
pub(crate) async fn append(
    imports: &Imports,
    upstreams: Upstreams,
    id: &str,
    request: Request,
) -> Result<Response, Problem> {
    let (head, body) = request.into_parts();
    match append_to_upload(imports, upstreams, id, &head.headers, body).await? {
        Appended::Import(import, is_new) => complete(respond(&import, is_new)?),
        Appended::Piece(progress) => {
            Ok((StatusCode::NO_CONTENT, headers(&progress)?).into_response())
        }
    }
}

/// Says how far an upload is; of a whole one also its import.
///
/// # Errors
/// There is no such upload of this caller.
pub(crate) async fn progress(
    imports: &Imports,
    upstreams: &Upstreams,
    id: &str,
) -> Result<Response, Problem> {
    let progress = upload_progress(imports, upstreams, id).await?;
    let mut headers = headers(&progress)?;
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(import) = progress.import_id {
        headers.insert(header::LOCATION, header_value(&format!("{UPLOAD}/{import}"))?);
    }
    Ok((StatusCode::NO_CONTENT, headers).into_response())
}

/// Cancels an upload.
///
/// # Errors
/// There is no such upload of this caller.
pub(crate) async fn cancel(
    imports: &Imports,
    upstreams: &Upstreams,
    id: &str,
) -> Result<Response, Problem> {
    cancel_upload(imports, upstreams, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The response to the last piece: that of the import.
fn complete(mut response: Response) -> Result<Response, Problem> {
    response.headers_mut().insert(UPLOAD_COMPLETE, YES);
    Ok(response)
}

fn headers(progress: &Progress) -> Result<HeaderMap, Problem> {
    let mut headers = HeaderMap::new();
    headers.insert(UPLOAD_COMPLETE, if progress.import_id.is_some() { YES } else { NO });
    headers.insert(UPLOAD_OFFSET, progress.offset.into());
    if let Some(length) = progress.length {
        headers.insert(UPLOAD_LENGTH, length.into());
    }
    headers.insert(UPLOAD_LIMIT, header_value(&progress.limit)?);
    Ok(headers)
}

fn header_value(text: &str) -> Result<HeaderValue, Problem> {
    let value = HeaderValue::from_str(text);
    value.map_err(|error| Problem::internal(format!("a header cannot be sent: {error}")))
}
