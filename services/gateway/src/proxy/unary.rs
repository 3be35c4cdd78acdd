//! Unary gRPC calls, forwarded ahead of the general stack: what [`super::forward`] does, without a
//! router, layers and body wrappers.

use std::sync::Arc;

use axum::body::Body;
use http::{HeaderValue, Method, Request, Response, StatusCode, Version, header};
use rpc::status::with_headers;
use server::unary::{UnaryHandler, UnaryReply, UnaryRequest, UnaryResponse, UnaryService};
use tonic::{Code, Status};
use upstream::ResponseBody;

use super::{Route, ending, strip};
use crate::{
    contract::{self, Kind},
    request_id::RequestId,
    upstreams::Upstreams,
};

/// Forwards the unary methods of the contract.
#[derive(Clone)]
pub(crate) struct Forwarder {
    methods: Arc<[&'static str]>,
    routes: Arc<[Route]>,
}

impl Forwarder {
    pub(crate) fn new(upstreams: &Upstreams) -> Self {
        let unary = || contract::methods().iter().filter(|method| method.kind == Kind::Unary);
        Self {
            methods: unary().map(|method| method.path).collect(),
            routes: unary().map(|method| Route::of(method, upstreams)).collect(),
        }
    }
}

impl UnaryService for Forwarder {
    fn methods(&self) -> &[&'static str] {
        &self.methods
    }

    fn handler(&self) -> Arc<dyn UnaryHandler> {
        Arc::new(self.clone())
    }
}

impl UnaryHandler for Forwarder {
    fn call(&self, request: UnaryRequest<'_>) -> UnaryReply {
        let UnaryRequest { method, headers, frame, .. } = request;
        let id = RequestId::of(headers);
        let mut forwarded = Request::new(frame);
        *forwarded.method_mut() = Method::POST;
        *forwarded.version_mut() = Version::HTTP_2;
        *forwarded.uri_mut() = self.routes[method].path.clone().into();
        *forwarded.headers_mut() = std::mem::take(headers);
        let headers = forwarded.headers_mut();
        strip(headers);
        headers.insert(header::TE, HeaderValue::from_static("trailers"));
        headers.insert(RequestId::HEADER, id.header());
        let routes = Arc::clone(&self.routes);
        UnaryReply::Later(Box::pin(async move {
            let route = &routes[method];
            let upstream = route.upstream(forwarded.headers());
            let response = upstream.unary(forwarded).await;
            match response.and_then(|response| passed_on(response, route.service)) {
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

/// The upstream's response as ours. One that is larger than the client stack reads to its end is passed
/// on as it arrives.
fn passed_on(
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
        return Err(Status::unknown(format!("the upstream answered with HTTP {}", head.status)));
    }
    match body.into_whole() {
        Ok((frame, trailers)) => {
            let mut trailers = trailers.unwrap_or_default();
            match Status::from_header_map(&trailers) {
                Some(status) if status.code() == Code::Ok => {}
                Some(status) => return Err(with_headers(status, headers)),
                None => return Err(Status::unknown("the upstream answered without a status")),
            }
            trailers.remove("grpc-status");
            Ok(UnaryResponse { frame, headers, trailers, rest: None })
        }
        Err(body) => {
            let rest = Body::new(ending::Ending::new(*body, ending::Fault::default(), service));
            Ok(UnaryResponse { headers, rest: Some(rest), ..UnaryResponse::default() })
        }
    }
}
