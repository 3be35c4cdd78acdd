//! From HTTP to a method of the contract, and back.

use axum::{extract::Request, response::Response};
use bytes::Bytes;
use futures::future::BoxFuture;
use http::{Method, StatusCode, request::Parts};
use rpc::status::reason;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tonic::Status;

use super::{
    answer::{self, Asked},
    binding::{Binding, Body},
    body, etag, idempotency, mask, message,
};
use crate::{
    contract::Holds,
    encoded,
    problem::{Problem, json_name},
    upstreams::Upstreams,
};

/// Answers a request as its line of the table says, where `Q` and `A` are the method's messages.
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
        let call = match Call::of_id(binding, &head, id.as_deref()) {
            Some(call) => call,
            None => Call::of::<Q>(binding, &head, id, body).await?,
        };
        let answer = upstreams.unary(binding.contract(), call.request, call.is_repeatable).await;
        let answer = answer.map_err(|status| refused(status, call.is_conditional))?;
        answer::respond::<A>(&answer, binding, call.asked, &head.headers)
    })
}

/// A call of a method, as a request asks for it.
struct Call {
    /// Encoded.
    request: Bytes,
    asked: Asked,
    /// A write that is known again by its id: it may be sent again.
    is_repeatable: bool,
    /// With an etag that came in `If-Match`.
    is_conditional: bool,
}

impl Call {
    /// A read that says nothing but an id, which is most of them: its request is encoded directly.
    /// None for all others.
    fn of_id(binding: &Binding, head: &Parts, id: Option<&str>) -> Option<Self> {
        let (id, variable) = (id?, binding.variable()?);
        if binding.method != Method::GET || head.uri.query().is_some() {
            return None;
        }
        let fields = binding.contract().fields();
        let field = fields.iter().find(|field| field.name == variable)?;
        if !matches!(field.holds, Holds::Text) || message::has(fields, "request_id") {
            return None;
        }
        Some(Self {
            request: encoded::text(field.number, id),
            asked: Asked::Read,
            is_repeatable: false,
            is_conditional: false,
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
        let precondition = precondition(binding, head)?;
        let mut object = sent(binding, head, body).await?;
        if let Some(id) = id {
            set(&mut object, binding.variable().unwrap_or_default(), id, "the one in the address")?;
        }
        if let Some((field, tag)) = &precondition {
            // The tag in the body is the one of the version that was read: the header has its way.
            message::take(&mut object, field);
            message::put(&mut object, field, Value::String(tag.clone()));
        }
        if message::has(binding.contract().fields(), "request_id")
            && let Some(key) = idempotency::key(&head.headers)?
        {
            set(&mut object, "request_id", key, "the one in Idempotency-Key")?;
        }
        let is_repeatable = message::says(&object, "request_id");
        let asked = asked(binding, &object);
        let request: Q = message::typed(object, binding.body)?;
        Ok(Self {
            request: request.encode_to_vec().into(),
            asked,
            is_repeatable,
            is_conditional: precondition.is_some(),
        })
    }
}

/// What the body and the query say of the request.
async fn sent(
    binding: &Binding,
    head: &Parts,
    body: axum::body::Body,
) -> Result<Map<String, Value>, Problem> {
    let fields = binding.contract().fields();
    let in_path = binding.variable().unwrap_or_default();
    let is_replaced = binding.method == Method::PUT;
    let in_query = fields.iter().filter(|field| match binding.body {
        Body::Whole => false,
        Body::Field(_) if is_replaced && field.name == "update_mask" => false,
        Body::Field(name) => field.name != name && field.name != in_path,
        Body::None => field.name != in_path,
    });
    let mut object = message::of_query(in_query, &head.uri, &[])?;
    match binding.body {
        Body::None => {}
        // Nothing at all is an object without fields.
        Body::Whole if http_body::Body::is_end_stream(&body) => {}
        Body::Whole => object = body::read(&head.headers, body).await?,
        Body::Field(name) => {
            let sent = body::read(&head.headers, body).await?;
            if message::has(fields, "update_mask") && !object.contains_key("updateMask") {
                let all = is_replaced.then(mask::everything);
                let paths = all.or_else(|| mask::of_sent(&sent)).ok_or_else(|| {
                    Problem::invalid("body", "names no field that can be changed here")
                })?;
                object.insert("updateMask".to_owned(), paths);
            }
            object.insert(name.to_owned(), Value::Object(sent));
        }
    }
    Ok(object)
}

/// Sets a text, which the caller may have said as well, but not differently.
fn set(
    object: &mut Map<String, Value>,
    field: &str,
    value: String,
    source: &str,
) -> Result<(), Problem> {
    match message::take(object, field) {
        Some(Value::String(said)) if said == value || said.is_empty() => {}
        None | Some(Value::Null) => {}
        Some(_) => {
            let name = json_name(field.rsplit('.').next().unwrap_or(field));
            return Err(Problem::invalid(name, format!("must be {source}, or absent")));
        }
    }
    message::put(object, field, Value::String(value));
    Ok(())
}

/// The etag that the caller insists on, and the field of the request it belongs in.
///
/// # Errors
/// One where it could not be held: it is refused rather than ignored.
fn precondition(binding: &Binding, head: &Parts) -> Result<Option<(String, String)>, Problem> {
    if binding.method == Method::GET {
        return Ok(None);
    }
    let tag = etag::required(&head.headers)?;
    if tag.is_empty() {
        return Ok(None);
    }
    let parent = binding.variable().and_then(|variable| variable.split_once('.'));
    match parent {
        Some((parent, _)) => Ok(Some((format!("{parent}.etag"), tag))),
        None if message::has(binding.contract().fields(), "etag") => {
            Ok(Some(("etag".to_owned(), tag)))
        }
        None => Err(Problem::invalid("If-Match", "is not heeded here: leave it out")),
    }
}

fn asked(binding: &Binding, object: &Map<String, Value>) -> Asked {
    let check = ["validateOnly", "validate_only"].map(|name| object.get(name));
    match binding.method {
        Method::GET => Asked::Read,
        _ if check.contains(&Some(&Value::Bool(true))) => Asked::Check,
        Method::POST if binding.variable().is_none() => Asked::Creation,
        _ => Asked::Change,
    }
}

/// An etag that came in `If-Match` and is not the current one is a precondition that failed, 412.
fn refused(status: Status, is_conditional: bool) -> Problem {
    let failed = is_conditional && reason(&status).as_deref() == Some("ETAG_MISMATCH");
    let mut problem = Problem::from(status);
    if failed {
        problem.status = StatusCode::PRECONDITION_FAILED;
    }
    problem
}
