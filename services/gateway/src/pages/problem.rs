//! The page of a problem: its cause, and the next steps.

use askama::Template;
use http::StatusCode;

use super::{Layout, locale::Locale, messages::Messages, text};
use crate::{problem::Problem, request_id::RequestId};

#[derive(Template)]
#[template(path = "problem.html")]
pub(super) struct Page {
    layout: Layout,
    m: &'static Messages,
    heading: &'static str,
    advice: &'static str,
    detail: String,
    /// Whether a retry of the request may succeed.
    is_transient: bool,
    status: u16,
    request_id: String,
}

impl Page {
    pub(super) fn new(problem: &Problem, id: &RequestId, locale: Locale) -> Self {
        let m = locale.messages();
        let (heading, advice) = heading_and_advice(problem, m);
        let status = problem.status;
        let is_transient = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
        Self {
            layout: Layout {
                title: heading.to_owned(),
                description: advice.to_owned(),
                ..Layout::new(locale, String::new())
            },
            m,
            heading,
            advice,
            detail: detail(problem),
            is_transient,
            status: status.as_u16(),
            request_id: id.as_str().to_owned(),
        }
    }
}

fn heading_and_advice(problem: &Problem, m: &Messages) -> (&'static str, &'static str) {
    match (problem.status, &*problem.reason) {
        (StatusCode::NOT_FOUND, "PRODUCT_NOT_FOUND") => {
            (m.problem_product, m.problem_product_advice)
        }
        (StatusCode::NOT_FOUND, "CATEGORY_NOT_FOUND") => {
            (m.problem_category, m.problem_category_advice)
        }
        (StatusCode::NOT_FOUND, _) => (m.problem_nothing, m.problem_nothing_advice),
        (_, "PAGE_TOKEN_INVALID") => (m.problem_expired, m.problem_expired_advice),
        (status, _) if status.is_client_error() => (m.problem_invalid, m.problem_invalid_advice),
        (StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT, _) => {
            (m.problem_outage, m.problem_outage_advice)
        }
        _ => (m.problem_fault, m.problem_fault_advice),
    }
}

/// The errors of fields, or else the problem's detail.
fn detail(problem: &Problem) -> String {
    let fields = problem.errors.iter().map(|error| format!("{} {}", error.field, error.message));
    match fields.collect::<Vec<_>>() {
        fields if fields.is_empty() => sentence(&problem.detail),
        fields => text::plain(&fields.join("; ")).chars().take(400).collect(),
    }
}

/// The detail as a sentence, with a capital letter and a full stop.
fn sentence(detail: &str) -> String {
    let mut chars = detail.trim().chars();
    let Some(first) = chars.next() else { return String::new() };
    let sentence: String = first.to_uppercase().chain(chars).take(400).collect();
    let mut sentence = text::plain(&sentence);
    if !sentence.ends_with(['.', '!', '?', '…']) {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;

    fn page(problem: &Problem) -> String {
        Page::new(problem, &RequestId::of(&HeaderMap::new()), Locale::English).render().unwrap()
    }

    #[test]
    fn transient_problem_offers_a_retry() {
        let status = rpc::status::upstream_unavailable("search");
        let html = page(&Problem::from(status));
        assert!(html.contains("Try again") && html.contains("Request"));
        let status = rpc::status::error(tonic::Code::NotFound, "PRODUCT_NOT_FOUND", "no mug");
        let html = page(&Problem::from(status));
        assert!(!html.contains("Try again") && html.contains("This product is not here"));
    }

    #[test]
    fn path_in_the_page_is_escaped() {
        let html = page(&Problem::no_such_route("/<script>alert(1)</script>\u{202e}"));
        assert!(!html.contains("<script>alert") && !html.contains('\u{202e}'));
    }

    #[test]
    fn invalid_page_token_leads_to_the_first_page() {
        let fields = [("page_token", "is not one of ours")];
        let status = rpc::status::invalid_because("PAGE_TOKEN_INVALID", fields);
        let html = page(&Problem::from(status));
        assert!(html.contains("This page has expired") && html.contains("href=\"/\""));
    }
}
