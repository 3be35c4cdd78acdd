//! `POST /v1/imports/{id}:undo`: the progress of undoing an import, as lines of JSON.

use axum::{extract::Request, response::Response};
use futures::future::BoxFuture;
use prost::Message as _;
use proto::catalogue::v1::{UndoImportRequest, UndoImportResponse};
use proto::json::{self, MessageType};

use super::{binding::Binding, body, message, ndjson};
use crate::{problem::Problem, upstreams::Upstreams};

pub(super) fn undo(
    binding: &'static Binding,
    upstreams: Upstreams,
    id: Option<String>,
    request: Request,
) -> BoxFuture<'static, Result<Response, Problem>> {
    Box::pin(async move {
        let method = binding.contract();
        upstreams.authorize(method)?;
        let (head, body) = request.into_parts();
        let object = match http_body::Body::is_end_stream(&body) {
            true => serde_json::Map::new(),
            false => body::read(&head.headers, body).await?,
        };
        let mut request: UndoImportRequest = message::deserialize(method, object, binding.body)?;
        request.import_id = id.unwrap_or_default();
        let responses = upstreams.stream(method, request.encode_to_vec().into()).await?;
        Ok(ndjson::lines(responses, method.output(), write))
    })
}

fn write(
    message_type: &'static MessageType,
    response: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), json::Error> {
    json::append::<UndoImportResponse>(message_type, response, out)?;
    out.push(b'\n');
    Ok(())
}
