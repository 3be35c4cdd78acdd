//! Callers.

use std::{fmt, sync::Arc, time::SystemTime};

use contract::Scope;

use crate::{
    keys::{CERTIFICATE, KeyRecord, SessionHolder, TOKEN},
    refusal::Refusal,
    scopes::Scopes,
};

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
        match scope {
            Scope::Session => !matches!(self.principal, Principal::Anonymous),
            scope => self.scopes.has(scope),
        }
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

    /// The id of the caller's key, also if it calls with a session of that.
    pub fn key_id(&self) -> Option<&str> {
        match &self.principal {
            Principal::Key(key) => key.key_id(),
            Principal::Anonymous
            | Principal::Service
            | Principal::Token(_)
            | Principal::Certificate(_) => None,
        }
    }

    /// Holder of the sessions that the caller may begin, with the name for people. `None` for one that is in a session
    /// already, and for those whom no credential of their own names.
    pub fn session_holder(&self) -> Option<(SessionHolder, &str)> {
        match &self.principal {
            Principal::Key(key) if key.session_of.is_none() => {
                Some((SessionHolder::Key(key.id.clone()), &key.name))
            }
            Principal::Token(token) => {
                Some((SessionHolder::Token(token.subject.clone()), &token.subject))
            }
            Principal::Certificate(certificate) => {
                Some((SessionHolder::Certificate(certificate.name.clone()), &certificate.name))
            }
            Principal::Key(_) | Principal::Anonymous | Principal::Service => None,
        }
    }

    /// The session in which the caller is, and its holder.
    pub fn session(&self) -> Option<(&str, &SessionHolder)> {
        match &self.principal {
            Principal::Key(key) => key.session_of.as_ref().map(|holder| (key.id.as_str(), holder)),
            _ => None,
        }
    }

    /// When the caller's credential expires, if it does.
    pub fn expires(&self) -> Option<SystemTime> {
        self.principal.expires()
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
            Self::Key(key) => Some(key.holder()),
            Self::Token(token) => Some((TOKEN, &token.subject)),
            Self::Certificate(certificate) => Some((CERTIFICATE, &certificate.name)),
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
            Self::Key(key) => write!(f, "{}:{}", key.holder().0, key.name),
            Self::Token(token) => write!(f, "token:{}", token.subject),
            Self::Certificate(certificate) => write!(f, "certificate:{}", certificate.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{key::Digest, last_use::LastUse};

    fn in_session(holder: Option<SessionHolder>) -> Caller {
        let record = KeyRecord {
            id: "0123456789ab".to_owned(),
            name: "anna".to_owned(),
            scopes: Scopes::STOREFRONT,
            digest: Digest::of("text"),
            expires: None,
            last_use: LastUse::default(),
            session_of: holder,
        };
        Caller { principal: Principal::Key(Arc::new(record)), scopes: Scopes::STOREFRONT }
    }

    #[test]
    fn a_session_is_known_and_counted_as_its_holder() {
        let key = in_session(None);
        assert_eq!(
            (key.actor().as_deref(), key.key_id()),
            (Some("key:anna"), Some("0123456789ab"))
        );
        assert!(key.session().is_none() && key.session_holder().is_some());
        for (holder, actor, key_id) in [
            (SessionHolder::Key("ba9876543210".to_owned()), "key:anna", Some("ba9876543210")),
            (SessionHolder::Token("anna".to_owned()), "token:anna", None),
        ] {
            let caller = in_session(Some(holder.clone()));
            assert_eq!((caller.actor().as_deref(), caller.key_id()), (Some(actor), key_id));
            assert_eq!(caller.principal.holder(), Some(holder.parts()));
            assert_eq!(caller.session(), Some(("0123456789ab", &holder)));
            assert!(caller.session_holder().is_none(), "no session begins another");
        }
    }

    #[test]
    fn every_credential_may_have_sessions_and_nobody_else() {
        assert!(in_session(None).may(Scope::Session));
        assert_eq!(
            Caller::UNRESTRICTED.require(Scope::Session),
            Err(Refusal::Missing(Scope::Session))
        );
    }
}
