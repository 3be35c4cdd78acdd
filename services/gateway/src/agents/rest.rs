//! The REST binding: `POST /ucp/catalog/search`, `/lookup` and `/product`.

use axum::{
    Json, Router,
    extract::{Path, Request, State},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};

use super::{
    catalog::Operation,
    envelope::{self, Failure, OLDER, VERSION},
    profile::profile,
};
use crate::{base_url::BaseUrl, json, problem::Problem, state::AppState, upstreams::Upstreams};

/// Profiles change with releases only.
const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=300");

pub(super) fn router() -> Router<AppState> {
    let route = |operation: Operation| {
        post(async move |State(base): State<BaseUrl>, upstreams: Upstreams, request: Request| {
            call(operation, &base, &upstreams, request).await
        })
    };
    Router::new()
        .route("/ucp/catalog/search", route(Operation::Search))
        .route("/ucp/catalog/lookup", route(Operation::Lookup))
        .route("/ucp/catalog/product", route(Operation::Product))
        .route("/.well-known/ucp", get(newest))
        .route("/.well-known/ucp/{version}", get(of_version))
}

async fn newest(State(base): State<BaseUrl>, uri: Uri, headers: HeaderMap) -> Response {
    ([(header::CACHE_CONTROL, CACHE)], Json(profile(&base.of(&uri, &headers), VERSION)))
        .into_response()
}

async fn of_version(
    State(base): State<BaseUrl>,
    Path(version): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let known = [VERSION, OLDER].into_iter().find(|known| *known == version);
    let version = known.ok_or_else(|| Problem::no_such_route(uri.path()))?;
    let profile = profile(&base.of(&uri, &headers), version);
    Ok(([(header::CACHE_CONTROL, CACHE)], Json(profile)).into_response())
}

async fn call(
    operation: Operation,
    base: &BaseUrl,
    upstreams: &Upstreams,
    request: Request,
) -> Result<Response, Problem> {
    let (head, body) = request.into_parts();
    let base = base.of(&head.uri, &head.headers);
    let object = json::read_object(&head.headers, body).await?;
    let refused = |code: &str, text: &str| {
        let answer = envelope::error(operation.capability(), code, text, "recoverable");
        (StatusCode::BAD_REQUEST, Json(answer)).into_response()
    };
    match operation.call(upstreams, &base, object).await {
        Ok(answer) => Ok(Json(answer).into_response()),
        Err(Failure::Invalid(code, text)) => Ok(refused(code, &text)),
        // A service refuses it, such as a cursor of another search.
        Err(Failure::Problem(problem)) if problem.status == StatusCode::BAD_REQUEST => {
            Ok(refused(&problem.reason, &problem.detail))
        }
        Err(Failure::Problem(problem)) => Err(*problem),
    }
}
