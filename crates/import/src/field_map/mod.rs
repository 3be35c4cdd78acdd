//! The field map: which source field provides the value of which product field.

mod apply;
mod attributes;
mod foreign;
mod offer;
mod overlay;
mod parse;
mod parse_offer;
mod parse_rules;
mod parse_variant;
mod price;
mod settings;
mod shipped;
mod variant;

use std::{
    collections::{BTreeMap, HashSet},
    sync::OnceLock,
};

use product_fields::TextField;
use proto::catalogue::v1::Product;

use crate::{
    convert::{self, Separators},
    names::normalize,
    row_error::RowError,
    value::{Record, Value},
};

pub(crate) use apply::Mapped;
pub use attributes::packed as packed_attributes;
pub(crate) use attributes::{AttributesRule, PackedRule};
pub(crate) use offer::{MeasureRule, OfferRules};
pub use parse::parse;
pub(crate) use price::PriceRule;
pub use settings::Settings;
pub(crate) use settings::{Samples, Style};
pub(crate) use shipped::{SHIPPED, is_known_column, recognise};
pub use shipped::{named as shipped_map, names as shipped_names};
pub(crate) use variant::{OptionRule, RowVariant, VariantRule};

/// Rules for mapping a row to a product; product fields without a rule stay unchanged.
#[derive(Debug, Clone, Default)]
pub struct FieldMap {
    pub(crate) id: Option<Rule>,
    pub(crate) external_id: Option<Rule>,
    pub(crate) etag: Option<Rule>,
    pub(crate) texts: TextRules,
    pub(crate) price: Option<PriceRule>,
    pub(crate) stock_qty: Option<Rule>,
    pub(crate) category_path: Option<Rule>,
    pub(crate) category_ids: Option<Rule>,
    pub(crate) images: Vec<ImageRule>,
    pub(crate) labels: Option<Rule>,
    pub(crate) status: Option<Rule>,
    pub(crate) condition: Option<Rule>,
    pub(crate) offer: OfferRules,
    /// The cost of one item.
    pub(crate) cost: Option<PriceRule>,
    /// A list of objects.
    pub(crate) variants: Option<Rule>,
    /// The variant that a row is.
    pub(crate) variant: VariantRule,
    pub(crate) attributes: Option<AttributesRule>,
    /// The field that is set in rows of another language or shop only.
    pub(crate) locale: Option<Rule>,
    /// Another id of a product, by which rows of its variants name it as `id:N`.
    pub(crate) alias: Option<Rule>,
    pub settings: Settings,
    pub(crate) style: Style,
    /// The source fields, collected when they are first needed.
    named: OnceLock<HashSet<String>>,
}

/// Rules for the plain text fields, in the order of [`TextField::ALL`].
#[derive(Debug, Clone, Default)]
pub(crate) struct TextRules(pub(crate) [Option<Rule>; TextField::COUNT]);

impl TextRules {
    pub(crate) fn set(&mut self, field: TextField, rule: Rule) {
        self.0[field as usize] = Some(rule);
    }
}

/// Source of one value, and how text is split if it is a list.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) source: ValueSource,
    pub(crate) separators: Separators,
    /// Words of the source, in lower case, with their meanings.
    pub(crate) words: BTreeMap<String, Value>,
}

#[derive(Debug, Clone)]
pub(crate) enum ValueSource {
    /// Source fields, of which the first that is not blank counts, and the value used if all are
    /// absent or blank.
    Field {
        names: Vec<String>,
        default: Option<Value>,
    },
    Constant(Value),
}

/// Where pictures come from.
#[derive(Debug, Clone)]
pub(crate) struct ImageRule {
    pub(crate) urls: Rule,
    /// Alternative texts, one for each URL.
    pub(crate) alts: Option<Rule>,
    /// The place of a row's pictures among the product's.
    pub(crate) position: Option<Rule>,
}

