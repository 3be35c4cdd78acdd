//! Calls with a credential.

use std::time::Duration;

use http::Method;
use testkit::{HttpClient, Service};
use tonic::{Request, Status, client::Grpc, codegen::http::uri::PathAndQuery, transport::Channel};
use tonic_types::StatusExt as _;

/// A public method of a service.
pub(crate) fn read_of(service: Service) -> &'static str {
    match service {
        Service::Search => "/search.v1.SearchService/Suggest",
        Service::Catalogue | Service::Gateway => "/catalogue.v1.FeedService/GetWatermark",
    }
}

/// Calls a method with an empty message; returns its first status.
pub(crate) async fn call(channel: &Channel, path: &'static str, key: Option<&str>) -> Status {
    let mut grpc = Grpc::new(channel.clone());
    grpc.ready().await.unwrap();
    let mut request = Request::new(tokio_stream::iter([()]));
    request.set_timeout(Duration::from_secs(10));
    if let Some(key) = key {
        let value = format!("Bearer {key}").parse().unwrap();
        request.metadata_mut().insert("authorization", value);
    }
    let codec = tonic_prost::ProstCodec::<(), ()>::default();
    match grpc.streaming(request, PathAndQuery::from_static(path), codec).await {
        Err(status) => status,
        Ok(response) => match response.into_inner().message().await {
            Err(status) => status,
            Ok(_) => Status::ok(""),
        },
    }
}

pub(crate) fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

pub(crate) fn is_refused(status: &Status) -> bool {
    let reasons = [
        "CREDENTIAL_MISSING",
        "CREDENTIAL_INVALID",
        "CREDENTIAL_EXPIRED",
        "SCOPE_MISSING",
        "KEYS_UNAVAILABLE",
    ];
    reasons.contains(&reason(status).as_str())
}

/// Calls a unary method over gRPC-web with an empty message.
pub(crate) async fn grpc_web(web: &HttpClient, path: &str, key: Option<&str>) -> Status {
    let bearer = bearer(key);
    let headers = headers("application/grpc-web+proto", bearer.as_deref());
    let response = web.send(Method::POST, path, &headers, vec![0; 5]).await.unwrap();
    let refused = Status::from_header_map(&response.headers);
    refused.unwrap_or_else(|| Status::ok("its status is in the body: it was called"))
}

pub(crate) fn bearer(key: Option<&str>) -> Option<String> {
    key.map(|key| format!("Bearer {key}"))
}

pub(crate) fn headers<'a>(kind: &'a str, bearer: Option<&'a str>) -> Vec<(&'a str, &'a str)> {
    let bearer = bearer.map(|bearer| ("authorization", bearer));
    [("content-type", kind)].into_iter().chain(bearer).collect()
}
