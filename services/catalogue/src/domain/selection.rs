//! Selection: the products that a list or a watch is about.

use filter::Filter;
use product_fields::parse_filter;

use super::{CategoryId, Error, Result};

/// A set of products. The default is all products that are not deleted.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Selection {
    /// Only products in this category or its descendants.
    pub(crate) category: Option<CategoryId>,
    /// Only matching products. `None` if the filter matches all products.
    pub(crate) filter: Option<Filter>,
    /// Includes deleted products.
    pub(crate) show_deleted: bool,
    /// Whether a read replica may answer that lags behind.
    pub(crate) may_be_stale: bool,
}

impl Selection {
    /// Parses a filter expression.
    ///
    /// # Errors
    /// [`Error::Filter`] with the position of the error, or the cost of the filter.
    pub(crate) fn parse_filter(text: &str) -> Result<Option<Filter>> {
        let filter = parse_filter(text).map_err(Error::Filter)?;
        Ok(Some(filter).filter(|filter| !filter.is_everything()))
    }

    /// Canonical text of the selection, which page tokens are bound to.
    pub(crate) fn text(&self) -> String {
        // Unambiguous: ids have no blanks, and the filter is last.
        let category = self.category.as_ref().map_or("", CategoryId::as_str);
        let deleted = if self.show_deleted { " show_deleted" } else { "" };
        match &self.filter {
            None => format!("{category}{deleted}"),
            Some(filter) => format!("{category}{deleted} {filter}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(category: &str, filter: &str, show_deleted: bool) -> String {
        let category = CategoryId::parse(category).ok();
        let filter = Selection::parse_filter(filter).unwrap();
        Selection { category, filter, show_deleted, may_be_stale: false }.text()
    }

    #[test]
    fn selections_are_told_apart_by_what_they_mean() {
        let spelled = text("a", "price < 20 AND brand = 'b'", false);
        assert_eq!(spelled, text("a", "price<20.00   brand=b", false));
        assert_eq!(text("a", "  ", false), "a");
        let others = [
            text("", "price<20 brand=b", false),
            text("a", "brand=b price<20", true),
            text("a", "brand=B price<20", false),
            text("a", "", false),
            text("", "", true),
        ];
        assert!(!others.contains(&spelled));
    }
}
