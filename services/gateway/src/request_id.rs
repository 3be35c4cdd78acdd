//! The id that follows a request through every service and its logs.

use std::sync::Arc;

use http::{HeaderMap, HeaderValue};
use telemetry::is_request_id;

/// Given by the caller in `x-request-id`, or made here. In every web request's extensions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RequestId(Arc<str>);

impl RequestId {
    /// The header, and the gRPC metadata, that carries it.
    pub(crate) const HEADER: &'static str = "x-request-id";

    /// The caller's, if it is 1 to 64 of `A-Za-z0-9-_.`; otherwise a new one.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let given = headers.get(Self::HEADER).filter(|id| is_request_id(id));
        match given.and_then(|id| id.to_str().ok()) {
            Some(id) => Self(id.into()),
            None => Self(uuid::Uuid::now_v7().to_string().into()),
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn header(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).expect("made of A-Za-z0-9-_. only, see `of`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(value: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(RequestId::HEADER, HeaderValue::from_str(value).unwrap());
        RequestId::of(&headers).as_str().to_owned()
    }

    #[test]
    fn a_good_id_is_kept_and_any_other_replaced() {
        assert_eq!(of("order-7.A_b"), "order-7.A_b");
        for bad in ["", "a b", "id=1", &"x".repeat(65), "ä"] {
            assert_ne!(of(bad), bad);
            assert!(is_request_id(&HeaderValue::from_str(&of(bad)).unwrap()));
        }
    }
}
