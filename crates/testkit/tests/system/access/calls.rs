//! Calls with a credential.

use std::{collections::HashMap, time::Duration};

use http::Method;
use testkit::{HttpClient, Service};
use tonic::{
    Code, Request, Status, client::Grpc, codegen::http::uri::PathAndQuery, transport::Channel,
};
use tonic_types::{ErrorDetails, StatusExt as _};

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

/// Calls a unary method over Connect with an empty message.
pub(crate) async fn connect(web: &HttpClient, path: &str, key: Option<&str>) -> Status {
    let bearer = bearer(key);
    let headers = headers("application/json", bearer.as_deref());
    let response = web.send(Method::POST, path, &headers, "{}").await.unwrap();
    if response.status.is_success() {
        return Status::ok("");
    }
    let error = response.json();
    let mut details = error["details"].as_array().into_iter().flatten();
    let info = details.find(|detail| detail["type"] == "google.rpc.ErrorInfo");
    let reason = info.and_then(|info| info["debug"]["reason"].as_str()).unwrap_or_default();
    let code = match error["code"].as_str() {
        Some("unauthenticated") => Code::Unauthenticated,
        Some("permission_denied") => Code::PermissionDenied,
        _ => Code::Unknown,
    };
    let details = ErrorDetails::with_error_info(reason, "", HashMap::new());
    Status::with_error_details(code, error.to_string(), details)
}

pub(crate) fn bearer(key: Option<&str>) -> Option<String> {
    key.map(|key| format!("Bearer {key}"))
}

pub(crate) fn headers<'a>(kind: &'a str, bearer: Option<&'a str>) -> Vec<(&'a str, &'a str)> {
    let bearer = bearer.map(|bearer| ("authorization", bearer));
    [("content-type", kind)].into_iter().chain(bearer).collect()
}
