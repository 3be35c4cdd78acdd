//! Calls that may not be made.

use std::{collections::HashMap, time::Duration};

use contract::Scope;
use http::HeaderMap;
use rpc::status::{DOMAIN, with_headers};
use tonic::{Code, Status, metadata::MetadataValue};
use tonic_types::{ErrorDetails, StatusExt as _};

use crate::limits::Exceeded;

/// Reason: the method needs a scope, and the call has no credential.
pub const CREDENTIAL_MISSING: &str = "CREDENTIAL_MISSING";
/// Reason: the credential is unknown, revoked or malformed.
pub const CREDENTIAL_INVALID: &str = "CREDENTIAL_INVALID";
/// Reason: the credential has expired.
pub const CREDENTIAL_EXPIRED: &str = "CREDENTIAL_EXPIRED";
/// Reason: the credential lacks the scope that the method needs.
pub const SCOPE_MISSING: &str = "SCOPE_MISSING";
/// Reason: this service does not know the keys yet.
pub const KEYS_UNAVAILABLE: &str = "KEYS_UNAVAILABLE";
/// Reason: a stream ends because its caller may see something else now.
pub const ACCESS_CHANGED: &str = "ACCESS_CHANGED";

/// Reason: the caller calls too often.
pub const RATE_LIMITED: &str = "RATE_LIMITED";

/// Metadata and header that say how to authenticate (RFC 6750, section 3).
const WWW_AUTHENTICATE: &str = "www-authenticate";

/// Why a call may not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// There is no credential.
    Missing(Scope),
    /// The credential is unknown, revoked or malformed. Which, strangers need not know.
    Invalid,
    /// The credential has expired.
    Expired,
    /// The credential lacks this scope.
    Scope(Scope),
    /// The keys are not known yet.
    Unavailable,
    /// The caller of a stream may see something else than when it began.
    Changed,
    /// The caller calls too often.
    Limit(Exceeded),
}

impl Refusal {
    /// Its stable reason.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Missing(_) => CREDENTIAL_MISSING,
            Self::Invalid => CREDENTIAL_INVALID,
            Self::Expired => CREDENTIAL_EXPIRED,
            Self::Scope(_) => SCOPE_MISSING,
            Self::Unavailable => KEYS_UNAVAILABLE,
            Self::Changed => ACCESS_CHANGED,
            Self::Limit(_) => RATE_LIMITED,
        }
    }

    /// The status, with the reason and its cure.
    pub fn status(self) -> Status {
        let (code, message) = match self {
            Self::Missing(Scope::Session) => {
                let message = "needs a credential of the caller's own: send a key or a token as \
                               `authorization: Bearer KEY`";
                (Code::Unauthenticated, message.to_owned())
            }
            Self::Missing(scope) => {
                let scope = scope.name();
                let message = format!(
                    "needs a key with the scope {scope}: send it as `authorization: Bearer KEY`; \
                     `catctl key create --scope {scope}` makes one"
                );
                (Code::Unauthenticated, message)
            }
            Self::Invalid => {
                let message = "the credential is unknown, revoked or malformed; send a valid one, or none to read \
                               what is public";
                (Code::Unauthenticated, message.to_owned())
            }
            Self::Expired => {
                let message = "the credential has expired; use its successor";
                (Code::Unauthenticated, message.to_owned())
            }
            Self::Scope(scope) => {
                let scope = scope.name();
                let message = format!(
                    "the credential lacks the scope {scope}; use one that has it: `catctl key create --scope {scope}`"
                );
                (Code::PermissionDenied, message)
            }
            Self::Unavailable => {
                let message = "this service has not learnt the keys from the catalogue yet; retry after a moment";
                (Code::Unavailable, message.to_owned())
            }
            Self::Changed => {
                (Code::Aborted, "what the caller may see has changed; call again".to_owned())
            }
            Self::Limit(exceeded) => (Code::ResourceExhausted, exceeded.message()),
        };
        let mut about = HashMap::new();
        if let Self::Missing(scope) | Self::Scope(scope) = self {
            about.insert("scope".to_owned(), scope.name().to_owned());
        }
        let mut details = ErrorDetails::with_error_info(self.reason(), DOMAIN, about);
        if let Some(wait) = self.wait() {
            details.set_retry_info(Some(wait));
        }
        let mut status = Status::with_error_details(code, message, details);
        if let Self::Limit(exceeded) = self {
            let mut headers = HeaderMap::new();
            exceeded.add_to(&mut headers);
            status = with_headers(status, headers);
        }
        if let Some(challenge) = self.challenge() {
            let challenge = MetadataValue::try_from(challenge).expect("is made of ASCII");
            status.metadata_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        status
    }

    fn challenge(self) -> Option<String> {
        let realm = "Bearer realm=\"catalogue\"";
        match self {
            Self::Missing(scope) => Some(format!("{realm}, scope=\"{}\"", scope.name())),
            Self::Invalid | Self::Expired => Some(format!("{realm}, error=\"invalid_token\"")),
            Self::Scope(scope) => {
                let scope = scope.name();
                Some(format!("{realm}, error=\"insufficient_scope\", scope=\"{scope}\""))
            }
            Self::Unavailable | Self::Changed | Self::Limit(_) => None,
        }
    }

    /// Time after which a retry may succeed, if one may.
    fn wait(self) -> Option<Duration> {
        match self {
            Self::Unavailable => Some(Duration::from_secs(1)),
            Self::Limit(exceeded) => Some(exceeded.wait),
            Self::Missing(_) | Self::Invalid | Self::Expired | Self::Scope(_) | Self::Changed => {
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_the_scope_and_the_cure() {
        let status = Refusal::Scope(Scope::WriteStock).status();
        assert_eq!(status.code(), Code::PermissionDenied);
        assert!(status.message().contains("catctl key create --scope write:stock"));
        let info = status.get_details_error_info().unwrap();
        assert_eq!(
            (info.reason.as_str(), info.metadata["scope"].as_str()),
            (SCOPE_MISSING, "write:stock")
        );
        let challenge = status.metadata().get(WWW_AUTHENTICATE).unwrap().to_str().unwrap();
        assert!(challenge.starts_with("Bearer ") && challenge.contains("insufficient_scope"));
    }
}
