//! Refuses requests that a page of another site makes a visitor's browser send: to a foreign host (DNS
//! rebinding), and writes and WebSockets from a foreign origin (CSRF). Programs other than browsers are not affected.
//!
//! The check of origins follows "A modern approach to preventing CSRF" (Valsorda, 2025), as Go's
//! `http.CrossOriginProtection` does: `Sec-Fetch-Site` decides where it is sent, `Origin` otherwise. A
//! page can set neither.

use std::sync::Arc;

use axum::extract::Request;
use chassis::{AllowedHosts, HostError};
use http::{HeaderMap, Method, StatusCode, Uri, Version, header, uri::Authority};

use crate::problem::Problem;

const SEC_FETCH_SITE: &str = "sec-fetch-site";

/// The hosts and origins that may be used. Cheap to clone.
#[derive(Clone)]
pub(crate) struct SameSite {
    hosts: Arc<AllowedHosts>,
    /// Origins of other pages that may write; `*` for any.
    origins: Arc<[String]>,
}

impl SameSite {
    pub(crate) fn new(hosts: AllowedHosts, origins: &[String]) -> Self {
        Self { hosts: Arc::new(hosts), origins: origins.into() }
    }

    /// Checks a request before it is routed.
    ///
    /// # Errors
    /// 400 without exactly one host, 421 for a foreign host, 403 for a write or a WebSocket from a foreign origin.
    pub(crate) fn check(&self, request: &Request) -> Result<(), Problem> {
        let headers = request.headers();
        if is_native_grpc(request) {
            return Ok(());
        }
        self.hosts.check(request.uri(), headers).map_err(host_problem)?;
        match request.method() {
            &Method::GET | &Method::HEAD | &Method::OPTIONS if !is_upgrade(headers) => Ok(()),
            _ if self.may_write(request.uri(), headers) => Ok(()),
            _ => Err(cross_origin()),
        }
    }

    fn may_write(&self, uri: &Uri, headers: &HeaderMap) -> bool {
        let text = |name| headers.get(name).map(|value: &http::HeaderValue| value.as_bytes());
        let origin = text(header::ORIGIN.as_str());
        let is_listed = |origin: &[u8]| {
            self.origins.iter().any(|listed| listed == "*" || listed.as_bytes() == origin)
        };
        match (text(SEC_FETCH_SITE), origin) {
            (Some(b"same-origin" | b"none"), _) | (None, None) => true,
            (_, Some(origin)) if is_listed(origin) => true,
            (None, Some(origin)) => is_own(origin, uri, headers),
            (Some(_), _) => false,
        }
    }
}

/// Whether a request opens a WebSocket, whose messages a page can read and write without a permission by CORS.
fn is_upgrade(headers: &HeaderMap) -> bool {
    headers.contains_key(header::UPGRADE)
}

/// Whether this is a gRPC call of a program: browsers speak neither HTTP/2 without TLS, nor to a host
/// that the certificate does not name, and they send an `Origin` with each POST. Programs find services
/// by other names than browsers do.
fn is_native_grpc(request: &Request) -> bool {
    let headers = request.headers();
    let kind = headers.get(header::CONTENT_TYPE).map(|kind| kind.as_bytes());
    request.version() == Version::HTTP_2
        && kind.is_some_and(|kind| {
            kind.starts_with(b"application/grpc") && !kind.starts_with(b"application/grpc-web")
        })
        && !headers.contains_key(header::ORIGIN)
        && !headers.contains_key(SEC_FETCH_SITE)
}

/// Whether the origin has the request's own host and port. Its scheme is not compared: behind a proxy that
/// ends TLS, the request's is unknown.
fn is_own(origin: &[u8], uri: &Uri, headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = uri.authority().map(Authority::as_str).or(host);
    let origin = std::str::from_utf8(origin).ok().and_then(|origin| origin.split_once("://"));
    origin.zip(host).is_some_and(|((_, origin), host)| origin.eq_ignore_ascii_case(host))
}

fn host_problem(error: HostError) -> Problem {
    match error {
        HostError::Invalid => {
            let detail = "a request has one Host, with the name or address of this server";
            Problem::new(StatusCode::BAD_REQUEST, "HOST_INVALID", detail)
        }
        HostError::NotAllowed(host) => {
            let host: String = host.chars().take(100).collect();
            let detail = format!(
                "{host} is not a name of this server; its operator allows it with --allowed-host {host}"
            );
            Problem::new(StatusCode::MISDIRECTED_REQUEST, "HOST_NOT_ALLOWED", detail)
        }
    }
}

fn cross_origin() -> Problem {
    let detail = "pages of other origins may not change anything here, nor open a WebSocket; the operator \
                  allows an origin with --cors-origin";
    Problem::new(StatusCode::FORBIDDEN, "CROSS_ORIGIN_WRITE", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may_post(headers: &[(&str, &str)]) -> bool {
        let hosts = AllowedHosts::new("127.0.0.1:8080".parse().unwrap(), &[]);
        let guard = SameSite::new(hosts, &["https://shop.example".to_owned()]);
        let mut request = http::Request::post("/v1/products").header("host", "127.0.0.1:8080");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        guard.check(&request.body(axum::body::Body::empty()).unwrap()).is_ok()
    }

    #[test]
    fn only_known_origins_write() {
        for allowed in [
            &[][..],
            &[("origin", "http://127.0.0.1:8080")],
            &[("origin", "https://shop.example")],
            &[("origin", "https://shop.example"), ("sec-fetch-site", "cross-site")],
            &[("origin", "https://proxied.example"), ("sec-fetch-site", "same-origin")],
            &[("sec-fetch-site", "none")],
        ] {
            assert!(may_post(allowed), "{allowed:?}");
        }
        for refused in [
            &[("origin", "https://evil.example")][..],
            &[("origin", "null")],
            &[("origin", "http://127.0.0.1:8081")],
            &[("origin", "http://127.0.0.1:8080"), ("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site")],
            &[("content-type", "application/grpc"), ("origin", "https://evil.example")],
            &[("content-type", "application/grpc-web+proto"), ("origin", "https://evil.example")],
        ] {
            assert!(!may_post(refused), "{refused:?}");
        }
    }
}