/// A product and its update mask: the fields that its row sets.
pub(crate) type MaskedProduct = (Product, Vec<&'static str>);

impl Rule {
    pub(crate) fn field(name: impl Into<String>) -> Self {
        let source = ValueSource::Field { names: vec![name.into()], default: None };
        Self { source, separators: Separators::default(), words: BTreeMap::new() }
    }

    /// The value in a row; `None` if the row lacks the field.
    pub(crate) fn value(&self, record: &Record) -> Option<Value> {
        let value = self.source_value(record)?;
        if self.words.is_empty() {
            return Some(value);
        }
        let word = convert::text(&value).unwrap_or_default().trim().to_lowercase();
        Some(self.words.get(&word).cloned().unwrap_or(value))
    }

    fn source_value(&self, record: &Record) -> Option<Value> {
        match &self.source {
            ValueSource::Constant(value) => Some(value.clone()),
            ValueSource::Field { names, default } => {
                let mut found = None;
                for name in names {
                    let Some(value) = record.at(name) else { continue };
                    if !value.is_blank() {
                        return Some(value.into_owned());
                    }
                    found = Some(value.into_owned());
                }
                default.clone().or(found)
            }
        }
    }

    /// The values of all source fields in a row, for lists; `None` if the row has none of them.
    pub(crate) fn values(&self, record: &Record) -> Option<Value> {
        let ValueSource::Field { names, default } = &self.source else { return self.value(record) };
        if let [_] = &names[..] {
            return self.value(record);
        }
        let found: Vec<_> = names.iter().filter_map(|name| record.at(name)).collect();
        if found.is_empty() {
            return default.clone();
        }
        let found = found.into_iter().filter(|value| !value.is_blank());
        Some(Value::Cells(found.map(std::borrow::Cow::into_owned).collect()))
    }

    pub(crate) fn sources(&self) -> &[String] {
        match &self.source {
            ValueSource::Field { names, .. } => names,
            ValueSource::Constant(_) => &[],
        }
    }

    /// Whether a row can lack the value.
    fn is_constant(&self) -> bool {
        matches!(self.source, ValueSource::Constant(_))
    }

    /// An error of the product field, which also names the source field if that differs.
    pub(crate) fn error(&self, field: &str, message: &str) -> RowError {
        let message = match self.sources() {
            [source, ..] if source != field => format!("{message} (source field {source:?})"),
            _ => message.to_owned(),
        };
        RowError::field(field, message)
    }
}

pub(crate) fn read<T>(
    rule: Option<&Rule>,
    record: &Record,
    field: &str,
    convert: impl Fn(&Value) -> Result<T, String>,
) -> Result<Option<T>, RowError> {
    let Some(rule) = rule else { return Ok(None) };
    let Some(value) = rule.value(record) else { return Ok(None) };
    convert(&value).map(Some).map_err(|message| rule.error(field, &message))
}

impl FieldMap {
    /// Whether several rows can be one product.
    pub(crate) fn groups_rows(&self) -> bool {
        (self.id.is_some() || self.external_id.is_some()) && !self.variant.is_empty()
    }

    /// The source fields that the map reads.
    pub(crate) fn source_fields(&self) -> HashSet<String> {
        let mut fields = HashSet::new();
        let mut map = self.clone();
        map.each_source(&mut |name| {
            fields.insert(name.clone());
        });
        fields
    }

    /// Whether the map reads a source field by its name.
    pub(crate) fn names(&self, field: &str) -> bool {
        self.named.get_or_init(|| self.source_fields()).contains(field)
    }

    /// The source fields that must stand in one column only.
    pub(crate) fn single_fields(&self) -> HashSet<&str> {
        let prices = self.price.iter().chain(&self.variant.price);
        let prices = prices.chain(&self.cost).chain(&self.variant.cost);
        let single =
            [&self.id, &self.external_id, &self.stock_qty, &self.status, &self.variant.sku];
        let single = single.into_iter().chain(&self.texts.0).flatten();
        let single = single.chain(prices.flat_map(PriceRule::rules));
        single.flat_map(Rule::sources).map(String::as_str).collect()
    }

    /// The source fields of prices.
    pub(crate) fn price_fields(&self) -> HashSet<&str> {
        let prices = self.price.iter().chain(&self.variant.price);
        let prices = prices.chain(&self.cost).chain(&self.variant.cost);
        let amounts = prices.map(|price| &price.amount);
        let amounts = amounts.chain(self.offer.price_fields());
        let amounts = amounts.chain(self.variant.offer.price_fields());
        amounts.flat_map(Rule::sources).map(String::as_str).collect()
    }

    /// A map of ids that are SKUs, with prices and stock only: the rows are of variants.
    #[must_use]
    pub(crate) fn by_sku(mut self) -> Self {
        let is_sku =
            |rule: &Rule| rule.sources().iter().all(|name| normalize(name).contains("sku"));
        let only_prices = self.external_id.is_none()
            && self.texts.0.iter().all(Option::is_none)
            && self.category_path.is_none()
            && self.category_ids.is_none()
            && self.images.is_empty()
            && self.labels.is_none()
            && self.status.is_none()
            && self.condition.is_none()
            && self.variants.is_none()
            && self.attributes.is_none()
            && self.variant.sku.is_none();
        if only_prices && self.id.as_ref().is_some_and(|rule| !rule.is_constant() && is_sku(rule)) {
            self.variant.sku = self.id.take();
            self.variant.price = self.price.take();
            self.variant.offer = std::mem::take(&mut self.offer);
            self.variant.cost = self.cost.take();
            self.variant.stock_qty = self.stock_qty.take();
        }
        self
    }
}
