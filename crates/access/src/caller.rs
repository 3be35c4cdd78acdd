//! Callers.

use std::{fmt, sync::Arc};

use contract::Scope;

use crate::{keys::KeyRecord, scopes::Scopes};

/// A caller, and what it may do. An extension of each request that is served; cheap to clone.
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
}

impl Caller {
    /// A caller without a credential, where those may do everything.
    pub const UNRESTRICTED: Self = Self { principal: Principal::Anonymous, scopes: Scopes::ALL };
    /// A caller without a credential.
    pub const ANONYMOUS: Self =
        Self { principal: Principal::Anonymous, scopes: Scopes::STOREFRONT };

    /// Whether the caller may do what the scope permits.
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.has(scope)
    }

    /// The name to record with what the caller does; `None` for an anonymous one.
    pub fn actor(&self) -> Option<String> {
        match &self.principal {
            Principal::Anonymous => None,
            named => Some(named.to_string()),
        }
    }
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anonymous => f.write_str("anonymous"),
            Self::Service => f.write_str("service"),
            Self::Key(key) => write!(f, "key:{}", key.name),
        }
    }
}
