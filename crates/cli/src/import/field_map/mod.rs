//! The field map: which source field provides the value of which product field.

mod parse;

use std::collections::HashSet;

use product_fields::TextField;
use proto::{catalogue::v1::Product, money};

use super::{
    convert::{self, Separators},
    row_error::RowError,
    value::{Record, Value},
};

pub(crate) use parse::parse;

/// Rules for mapping a row to a product; product fields without a rule stay unchanged.
#[derive(Debug, Clone, Default)]
pub(crate) struct FieldMap {
    pub(crate) id: Option<Rule>,
    pub(crate) external_id: Option<Rule>,
    pub(crate) texts: TextRules,
    pub(crate) price: Option<PriceRule>,
    pub(crate) stock_qty: Option<Rule>,
    pub(crate) category_path: Option<Rule>,
    pub(crate) category_ids: Option<Rule>,
    pub(crate) image_urls: Option<Rule>,
    pub(crate) labels: Option<Rule>,
    pub(crate) status: Option<Rule>,
    pub(crate) variants: Option<Rule>,
    pub(crate) attributes: Option<AttributesRule>,
}

/// Rules for the plain text fields, in the order of [`TextField::ALL`].
#[derive(Debug, Clone, Default)]
pub(crate) struct TextRules([Option<Rule>; TextField::COUNT]);

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
}

#[derive(Debug, Clone)]
pub(crate) enum ValueSource {
    /// A source field, and the value used if it is absent or blank.
    Field {
        name: String,
        default: Option<Value>,
    },
    Constant(Value),
}

