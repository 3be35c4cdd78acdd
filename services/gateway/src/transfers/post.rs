//! `POST /v1/imports`.

use axum::{
    body::Body,
    extract::{Request, State},
    response::Response,
};
use http::request::Parts;

use super::{UPLOADS, respond, uploads};
use crate::{
    imports::{PARAMETERS, Submission, accept, authorize, begin_upload, is_upload, known},
    json as api,
    problem::Problem,
    state::AppState,
    upstreams::Upstreams,
};

pub(super) async fn post(
    State(state): State<AppState>,
    upstreams: Upstreams,
    request: Request,
) -> Result<Response, Problem> {
    let (head, body) = request.into_parts();
    authorize(&upstreams)?;
    let in_pieces = is_upload(&head.headers);
    let id = api::idempotency_key(&head.headers)?;
    let submission = submission(head, body, id.clone())?;
    if let Some(id) = &id
        && let Some(import) = known(&upstreams, id).await?
    {
        return respond(&import, false);
    }
    if in_pieces {
        let appended = begin_upload(&state.imports, upstreams, submission).await?;
        return uploads::begun(appended, UPLOADS);
    }
    let (import, is_new) = accept(&state.imports, upstreams, submission).await?;
    respond(&import, is_new)
}

/// A request to import its body, or the file that its parameters name.
///
/// # Errors
/// 400 for an unknown parameter or an invalid value.
pub(crate) fn submission(
    head: Parts,
    body: Body,
    id: Option<String>,
) -> Result<Submission<'static>, Problem> {
    let names: Vec<&str> = PARAMETERS.into_iter().chain(["dry_run"]).collect();
    let params = api::Params::parse(&head.uri, &names)?;
    let named =
        names.iter().flat_map(|name| params.values(&[name]).into_iter().map(|it| (*name, it)));
    let parameters: Vec<(&str, &str)> = named.collect();
    Submission::new(head.headers, body, &parameters, id)
}
