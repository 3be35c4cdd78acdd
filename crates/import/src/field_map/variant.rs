//! The rule for the variant that a row is.

use proto::{
    catalogue::v1::{OptionValue, Variant},
    google::r#type::Money,
};

use super::{OfferRules, PriceRule, Rule, Style, read};
use crate::{
    convert, pairs,
    row_error::RowError,
    value::Record,
    values::{gtin, identifier},
};

/// How a row is a variant.
#[derive(Debug, Clone, Default)]
pub(crate) struct VariantRule {
    pub(crate) sku: Option<Rule>,
    pub(crate) gtin: Option<Rule>,
    pub(crate) price: Option<PriceRule>,
    pub(crate) stock_qty: Option<Rule>,
    pub(crate) offer: OfferRules,
    /// The cost of one item.
    pub(crate) cost: Option<PriceRule>,
    /// The URL of its picture.
    pub(crate) media_url: Option<Rule>,
    pub(crate) options: Vec<OptionRule>,
    /// A field and the value it has in rows that are products without being a variant.
    pub(crate) unless: Option<(Rule, String)>,
}

/// Where an option comes from.
#[derive(Debug, Clone)]
pub(crate) enum OptionRule {
    /// A name that is the same for all rows, and a value.
    Named(String, Rule),
    /// A name that a row may have, for its product, and a value.
    Pair(Rule, Rule),
    /// All options in one field, as an export writes them.
    Packed(Rule),
}

/// The variant in a row.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct RowVariant {
    pub(crate) variant: Variant,
    /// The parts that the row has, as paths of an update mask.
    pub(crate) fields: Vec<&'static str>,
    pub(crate) cost: Option<Money>,
    /// The number of the option, its name if the row has it, and its value.
    pub(crate) options: Vec<(usize, Option<String>, String)>,
}

/// The option that a shop writes for a product without options.
const NO_OPTION: (&str, &str) = ("Title", "Default Title");

impl VariantRule {
    pub(crate) fn is_empty(&self) -> bool {
        self.sku.is_none() && self.gtin.is_none() && self.options.is_empty()
    }

    /// Reads the variant of a row; `None` if the row has none.
    pub(super) fn apply(
        &self,
        record: &Record,
        prices: Option<&PriceRule>,
        stock: Option<&Rule>,
        style: &Style,
    ) -> Result<Option<RowVariant>, RowError> {
        if let Some((rule, value)) = &self.unless
            && read(Some(rule), record, "", convert::filled)?.flatten().as_ref() == Some(value)
        {
            return Ok(None);
        }
        let sku = read(self.sku.as_ref(), record, "variants.sku", |value| {
            identifier::sku(&convert::text(value)?)
        })?;
        let gtin = read(self.gtin.as_ref(), record, "variants.gtin", |value| {
            gtin::clean(&convert::text(value)?)
        })?;
        let (sku, gtin) = (sku.unwrap_or_default(), gtin.unwrap_or_default());
        let mut row = RowVariant { fields: vec!["variants.sku"], ..RowVariant::default() };
        row.options = self.options(record)?;
        if sku.is_empty() && gtin.is_empty() && row.options.is_empty() {
            return Ok(None);
        }
        if !gtin.is_empty() {
            row.fields.push("variants.gtin");
        }
        if !row.options.is_empty() {
            row.fields.push("variants.option_values");
        }
        row.options.retain(|(_, name, value)| {
            (name.as_deref(), value.as_str()) != (Some(NO_OPTION.0), NO_OPTION.1)
                && (name.is_some() || value != NO_OPTION.1)
        });
        if let Some(rule) = &self.price {
            let currency = rule.currency.as_ref().or(prices.and_then(|p| p.currency.as_ref()));
            row.variant.price = rule.apply(record, currency, "variants.price", style)?;
            if row.variant.price.is_some() {
                row.fields.push("variants.price");
            }
        }
        self.apply_offer(record, prices, style, &mut row)?;
        let stock = self.stock_qty.as_ref().or(stock);
        let decimal = stock.map(|rule| style.decimal_of(rule)).unwrap_or_default();
        let stock = read(stock, record, "stock_qty", |value| convert::stock(value, decimal))?;
        if let Some(stock) = stock.flatten() {
            row.variant.stock_qty = stock;
            row.fields.push("variants.stock_qty");
        }
        (row.variant.sku, row.variant.gtin) = (sku, gtin);
        Ok(Some(row))
    }

    /// Reads what the variant has besides its price.
    fn apply_offer(
        &self,
        record: &Record,
        prices: Option<&PriceRule>,
        style: &Style,
        row: &mut RowVariant,
    ) -> Result<(), RowError> {
        let currency = self.price.as_ref().and_then(|price| price.currency.as_ref());
        let currency = currency.or(prices.and_then(|price| price.currency.as_ref()));
        let price = row.variant.price.clone();
        let found = self.offer.apply(record, price.as_ref(), currency, "variants.", style)?;
        row.variant.price = found.price.or(price);
        row.fields.extend(found.fields.iter().map(|field| field.variant_path()));
        found.offer.put_variant(&mut row.variant);
        if let Some(rule) = &self.cost {
            row.cost = rule.apply_cost(record, currency, style)?;
        }
        let urls = read(self.media_url.as_ref(), record, "variants.media_url", |value| {
            let separators = self.media_url.as_ref().map(|rule| rule.separators.clone());
            convert::list(value, &separators.unwrap_or_default())
        })?;
        if let Some(urls) = urls {
            row.variant.media_url =
                urls.first().map(|url| url.trim().to_owned()).unwrap_or_default();
            row.fields.push("variants.media_url");
        }
        Ok(())
    }

    fn options(&self, record: &Record) -> Result<Vec<(usize, Option<String>, String)>, RowError> {
        let mut found = Vec::new();
        for (index, rule) in self.options.iter().enumerate() {
            let text =
                |rule: &Rule| read(Some(rule), record, "variants.option_values", convert::filled);
            match rule {
                OptionRule::Named(name, value) => {
                    if let Some(value) = text(value)?.flatten() {
                        found.push((index, Some(name.clone()), value));
                    }
                }
                OptionRule::Pair(name, value) => {
                    if let Some(value) = text(value)?.flatten() {
                        found.push((index, text(name)?.flatten(), value));
                    }
                }
                OptionRule::Packed(rule) => {
                    let packed = text(rule)?.flatten().unwrap_or_default();
                    let pairs = pairs::unpack(&packed);
                    let fault = |message: String| rule.error("variants.option_values", &message);
                    let options = pairs.map_err(fault)?.into_iter();
                    found.extend(options.map(|(name, value)| (index, Some(name), value)));
                }
            }
        }
        Ok(found)
    }
}

impl RowVariant {
    /// The variant with its options; `names` are the options' names in earlier rows of the product.
    pub(crate) fn resolve(
        mut self,
        names: &[Option<String>],
    ) -> (Variant, Vec<&'static str>, Option<Money>) {
        let options = self.options.into_iter().map(|(index, name, value)| {
            let known = names.get(index).cloned().flatten();
            let name = name.or(known).unwrap_or_else(|| format!("Option {}", index + 1));
            OptionValue { name, value }
        });
        self.variant.option_values = options.collect();
        (self.variant, self.fields, self.cost)
    }
}
