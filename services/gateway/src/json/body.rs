//! JSON in and out.

use std::time::Duration;

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use proto::json::Message;
use serde::{Deserializer, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::distinct::Distinct;
use crate::problem::Problem;

/// The largest body taken, in bytes: as large as a gRPC message.
const MAX_BODY: usize = 4 * 1024 * 1024;
/// Characters of a field's name, and of what is wrong with it, that are told.
const MAX_SAID: usize = 500;
/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(30);

/// 200 with an encoded message as JSON.
pub(super) fn json(message: &Message<'_>) -> Result<Response, proto::json::Error> {
    let mut json = Vec::new();
    message.write(&mut json)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], json).into_response())
}

/// 500 for a response of a service that has no JSON.
pub(super) fn no_json(error: proto::json::Error) -> Problem {
    Problem::internal(format!("an answer cannot be JSON: {:#}", anyhow::Error::from(error)))
}

/// The object that the body holds, if it says it is JSON.
///
/// # Errors
/// 415, 413 beyond [`MAX_BODY`], 408 for one that takes too long, 400 for one that is cut off or is
/// not an object.
pub(super) async fn read(headers: &HeaderMap, body: Body) -> Result<Map<String, Value>, Problem> {
    if !is_json(headers) {
        let detail = "send the body as JSON, with the header content-type: application/json";
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(Problem::new(status, "CONTENT_TYPE_UNSUPPORTED", detail));
    }
    let bytes = collect(body).await?;
    let mut json = serde_json::Deserializer::from_slice(&bytes);
    let Distinct(object) = typed(&mut json)?;
    json.end().map_err(|error| malformed("body".to_owned(), &error))?;
    Ok(object)
}

/// The value that `json` holds.
///
/// # Errors
/// 400 that names the field, and for what is not JSON at all, the line and column.
pub(super) fn typed<'de, T: DeserializeOwned>(
    json: impl Deserializer<'de, Error = serde_json::Error>,
) -> Result<T, Problem> {
    serde_path_to_error::deserialize(json).map_err(|error| {
        let path = error.path().to_string();
        malformed(if path == "." { "body".to_owned() } else { path }, error.inner())
    })
}

/// Both may hold what the caller sent, which may be long.
fn malformed(field: String, error: &serde_json::Error) -> Problem {
    let field: String = field.chars().take(MAX_SAID).collect();
    let message: String = error.to_string().chars().take(MAX_SAID).collect();
    Problem { reason: "MALFORMED_JSON".into(), ..Problem::invalid(field, message) }
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
