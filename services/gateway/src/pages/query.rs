//! The parameters of a list: the search, the chosen filters, the order, the page.
//!
//! They are all that a list depends on, so its URL can be shared. Unknown parameters are ignored, because
//! campaigns add their own.

use axum::extract::Query;
use http::{StatusCode, Uri};
use product_fields::parse_filter;

use super::links;
use crate::problem::Problem;

/// Maximum chosen values; more are ignored.
const MAX_CHOSEN: usize = 40;
/// Begins the name of an attribute's parameter: `a.colour=red`.
const ATTRIBUTE: &str = "a.";

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct ListingQuery {
    pub(super) search: String,
    pub(super) category_id: String,
    /// Parts of the search to take as plain words.
    pub(super) as_words: Vec<String>,
    pub(super) brands: Vec<String>,
    pub(super) currency: String,
    /// Bounds of the price, both included, as decimals in the filter language; empty for none.
    pub(super) min: String,
    pub(super) max: String,
    pub(super) in_stock: bool,
    /// Names and values.
    pub(super) attributes: Vec<(String, String)>,
    /// A filter in the filter language.
    pub(super) filter: String,
    pub(super) sort: Sort,
    /// The number of pages before this one.
    pub(super) page: u32,
    /// The catalogue's page token, where a list comes from there.
    pub(super) after: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Sort {
    #[default]
    Relevance,
    Price,
    PriceDescending,
    Name,
    Newest,
}

impl Sort {
    pub(super) const ALL: [Self; 5] =
        [Self::Relevance, Self::Price, Self::PriceDescending, Self::Name, Self::Newest];

    /// The parameter's value.
    fn name(self) -> &'static str {
        match self {
            Self::Relevance => "",
            Self::Price => "price",
            Self::PriceDescending => "-price",
            Self::Name => "name",
            Self::Newest => "newest",
        }
    }

    /// The search's `order_by`.
    pub(super) fn order_by(self) -> &'static str {
        match self {
            Self::PriceDescending => "price desc",
            other => other.name(),
        }
    }
}

impl ListingQuery {
    /// Reads the parameters of a URL.
    ///
    /// # Errors
    /// 400 for a URL that cannot be decoded, and for an invalid `filter`.
    pub(super) fn parse(uri: &Uri) -> Result<Self, Problem> {
        let Query(params) = Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|_| Problem::invalid("query", "cannot be read as name=value&name=value"))?;
        let mut query = Self::default();
        for (name, value) in params.into_iter().filter(|(_, value)| !value.trim().is_empty()) {
            query.set(&name, value);
        }
        parse_filter(&query.filter).map_err(|refusal| {
            let problem = Problem::invalid("filter", refusal.to_string());
            Problem { reason: refusal.reason().into(), ..problem }
        })?;
        Ok(query)
    }

    fn set(&mut self, name: &str, value: String) {
        let has_room = self.brands.len() + self.attributes.len() < MAX_CHOSEN;
        match name {
            "q" => self.search = value.trim().to_owned(),
            "category" => self.category_id = value,
            "as" => self.as_words.push(value),
            "brand" if has_room && !self.brands.contains(&value) => self.brands.push(value),
            "currency" if proto::money::is_currency(&value) => self.currency = value,
            "min" => self.min = decimal(&value).unwrap_or_default(),
            "max" => self.max = decimal(&value).unwrap_or_default(),
            "stock" => self.in_stock = value == "in",
            "filter" => self.filter = value.trim().to_owned(),
            "sort" => {
                let named = Sort::ALL.into_iter().find(|sort| sort.name() == value);
                self.sort = named.unwrap_or_default();
            }
            "page" => self.page = value.parse::<u32>().map_or(0, |page| page.saturating_sub(1)),
            "after" => self.after = value,
            _ => {
                if let Some(attribute) = name.strip_prefix(ATTRIBUTE)
                    && has_room
                {
                    self.attributes.push((attribute.to_owned(), value));
                }
            }
        }
    }

    /// The list of a category.
    pub(super) fn of_category(category_id: &str) -> Self {
        Self { category_id: category_id.to_owned(), ..Self::default() }
    }

    /// The parameters that are set, in the order of links.
    pub(super) fn pairs(&self) -> Vec<(String, String)> {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut pairs = vec![pair("q", &self.search), pair("category", &self.category_id)];
        // Parts of no search are of no use.
        let as_words = self.as_words.iter().filter(|_| !self.search.is_empty());
        pairs.extend(as_words.map(|span| pair("as", span)));
        pairs.extend(self.brands.iter().map(|brand| pair("brand", brand)));
        pairs.extend([
            pair("currency", &self.currency),
            pair("min", &self.min),
            pair("max", &self.max),
            pair("stock", if self.in_stock { "in" } else { "" }),
        ]);
        let attributes = self.attributes.iter();
        pairs.extend(attributes.map(|(name, value)| (format!("{ATTRIBUTE}{name}"), value.clone())));
        pairs.extend([pair("filter", &self.filter), pair("sort", self.sort.name())]);
        if self.page > 0 {
            pairs.push(("page".to_owned(), (self.page + 1).to_string()));
        }
        pairs.push(pair("after", &self.after));
        pairs.retain(|(_, value)| !value.is_empty());
        pairs
    }

    /// The link to this list.
    pub(super) fn href(&self) -> String {
        let mut href = "/".to_owned();
        for (index, (name, value)) in self.pairs().iter().enumerate() {
            let separator = if index == 0 { '?' } else { '&' };
            href.push_str(&format!("{separator}{}={}", links::encode(name), links::encode(value)));
        }
        href
    }

    /// The first page of the list with a change.
    pub(super) fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut query = Self { page: 0, after: String::new(), ..self.clone() };
        change(&mut query);
        query
    }

    /// The same search in the same category, with nothing chosen.
    pub(super) fn without_choices(&self) -> Self {
        Self {
            search: self.search.clone(),
            category_id: self.category_id.clone(),
            as_words: self.as_words.clone(),
            sort: self.sort,
            ..Self::default()
        }
    }

    /// The choices in the filter language: one condition a field, so that a facet can leave out its own.
    pub(super) fn conditions(&self) -> Vec<String> {
        let mut conditions = Vec::new();
        if !self.filter.is_empty() {
            conditions.push(format!("({})", self.filter));
        }
        if !self.brands.is_empty() {
            let brands =
                self.brands.iter().map(|brand| format!("brand = {}", filter::quote(brand)));
            conditions.push(any(brands));
        }
        if !self.currency.is_empty() {
            conditions.push(format!("currency = {}", self.currency));
        }
        if !self.min.is_empty() {
            conditions.push(format!("price >= {}", self.min));
        }
        if !self.max.is_empty() {
            conditions.push(format!("price <= {}", self.max));
        }
        if self.in_stock {
            conditions.push("stock_qty > 0".to_owned());
        }
        for name in self.attribute_names() {
            let values = self.attributes.iter().filter(|(other, _)| other == name);
            conditions.push(any(values.flat_map(|(name, value)| attribute_tests(name, value))));
        }
        conditions
    }

    /// The names of the attributes of which values are chosen, each once.
    pub(super) fn attribute_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for (name, _) in &self.attributes {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names
    }
}

