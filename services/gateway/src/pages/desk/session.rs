//! Sessions at the desk: each page is made with the rights of the session that the browser's cookie names.
//!
//! A session is a key for some hours, which the catalogue has issued and every gateway knows. Forms carry a token
//! besides.

use access::Refusal;
use axum::{
    Form,
    extract::{FromRequest, FromRequestParts, Request},
    response::{IntoResponse as _, Response},
};
use contract::Class;
use http::{Method, StatusCode, request::Parts};

use super::{cookie::SessionCookie, form_token, see_other};
use crate::{problem::Problem, state::AppState, upstreams::Upstreams};

/// A caller in a session. Without one the browser is sent to sign in.
pub(super) struct Desk {
    /// Called with the session's credential.
    pub(super) upstreams: Upstreams,
    /// For the forms of the page.
    pub(super) token: String,
    pub(super) cookie: SessionCookie,
}

impl FromRequestParts<AppState> for Desk {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let sign_in = || see_other("/admin/sign-in");
        let cookie = SessionCookie::of(&parts.headers).ok_or_else(sign_in)?;
        let upstreams = Upstreams::from_request_parts(parts, state).await;
        let upstreams = upstreams.map_err(|problem| problem.into_response())?;
        let class = match parts.method {
            Method::GET => Class::Read,
            _ if parts.uri.path().starts_with(super::IMPORT) => Class::Bulk,
            _ => Class::Write,
        };
        match upstreams.identified(class, &parts.headers, cookie.credential()) {
            Ok(upstreams) => {
                let token = form_token::issue(&cookie);
                Ok(Self { upstreams, token, cookie })
            }
            // The cookie stays: another gateway may know a session that has just begun.
            Err(Refusal::Invalid | Refusal::Expired) => Err(sign_in()),
            Err(refusal) => Err(Problem::from(refusal.status()).into_response()),
        }
    }
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
        if !form_token::is_valid(&submitted.desk.cookie, submitted.field("token")) {
            let detail = "the form is of another session: load its page again";
            let problem = Problem::new(StatusCode::FORBIDDEN, "FORM_TOKEN_INVALID", detail);
            return Err(problem.into_response());
        }
        Ok(submitted)
    }
}
