//! Callers that a service passes on: the gateway has checked a certificate that the next service does not see.
//!
//! Keys and tokens are passed on as they are and checked again. A caller by certificate travels as a header, which is
//! believed only from a service of the deployment: one with a certificate of that role, or with the proof that it has
//! the services' secret. The gateway removes both headers from clients' requests.

use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::{
    caller::{Caller, CertificateRecord, Principal},
    scopes::Scopes,
};

/// Shows that the sender has the services' secret.
pub const SERVICE_PROOF: HeaderName = HeaderName::from_static("x-service-proof");
/// The caller: `service`, for calls of the sender's own, `certificate SCOPES NAME`, or `anonymous`, which restricts the
/// call to a storefront's data, even where callers without a credential have more rights.
pub const FORWARDED_CALLER: HeaderName = HeaderName::from_static("x-forwarded-caller");

/// The client's address, for the audit trail.
pub const CLIENT_ADDRESS: HeaderName = HeaderName::from_static("x-client-address");

const SERVICE: &str = "service";
const ANONYMOUS: &str = "anonymous";
const CERTIFICATE: &str = "certificate";

/// The value of [`FORWARDED_CALLER`] for a caller that no credential shows.
pub(crate) fn value_of(caller: &Caller) -> Option<HeaderValue> {
    if caller.is_restricted_anonymous() {
        return Some(HeaderValue::from_static(ANONYMOUS));
    }
    let Principal::Certificate(certificate) = &caller.principal else { return None };
    let scopes: Vec<_> = certificate.scopes.names().collect();
    let text = format!("{CERTIFICATE} {} {}", scopes.join(","), certificate.name);
    Some(HeaderValue::try_from(text).expect("names and scopes are printable"))
}

/// The value of [`FORWARDED_CALLER`] of a service that calls for itself.
pub(crate) fn own() -> HeaderValue {
    HeaderValue::from_static(SERVICE)
}

/// Whether the headers restrict the call to a storefront's data. Believed from all: it grants nothing.
pub(crate) fn is_anonymous(headers: &HeaderMap) -> bool {
    headers.get(FORWARDED_CALLER).is_some_and(|value| value == ANONYMOUS)
}

/// The caller in the headers of a service's call; `None` without one, or with one that cannot be read.
pub(crate) fn caller_in(headers: &HeaderMap) -> Option<Caller> {
    let text = headers.get(FORWARDED_CALLER)?.to_str().ok()?;
    if text == SERVICE {
        return Some(Caller::SERVICE);
    }
    let mut parts = text.splitn(3, ' ');
    let (CERTIFICATE, scopes, name) = (parts.next()?, parts.next()?, parts.next()?) else {
        return None;
    };
    let scopes = Scopes::of_key(scopes.split(',')).ok()?;
    let record = CertificateRecord { name: name.to_owned(), scopes };
    Some(Caller { principal: Principal::Certificate(Arc::new(record)), scopes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_is_read_as_it_was_written() {
        let scopes = Scopes::of_key(["write:stock"]).unwrap();
        let record = CertificateRecord { name: "spiffe://shop/a".to_owned(), scopes };
        let principal = Principal::Certificate(Arc::new(record));
        let mut headers = HeaderMap::new();
        let certificate = Caller { principal: principal.clone(), scopes };
        headers.insert(FORWARDED_CALLER, value_of(&certificate).unwrap());
        let caller = caller_in(&headers).unwrap();
        assert_eq!((caller.scopes, caller.actor()), (scopes, Some(principal.to_string())));
        headers.insert(FORWARDED_CALLER, own());
        assert!(matches!(caller_in(&headers).unwrap().principal, Principal::Service));
        for bad in ["", "certificate", "certificate read", "certificate all x", "key read x"] {
            headers.insert(FORWARDED_CALLER, HeaderValue::from_static(bad));
            assert!(caller_in(&headers).is_none(), "{bad}");
        }
        assert!(value_of(&Caller::UNRESTRICTED).is_none());
        assert!(!is_anonymous(&headers));
        headers.insert(FORWARDED_CALLER, value_of(&Caller::ANONYMOUS).unwrap());
        assert!(is_anonymous(&headers));
    }
}
