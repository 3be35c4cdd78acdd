//! Signing in at an identity provider (OpenID Connect).

use std::sync::Arc;

use access::{IdentityProvider, OidcError, Refusal, SignInAnswer};
use axum::{
    extract::{Query, State},
    response::{IntoResponse as _, Response},
};
use contract::Class;
use http::{HeaderMap, header};

use super::{
    cookie::{bearer, host_cookie},
    see_other, sign_in,
};
use crate::{problem::Problem, state::AppState, upstreams::Upstreams};

/// The cookie of an attempt to sign in.
const COOKIE: &str = "__Host-sign-in";
/// Its lifetime, in seconds: that of the attempt.
const MAX_AGE: u32 = 600;

/// `GET /admin/sign-in/oidc`: sends the browser to the identity provider.
pub(super) async fn begin(
    State(state): State<AppState>,
    upstreams: Upstreams,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let provider = provider(&state)?;
    count(&upstreams, &headers)?;
    match provider.begin().await {
        Ok(begun) => {
            let set = host_cookie(COOKIE, &begun.cookie, Some(MAX_AGE));
            Ok(([(header::SET_COOKIE, set)], see_other(&begun.location)).into_response())
        }
        Err(error) => refuse(&state, &error),
    }
}

/// `GET /admin/sign-in/callback`: begins a session of the person with the access token.
pub(super) async fn callback(
    State(state): State<AppState>,
    upstreams: Upstreams,
    headers: HeaderMap,
    Query(answer): Query<SignInAnswer>,
) -> Result<Response, Problem> {
    let provider = provider(&state)?;
    count(&upstreams, &headers)?;
    let cookie = super::super::cookie(&headers, COOKIE).unwrap_or_default();
    let mut response = match provider.finish(cookie, &answer).await {
        Ok(token) => begin_session(&state, &upstreams, &headers, &token).await?,
        Err(error) => refuse(&state, &error)?,
    };
    response.headers_mut().append(header::SET_COOKIE, host_cookie(COOKIE, "", Some(0)));
    Ok(response)
}

async fn begin_session(
    state: &AppState,
    upstreams: &Upstreams,
    headers: &HeaderMap,
    token: &str,
) -> Result<Response, Problem> {
    let credential = bearer(token).ok_or_else(|| Problem::internal("a token that is no header"))?;
    match upstreams.identified(Class::Write, headers, credential) {
        Ok(upstreams) => sign_in::begin(state, &upstreams).await,
        Err(Refusal::Invalid | Refusal::Expired) => refuse(state, &OidcError::Invalid),
        Err(refusal) => Err(refusal.status().into()),
    }
}

/// Counts a request towards the limits of its address: it may make this gateway ask the provider.
fn count(upstreams: &Upstreams, headers: &HeaderMap) -> Result<(), Problem> {
    let counted = upstreams.identified(Class::Write, headers, HeaderMap::new());
    counted.map(drop).map_err(|refusal| refusal.status().into())
}

fn provider(state: &AppState) -> Result<&Arc<IdentityProvider>, Problem> {
    let provider = state.provider.as_ref();
    provider.ok_or_else(|| Problem::no_such_route("/admin/sign-in/oidc"))
}

/// The form with the reason.
fn refuse(state: &AppState, error: &OidcError) -> Result<Response, Problem> {
    if let OidcError::Unavailable(source) = error {
        let error = format!("{source:#}");
        tracing::warn!(error, "the identity provider cannot be asked");
    }
    sign_in::refuse(state, error.to_string())
}
