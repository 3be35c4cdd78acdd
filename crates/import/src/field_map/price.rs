//! The rule for a price.

use proto::{google::r#type::Money, money};

use super::{Rule, Style};
use crate::{
    convert,
    row_error::RowError,
    value::{Record, Value},
    values::number,
};

/// The rule for a price: an amount and its currency.
#[derive(Debug, Clone)]
pub(crate) struct PriceRule {
    pub(crate) amount: Rule,
    /// Whether the amount is in minor units (cents), or a decimal number.
    pub(crate) minor: bool,
    pub(crate) currency: Option<Rule>,
}

impl PriceRule {
    pub(crate) fn rules(&self) -> impl Iterator<Item = &Rule> {
        [Some(&self.amount), self.currency.as_ref()].into_iter().flatten()
    }

    /// Reads what an item costs the shop: in the currency that it names, or in that of the row's price.
    pub(super) fn apply_cost(
        &self,
        record: &Record,
        currency: Option<&Rule>,
        style: &Style,
    ) -> Result<Option<Money>, RowError> {
        let amount = self.amount.value(record);
        let names_its_own =
            matches!(&amount, Some(Value::Text(text)) if number::has_currency(text));
        let currency = self.currency.as_ref().or(currency).filter(|_| !names_its_own);
        self.apply(record, currency, "costs", style)
    }

    /// Reads a price; `currency` is the rule for its currency.
    pub(super) fn apply(
        &self,
        record: &Record,
        currency: Option<&Rule>,
        field: &str,
        style: &Style,
    ) -> Result<Option<Money>, RowError> {
        let Some(value) = self.amount.value(record).filter(|value| !is_blank(value)) else {
            return Ok(None);
        };
        let given = match currency {
            Some(rule) => Some(given_currency(rule, record)?),
            None => None,
        };
        let fault = |message: String| self.amount.error(field, &message);
        if self.minor {
            let code = given.as_deref().unwrap_or(style.default_currency());
            return convert::minor(&value, code).map_err(fault);
        }
        let default = style.default_currency();
        if given.is_none() {
            style.assume_currency_of(&value);
        }
        let decimal = style.decimal_of(&self.amount);
        convert::money(&value, given.as_deref(), default, decimal).map_err(fault)
    }
}

fn given_currency(rule: &Rule, record: &Record) -> Result<String, RowError> {
    let text = match rule.value(record) {
        Some(value) => convert::text(&value),
        None => Ok(String::new()),
    };
    let currency = text.map_err(|message| rule.error("currency", &message))?;
    let currency = currency.trim().to_ascii_uppercase();
    if money::is_currency(&currency) {
        return Ok(currency);
    }
    let message = if currency.is_empty() {
        "is missing; a price requires it".to_owned()
    } else {
        format!("is {currency:?}, must be an ISO 4217 code such as EUR")
    };
    Err(rule.error("price.currency_code", &message))
}

fn is_blank(value: &Value) -> bool {
    value.is_blank() || matches!(value, Value::Text(text) if text.trim().is_empty())
}
