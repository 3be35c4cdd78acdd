//! Callers.

use std::{fmt, sync::Arc, time::SystemTime};

use contract::Scope;

use crate::{keys::KeyRecord, refusal::Refusal, scopes::Scopes};

/// A caller and its rights. An extension of each request that is served; cheap to clone.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Its identity.
    pub principal: Principal,
    /// Its rights.
    pub scopes: Scopes,
}

/// Identity of a caller.
#[derive(Debug, Clone)]
pub enum Principal {
    /// Without a credential.
    Anonymous,
    /// A service of the deployment.
    Service,
    /// The holder of a key.
    Key(Arc<KeyRecord>),
    /// The subject of a token.
    Token(Arc<TokenRecord>),
    /// The holder of a client certificate.
    Certificate(Arc<CertificateRecord>),
}

/// A verified token (JWT, RFC 7519).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRecord {
    /// Its `sub`.
    pub subject: String,
    /// Its id, `jti`, if it has one.
    pub id: Option<String>,
    /// Its rights.
    pub scopes: Scopes,
    /// When it expires.
    pub expires: SystemTime,
}

/// A client certificate that the settings give rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateRecord {
    /// Its SPIFFE id or DNS name.
    pub name: String,
    /// Its rights.
    pub scopes: Scopes,
}

impl Caller {
    /// A caller without a credential, on a service that grants such callers everything.
    pub const UNRESTRICTED: Self = Self { principal: Principal::Anonymous, scopes: Scopes::ALL };
    /// A caller without a credential.
    pub const ANONYMOUS: Self =
        Self { principal: Principal::Anonymous, scopes: Scopes::STOREFRONT };
    /// A service of the deployment.
    pub(crate) const SERVICE: Self = Self { principal: Principal::Service, scopes: Scopes::ALL };

    /// Whether the caller has the scope.
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.has(scope)
    }

    /// Checks that the caller has the scope.
    ///
    /// # Errors
    /// It does not.
    pub fn require(&self, scope: Scope) -> Result<(), Refusal> {
        match &self.principal {
            _ if self.may(scope) => Ok(()),
            Principal::Anonymous => Err(Refusal::Missing(scope)),
            Principal::Service
            | Principal::Key(_)
            | Principal::Token(_)
            | Principal::Certificate(_) => Err(Refusal::Scope(scope)),
        }
    }

    /// Whether it is without a credential, and restricted to a storefront's data.
    pub fn is_restricted_anonymous(&self) -> bool {
        matches!(self.principal, Principal::Anonymous) && self.scopes != Scopes::ALL
    }

    /// The id of the caller's key.
    pub fn key_id(&self) -> Option<&str> {
        match &self.principal {
            Principal::Key(key) => Some(&key.id),
            Principal::Anonymous
            | Principal::Service
            | Principal::Token(_)
            | Principal::Certificate(_) => None,
        }
    }

    /// The name to record with the caller's writes; `None` for an anonymous caller.
    pub fn actor(&self) -> Option<String> {
        match &self.principal {
            Principal::Anonymous => None,
            named => Some(named.to_string()),
        }
    }
}

impl Principal {
    /// The holder to count the calls for, by kind and id. `None` for an anonymous caller, which is counted by address,
    /// and for services, which have no limit.
    pub(crate) fn holder(&self) -> Option<(&'static str, &str)> {
        match self {
            Self::Anonymous | Self::Service => None,
            Self::Key(key) => Some(("key", &key.id)),
            Self::Token(token) => Some(("token", &token.subject)),
            Self::Certificate(certificate) => Some(("certificate", &certificate.name)),
        }
    }

    /// When its credential expires, if it does.
    pub(crate) fn expires(&self) -> Option<SystemTime> {
        match self {
            Self::Key(key) => key.expires,
            Self::Token(token) => Some(token.expires),
            Self::Anonymous | Self::Service | Self::Certificate(_) => None,
        }
    }
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anonymous => f.write_str("anonymous"),
            Self::Service => f.write_str("service"),
            Self::Key(key) => write!(f, "key:{}", key.name),
            Self::Token(token) => write!(f, "token:{}", token.subject),
            Self::Certificate(certificate) => write!(f, "certificate:{}", certificate.name),
        }
    }
}
