//! Forwards unary gRPC calls before the router and its layers: the same as [`super::forward`], at a
//! fraction of the cost.

use std::sync::Arc;

use axum::body::Body;
use http::{Method, Request, Response, StatusCode, Version};
use rpc::status::with_headers;
use server::unary::{UnaryHandler, UnaryReply, UnaryRequest, UnaryResponse, UnaryService};
use telemetry::FailureCause;
use tonic::{Code, Status};
use upstream::ResponseBody;

use super::{
    Route,
    bodies::{ForwardedBody, RequestFault},
    strip,
};
use crate::{
    contract::Kind,
    ops::{Head, Name, Outcome, Requests},
    request_id::RequestId,
    upstreams::Upstreams,
};

/// Forwards the unary methods of the contract.
#[derive(Clone)]
pub(crate) struct UnaryForwarder {
    methods: Arc<[&'static str]>,
    routes: Arc<[Route]>,
}

impl UnaryForwarder {
    pub(crate) fn new(upstreams: &Upstreams, requests: &Requests) -> Self {
        let methods = upstreams.contract().methods();
        let unary = || methods.iter().filter(|method| method.kind == Kind::Unary);
        Self {
            methods: unary().map(|method| method.path).collect(),
            routes: unary().map(|method| Route::of(method, upstreams, requests)).collect(),
        }
    }
}

impl UnaryService for UnaryForwarder {
    fn methods(&self) -> &[&'static str] {
        &self.methods
    }

    fn handler(&self) -> Arc<dyn UnaryHandler> {
        Arc::new(self.clone())
    }
}

impl UnaryHandler for UnaryForwarder {
    fn call(&self, request: UnaryRequest<'_>) -> UnaryReply {
        let UnaryRequest { method, headers, frame, origin, caller, .. } = request;
        let id = RequestId::of(headers);
        let mut forwarded = Request::new(frame);
        *forwarded.method_mut() = Method::POST;
        *forwarded.version_mut() = Version::HTTP_2;
        *forwarded.uri_mut() = self.routes[method].path.clone().into();
        *forwarded.headers_mut() = std::mem::take(headers);
        let headers = forwarded.headers_mut();
        self.routes[method].pass_on(&caller, Some(origin.peer()), headers);
        headers.insert(RequestId::HEADER, id.header());
        let routes = Arc::clone(&self.routes);
        UnaryReply::Later(Box::pin(async move {
            let route = &routes[method];
            let upstream = route.upstream(forwarded.headers());
            let head = Head { name: Name::Grpc(route.name), id: id.clone() };
            let serving = async {
                let response = upstream.unary(forwarded).await;
                response.and_then(|response| to_unary_response(response, route.service))
            };
            match route.requests.observe(head, serving, outcome).await {
                Ok(mut response) => {
                    response.headers.insert(RequestId::HEADER, id.header());
                    Ok(response)
                }
                Err(mut status) => {
                    if let Ok(id) = id.as_str().parse() {
                        status.metadata_mut().insert(RequestId::HEADER, id);
                    }
                    Err(status)
                }
            }
        }))
    }
}

fn outcome(result: &Result<UnaryResponse, Status>) -> Outcome {
    Outcome::Grpc(result.as_ref().map_or_else(Status::code, |_| Code::Ok))
}

/// Converts the upstream's response. A body larger than the client stack buffers is streamed.
fn to_unary_response(
    response: Response<ResponseBody>,
    service: &'static str,
) -> Result<UnaryResponse, Status> {
    let (head, body) = response.into_parts();
    let mut headers = head.headers;
    strip(&mut headers);
    if let Some(status) = Status::from_header_map(&headers) {
        return Err(status);
    }
    if head.status != StatusCode::OK {
        return Err(Status::unknown(format!("the upstream responded with HTTP {}", head.status)));
    }
    match body.into_whole() {
        Ok((frame, trailers)) => {
            let mut trailers = trailers.unwrap_or_default();
            match Status::from_header_map(&trailers) {
                Some(status) if status.code() == Code::Ok => {}
                Some(status) => return Err(with_headers(status, headers)),
                None => return Err(Status::unknown("the upstream responded without a status")),
            }
            trailers.remove("grpc-status");
            Ok(UnaryResponse { frame, headers, trailers, rest: None })
        }
        Err(body) => {
            let (fault, cause) = (RequestFault::default(), FailureCause::default());
            let rest = Body::new(ForwardedBody::new(*body, fault, service, cause));
            Ok(UnaryResponse { headers, rest: Some(rest), ..UnaryResponse::default() })
        }
    }
}
