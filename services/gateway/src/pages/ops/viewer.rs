//! Viewers of `/ops`: callers with the scope `read:ops`, by a session of the desk, a key, a token or a certificate.

use std::pin::Pin;

use access::{Origin, Refusal};
use axum::{
    extract::FromRequestParts,
    response::{IntoResponse as _, Redirect, Response},
};
use contract::Class;
use http::{HeaderMap, header::AUTHORIZATION, request::Parts};

use super::{super::desk, OPS_EVENTS};
use crate::{
    contract::{Method, method},
    problem::Problem,
    state::AppState,
    upstreams::Upstreams,
};

/// The method of the contract whose scope the page needs.
const METHOD: &str = "/catalogue.v1.InstanceService/GetInstance";

/// A caller who may see the page.
pub(super) struct Viewer {
    /// Ends when the caller loses that right.
    pub(super) ended: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl FromRequestParts<AppState> for Viewer {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let upstreams = Upstreams::from_request_parts(parts, state).await;
        let upstreams = upstreams.map_err(|problem| problem.into_response())?;
        let session = desk::credential(&parts.headers);
        // Browsers cannot follow the way to sign in with a stream.
        let may_sign_in = parts.uri.path() != OPS_EVENTS;
        let is_anonymous = session.is_none() && !parts.headers.contains_key(AUTHORIZATION);
        let credential = session.unwrap_or_else(|| {
            let own = parts.headers.get_all(AUTHORIZATION).iter();
            own.map(|value| (AUTHORIZATION, value.clone())).collect()
        });
        let class = if may_sign_in { Class::Read } else { Class::Stream };
        let sign_in = || Redirect::to("/admin/sign-in").into_response();
        let identified = match upstreams.identified(class, &parts.headers, credential.clone()) {
            Ok(identified) => identified,
            Err(Refusal::Invalid | Refusal::Expired) if may_sign_in => return Err(sign_in()),
            Err(refusal) => return Err(Problem::from(refusal.status()).into_response()),
        };
        match identified.authorize(needed()) {
            Ok(()) => Ok(Self { ended: ended(&identified, parts, credential) }),
            Err(_) if may_sign_in && is_anonymous => Err(sign_in()),
            Err(status) => Err(Problem::from(status).into_response()),
        }
    }
}

fn needed() -> &'static Method {
    method(METHOD).expect("it is a method of the contract")
}

/// Waits until the credential is no longer what it was.
fn ended(
    upstreams: &Upstreams,
    parts: &Parts,
    credential: HeaderMap,
) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    let access = upstreams.access().clone();
    let Some(origin) = parts.extensions.get::<Origin>().cloned() else {
        return Box::pin(std::future::pending());
    };
    let mut headers = parts.headers.clone();
    headers.remove(AUTHORIZATION);
    headers.extend(credential);
    Box::pin(async move {
        if let Ok(caller) = access.authenticate(&headers, &origin) {
            access.ended(headers, origin, caller).await;
        }
    })
}
