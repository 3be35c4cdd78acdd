//! How the values of a file are written.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use super::Rule;
use crate::{
    value::Value,
    values::{
        number::{self, Decimal},
        words::{self, Kind},
    },
};

/// Statements of a map or a user about a file. An omitted one is detected, or has a default.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    pub decimal: Option<Decimal>,
    /// Currency of prices without one.
    pub currency: Option<String>,
    /// Words that stand for a blank cell.
    pub blank: Option<Vec<String>>,
    /// Whether HTML is kept as it is.
    pub keep_html: Option<bool>,
    /// Whether texts that are too long are cut.
    pub cut: Option<bool>,
    pub encoding: Option<String>,
    pub delimiter: Option<char>,
    pub header_line: Option<i64>,
    pub records: Option<String>,
    /// Whether quotes are letters like others.
    pub no_quotes: Option<bool>,
}

impl Settings {
    /// These settings, and `others` where they say nothing.
    #[must_use]
    pub fn or(self, others: Self) -> Self {
        Self {
            decimal: self.decimal.or(others.decimal),
            currency: self.currency.or(others.currency),
            blank: self.blank.or(others.blank),
            keep_html: self.keep_html.or(others.keep_html),
            cut: self.cut.or(others.cut),
            encoding: self.encoding.or(others.encoding),
            delimiter: self.delimiter.or(others.delimiter),
            header_line: self.header_line.or(others.header_line),
            records: self.records.or(others.records),
            no_quotes: self.no_quotes.or(others.no_quotes),
        }
    }
}

/// Currency of prices without one, if neither map nor user names one.
const DEFAULT_CURRENCY: &str = "EUR";

/// How values are read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Style {
    pub(crate) decimal: Decimal,
    pub(crate) currency: Option<String>,
    /// Whether texts are as an export has written them, and stay as they are.
    pub(crate) is_literal: bool,
    /// Whether HTML becomes text.
    pub(crate) strip_html: bool,
    pub(crate) cut: bool,
    /// How the values of columns are written.
    columns: HashMap<String, ColumnStyle>,
    /// Whether a price was read in the default currency.
    pub(crate) assumed_currency: Arc<AtomicBool>,
}

#[derive(Debug, Clone, Copy)]
struct ColumnStyle {
    decimal: Decimal,
    kind: Kind,
}

/// The first values of each source field, without blanks.
#[derive(Debug, Default)]
pub(crate) struct Samples {
    pub(crate) fields: Vec<(String, Vec<String>)>,
    /// Whether all values are texts, of which some stand for numbers and flags.
    pub(crate) are_texts: bool,
}

impl Samples {
    fn of<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let field = self.fields.iter().find(|(field, _)| field == name);
        field.into_iter().flat_map(|(_, values)| values.iter().map(String::as_str))
    }
}

impl Style {
    /// Detects how values are written. `prices` are the source fields of prices: their decimals decide for fields
    /// without any. The file of an export is `literal`: as it was written.
    pub(crate) fn find<'a>(
        settings: &Settings,
        literal: bool,
        samples: &Samples,
        prices: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let given = settings.decimal.or(literal.then_some(Decimal::Dot));
        let shown = |values: &mut dyn Iterator<Item = &str>, default| {
            given.unwrap_or_else(|| number::decimal_of(values, default))
        };
        let mut of_prices = prices.into_iter().flat_map(|name| samples.of(name));
        let decimal = shown(&mut of_prices, Decimal::Either);
        let column = |(name, values): &(String, Vec<String>)| {
            let values = values.iter().map(String::as_str);
            let decimal = shown(&mut values.clone(), decimal);
            let kind = match samples.are_texts {
                true => words::kind(values, decimal),
                false => Kind::Text,
            };
            (name.clone(), ColumnStyle { decimal, kind })
        };
        Self {
            decimal,
            currency: settings.currency.clone(),
            is_literal: literal,
            strip_html: !literal && !settings.keep_html.unwrap_or(false),
            cut: settings.cut.unwrap_or(false),
            columns: samples.fields.iter().map(column).collect(),
            assumed_currency: Arc::default(),
        }
    }

    /// Separator of decimals in the source fields of a rule.
    pub(crate) fn decimal_of(&self, rule: &Rule) -> Decimal {
        self.agreed(rule, |column| column.decimal).unwrap_or(self.decimal)
    }

    /// The kind of the values of a source field.
    pub(crate) fn kind(&self, field: &str) -> Kind {
        self.columns.get(field).map(|column| column.kind).unwrap_or_default()
    }

    /// The kind of the values of a rule.
    pub(crate) fn kind_of(&self, rule: &Rule) -> Kind {
        self.agreed(rule, |column| column.kind).unwrap_or_default()
    }

    /// The part that all source fields of a rule have in common.
    fn agreed<T: PartialEq>(&self, rule: &Rule, part: impl Fn(&ColumnStyle) -> T) -> Option<T> {
        let columns = rule.sources().iter().filter_map(|name| self.columns.get(name));
        let mut parts = columns.map(part);
        let first = parts.next()?;
        parts.all(|other| other == first).then_some(first)
    }

    /// The currency of a price that has none.
    pub(crate) fn default_currency(&self) -> &str {
        self.currency.as_deref().unwrap_or(DEFAULT_CURRENCY)
    }

    /// Records that a price was read that no column gives a currency for, unless it names its own.
    pub(crate) fn assume_currency_of(&self, price: &Value) {
        let names_its_own = matches!(price, Value::Text(text) if number::has_currency(text));
        if self.currency.is_none() && !names_its_own {
            self.assumed_currency.store(true, Ordering::Relaxed);
        }
    }

    /// The default currency, if prices without a currency were read in it and no setting named it.
    pub(crate) fn assumed(&self) -> Option<&'static str> {
        self.assumed_currency.load(Ordering::Relaxed).then_some(DEFAULT_CURRENCY)
    }
}
