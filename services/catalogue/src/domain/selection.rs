//! Which products a question is about.

use filter::Filter;
use product_fields::FILTER_SCHEMA;

use super::{CategoryId, Error, Result};

/// Which products a list is of; all that are not deleted, if nothing else is said.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Selection {
    /// Those in this category or below it.
    pub(crate) category: Option<CategoryId>,
    /// Those that match it. None: it would leave nothing out.
    pub(crate) filter: Option<Filter>,
    /// The deleted ones, too.
    pub(crate) show_deleted: bool,
    /// Someone may answer who does not have the latest writes yet.
    pub(crate) may_be_stale: bool,
}

impl Selection {
    /// Reads a filter as somebody wrote it.
    ///
    /// # Errors
    /// [`Error::Filter`] says what is wrong with it, and where.
    pub(crate) fn parse_filter(text: &str) -> Result<Option<Filter>> {
        let filter = FILTER_SCHEMA.parse(text).map_err(Error::Filter)?;
        Ok(Some(filter).filter(|filter| !filter.is_everything()))
    }

    /// A text for each selection, and another for any other: what tokens are bound to.
    pub(crate) fn text(&self) -> String {
        // A category's id has no blank, and the filter comes last.
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
