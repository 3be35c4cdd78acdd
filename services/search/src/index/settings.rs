//! What merchandisers and operators have said about searching, in words that no engine owns.
//!
//! A search takes [`Settings`] by reference. Whoever keeps them makes new ones when something
//! changes; what an engine derives from them it derives once.

use filter::{Filter, Kind, Schema};
use std::{collections::BTreeSet, str::FromStr, sync::OnceLock, time::SystemTime};

/// Words that mean the same.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Synonyms {
    /// A word or several. Empty: all `words` mean each other. Else only one way: who asks for this
    /// finds `words` as well.
    pub(crate) input: String,
    pub(crate) words: Vec<String>,
}

/// What decides between hits that match equally well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TieBreaker {
    InStock,
    /// The number in the attribute `popularity`, the highest first.
    Popularity,
    Newest,
    Price,
    PriceDescending,
}

/// What a merchandiser wants of certain queries.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Control {
    pub(crate) id: String,
    /// Queries that read like one of these. Empty, as `contains`: every query.
    pub(crate) queries: Vec<String>,
    /// Queries that contain one of these, word by word.
    pub(crate) contains: Vec<String>,
    /// Only searches in this category or below it.
    pub(crate) category_id: Option<String>,
    /// Ids of products that come first, in this order.
    pub(crate) pins: Vec<String>,
    /// What the scores of the products that match are multiplied by.
    pub(crate) boosts: Vec<Boost>,
    /// Not before.
    pub(crate) start: Option<SystemTime>,
    /// Not from then on.
    pub(crate) end: Option<SystemTime>,
    pub(crate) disabled: bool,
}

/// Products that come further up, or down.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Boost {
    /// The products meant; of [`product_filter`].
    pub(crate) filter: Filter,
    /// Above 1 boosts, below 1 buries.
    pub(crate) factor: f32,
}

/// All of it. Immutable.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    pub(crate) synonyms: Vec<Synonyms>,
    /// Words that queries are read without; none: those the engine knows for its language.
    pub(crate) stop_words: Option<BTreeSet<String>>,
    /// The most important first.
    pub(crate) tie_breakers: Vec<TieBreaker>,
    pub(crate) controls: Vec<Control>,
    /// What the engine made of them.
    pub(super) read: OnceLock<super::rules::Rules>,
}

impl Settings {
    /// Returns settings of these parts. `stop_words`: `None` if nobody has set any yet.
    pub(crate) fn new(
        synonyms: Vec<Synonyms>,
        stop_words: Option<Vec<String>>,
        tie_breakers: Vec<TieBreaker>,
        controls: Vec<Control>,
    ) -> Self {
        let stop_words = stop_words.map(|words| words.into_iter().collect());
        Self { synonyms, stop_words, tie_breakers, controls, read: OnceLock::new() }
    }
}

impl FromStr for TieBreaker {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name.trim() {
            "in_stock" => Ok(Self::InStock),
            "popularity" => Ok(Self::Popularity),
            "newest" => Ok(Self::Newest),
            "price" => Ok(Self::Price),
            "price desc" => Ok(Self::PriceDescending),
            _ => Err("must be one of in_stock, popularity, newest, price, price desc".to_owned()),
        }
    }
}

/// What products can be filtered by: the catalogue's list, which `docs/filter.md` keeps.
pub(super) const FIELDS: &[(&str, Kind)] = &[
    ("id", Kind::Id),
    ("external_id", Kind::Text),
    ("name", Kind::Text),
    ("description", Kind::Text),
    ("brand", Kind::Text),
    ("labels", Kind::List),
    ("category", Kind::Category),
    ("attributes", Kind::Map),
    ("price", Kind::Decimal),
    ("currency", Kind::Id),
    ("stock_qty", Kind::Integer),
    ("status", Kind::Enum(&["DRAFT", "ACTIVE", "ARCHIVED"])),
    ("sku", Kind::Text),
    ("gtin", Kind::Id),
    ("variants.sku", Kind::Text),
    ("variants.stock_qty", Kind::Integer),
    ("revision", Kind::Integer),
    ("created_at", Kind::Timestamp),
    ("create_time", Kind::Timestamp),
    ("update_time", Kind::Timestamp),
    ("delete_time", Kind::Timestamp),
];

static SCHEMA: Schema = Schema::new(FIELDS);

/// Reads a filter in the catalogue's language.
///
/// # Errors
/// What is wrong with it, and in which column.
pub(crate) fn product_filter(text: &str) -> Result<Filter, String> {
    SCHEMA.parse(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUIDE: &str = include_str!("../../../../docs/filter.md");

    #[test]
    fn the_fields_are_those_of_the_guide() {
        let rows = GUIDE.lines().skip_while(|line| !line.starts_with("| field | kind |")).skip(2);
        let rows = rows.take_while(|line| line.starts_with('|'));
        let cell = |row: &str, number| row.split('|').nth(number).unwrap().trim().replace('`', "");
        let written: Vec<_> = rows.map(|row| (cell(row, 1), cell(row, 2))).collect();
        let kind = |kind: &Kind| match kind {
            Kind::Enum(_) => "enum".to_owned(),
            kind => format!("{kind:?}").to_lowercase(),
        };
        let ours = FIELDS.iter().map(|(name, it)| ((*name).to_owned(), kind(it)));
        assert_eq!(ours.collect::<Vec<_>>(), written);
    }

    #[test]
    fn a_filter_that_is_wrong_says_where() {
        assert!(product_filter("brand = Acme").is_ok());
        assert!(product_filter("colour = red").unwrap_err().contains("column 1"));
    }

    #[test]
    fn tie_breakers_have_names() {
        assert_eq!("price desc".parse(), Ok(TieBreaker::PriceDescending));
        assert!("cheapest".parse::<TieBreaker>().unwrap_err().contains("in_stock"));
    }
}
