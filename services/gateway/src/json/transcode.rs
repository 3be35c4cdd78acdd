//! Transcodes an HTTP request to a call of its method, and the response back.

use axum::{body::Body as HttpBody, extract::Request, response::Response};
use bytes::{Bytes, BytesMut};
use http::{Method, StatusCode, header, request::Parts};
use http_body::Body as _;
use product_fields::json_name;
use rpc::status::reason;
use serde_json::{Map, Value};
use tonic::Status;

use super::{
    binding::{Binding, Body, Variable},
    body, etag, idempotency, mask, message, params,
    path::PathValues,
    response::{self, Operation},
    stream,
};
use crate::{
    contract::{Holds, Kind},
    encoded,
    problem::Problem,
    upstreams::Upstreams,
};

/// Serves a request by its binding.
pub(super) async fn transcode(
    binding: &Binding,
    upstreams: Upstreams,
    path: &PathValues<'_>,
    request: Request,
) -> Result<Response, Problem> {
    let (head, body) = request.into_parts();
    upstreams.authorize(binding.rpc)?;
    let call = Call::of_path(binding, &head, path, &body);
    let call = match call {
        Some(call) => call,
        None => Call::of(binding, &head, path, body).await?,
    };
    let problem = |status| to_problem(status, binding, call.failed_reason);
    match binding.rpc.kind {
        Kind::Unary => {
            let encoded = upstreams.unary(binding.rpc, call.request, call.is_idempotent).await;
            let encoded = encoded.map_err(problem)?;
            response::respond(&encoded, binding, call.operation, &head.headers)
        }
        Kind::Streaming => {
            let messages = upstreams.stream(binding.rpc, call.request).await.map_err(problem)?;
            Ok(stream::respond(messages, binding.rpc.output, &head))
        }
    }
}

/// A call of a method, parsed from an HTTP request.
struct Call {
    /// The encoded request message.
    request: Bytes,
    operation: Operation,
    /// A write with a request id, which is safe to retry.
    is_idempotent: bool,
    /// The reason of a call with a failed precondition in a header.
    failed_reason: Option<&'static str>,
}

impl Call {
    /// The fast path for a request of nothing but its path, as most reads are: encodes the message without JSON. `None`
    /// for all others.
    fn of_path(
        binding: &Binding,
        head: &Parts,
        path: &PathValues<'_>,
        body: &HttpBody,
    ) -> Option<Self> {
        if !binding.has_plain_path() || !is_path_alone(binding, head, body) {
            return None;
        }
        let mut request = BytesMut::new();
        for (variable, value) in binding.variables.iter().zip(path.iter()) {
            encoded::put_string(variable.field.number, value, &mut request);
        }
        Some(Self {
            request: request.freeze(),
            operation: operation(binding, false),
            is_idempotent: false,
            failed_reason: None,
        })
    }

    async fn of(
        binding: &Binding,
        head: &Parts,
        path: &PathValues<'_>,
        body: HttpBody,
    ) -> Result<Self, Problem> {
        let input = binding.rpc.input;
        let precondition = precondition(binding, head)?;
        let mut object = body_and_query(binding, head, body).await?;
        for (variable, value) in binding.variables.iter().zip(path.iter()) {
            set_variable(&mut object, variable, value)?;
        }
        if let Some((field, tag)) = &precondition {
            // The body has the tag of the version that was read, and the header takes precedence.
            message::remove(&mut object, field);
            message::insert(&mut object, field, Value::String(tag.clone()));
        }
        if input.field("request_id").is_some()
            && let Some(key) = idempotency::key(&head.headers)?
        {
            set(&mut object, "request_id", key.into(), "the one in Idempotency-Key")?;
        }
        let is_idempotent = message::has_text(&object, "request_id");
        let operation = operation(binding, message::has_flag(&object, "validate_only"));
        Ok(Self {
            request: message::encode(input, object, binding.body)?,
            operation,
            is_idempotent,
            failed_reason: precondition.map(|_| "ETAG_MISMATCH").or(binding.exists),
        })
    }
}

/// Whether a request has nothing but its path: no query, no body, and no header that is a part of the message.
fn is_path_alone(binding: &Binding, head: &Parts, body: &HttpBody) -> bool {
    if head.uri.query().is_some() || head.headers.contains_key(header::IF_MATCH) {
        return false;
    }
    let may_have_key = binding.rpc.input.field("request_id").is_some();
    if may_have_key && idempotency::is_given(&head.headers) {
        return false;
    }
    let is_read = binding.method == Method::GET;
    let has_body = matches!(binding.body, Body::Field(_)) || !body.is_end_stream();
    is_read || !(has_body || etag::has_unsupported(&head.headers))
}

