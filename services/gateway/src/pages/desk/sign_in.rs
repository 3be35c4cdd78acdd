//! Handlers of signing in with an API key, and of signing out.

use std::time::Duration;

use access::{Access, KeyText, Refusal};
use askama::Template;
use axum::{
    Form,
    extract::State,
    response::{IntoResponse as _, Response},
};
use contract::Class;
use http::{HeaderMap, StatusCode, header};
use proto::catalogue::v1::{CreateSessionRequest, EndSessionsRequest};
use tokio::time::timeout;

use super::{
    Frame,
    cookie::{SessionCookie, bearer},
    html, see_other,
    session::{Desk, Submitted},
};
use crate::{problem::Problem, state::AppState, upstreams::Upstreams};

/// The full name of the method by which a session begins.
const CREATE_SESSION: &str = "catalogue.v1.KeyService/CreateSession";
/// Maximum wait until this gateway knows a new session. Before that, the next page would be refused and lead to the form
/// again.
const KNOWN_WITHIN: Duration = Duration::from_secs(5);

#[derive(Template)]
#[template(path = "desk/sign_in.html")]
struct Page {
    frame: Frame,
    /// Why the last attempt failed; empty before one.
    error: String,
    /// People can sign in at an identity provider.
    has_provider: bool,
}

#[derive(serde::Deserialize)]
pub(super) struct SignIn {
    #[serde(default)]
    key: String,
}

/// `GET /admin/sign-in`.
pub(super) async fn page(
    State(state): State<AppState>,
    desk: Result<Desk, Response>,
) -> Result<Response, Problem> {
    match desk {
        Ok(_) => Ok(see_other("/admin/products")),
        Err(_) => answer(&state, String::new()),
    }
}

/// `GET /admin/sign-in/done`: goes on if the browser has kept the cookie.
pub(super) async fn done(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    match SessionCookie::of(&headers) {
        Some(_) => Ok(see_other("/admin/products")),
        None => refuse(
            &state,
            "Your browser has not kept the session's cookie. It does so over HTTPS, and for localhost: open this page \
             with https://."
                .to_owned(),
        ),
    }
}

/// `POST /admin/sign-in`: begins a session of the key's holder.
pub(super) async fn sign_in(
    State(state): State<AppState>,
    upstreams: Upstreams,
    headers: HeaderMap,
    Form(SignIn { key }): Form<SignIn>,
) -> Result<Response, Problem> {
    let key = key.trim();
    if key.is_empty() {
        return Ok(signed_in(&SessionCookie::anonymous()));
    }
    let Some(credential) = bearer(key) else { return refuse(&state, "This is no key.".to_owned()) };
    match upstreams.identified(Class::Write, &headers, credential.clone()) {
        Ok(upstreams) => begin(&state, &upstreams).await,
        Err(refusal) => {
            upstreams.audit_refusal(CREATE_SESSION, &credential, refusal);
            match refusal {
                Refusal::Invalid | Refusal::Expired => {
                    refuse(&state, refusal.status().message().to_owned())
                }
                refusal => Err(refusal.status().into()),
            }
        }
    }
}

/// `POST /admin/sign-out`: ends the session, or with the field `everywhere` all of its holder.
pub(super) async fn sign_out(submitted: Submitted) -> Result<Response, Problem> {
    let everywhere = !submitted.field("everywhere").is_empty();
    if let SessionCookie::Key(_) = submitted.desk.cookie {
        let mut sessions = submitted.desk.upstreams.sessions();
        match sessions.end_sessions(EndSessionsRequest { everywhere }).await {
            Ok(_) => {}
            // It has ended already.
            Err(status) if status.code() == tonic::Code::Unauthenticated => {}
            Err(status) => return Err(status.into()),
        }
    }
    let removed = [(header::SET_COOKIE, SessionCookie::removed())];
    Ok((removed, see_other("/admin/sign-in")).into_response())
}

/// Begins a session for the caller of these upstreams.
pub(super) async fn begin(state: &AppState, upstreams: &Upstreams) -> Result<Response, Problem> {
    let created = upstreams.sessions().create_session(CreateSessionRequest::default()).await;
    let created = match created.map_err(Problem::from) {
        Ok(created) => created.into_inner(),
        Err(problem) if problem.status.is_client_error() => return refuse(state, problem.detail),
        Err(problem) => return Err(problem),
    };
    let key = KeyText::parse(&created.text);
    let key = key.ok_or_else(|| Problem::internal("the catalogue's session has no key"))?;
    // Later it is refused here, and another attempt begins another one.
    let _ = timeout(KNOWN_WITHIN, is_known(upstreams.access(), &key)).await;
    Ok(signed_in(&SessionCookie::Key(key)))
}

async fn is_known(access: &Access, key: &KeyText) {
    let mut changes = access.changes();
    while !access.keys().is_some_and(|keys| keys.has(key.id())) && changes.changed().await.is_ok() {
    }
}

fn signed_in(cookie: &SessionCookie) -> Response {
    ([(header::SET_COOKIE, cookie.set())], see_other("/admin/sign-in/done")).into_response()
}

/// Response 403 with the form and the reason.
pub(super) fn refuse(state: &AppState, error: String) -> Result<Response, Problem> {
    let mut response = answer(state, error)?;
    *response.status_mut() = StatusCode::FORBIDDEN;
    Ok(response)
}

fn answer(state: &AppState, error: String) -> Result<Response, Problem> {
    let frame = Frame::new("Sign in", String::new());
    html(&Page { frame, error, has_provider: state.provider.is_some() })
}
