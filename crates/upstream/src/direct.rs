//! Calls to one endpoint by name, beside the stack: for questions about that process.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt as _, Limited};
use rpc::deadline::{GRPC_TIMEOUT, header_of};
use tokio::time::timeout;
use tonic::{Code, Status};

use crate::{
    ResponseBody, Upstream,
    call::{RequestBody, at},
    connection::SendError,
    pool::Connections,
    response::Chunks,
};

/// The largest response, in bytes.
const MAX_RESPONSE: usize = 256 << 10;

impl Upstream {
    /// Makes a unary call to the endpoint with this id over a connection that exists, within `limit`.
    /// Without retries, and without an effect on breakers, the balancer and their reports.
    ///
    /// # Errors
    /// NOT_FOUND if discovery lists no such endpoint, UNAVAILABLE without a connection to it,
    /// DEADLINE_EXCEEDED after `limit`. A status of the endpoint is in the response.
    pub async fn unary_at(
        &self,
        id: &str,
        request: Request<Bytes>,
        limit: Duration,
    ) -> Result<Response<ResponseBody>, Status> {
        let connections = self.connections_to(id);
        let connections = connections.ok_or_else(|| Status::not_found("it is not listed"))?;
        let late = |_| Status::new(Code::DeadlineExceeded, "it does not answer");
        timeout(limit, send(&connections, request, limit)).await.map_err(late)?
    }
}

async fn send(
    connections: &Connections,
    request: Request<Bytes>,
    limit: Duration,
) -> Result<Response<ResponseBody>, Status> {
    if !connections.is_connected() {
        return Err(Status::unavailable("there is no connection to it"));
    }
    let (mut head, body) = request.into_parts();
    head.uri = at(&head.uri, connections.endpoint.authority.clone());
    head.headers.insert(GRPC_TIMEOUT, header_of(limit));
    let request = Request::from_parts(head, RequestBody::from(body));
    let lost = || Status::unavailable("the connection to it was lost");
    let response = match connections.send(request, None).await {
        Ok(response) => response,
        Err(SendError::NeverSent(_) | SendError::Failed(_)) => return Err(lost()),
    };
    let (head, body) = response.into_parts();
    let body = Limited::new(body, MAX_RESPONSE).collect().await.map_err(|_| lost())?;
    let trailers: Option<HeaderMap> = body.trailers().cloned();
    let mut chunks = Chunks::default();
    chunks.push(body.to_bytes());
    Ok(Response::from_parts(head, ResponseBody::whole(chunks, trailers)))
}
