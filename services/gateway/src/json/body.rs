//! Request bodies, which are JSON objects, and JSON responses.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, header};
use http_body_util::BodyExt as _;
use proto::json::Message;
use serde::{Deserializer, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{content_encoding::Coding, content_type, unique_object::UniqueObject};
use crate::problem::Problem;

/// The longest field name and the longest message in an error, in characters.
const MAX_ERROR_TEXT: usize = 500;

/// 200 with an encoded message as JSON.
pub(super) fn json(message: &Message<'_>) -> Result<Response, proto::json::Error> {
    let mut json = Vec::new();
    message.write(&mut json)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], json).into_response())
}

/// 500 for a service's response that cannot be transcoded.
pub(super) fn not_transcodable(error: proto::json::Error) -> Problem {
    let error = anyhow::Error::from(error);
    Problem::internal(format!("transcoding the response to JSON failed: {error:#}"))
}

/// Reads the JSON object in the body, which the server has received whole and within its limits.
///
/// # Errors
/// 415 without a JSON content type or with an unknown coding, 413 if it is too large when decoded, 400 for
/// a body that is not a JSON object.
pub(super) async fn read(headers: &HeaderMap, body: Body) -> Result<Map<String, Value>, Problem> {
    content_type::check(headers)?;
    let coding = Coding::of(headers)?;
    let whole = body.collect().await.map_err(|_| Problem::invalid("body", "was cut off"))?;
    let bytes = coding.decode(whole.to_bytes())?;
    let mut json = serde_json::Deserializer::from_slice(&bytes);
    let UniqueObject(object) = deserialize(&mut json)?;
    json.end().map_err(|error| malformed("body".to_owned(), &error))?;
    Ok(object)
}

/// Deserializes a value.
///
/// # Errors
/// 400 with the name of the invalid field, and for a syntax error with its line and column.
pub(super) fn deserialize<'de, T: DeserializeOwned>(
    json: impl Deserializer<'de, Error = serde_json::Error>,
) -> Result<T, Problem> {
    serde_path_to_error::deserialize(json).map_err(|error| {
        let path = error.path().to_string();
        malformed(if path == "." { "body".to_owned() } else { path }, error.inner())
    })
}

/// Truncates the field and the message: both may contain long text from the request.
fn malformed(field: String, error: &serde_json::Error) -> Problem {
    let field: String = field.chars().take(MAX_ERROR_TEXT).collect();
    let message: String = error.to_string().chars().take(MAX_ERROR_TEXT).collect();
    Problem { reason: "MALFORMED_JSON".into(), ..Problem::invalid(field, message) }
}
