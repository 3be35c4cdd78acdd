//! Who acts: the header `x-actor`, kept with each change.

use http::HeaderMap;
use tonic::metadata::{Ascii, MetadataValue};

use crate::problem::Problem;

/// The header, and the gRPC metadata, that carries it.
pub(crate) const HEADER: &str = "x-actor";
/// Characters, as the contract has it.
const MAX_LENGTH: usize = 128;

/// The actor as metadata; none if the caller does not say.
///
/// # Errors
/// One that is too long, not ASCII, or given more than once: it would be lost on the way.
pub(crate) fn of(headers: &HeaderMap) -> Result<Option<MetadataValue<Ascii>>, Problem> {
    let mut given = headers.get_all(HEADER).into_iter();
    let Some(value) = given.next() else { return Ok(None) };
    if given.next().is_some() {
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

    fn given(values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(HEADER, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        headers
    }

    #[test]
    fn an_actor_is_passed_on_whole_or_refused() {
        let actor = of(&given(&["anna@shop.example"])).ok().unwrap().unwrap();
        assert_eq!(actor, "anna@shop.example");
        assert!(of(&given(&[])).ok().unwrap().is_none());
        let long = "x".repeat(MAX_LENGTH + 1);
        for bad in [&["Änna"][..], &[&long], &["anna", "bert"]] {
            assert!(of(&given(bad)).is_err(), "{bad:?}");
        }
    }
}
