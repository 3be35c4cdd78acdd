//! The address under which the world reaches the gateway.

use std::sync::Arc;

use http::{HeaderMap, Uri, header};

/// `--public-url`, or else the host of each request, which has been checked already.
#[derive(Clone, Debug)]
pub(crate) struct BaseUrl(Option<Arc<str>>);

impl BaseUrl {
    /// `public_url` is a URL without a slash at its end.
    pub(crate) fn new(public_url: Option<&str>) -> Self {
        Self(public_url.map(Arc::from))
    }

    /// The address without a slash at its end, as a request sees it. Behind a proxy that ends TLS only the
    /// setting knows the scheme.
    pub(crate) fn of(&self, uri: &Uri, headers: &HeaderMap) -> String {
        if let Some(url) = &self.0 {
            return url.to_string();
        }
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let host = uri.authority().map(|authority| authority.as_str()).or(host);
        format!("{}://{}", uri.scheme_str().unwrap_or("http"), host.unwrap_or("localhost"))
    }
}

/// Parses the setting.
///
/// # Errors
/// Anything but a scheme and a host, with a port at most.
pub(crate) fn parse(text: &str) -> Result<String, String> {
    let text = text.trim_end_matches('/');
    let uri: Option<Uri> = text.parse().ok();
    let is_url = uri.is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.authority().is_some_and(|authority| !authority.as_str().contains('@'))
            && uri.path() == "/"
            && uri.query().is_none()
    });
    if is_url && !text.contains('#') {
        Ok(text.to_owned())
    } else {
        Err("must be a scheme and a host, such as https://shop.example".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn setting_wins_over_the_request() {
        let headers = HeaderMap::from_iter([(header::HOST, "a.example:8080".parse().unwrap())]);
        let uri = Uri::from_static("/mcp");
        assert_eq!(BaseUrl::new(None).of(&uri, &headers), "http://a.example:8080");
        let set = BaseUrl::new(Some("https://shop.example"));
        assert_eq!(set.of(&uri, &headers), "https://shop.example");
    }

    #[test]
    fn only_a_scheme_and_a_host_are_a_base() {
        assert_eq!(parse("https://shop.example/").as_deref(), Ok("https://shop.example"));
        for bad in [
            "shop.example",
            "ftp://a",
            "https://a/b",
            "https://a?b",
            "https://u@a",
            "https://a#b",
            "",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
