//! The header `x-actor`, which the catalogue stores with each change.

use http::HeaderMap;
use tonic::metadata::{Ascii, MetadataValue};

use crate::problem::Problem;

/// The name of the header and of the gRPC metadata.
pub(crate) const HEADER: &str = "x-actor";
/// The contract's limit, in characters.
const MAX_LENGTH: usize = 128;

/// The request's actor as gRPC metadata, if it has one.
///
/// # Errors
/// An actor that is too long, not ASCII, or given more than once: gRPC could not carry it.
pub(crate) fn of(headers: &HeaderMap) -> Result<Option<MetadataValue<Ascii>>, Problem> {
    let mut values = headers.get_all(HEADER).into_iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Problem::invalid("X-Actor", "is given more than once"));
    }
    let text = value.to_str().ok().filter(|text| text.len() <= MAX_LENGTH);
    match text.map(str::parse) {
        Some(Ok(actor)) => Ok(Some(actor)),
        _ => {
            let message = format!("must be at most {MAX_LENGTH} printable ASCII characters");
            Err(Problem::invalid("X-Actor", message))
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(HEADER, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        headers
    }

    #[test]
    fn actor_is_forwarded_unchanged_or_refused() {
        let actor = of(&headers(&["anna@shop.example"])).ok().unwrap().unwrap();
        assert_eq!(actor, "anna@shop.example");
        assert!(of(&headers(&[])).ok().unwrap().is_none());
        let long = "x".repeat(MAX_LENGTH + 1);
        for bad in [&["Änna"][..], &[&long], &["anna", "bert"]] {
            assert!(of(&headers(bad)).is_err(), "{bad:?}");
        }
    }
}
