//! Transcodes an HTTP request to a call of a method, and its response back.

use axum::{extract::Request, response::Response};
use bytes::Bytes;
use futures::future::BoxFuture;
use http::{Method, StatusCode, header, request::Parts};
use product_fields::json_name;
use rpc::status::reason;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tonic::Status;

use super::{
    binding::{Binding, Body},
    body, etag, idempotency, mask, message,
    response::{self, Operation},
};
use crate::{
    contract::{self, Holds},
    encoded,
    problem::Problem,
    upstreams::Upstreams,
};

/// Handles a request by its binding. `Q` and `A` are the method's request and response messages.
pub(super) fn transcode<Q, A>(
    binding: &'static Binding,
    upstreams: Upstreams,
    id: Option<String>,
    request: Request,
) -> BoxFuture<'static, Result<Response, Problem>>
where
    Q: prost::Message + DeserializeOwned + 'static,
    A: prost::Message + Default + 'static,
{
    Box::pin(async move {
        let (head, body) = request.into_parts();
        upstreams.authorize(binding.contract())?;
        let call = match Call::of_id(binding, &head, id.as_deref()) {
            Some(call) => call,
            None => Call::of::<Q>(binding, &head, id.clone(), body).await?,
        };
        let encoded = upstreams.unary(binding.contract(), call.request, call.is_idempotent).await;
        let encoded = encoded.map_err(|status| to_problem(status, binding, call.failed_reason));
        response::respond::<A>(&encoded?, binding, call.operation, &head.headers)
    })
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
    /// The fast path for a read with an id and no query, as most reads are: encodes the message without
    /// JSON. `None` for all others.
    fn of_id(binding: &Binding, head: &Parts, id: Option<&str>) -> Option<Self> {
        let (id, variable) = (id?, binding.variable()?);
        if binding.method != Method::GET
            || head.uri.query().is_some()
            || head.headers.contains_key(header::IF_MATCH)
        {
            return None;
        }
        let fields = binding.contract().fields();
        let field = fields.iter().find(|field| field.name == variable)?;
        if !matches!(field.holds, Holds::Text) || message::has_field(fields, "request_id") {
            return None;
        }
        Some(Self {
            request: encoded::string_field(field.number, id),
            operation: Operation::Read,
            is_idempotent: false,
            failed_reason: None,
        })
    }

    async fn of<Q>(
        binding: &Binding,
        head: &Parts,
        id: Option<String>,
        body: axum::body::Body,
    ) -> Result<Self, Problem>
    where
        Q: prost::Message + DeserializeOwned,
    {
        let is_creation = id.is_some() && binding.variable().is_none();
        let precondition = precondition(binding, head, is_creation)?;
        let mut object = body_and_query(binding, head, body).await?;
        if let Some(id) = id {
            set_text(&mut object, &id_field(binding), id, "the one in the address")?;
        }
        if let Some((field, tag)) = &precondition {
            // The body has the tag of the version that was read, and the header takes precedence.
            message::remove(&mut object, field);
            message::insert(&mut object, field, Value::String(tag.clone()));
        }
        if message::has_field(binding.contract().fields(), "request_id")
            && let Some(key) = idempotency::key(&head.headers)?
        {
            set_text(&mut object, "request_id", key, "the one in Idempotency-Key")?;
        }
        let is_idempotent = message::has_text(&object, "request_id");
        let operation = operation(binding, &object);
        let request: Q = message::deserialize(binding.contract(), object, binding.body)?;
        Ok(Self {
            request: request.encode_to_vec().into(),
            operation,
            is_idempotent,
            failed_reason: match precondition {
                Some(_) => Some("ETAG_MISMATCH"),
                None if is_creation => Some("PRODUCT_EXISTS"),
                None => None,
            },
        })
    }
}

/// The fields of the request message in the body and the query.
async fn body_and_query(
    binding: &Binding,
    head: &Parts,
    body: axum::body::Body,
) -> Result<Map<String, Value>, Problem> {
    let fields = binding.contract().fields();
    let in_path = binding.variable().unwrap_or_default();
    let is_replacement = binding.method == Method::PUT;
    let in_query = fields.iter().filter(|field| match binding.body {
        Body::Whole => false,
        Body::Field(_) if is_replacement && field.name == "update_mask" => false,
        Body::Field(name) => field.name != name && field.name != in_path,
        Body::None => field.name != in_path,
    });
    let mut object = message::from_query(in_query, &head.uri, message::QUERY_ALIAS)?;
    match binding.body {
        Body::None if binding.method == Method::GET => {}
        Body::None if http_body::Body::is_end_stream(&body) => {}
        Body::None => merge(&mut object, body::read(&head.headers, body).await?)?,
        // An empty body is an object without fields.
        Body::Whole if http_body::Body::is_end_stream(&body) => {}
        Body::Whole => object = body::read(&head.headers, body).await?,
        Body::Field(name) => {
            let body = body::read(&head.headers, body).await?;
            if message::has_field(fields, "update_mask") && !object.contains_key("updateMask") {
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

/// Sets a string field, which must not have another value already.
fn set_text(
    object: &mut Map<String, Value>,
    field: &str,
    value: String,
    source: &str,
) -> Result<(), Problem> {
    match message::remove(object, field) {
        Some(Value::String(old)) if old == value || old.is_empty() => {}
        None | Some(Value::Null) => {}
        Some(_) => {
            let name = json_name(field.rsplit('.').next().unwrap_or(field));
            return Err(Problem::invalid(name, format!("must be {source}, or absent")));
        }
    }
    message::insert(object, field, Value::String(value));
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

/// The request field that takes the id in the path: the path's variable, or the id of the resource that a
/// conditional PUT creates.
fn id_field(binding: &Binding) -> String {
    match (binding.variable(), binding.body) {
        (Some(variable), _) => variable.to_owned(),
        (None, Body::Field(resource)) => format!("{resource}.id"),
        (None, _) => String::new(),
    }
}

/// The etag in `If-Match`, and the request field that takes it.
///
/// # Errors
/// 400 for a precondition that the method does not have: it is refused rather than ignored.
fn precondition(
    binding: &Binding,
    head: &Parts,
    is_creation: bool,
) -> Result<Option<(String, String)>, Problem> {
    etag::refuse_unsupported(&binding.method, &head.headers, is_creation)?;
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
    let fields = binding.contract().fields();
    if binding.method == Method::GET {
        return None;
    }
    let Some((parent, _)) = binding.variable().and_then(|variable| variable.split_once('.')) else {
        return message::has_field(fields, "etag").then(|| "etag".to_owned());
    };
    let parent_type = fields.iter().find(|field| field.name == parent)?;
    let Holds::Message(message) = &parent_type.holds else { return None };
    let is_versioned = message::has_field(contract::fields(message), "etag");
    is_versioned.then(|| format!("{parent}.etag"))
}

fn operation(binding: &Binding, object: &Map<String, Value>) -> Operation {
    let validate_only = ["validateOnly", "validate_only"].map(|name| object.get(name));
    match binding.method {
        Method::GET => Operation::Read,
        _ if validate_only.contains(&Some(&Value::Bool(true))) => Operation::Validate,
        // `controls:preview` and the like create nothing.
        Method::POST if binding.variable().is_none() && !binding.template.contains(':') => {
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
