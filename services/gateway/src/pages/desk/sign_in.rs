//! Signing in with an API key, and out.

use askama::Template;
use axum::{
    Extension, Form,
    response::{IntoResponse as _, Response},
};
use http::{StatusCode, header};
use proto::catalogue::v1::BrowseProductsRequest;

use super::{
    Frame, html, see_other,
    session::{Sessions, Submitted, credential},
};
use crate::{problem::Problem, upstreams::Upstreams};

#[derive(Template)]
#[template(path = "desk/sign_in.html")]
struct Page {
    frame: Frame,
    /// Why the last attempt failed; empty before one.
    error: String,
}

#[derive(serde::Deserialize)]
pub(super) struct SignIn {
    #[serde(default)]
    key: String,
}

/// `GET /admin/sign-in`.
pub(super) async fn page() -> Result<Response, Problem> {
    answer(String::new())
}

/// `POST /admin/sign-in`: checks the key by a call with it.
pub(super) async fn sign_in(
    upstreams: Upstreams,
    Extension(sessions): Extension<Sessions>,
    Form(SignIn { key }): Form<SignIn>,
) -> Result<Response, Problem> {
    let Some(credential) = credential(key.trim()) else {
        return answer("This is no key.".to_owned());
    };
    let upstreams = upstreams.with_credential(credential.clone());
    let request = BrowseProductsRequest { page_size: 1, ..Default::default() };
    if let Err(status) = upstreams.catalogue().browse_products(request).await {
        let problem = Problem::from(status);
        if problem.status != StatusCode::UNAUTHORIZED {
            return Err(problem);
        }
        return answer(problem.detail);
    }
    let Some(cookie) = sessions.begin(credential) else {
        let detail = "as many sessions are open as this gateway allows";
        return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "TOO_MANY_SESSIONS", detail));
    };
    Ok(([(header::SET_COOKIE, cookie)], see_other("/admin/products")).into_response())
}

/// `POST /admin/sign-out`.
pub(super) async fn sign_out(
    Extension(sessions): Extension<Sessions>,
    submitted: Submitted,
) -> Response {
    sessions.end(submitted.desk.session);
    see_other("/admin/sign-in")
}

fn answer(error: String) -> Result<Response, Problem> {
    let frame = Frame { title: "Sign in".to_owned(), token: String::new() };
    html(&Page { frame, error })
}
