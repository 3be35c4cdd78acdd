//! `POST /v1/imports`.

use axum::{
    extract::{Request, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, StatusCode, header};
use prost::Message as _;
use proto::catalogue::v1::Import;

use super::to_json;
use crate::{
    imports::{PARAMETERS, Submission, accept, authorize, known},
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
    let names: Vec<&str> = PARAMETERS.into_iter().chain(["dry_run"]).collect();
    let params = api::Params::parse(&head.uri, &names)?;
    let named =
        names.iter().flat_map(|name| params.values(&[name]).into_iter().map(|it| (*name, it)));
    let parameters: Vec<(&str, &str)> = named.collect();
    let id = api::idempotency_key(&head.headers)?;
    let submission = Submission::new(head.headers, body, &parameters, id.clone())?;
    if let Some(id) = &id
        && let Some(import) = known(&upstreams, id).await?
    {
        return respond(StatusCode::OK, &import);
    }
    let (import, is_new) = accept(&state.imports, upstreams, submission).await?;
    respond(if is_new { StatusCode::ACCEPTED } else { StatusCode::OK }, &import)
}

fn respond(status: StatusCode, import: &Import) -> Result<Response, Problem> {
    let location = HeaderValue::from_str(&format!("/v1/imports/{}", import.id)).ok();
    let body = to_json(&import.encode_to_vec())?;
    let mut response = (status, [(header::CONTENT_TYPE, "application/json")], body).into_response();
    if let Some(location) = location {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}
