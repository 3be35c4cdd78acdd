//! Sets of scopes.

use contract::Scope;

/// A set of scopes.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Scopes(u16);

impl Scopes {
    /// Every scope.
    pub const ALL: Self = Self((1 << Scope::ALL.len()) - 1);
    /// The scopes of a storefront's data.
    pub const STOREFRONT: Self = Self(1 << Scope::Read as u16);

    /// The scopes that a key may hold, with these names; `read` is always among them.
    ///
    /// # Errors
    /// The first name that no key may hold.
    pub fn of_key<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut scopes = Self::STOREFRONT;
        for name in names {
            match Scope::named(name) {
                Some(scope) if scope.is_grantable() => scopes = scopes.with(scope),
                _ => return Err(name.to_owned()),
            }
        }
        Ok(scopes)
    }

    /// Like [`of_key`](Self::of_key), without the names that this version does not know: they permit nothing.
    pub fn known<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let each = names.into_iter().filter_map(|name| Self::of_key([name]).ok());
        each.fold(Self::STOREFRONT, |all, scopes| Self(all.0 | scopes.0))
    }

    /// These scopes and another one.
    #[must_use]
    pub fn with(self, scope: Scope) -> Self {
        Self(self.0 | 1 << scope as u16)
    }

    /// Whether the scope is among them.
    pub fn has(self, scope: Scope) -> bool {
        self.0 & 1 << scope as u16 != 0
    }

    /// Their names, in the order of [`Scope::ALL`].
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Scope::ALL.into_iter().filter(move |scope| self.has(*scope)).map(Scope::name)
    }

    /// The names that [`of_key`](Self::of_key) takes, for messages.
    pub fn grantable() -> String {
        let names: Vec<_> = Scope::ALL.into_iter().filter(|it| it.is_grantable()).collect();
        names.into_iter().map(Scope::name).collect::<Vec<_>>().join(", ")
    }
}

/// The names, separated by spaces (RFC 6749, section 3.3).
impl std::fmt::Display for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (number, name) in self.names().enumerate() {
            let separator = if number == 0 { "" } else { " " };
            write!(f, "{separator}{name}")?;
        }
        Ok(())
    }
}

impl std::fmt::Debug for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_holds_what_it_is_given_and_read() {
        let scopes = Scopes::of_key(["write:stock", "read:drafts"]).unwrap();
        let names: Vec<_> = scopes.names().collect();
        assert_eq!(names, ["read", "read:drafts", "write:stock"]);
        assert_eq!(scopes.to_string(), "read read:drafts write:stock");
        assert!(!scopes.has(Scope::WriteProducts));
        for name in ["service", "session"] {
            assert_eq!(Scopes::of_key(["read", name]), Err(name.to_owned()));
        }
        assert_eq!(Scopes::of_key(["everything"]), Err("everything".to_owned()));
        assert_eq!(Scopes::known(["write:stock", "service", "read:drafts", "everything"]), scopes);
        assert!(Scope::ALL.iter().all(|scope| Scopes::ALL.has(*scope)));
    }
}