#[derive(Debug, Clone)]
pub(crate) struct PriceRule {
    pub(crate) amount: Rule,
    /// Whether the amount is in minor units (cents), or a decimal number.
    pub(crate) minor: bool,
    pub(crate) currency: Rule,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct AttributesRule {
    /// Source field with an object, whose entries become attributes.
    pub(crate) from: Option<String>,
    /// Names of further attributes and their rules.
    pub(crate) also: Vec<(String, Rule)>,
    /// Whether all fields that the map does not use become attributes.
    pub(crate) rest: bool,
}

/// A product and its update mask: the fields that its row sets.
pub(crate) type MaskedProduct = (Product, Vec<&'static str>);

impl Rule {
    pub(crate) fn field(name: impl Into<String>) -> Self {
        let source = ValueSource::Field { name: name.into(), default: None };
        Self { source, separators: Separators::default() }
    }

    /// The value in a row; `None` if the row lacks the field.
    fn value<'a>(&'a self, record: &'a Record) -> Option<&'a Value> {
        match &self.source {
            ValueSource::Constant(value) => Some(value),
            ValueSource::Field { name, default } => match (record.get(name), default) {
                (None, Some(default)) => Some(default),
                (Some(value), Some(default)) if value.is_blank() => Some(default),
                (value, _) => value,
            },
        }
    }

    fn source(&self) -> Option<&str> {
        match &self.source {
            ValueSource::Field { name, .. } => Some(name),
            ValueSource::Constant(_) => None,
        }
    }

    /// An error of the product field, which also names the source field if that differs.
    fn error(&self, field: &str, message: &str) -> RowError {
        let message = match self.source() {
            Some(source) if source != field => format!("{message} (source field {source:?})"),
            _ => message.to_owned(),
        };
        RowError::field(field, message)
    }
}

impl FieldMap {
    /// Maps a row to a product.
    ///
    /// # Errors
    /// The first value that cannot be converted to its field's type.
    pub(crate) fn apply(&self, record: &Record) -> Result<MaskedProduct, RowError> {
        let mut product = Product::default();
        let mut mask = Vec::new();

        if let Some(id) = read(self.id.as_ref(), record, "id", convert::text)? {
            product.id = id;
        }
        let external_id = read(self.external_id.as_ref(), record, "external_id", convert::text)?;
        if let Some(external_id) = external_id {
            product.external_id = external_id;
            mask.push("external_id");
        }
        for (field, rule) in TextField::ALL.iter().zip(&self.texts.0) {
            if let Some(text) = read(rule.as_ref(), record, field.name(), convert::text)? {
                *field.get_mut(&mut product) = text;
                mask.push(field.name());
            }
        }
        let stock = read(self.stock_qty.as_ref(), record, "stock_qty", convert::stock)?;
        if let Some(stock) = stock.flatten() {
            product.stock_qty = stock;
            mask.push("stock_qty");
        }
        let status = read(self.status.as_ref(), record, "status", convert::status)?;
        if let Some(status) = status.flatten() {
            product.set_status(status);
            mask.push("status");
        }
        if let Some(variants) = read(self.variants.as_ref(), record, "variants", convert::variants)?
        {
            product.variants = variants;
            mask.push("variants");
        }
        if let Some(price) = &self.price
            && price.amount.value(record).is_some()
        {
            product.price = price.apply(record)?;
            mask.push("price");
        }
        self.apply_lists(record, &mut product, &mut mask)?;
        if let Some(attributes) = &self.attributes
            && attributes.apply(record, &mut product, &self.named_if(attributes.rest))?
        {
            mask.push("attributes");
        }
        Ok((product, mask))
    }

    /// Maps the fields that are lists.
    fn apply_lists(
        &self,
        record: &Record,
        product: &mut Product,
        mask: &mut Vec<&'static str>,
    ) -> Result<(), RowError> {
        for (rule, field, target) in [
            (&self.category_ids, "category_ids", &mut product.category_ids),
            (&self.image_urls, "image_urls", &mut product.image_urls),
            (&self.labels, "labels", &mut product.labels),
        ] {
            let Some(rule) = rule else { continue };
            let list = |value: &Value| convert::list(value, &rule.separators);
            if let Some(list) = read(Some(rule), record, field, list)? {
                *target = list;
                mask.push(field);
            }
        }
        if let Some(rule) = &self.category_path {
            let paths = |value: &Value| convert::paths(value, &rule.separators);
            if let Some(paths) = read(Some(rule), record, "category_paths", paths)? {
                product.category_paths = paths;
                mask.push("category_paths");
            }
        }
        Ok(())
    }

    /// The source fields that the map reads.
    pub(crate) fn source_fields(&self) -> HashSet<&str> {
        let price = self.price.iter().flat_map(|price| [&price.amount, &price.currency]);
        let attributes = self.attributes.iter();
        let rules = [
            &self.id,
            &self.external_id,
            &self.stock_qty,
            &self.category_path,
            &self.category_ids,
            &self.image_urls,
            &self.labels,
            &self.status,
            &self.variants,
        ];
        rules
            .into_iter()
            .chain(&self.texts.0)
            .flatten()
            .chain(price)
            .chain(attributes.clone().flat_map(|all| all.also.iter().map(|(_, rule)| rule)))
            .filter_map(Rule::source)
            .chain(attributes.filter_map(|all| all.from.as_deref()))
            .collect()
    }

    fn named_if(&self, needed: bool) -> HashSet<&str> {
        if needed { self.source_fields() } else { HashSet::new() }
    }
}

impl PriceRule {
    fn apply(&self, record: &Record) -> Result<Option<proto::google::r#type::Money>, RowError> {
        let Some(value) = self.amount.value(record).filter(|value| !value.is_blank()) else {
            return Ok(None);
        };
        let currency = match self.currency.value(record) {
            Some(value) => convert::text(value),
            None => Ok(String::new()),
        };
        let currency = currency.map_err(|message| self.currency.error("currency", &message))?;
        let currency = currency.trim().to_ascii_uppercase();
        if !money::is_currency(&currency) {
            let message = if currency.is_empty() {
                "is missing; a price requires it".to_owned()
            } else {
                format!("is {currency:?}, must be an ISO 4217 code such as EUR")
            };
            return Err(self.currency.error("price.currency_code", &message));
        }
        let convert = if self.minor { convert::minor } else { convert::amount };
        convert(value, &currency).map_err(|message| self.amount.error("price", &message))
    }
}

impl AttributesRule {
    /// Adds the row's attributes; returns whether the row has any.
    fn apply(
        &self,
        record: &Record,
        product: &mut Product,
        named: &HashSet<&str>,
    ) -> Result<bool, RowError> {
        let mut found = false;
        let mut add = |name: &str, value: &Value| {
            found = true;
            let attribute = convert::attribute(name, value).map_err(|message| {
                RowError::field("attributes", format!("attribute {name:?} {message}"))
            })?;
            product.attributes.extend(attribute);
            Ok(())
        };
        if let Some(from) = &self.from {
            match record.get(from) {
                Some(Value::Object(entries)) => {
                    for (name, value) in entries.iter() {
                        add(name, value)?;
                    }
                }
                None | Some(Value::Null) => {}
                Some(other) => {
                    let message = format!("{from:?} is {}, must be an object", other.kind());
                    return Err(RowError::field("attributes", message));
                }
            }
        }
        for (name, rule) in &self.also {
            if let Some(value) = rule.value(record) {
                add(name, value)?;
            }
        }
        if self.rest {
            for (name, value) in record.iter().filter(|(name, _)| !named.contains(name)) {
                add(name, value)?;
            }
        }
        let object_given = self.from.as_ref().is_some_and(|from| record.get(from).is_some());
        Ok(found || object_given)
    }
}

fn read<T>(
    rule: Option<&Rule>,
    record: &Record,
    field: &str,
    convert: impl Fn(&Value) -> Result<T, String>,
) -> Result<Option<T>, RowError> {
    let Some(rule) = rule else { return Ok(None) };
    let Some(value) = rule.value(record) else { return Ok(None) };
    convert(value).map(Some).map_err(|message| rule.error(field, &message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::catalogue::v1::attribute;

    fn apply(map: &str, row: &str) -> Result<MaskedProduct, RowError> {
        let Value::Object(record) = serde_json::from_str(row).unwrap() else {
            panic!("the row is an object");
        };
        parse(map).unwrap().apply(&record)
    }

    const SHOP: &str = r#"
        id = "sku"
        name = "title"
        brand = { field = "maker", default = "unknown" }
        price = { amount = "cost", currency = { const = "EUR" } }
        category_path = { field = "shelf", split = ">" }
        image_urls = { field = "pictures", split = "|" }
        labels = { const = ["imported"] }
        stock_qty = "stock"
        attributes = { rest = true, also = [{ field = "released", name = "on sale since" }] }
    "#;

    #[test]
    fn every_kind_of_rule_provides_its_value() {
        let row = r#"{"sku":7,"title":"Mug","maker":"","cost":"4.50","shelf":"Kitchen > Mugs",
            "pictures":"/a.svg|/b.svg","stock":null,"released":"2020","colour":"red","hot":true}"#;
        let (product, mask) = apply(SHOP, row).unwrap();
        assert_eq!((product.id.as_str(), product.brand.as_str()), ("7", "unknown"));
        assert_eq!(money::display(product.price.as_ref().unwrap()), "4.50 EUR");
        assert_eq!(product.category_paths[0].names, ["Kitchen", "Mugs"]);
        assert_eq!(product.image_urls, ["/a.svg", "/b.svg"]);
        assert_eq!(product.labels, ["imported"]);
        let names: Vec<&str> = product.attributes.iter().map(|each| each.name.as_str()).collect();
        assert_eq!(names, ["on sale since", "colour", "hot"]);
        assert_eq!(product.attributes[2].value, Some(attribute::Value::Flag(true)));
        let fields =
            ["name", "brand", "price", "image_urls", "labels", "category_paths", "attributes"];
        assert_eq!(mask, fields, "a null stock stays unchanged");
    }

    #[test]
    fn the_mask_has_only_the_fields_of_the_row() {
        let (_, mask) = apply(SHOP, r#"{"sku":"7","stock":3,"shelf":null}"#).unwrap();
        assert_eq!(mask, ["brand", "stock_qty", "labels", "category_paths"]);
    }

    #[test]
    fn an_error_names_product_field_and_source_field() {
        let error = apply(SHOP, r#"{"sku":"7","cost":"cheap"}"#).unwrap_err();
        assert_eq!(error.field, "price");
        assert!(error.message.contains("\"cheap\""), "{}", error.message);
        assert!(error.message.contains("\"cost\""), "{}", error.message);
        let error = apply(SHOP, r#"{"sku":"7","nested":{"a":1}}"#).unwrap_err();
        assert_eq!(error.field, "attributes");
        assert!(apply(SHOP, r#"{"sku":["7"]}"#).unwrap_err().message.contains("is a list"));
    }
}
