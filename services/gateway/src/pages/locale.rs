//! The language of a page: the parameter `lang`, else the visitor's earlier choice (a cookie), else
//! `Accept-Language`, else English.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, Request},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderValue, Uri, header, request::Parts};

use super::messages::{ENGLISH, GERMAN, Messages};

/// The parameter's name, and the cookie's.
const NAME: &str = "lang";
/// How long a choice is remembered, in seconds: a year.
const MAX_AGE: u32 = 31_536_000;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Locale {
    #[default]
    English,
    German,
}

impl Locale {
    /// The language of the response to a request.
    pub(crate) fn of(uri: &Uri, headers: &HeaderMap) -> Self {
        chosen(uri).or_else(|| remembered(headers)).unwrap_or_else(|| preferred(headers))
    }

    /// By a language tag (BCP 47), without regard to its region.
    fn named(tag: &str) -> Option<Self> {
        let language = tag.split('-').next().unwrap_or_default().trim();
        [Self::English, Self::German]
            .into_iter()
            .find(|it| it.code().eq_ignore_ascii_case(language))
    }

    /// The tag for `lang` attributes.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// The other language, and its name in that language.
    pub(super) fn other(self) -> (Self, &'static str) {
        match self {
            Self::English => (Self::German, "Deutsch"),
            Self::German => (Self::English, "English"),
        }
    }

    pub(super) fn messages(self) -> &'static Messages {
        match self {
            Self::English => &ENGLISH,
            Self::German => &GERMAN,
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Locale {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.uri, &parts.headers))
    }
}

/// The middleware function that remembers the visitor's choice, and adds `Vary`.
pub(super) async fn remember(request: Request, next: Next) -> Response {
    let chosen = chosen(request.uri());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("accept-language, cookie"));
    if let Some(locale) = chosen {
        let code = locale.code();
        let cookie = format!("{NAME}={code}; Path=/; Max-Age={MAX_AGE}; SameSite=Lax; HttpOnly");
        let cookie = HeaderValue::from_str(&cookie).expect("a cookie of ASCII letters");
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}

fn chosen(uri: &Uri) -> Option<Locale> {
    let pairs = uri.query()?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(name, _)| *name == NAME).find_map(|(_, value)| Locale::named(value))
}

fn remembered(headers: &HeaderMap) -> Option<Locale> {
    super::cookie(headers, NAME).and_then(Locale::named)
}

/// The supported language of the highest quality (RFC 9110, section 12.5.4).
fn preferred(headers: &HeaderMap) -> Locale {
    let ranges = headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|it| it.to_str().ok());
    let mut best = (0.0, Locale::default());
    for range in ranges.flat_map(|it| it.split(',')) {
        let (tag, quality) = range.split_once(";q=").unwrap_or((range, "1"));
        let quality: f32 = quality.trim().parse().unwrap_or(0.0);
        if let Some(locale) = Locale::named(tag.trim())
            && quality > best.0
        {
            best = (quality, locale);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choice_comes_before_the_cookie_and_the_browser() {
        let of = |uri: &'static str, cookie: &str, accept: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, cookie.parse().unwrap());
            headers.insert(header::ACCEPT_LANGUAGE, accept.parse().unwrap());
            Locale::of(&Uri::from_static(uri), &headers)
        };
        for (uri, cookie, accept, locale) in [
            ("/?q=a&lang=de", "lang=en", "en", Locale::German),
            ("/?lang=fr", "a=b; lang=de", "en", Locale::German),
            ("/", "a=b", "de-AT, en;q=0.7", Locale::German),
            ("/", "", "fr, en;q=0.3, de;q=0.5", Locale::German),
            ("/", "", "fr, it;q=x", Locale::English),
        ] {
            assert_eq!(of(uri, cookie, accept), locale, "{uri} {cookie} {accept}");
        }
    }
}
