//! Sessions at the desk: each holds the key that the calls of one browser are made with.
//!
//! The cookie is an opaque id, HttpOnly and SameSite=Strict; the key stays in this process. Forms carry a
//! token besides, since a page of another site can send neither. Sessions are lost with the process, and
//! are known to this gateway only.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use access::credential_of;
use axum::{
    Extension, Form,
    extract::{FromRequest, FromRequestParts, Request},
    response::{IntoResponse as _, Redirect, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use uuid::Uuid;

use crate::{problem::Problem, state::AppState, upstreams::Upstreams};

const COOKIE: &str = "desk";
/// How long a session lasts without a request.
const MAX_IDLE: Duration = Duration::from_secs(8 * 3_600);
const MAX_SESSIONS: usize = 1_000;

/// The sessions of this process. Cheap to clone; clones share them.
#[derive(Clone, Default)]
pub(super) struct Sessions(Arc<Mutex<HashMap<Uuid, Session>>>);

struct Session {
    /// The `authorization` of its calls; empty for an anonymous caller.
    credential: HeaderMap,
    token: Uuid,
    used: Instant,
}

impl Sessions {
    /// Begins a session. Returns the cookie, or `None` while there are too many.
    pub(super) fn begin(&self, credential: HeaderMap) -> Option<HeaderValue> {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|_, session| session.used.elapsed() < MAX_IDLE);
        if sessions.len() >= MAX_SESSIONS {
            return None;
        }
        let id = Uuid::new_v4();
        sessions.insert(id, Session { credential, token: Uuid::new_v4(), used: Instant::now() });
        let cookie = format!("{COOKIE}={id}; Path=/admin; HttpOnly; SameSite=Strict");
        Some(HeaderValue::from_str(&cookie).expect("an id is ASCII"))
    }

    pub(super) fn end(&self, id: Uuid) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    /// The credential and the token of a session.
    fn find(&self, id: Uuid) -> Option<(HeaderMap, Uuid)> {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let session = sessions.get_mut(&id).filter(|session| session.used.elapsed() < MAX_IDLE)?;
        session.used = Instant::now();
        Some((session.credential.clone(), session.token))
    }
}

/// The credential of a key; empty for an empty key. `None` for one that no header can have.
pub(super) fn credential(key: &str) -> Option<HeaderMap> {
    let mut headers = HeaderMap::new();
    if !key.is_empty() {
        let value = HeaderValue::from_str(&format!("Bearer {key}")).ok()?;
        headers.insert(header::AUTHORIZATION, value);
    }
    Some(credential_of(&headers))
}

/// A signed-in caller. Without a session the browser is sent to sign in.
pub(super) struct Desk {
    /// Called with the session's credential.
    pub(super) upstreams: Upstreams,
    /// For the forms of the page.
    pub(super) token: String,
    pub(super) session: Uuid,
}

impl FromRequestParts<AppState> for Desk {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let sign_in = || Redirect::to("/admin/sign-in").into_response();
        let Ok(Extension(sessions)) = Extension::<Sessions>::from_request_parts(parts, state).await
        else {
            return Err(Problem::internal("the desk has no sessions").into_response());
        };
        let session = id_of(&parts.headers).ok_or_else(sign_in)?;
        let (credential, token) = sessions.find(session).ok_or_else(sign_in)?;
        let upstreams = Upstreams::from_request_parts(parts, state).await;
        let upstreams = upstreams.map_err(|problem| problem.into_response())?;
        Ok(Self {
            upstreams: upstreams.with_credential(credential),
            token: token.to_string(),
            session,
        })
    }
}

fn id_of(headers: &HeaderMap) -> Option<Uuid> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|it| it.to_str().ok());
    let mut pairs = cookies.flat_map(|it| it.split(';')).filter_map(|it| it.split_once('='));
    pairs.find(|(name, _)| name.trim() == COOKIE).and_then(|(_, id)| id.trim().parse().ok())
}

/// The fields of a form that a page of the desk has sent.
pub(super) struct Submitted {
    pub(super) desk: Desk,
    fields: Vec<(String, String)>,
}

impl Submitted {
    /// The value of a field, without white space around it; empty if it is missing.
    pub(super) fn field(&self, name: &str) -> &str {
        let field = self.fields.iter().find(|(other, _)| other == name);
        field.map(|(_, value)| value.trim()).unwrap_or_default()
    }
}

impl FromRequest<AppState> for Submitted {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let desk = Desk::from_request_parts(&mut parts, state).await?;
        let request = Request::from_parts(parts, body);
        let form = Form::<Vec<(String, String)>>::from_request(request, state).await;
        let Form(fields) =
            form.map_err(|error| Problem::invalid("form", error.to_string()).into_response())?;
        let submitted = Self { desk, fields };
        if submitted.field("token") != submitted.desk.token {
            let detail = "the form is of another session: load its page again";
            let problem = Problem::new(StatusCode::FORBIDDEN, "FORM_TOKEN_INVALID", detail);
            return Err(problem.into_response());
        }
        Ok(submitted)
    }
}