/// The parameters cannot say whether a value is a text, a number or a flag, so it is tested as each that it
/// may be.
fn attribute_tests(name: &str, value: &str) -> impl Iterator<Item = String> {
    let field = attribute_field(name);
    let text = format!("{field} = {}", filter::quote(value));
    let is_flag = matches!(value, "true" | "false");
    let is_other = is_flag || decimal(value).is_some_and(|number| number == value);
    let other = is_other.then(|| format!("{field} = {value}"));
    std::iter::once(text).chain(other)
}

/// An attribute in the filter language, and as the name of its facet.
pub(super) fn attribute_field(name: &str) -> String {
    format!("attributes.{}", filter::quote(name))
}

fn any(tests: impl Iterator<Item = String>) -> String {
    format!("({})", tests.collect::<Vec<_>>().join(" OR "))
}

/// A number as the filter language has it, from `12.50` or `12,50`.
fn decimal(text: &str) -> Option<String> {
    let text = text.trim().replace(',', ".");
    let (units, fraction) = text.split_once('.').unwrap_or((&text, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_short = units.len() <= 9 && fraction.len() <= 4;
    (is_digits(units) && is_digits(fraction) && is_short).then_some(text)
}

/// 404 for a category that does not exist.
pub(super) fn no_such_category(category_id: &str) -> Problem {
    let detail = format!("there is no category {}", super::text::plain(category_id));
    Problem::new(StatusCode::NOT_FOUND, "CATEGORY_NOT_FOUND", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(uri: &str) -> ListingQuery {
        ListingQuery::parse(&uri.parse().unwrap()).ok().unwrap()
    }

    #[test]
    fn link_has_all_that_was_chosen() {
        let href = "/?q=blue%20mug&category=k&as=%3C%245&brand=A%26B&brand=C&currency=EUR&min=5\
                    &max=9.50&stock=in&a.colour=red&filter=labels%3Anew&sort=-price&page=3";
        assert_eq!(parse(href).href(), href);
        assert_eq!(parse("/").href(), "/");
        assert_eq!(parse("/?as=x").href(), "/");
        assert_eq!(parse(href).with(|query| query.brands.clear()).page, 0);
        assert_eq!(parse("/?a.%22%3E=x").href(), "/?a.%22%3E=x");
    }

    #[test]
    fn unknown_and_senseless_parameters_are_ignored() {
        let query = parse("/?utm_source=x&q=+mug+&min=abc&max=&sort=x&page=t&currency=eur&stock=x");
        assert_eq!(query, ListingQuery { search: "mug".into(), ..Default::default() });
        assert_eq!(parse("/?min=12,5").min, "12.5");
        let many: String = (0..99).map(|number| format!("&brand={number}")).collect();
        assert_eq!(parse(&format!("/?q=a{many}")).brands.len(), MAX_CHOSEN);
    }

    #[test]
    fn choices_are_conditions_of_the_filter_language() {
        let query = parse(
            "/?brand=A&brand=B%22*&min=5&max=9&currency=EUR&stock=in&a.size=20&a.size=M&a.wet=true\
             &filter=labels:new",
        );
        let conditions = query.conditions();
        assert_eq!(
            conditions,
            [
                "(labels:new)",
                "(brand = \"A\" OR brand = 'B\"\\*')",
                "currency = EUR",
                "price >= 5",
                "price <= 9",
                "stock_qty > 0",
                r#"(attributes."size" = "20" OR attributes."size" = 20 OR attributes."size" = "M")"#,
                r#"(attributes."wet" = "true" OR attributes."wet" = true)"#,
            ]
        );
        parse_filter(&conditions.join(" AND ")).unwrap();
    }

    #[test]
    fn invalid_filter_is_refused() {
        let uri = "/?filter=labels:new)%20OR%20(price".parse().unwrap();
        let problem = ListingQuery::parse(&uri).unwrap_err();
        assert_eq!((problem.status.as_u16(), &*problem.reason), (400, "FILTER_INVALID"));
    }
}
