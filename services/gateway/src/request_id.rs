//! The id of a request, which every service and its logs share.

use std::time::SystemTime;

use http::{HeaderMap, HeaderValue};
use telemetry::is_request_id;
use uuid::{Uuid, fmt::Hyphenated};

/// The request's id: the client's `x-request-id`, or a new one. Every web request has it in its
/// extensions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RequestId(HeaderValue);

impl RequestId {
    /// The name of the header and of the gRPC metadata.
    pub(crate) const HEADER: &'static str = "x-request-id";

    /// The client's id, if it has 1 to 64 of `A-Za-z0-9-_.`; otherwise a new one.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let sent = headers.get(Self::HEADER).filter(|id| is_request_id(id));
        let mut id = sent.cloned().unwrap_or_else(|| {
            let mut text = [0; Hyphenated::LENGTH];
            let text = uuid().hyphenated().encode_lower(&mut text);
            HeaderValue::from_str(text).expect("digits, letters and hyphens")
        });
        // Never indexed by HPACK (RFC 7541, 7.1.3): the value occurs once, and would evict reusable
        // entries from the tables of both sides.
        id.set_sensitive(true);
        Self(id)
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.to_str().expect("made of A-Za-z0-9-_. only, see `of`")
    }

    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

/// A new UUID of version 7. Ids are not secret; `Uuid::now_v7` makes a system call for every id.
fn uuid() -> Uuid {
    let mut random = [0; 10];
    fastrand::fill(&mut random);
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let milliseconds = u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX);
    uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn new_ids_are_unique_and_of_version_7() {
        let ids: Vec<_> = (0..1_000).map(|_| uuid()).collect();
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
        let of_other_thread = std::thread::spawn(uuid).join().unwrap();
        assert!(!ids.contains(&of_other_thread));
    }

    fn of(value: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(RequestId::HEADER, HeaderValue::from_str(value).unwrap());
        RequestId::of(&headers).as_str().to_owned()
    }

    #[test]
    fn valid_id_is_kept_and_any_other_replaced() {
        assert_eq!(of("order-7.A_b"), "order-7.A_b");
        for bad in ["", "a b", "id=1", &"x".repeat(65), "ä"] {
            assert_ne!(of(bad), bad);
            assert!(is_request_id(&HeaderValue::from_str(&of(bad)).unwrap()));
        }
    }
}
