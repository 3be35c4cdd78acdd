//! The header `Idempotency-Key`, which makes a retried write take effect once.
//!
//! Its value is a string in double quotes (draft-ietf-httpapi-idempotency-key-header); the quotes may
//! be omitted. It becomes the contract's `request_id`, which the catalogue validates.

use http::HeaderMap;

use crate::problem::Problem;

const HEADER: &str = "idempotency-key";

/// Whether the request has a key.
pub(super) fn is_given(headers: &HeaderMap) -> bool {
    headers.contains_key(HEADER)
}

/// The request's key, if it has one.
///
/// # Errors
/// A key that is empty, not ASCII, or given more than once.
pub(crate) fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let invalid = |message: &str| Problem::invalid("Idempotency-Key", message);
    let mut values = headers.get_all(HEADER).into_iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(invalid("is given more than once"));
    }
    let text = value.to_str().map_err(|_| invalid("must be ASCII"))?.trim();
    let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    match quoted.unwrap_or(text) {
        "" => Err(invalid("must not be empty: make an id for each write, such as a UUID")),
        key => Ok(Some(key.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn of(values: &[&str]) -> Result<Option<String>, String> {
        let name = HeaderName::from_static(HEADER);
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(&name, HeaderValue::from_str(value).unwrap());
        }
        key(&headers).map_err(|problem| problem.detail)
    }

    #[test]
    fn key_is_accepted_with_and_without_quotes() {
        assert_eq!(of(&[]), Ok(None));
        for key in ["\"order-7\"", "order-7", " \"order-7\" "] {
            assert_eq!(of(&[key]), Ok(Some("order-7".to_owned())), "{key}");
        }
    }

    #[test]
    fn empty_and_repeated_keys_are_refused() {
        for bad in [&[""][..], &["\"\""], &["a", "b"]] {
            assert!(of(bad).is_err_and(|detail| detail.starts_with("Idempotency-Key")), "{bad:?}");
        }
    }
}