/// The fields of the request message in the body and the query.
async fn body_and_query(
    binding: &Binding,
    head: &Parts,
    body: HttpBody,
) -> Result<Map<String, Value>, Problem> {
    let fields = binding.rpc.input.fields();
    let is_replacement = binding.method == Method::PUT;
    let in_query = fields.iter().filter(|field| match binding.body {
        Body::Whole => false,
        Body::Field(_) if is_replacement && field.name == "update_mask" => false,
        Body::Field(name) => field.name != name && !binding.has_in_path(field),
        Body::None => !binding.has_in_path(field),
    });
    let mut object = message::from_query(in_query, &head.uri, message::QUERY_ALIAS)?;
    match binding.body {
        Body::None if binding.method == Method::GET => {}
        Body::None if body.is_end_stream() => {}
        Body::None => merge(&mut object, body::read(&head.headers, body).await?)?,
        // An empty body is an object without fields.
        Body::Whole if body.is_end_stream() => {}
        Body::Whole => object = body::read(&head.headers, body).await?,
        Body::Field(name) => {
            let body = body::read(&head.headers, body).await?;
            let has_mask = binding.rpc.input.field("update_mask").is_some();
            if has_mask && !object.contains_key("updateMask") {
                let all = is_replacement.then(mask::everything);
                let mask = all.or_else(|| mask::of_body(&body)).ok_or_else(|| {
                    Problem::invalid("body", "names no field that can be changed here")
                })?;
                object.insert("updateMask".to_owned(), mask);
            }
            object.insert(name.to_owned(), Value::Object(body));
        }
    }
    Ok(object)
}

/// Sets the field of a variable in the path.
fn set_variable(
    object: &mut Map<String, Value>,
    variable: &Variable,
    text: &str,
) -> Result<(), Problem> {
    let value = params::to_json(variable.field, text);
    let value = value.map_err(|rule| Problem::invalid(&variable.field.json, rule))?;
    set(object, variable.path, value.unwrap_or_default(), "the one in the address")
}

/// Sets a field, which must not have another value already.
fn set(
    object: &mut Map<String, Value>,
    field: &str,
    value: Value,
    source: &str,
) -> Result<(), Problem> {
    match message::remove(object, field) {
        None | Some(Value::Null) => {}
        Some(old) if old == value || old == "" => {}
        Some(_) => {
            let name = json_name(field.rsplit('.').next().unwrap_or(field));
            return Err(Problem::invalid(name, format!("must be {source}, or absent")));
        }
    }
    message::insert(object, field, value);
    Ok(())
}

/// Adds the fields of a body to the fields of the query; a field is in one of them.
fn merge(object: &mut Map<String, Value>, body: Map<String, Value>) -> Result<(), Problem> {
    for (name, value) in body {
        if object.insert(json_name(&name), value).is_some() {
            return Err(Problem::invalid(name, "is in the query and in the body: give it once"));
        }
    }
    Ok(())
}

/// The etag in `If-Match`, and the request field that takes it.
///
/// # Errors
/// 400 for a precondition that the method does not have: it is refused rather than ignored.
fn precondition(binding: &Binding, head: &Parts) -> Result<Option<(String, String)>, Problem> {
    etag::refuse_unsupported(&binding.method, &head.headers, binding.exists.is_some())?;
    if !head.headers.contains_key(header::IF_MATCH) {
        return Ok(None);
    }
    let Some(field) = etag_field(binding) else {
        return Err(Problem::invalid("If-Match", "is not supported here: leave it out"));
    };
    let tag = etag::if_match(&head.headers)?;
    Ok((!tag.is_empty()).then_some((field, tag)))
}

/// The request field with the etag that the resource must have; `None` for a method without one.
fn etag_field(binding: &Binding) -> Option<String> {
    if binding.method == Method::GET || binding.exists.is_some() {
        return None;
    }
    let input = binding.rpc.input;
    let parent = binding.variables.iter().find_map(|variable| variable.path.split_once('.'));
    let Some((parent, _)) = parent else {
        return input.field("etag").map(|_| "etag".to_owned());
    };
    let Holds::Message(resource) = &input.field(parent)?.holds else { return None };
    input.sibling(resource).field("etag").map(|_| format!("{parent}.etag"))
}

fn operation(binding: &Binding, validates_only: bool) -> Operation {
    match binding.method {
        Method::GET => Operation::Read,
        _ if validates_only => Operation::Validate,
        _ if binding.exists.is_some() => Operation::Create,
        // `controls:preview` and the like create nothing.
        Method::POST if binding.variables.is_empty() && !binding.rule.template.contains(':') => {
            Operation::Create
        }
        _ => Operation::Change,
    }
}

/// The problem of a failed call: 412 for a precondition of a header that does not hold. Fields have the names
/// that they have in the body.
fn to_problem(status: Status, binding: &Binding, failed_reason: Option<&str>) -> Problem {
    let failed = failed_reason.is_some() && reason(&status).as_deref() == failed_reason;
    let mut problem = Problem::from(status);
    if let Body::Field(name) = binding.body {
        problem.make_relative_to(&json_name(name));
    }
    if failed {
        problem.status = StatusCode::PRECONDITION_FAILED;
    }
    problem
}
