//! JSON in and out.

use std::time::Duration;

use axum::{
    body::Body,
    extract::Request,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::{Serialize, de::DeserializeOwned};

use crate::problem::Problem;

/// The largest body taken, in bytes: as large as a gRPC message.
pub(crate) const MAX_BODY: usize = 4 * 1024 * 1024;
/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(30);

/// 200 with `value` as JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<Response, Problem> {
    let bytes = serde_json::to_vec(value)
        .map_err(|error| Problem::internal(format!("an answer cannot be JSON: {error}")))?;
    Ok(([(header::CONTENT_TYPE, "application/json")], bytes).into_response())
}

/// The body's bytes, if it says it is JSON.
///
/// # Errors
/// 415, 413 beyond [`MAX_BODY`], 408 for one that takes too long, 400 for one that is cut off.
pub(crate) async fn read(request: Request) -> Result<Bytes, Problem> {
    if !is_json(request.headers()) {
        let detail = "send the body as JSON, with the header content-type: application/json";
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(Problem::new(status, "CONTENT_TYPE_UNSUPPORTED", detail));
    }
    collect(request.into_body()).await
}

/// The value that `bytes` hold.
///
/// # Errors
/// 400 that names the field, or the line and column.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let field = if path == "." { "body".to_owned() } else { path };
        malformed(field, error.inner())
    })?;
    json.end().map_err(|error| malformed("body".to_owned(), &error))?;
    Ok(value)
}

fn malformed(field: String, error: &serde_json::Error) -> Problem {
    let problem = Problem::invalid(field, error.to_string());
    Problem { reason: "MALFORMED_JSON".into(), ..problem }
}

async fn collect(body: Body) -> Result<Bytes, Problem> {
    let whole = tokio::time::timeout(BODY_TIME, Limited::new(body, MAX_BODY).collect()).await;
    let whole = whole.map_err(|_| {
        let detail = format!("the body has not arrived within {} s", BODY_TIME.as_secs());
        Problem::new(StatusCode::REQUEST_TIMEOUT, "BODY_TIMEOUT", detail)
    })?;
    match whole {
        Ok(whole) => Ok(whole.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            let detail = format!("the body is larger than {MAX_BODY} bytes");
            Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "BODY_TOO_LARGE", detail))
        }
        Err(_) => Err(Problem::invalid("body", "was cut off")),
    }
}

/// `application/json` or `application/…+json`, with or without parameters.
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).map(str::trim).unwrap_or_default();
    let kind = kind.to_ascii_lowercase();
    kind == "application/json" || kind.starts_with("application/") && kind.ends_with("+json")
}
