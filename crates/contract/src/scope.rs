//! Scopes: the rights that methods require of their callers.

/// A right of callers. Each method of the contract needs one (`option required_scope`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Reading a storefront's data; needs no credential.
    Read,
    /// Products that are drafts, archived or deleted, and earlier revisions.
    ReadDrafts,
    /// Actors of changes.
    ReadHistory,
    /// Costs of products.
    ReadCosts,
    /// The queries of others.
    ReadQueries,
    /// Products and their import.
    WriteProducts,
    /// Categories.
    WriteCategories,
    /// Stock and reservations.
    WriteStock,
    /// The index, its settings and its statistics.
    AdminSearch,
    /// Keys.
    AdminKeys,
    /// The audit trail.
    ReadAudit,
    /// The state of the deployment: instances, breakers, recent requests.
    ReadOps,
    /// Erasing persons from all records.
    AdminAudit,
    /// The caller's own sessions: every credential has it.
    Session,
    /// Exchange among the services of the deployment.
    Service,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Self; 15] = [
        Self::Read,
        Self::ReadDrafts,
        Self::ReadHistory,
        Self::ReadCosts,
        Self::ReadQueries,
        Self::WriteProducts,
        Self::WriteCategories,
        Self::WriteStock,
        Self::AdminSearch,
        Self::AdminKeys,
        Self::ReadAudit,
        Self::ReadOps,
        Self::AdminAudit,
        Self::Session,
        Self::Service,
    ];

    /// Its name in the contract and in keys.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::ReadDrafts => "read:drafts",
            Self::ReadHistory => "read:history",
            Self::ReadCosts => "read:costs",
            Self::ReadQueries => "read:queries",
            Self::WriteProducts => "write:products",
            Self::WriteCategories => "write:categories",
            Self::WriteStock => "write:stock",
            Self::AdminSearch => "admin:search",
            Self::AdminKeys => "admin:keys",
            Self::ReadAudit => "read:audit",
            Self::ReadOps => "read:ops",
            Self::AdminAudit => "admin:audit",
            Self::Session => "session",
            Self::Service => "service",
        }
    }

    /// Whether it permits changes that are audited. Calls between services are not.
    pub fn is_for_writes(self) -> bool {
        match self {
            Self::WriteProducts
            | Self::WriteCategories
            | Self::WriteStock
            | Self::AdminSearch
            | Self::AdminKeys
            | Self::AdminAudit
            | Self::Session => true,
            Self::Read
            | Self::ReadDrafts
            | Self::ReadHistory
            | Self::ReadCosts
            | Self::ReadQueries
            | Self::ReadAudit
            | Self::ReadOps
            | Self::Service => false,
        }
    }

    /// Whether keys and tokens can be given it. The others come with who the caller is.
    pub fn is_grantable(self) -> bool {
        !matches!(self, Self::Session | Self::Service)
    }

    /// The scope with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_found_by_their_names() {
        assert!(Scope::ALL.iter().all(|scope| Scope::named(scope.name()) == Some(*scope)));
        assert_eq!(Scope::named("write:everything"), None);
    }
}
