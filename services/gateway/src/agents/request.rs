//! The requests of UCP's catalogue. Unknown members are ignored, as the protocol demands of extensions.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::envelope::Failure;

/// The most identifiers of a lookup.
pub(super) const MAX_IDS: usize = 40;
/// The longest identifier, in bytes.
const MAX_ID: usize = 256;
/// The most categories of a filter, options of a selection, and preferences.
const MAX_ITEMS: usize = 20;

/// The query that means all products.
const EVERYTHING: &str = "*";

#[derive(Debug, Default, Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    query: String,
    #[serde(default)]
    pub(super) filters: Filters,
    #[serde(default)]
    pub(super) context: Context,
    #[serde(default)]
    pub(super) pagination: Pagination,
    /// Where some clients send that of `pagination`.
    #[serde(default)]
    cursor: String,
}

impl Search {
    /// The words to find; empty finds everything, as agents mean it by a star.
    pub(super) fn words(&self) -> &str {
        if self.query.trim() == EVERYTHING { "" } else { &self.query }
    }

    pub(super) fn cursor(&self) -> &str {
        let inner = self.pagination.cursor.as_str();
        if inner.is_empty() { &self.cursor } else { inner }
    }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Lookup {
    pub(super) ids: Vec<String>,
    #[serde(default)]
    pub(super) filters: Filters,
    #[serde(default)]
    pub(super) context: Context,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Detail {
    pub(super) id: String,
    #[serde(default)]
    pub(super) selected: Vec<Selected>,
    #[serde(default)]
    pub(super) preferences: Vec<String>,
    #[serde(default)]
    pub(super) filters: Filters,
    #[serde(default)]
    pub(super) context: Context,
}

/// A choice, such as size M.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Selected {
    pub(super) name: String,
    pub(super) label: String,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Filters {
    #[serde(default)]
    pub(super) categories: Vec<String>,
    #[serde(default)]
    pub(super) price: PriceFilter,
}

/// In minor units of the context's currency; without one it has no meaning, and is ignored.
#[derive(Debug, Default, Clone, Copy, Deserialize)]
pub(super) struct PriceFilter {
    pub(super) min: Option<u64>,
    pub(super) max: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Context {
    #[serde(default)]
    pub(super) currency: String,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Pagination {
    #[serde(default)]
    cursor: String,
    pub(super) limit: Option<u32>,
}

/// Reads a request.
///
/// # Errors
/// A member of another type, or too many items.
pub(super) fn read<T: DeserializeOwned + Bounded>(
    object: Map<String, Value>,
) -> Result<T, Failure> {
    let request: T = serde_path_to_error::deserialize(Value::Object(object)).map_err(|error| {
        let text = format!("{} is missing or of another type than the schema says", error.path());
        Failure::Invalid("invalid_request", text)
    })?;
    request.check()?;
    Ok(request)
}

/// A request with bounds on its lists.
pub(super) trait Bounded {
    /// # Errors
    /// A bound is exceeded, or a required input absent.
    fn check(&self) -> Result<(), Failure>;
}

impl Bounded for Search {
    fn check(&self) -> Result<(), Failure> {
        if self.query.trim().is_empty() && self.filters.is_empty() {
            return Err(invalid("give a query, or filters to browse by"));
        }
        if self.pagination.limit == Some(0) {
            return Err(invalid("pagination.limit must be at least 1"));
        }
        self.filters.check()
    }
}

impl Bounded for Lookup {
    fn check(&self) -> Result<(), Failure> {
        if self.ids.is_empty() {
            return Err(invalid("ids must have at least one identifier"));
        }
        if self.ids.len() > MAX_IDS {
            let text = format!("at most {MAX_IDS} ids at once");
            return Err(Failure::Invalid("request_too_large", text));
        }
        self.ids.iter().try_for_each(|id| check_id(id))?;
        self.filters.check()
    }
}

impl Bounded for Detail {
    fn check(&self) -> Result<(), Failure> {
        check_id(&self.id)?;
        if self.selected.len() > MAX_ITEMS || self.preferences.len() > MAX_ITEMS {
            return Err(invalid("too many options are selected or preferred"));
        }
        let is_twice = |(at, it): (usize, &Selected)| {
            self.selected[..at].iter().any(|other| other.name == it.name)
        };
        if self.selected.iter().enumerate().any(is_twice) {
            return Err(invalid("an option is selected twice"));
        }
        self.filters.check()
    }
}

impl Filters {
    pub(super) fn is_empty(&self) -> bool {
        self.categories.is_empty() && self.price.min.is_none() && self.price.max.is_none()
    }

    fn check(&self) -> Result<(), Failure> {
        let is_long = |id: &String| id.len() > MAX_ID;
        if self.categories.len() > MAX_ITEMS || self.categories.iter().any(is_long) {
            return Err(invalid("filters.categories has too many or too long values"));
        }
        Ok(())
    }
}

fn check_id(id: &str) -> Result<(), Failure> {
    if id.is_empty() || id.len() > MAX_ID {
        return Err(invalid("an id must have 1 to 256 bytes"));
    }
    Ok(())
}

pub(super) fn invalid(text: &str) -> Failure {
    Failure::Invalid("invalid_request", text.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn search(request: Value) -> Search {
        let Value::Object(request) = request else { panic!("{request}") };
        read(request).unwrap()
    }

    #[test]
    fn star_finds_everything() {
        assert_eq!(search(json!({ "query": " * " })).words(), "");
        assert_eq!(search(json!({ "query": "mug *" })).words(), "mug *");
        let Value::Object(nothing) = json!({ "query": " " }) else { unreachable!() };
        assert!(matches!(read::<Search>(nothing), Err(Failure::Invalid("invalid_request", _))));
    }

    #[test]
    fn cursor_is_taken_beside_pagination_too() {
        let both = json!({ "query": "a", "cursor": "outer", "pagination": { "cursor": "inner" } });
        assert_eq!(search(both).cursor(), "inner");
        assert_eq!(search(json!({ "query": "a", "cursor": "outer" })).cursor(), "outer");
    }
}
