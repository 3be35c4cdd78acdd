//! How the values of a file are written.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::{
    value::Value,
    values::{
        number::{self, Decimal},
        words::Kind,
    },
};

/// Statements of a map or a user about a file; what is left out is found, or has a default.
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

/// Currency of prices without one, if nothing else is said.
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
    /// Kinds of the values of columns.
    pub(crate) kinds: HashMap<String, Kind>,
    /// Whether a price was read in the default currency.
    pub(crate) assumed_currency: Arc<AtomicBool>,
}

impl Style {
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

    /// The currency that prices without one were read in, although nothing said so.
    pub(crate) fn assumed(&self) -> Option<&'static str> {
        self.assumed_currency.load(Ordering::Relaxed).then_some(DEFAULT_CURRENCY)
    }
}
