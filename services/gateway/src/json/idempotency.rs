//! The header `Idempotency-Key`: a write that is sent again happens once.
//!
//! As in draft-ietf-httpapi-idempotency-key-header, its value is a string in double quotes; what
//! is not in quotes is taken as well. It is the contract's `request_id`, whose rules the catalogue
//! keeps.

use http::HeaderMap;

use crate::problem::Problem;

const HEADER: &str = "idempotency-key";

/// The key that came with a request; none if none did.
///
/// # Errors
/// One that is empty, not text, or given more than once.
pub(super) fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let refused = |message: &str| Problem::invalid("Idempotency-Key", message);
    let mut given = headers.get_all(HEADER).into_iter();
    let Some(value) = given.next() else { return Ok(None) };
    if given.next().is_some() {
        return Err(refused("is given more than once"));
    }
    let text = value.to_str().map_err(|_| refused("must be ASCII"))?.trim();
    let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    match quoted.unwrap_or(text) {
        "" => Err(refused("must not be empty: make an id for each write, such as a UUID")),
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
    fn a_key_is_taken_with_and_without_its_quotes() {
        assert_eq!(of(&[]), Ok(None));
        for key in ["\"order-7\"", "order-7", " \"order-7\" "] {
            assert_eq!(of(&[key]), Ok(Some("order-7".to_owned())), "{key}");
        }
    }

    #[test]
    fn a_key_that_says_nothing_or_two_things_is_refused() {
        for bad in [&[""][..], &["\"\""], &["a", "b"]] {
            assert!(of(bad).is_err_and(|detail| detail.starts_with("Idempotency-Key")), "{bad:?}");
        }
    }
}
