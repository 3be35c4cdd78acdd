//! Request bodies, which are JSON objects, and JSON responses.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, header};
use http_body_util::BodyExt as _;
use proto::json::Message;
use serde_json::{Map, Value, error::Category};

use super::{
    content_encoding::Coding,
    content_type,
    unique_object::{TWICE, UniqueObject},
};
use crate::problem::{FieldError, Problem};

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
pub(crate) async fn read(headers: &HeaderMap, body: Body) -> Result<Map<String, Value>, Problem> {
    content_type::check(headers)?;
    let coding = Coding::of(headers)?;
    let whole = body.collect().await.map_err(|_| Problem::invalid("body", "was cut off"))?;
    let bytes = coding.decode(whole.to_bytes())?;
    parse(&bytes).map_err(|FieldError { field, message }| malformed(field, &message))
}

/// Parses a JSON object.
///
/// # Errors
/// The field with the fault, or `body`.
pub(crate) fn parse(json: &[u8]) -> Result<Map<String, Value>, FieldError> {
    let mut json = serde_json::Deserializer::from_slice(json);
    let UniqueObject(object) = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let field = if path.contains(['.', '?']) { "body".to_owned() } else { path };
        FieldError { field, message: fault(error.inner()) }
    })?;
    json.end().map_err(|error| FieldError { field: "body".to_owned(), message: fault(&error) })?;
    Ok(object)
}

/// Describes the fault in the JSON of a body, and its place.
fn fault(error: &serde_json::Error) -> String {
    let place = format!("line {} column {}", error.line(), error.column());
    match error.classify() {
        Category::Eof => {
            format!("ends too early, at {place}: a value, a quote or a bracket is missing")
        }
        Category::Data if error.to_string().starts_with(TWICE) => {
            format!("{TWICE}, at {place}: which value is meant?")
        }
        Category::Data => "must be a JSON object, such as {\"name\": \"Mug\"}".to_owned(),
        Category::Syntax | Category::Io => {
            format!(
                "is not JSON at {place}; names and texts stand in double quotes, and no comma is last"
            )
        }
    }
}

/// 400 for a body that is not JSON, or not that of the message. Truncates the field and the message: both may
/// contain long text from the request.
pub(super) fn malformed(field: String, message: &str) -> Problem {
    let field: String = field.chars().take(MAX_ERROR_TEXT).collect();
    let message: String = message.chars().take(MAX_ERROR_TEXT).collect();
    Problem { reason: "MALFORMED_JSON".into(), ..Problem::invalid(field, message) }
}
