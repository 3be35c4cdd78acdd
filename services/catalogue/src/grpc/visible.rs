//! Visibility of products to callers.

use access::{Caller, Refusal};
use contract::Scope;
use filter::Filter;
use tonic::{Extensions, Request};

use crate::{
    domain::{Error, Result, Selection},
    store::Count,
};

/// The products that a caller may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Visible {
    /// All, with their pasts.
    All,
    /// The products that are active now.
    Active,
}

/// Returns the products that the caller of a request may see.
pub(super) fn visible<T>(request: &Request<T>) -> Visible {
    Visible::to(caller(request.extensions()))
}

/// Whether the caller of a request may see the authors of changes.
pub(super) fn reveals_actors<T>(request: &Request<T>) -> bool {
    caller(request.extensions()).may(Scope::ReadHistory)
}

/// Whether the caller of a request may see what products cost the shop.
pub(super) fn reveals_costs<T>(request: &Request<T>) -> bool {
    caller(request.extensions()).may(Scope::ReadCosts)
}

/// Checks that a caller may see what products cost the shop.
///
/// # Errors
/// The caller lacks the scope for that.
pub(super) fn require_costs(caller: &Caller) -> Result<()> {
    caller.require(Scope::ReadCosts).map_err(Error::Refused)
}

/// The caller of a request. The server puts it there; without it, no more is shown than to anyone.
pub(super) fn caller(extensions: &Extensions) -> &Caller {
    extensions.get().unwrap_or(&Caller::ANONYMOUS)
}

impl Visible {
    /// Returns the products that the caller may see.
    pub(super) fn to(caller: &Caller) -> Self {
        if caller.may(Scope::ReadDrafts) { Self::All } else { Self::Active }
    }

    /// Whether a product that is active, or not, may be seen.
    pub(super) fn includes(self, is_active: bool) -> bool {
        self == Self::All || is_active
    }

    /// The number of products to show of a category. `None` if it is not shown: all that is in it is hidden.
    pub(super) fn count(self, count: Count) -> Option<u64> {
        match self {
            Self::All => Some(count.all),
            Self::Active => (count.active > 0 || count.all == 0).then_some(count.active),
        }
    }

    /// Checks that all may be seen.
    ///
    /// # Errors
    /// The caller lacks the scope for that.
    pub(super) fn require_all(self) -> Result<()> {
        match self {
            Self::All => Ok(()),
            Self::Active => Err(Error::Refused(Refusal::Scope(Scope::ReadDrafts))),
        }
    }

    /// The filter, restricted to these products.
    pub(super) fn restrict(self, filter: Option<Filter>) -> Option<Filter> {
        if self == Self::All {
            return filter;
        }
        let active = Selection::parse_filter("status = ACTIVE").expect("is a filter");
        let both = match filter {
            // In canonical form there is no `And` in an `And`.
            Some(Filter::And(filters)) => filters,
            filter => filter.into_iter().collect(),
        };
        let mut both: Vec<Filter> = both.into_iter().chain(active).collect();
        Some(if both.len() == 1 { both.swap_remove(0) } else { Filter::And(both) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restricted_filter_cannot_be_widened() {
        let restrict = |text| {
            let filter = Selection::parse_filter(text).unwrap();
            Visible::Active.restrict(filter).unwrap().to_string()
        };
        for (given, meant) in [
            ("", "status = ACTIVE"),
            ("brand = a OR status = DRAFT", "(brand = a OR status = DRAFT) AND status = ACTIVE"),
            ("brand = a price < 2", "brand = a AND price < 2 AND status = ACTIVE"),
            ("NOT status = ACTIVE", "NOT status = ACTIVE AND status = ACTIVE"),
        ] {
            let meant = Selection::parse_filter(meant).unwrap().unwrap();
            assert_eq!(restrict(given), meant.to_string());
        }
        assert_eq!(Visible::All.restrict(None), None);
    }
}
