//! Which source field feeds which field of a product.

mod parse;

use std::collections::HashSet;

use proto::{catalogue::v1::Product, money};

use super::{
    convert::{self, Split},
    problem::Problem,
    value::{Record, Value},
};

pub(crate) use parse::parse;

/// A map from rows of any flat shape to products.
#[derive(Debug, Clone, Default)]
pub(crate) struct Map {
    pub(crate) id: Option<Rule>,
    pub(crate) external_id: Option<Rule>,
    pub(crate) name: Option<Rule>,
    pub(crate) description: Option<Rule>,
    pub(crate) brand: Option<Rule>,
    pub(crate) price: Option<Price>,
    pub(crate) stock_qty: Option<Rule>,
    pub(crate) category_path: Option<Rule>,
    pub(crate) category_ids: Option<Rule>,
    pub(crate) image_urls: Option<Rule>,
    pub(crate) labels: Option<Rule>,
    pub(crate) status: Option<Rule>,
    pub(crate) variants: Option<Rule>,
    pub(crate) attributes: Option<Attributes>,
}

/// Where one value comes from.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) origin: Origin,
    pub(crate) split: Split,
}

#[derive(Debug, Clone)]
pub(crate) enum Origin {
    /// A source field, and what counts where it is absent or blank.
    Field {
        name: String,
        default: Option<Value>,
    },
    Constant(Value),
}

#[derive(Debug, Clone)]
pub(crate) struct Price {
    pub(crate) amount: Rule,
    /// Whether the amount is in smallest coins, or else a decimal number.
    pub(crate) minor: bool,
    pub(crate) currency: Rule,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Attributes {
    /// An object whose entries become attributes.
    pub(crate) from: Option<String>,
    /// Further fields, each by the name its attribute gets.
    pub(crate) also: Vec<(String, Rule)>,
    /// Whether every field that the map does not name becomes an attribute.
    pub(crate) rest: bool,
}

/// A product and the fields its row speaks of.
pub(crate) type Mapped = (Product, Vec<&'static str>);

impl Rule {
    pub(crate) fn field(name: impl Into<String>) -> Self {
        let origin = Origin::Field { name: name.into(), default: None };
        Self { origin, split: Split::default() }
    }

    /// What the row has to say; nothing if it lacks the field.
    fn value<'a>(&'a self, record: &'a Record) -> Option<&'a Value> {
        match &self.origin {
            Origin::Constant(value) => Some(value),
            Origin::Field { name, default } => match (record.get(name), default) {
                (None, Some(default)) => Some(default),
                (Some(value), Some(default)) if value.is_blank() => Some(default),
                (value, _) => value,
            },
        }
    }

    fn source(&self) -> Option<&str> {
        match &self.origin {
            Origin::Field { name, .. } => Some(name),
            Origin::Constant(_) => None,
        }
    }

    /// The source field's name for a message, where it differs from the target's.
    fn blame(&self, field: &str, message: &str) -> Problem {
        let message = match self.source() {
            Some(source) if source != field => format!("{message} (source field {source:?})"),
            _ => message.to_owned(),
        };
        Problem::field(field, message)
    }
}

impl Map {
    /// Makes a product of a row.
    ///
    /// # Errors
    /// The first value that does not fit its field.
    pub(crate) fn apply(&self, record: &Record) -> Result<Mapped, Problem> {
        let mut product = Product::default();
        let mut spoken = Vec::new();

        if let Some(id) = read(self.id.as_ref(), record, "id", convert::text)? {
            product.id = id;
        }
        let texts = [
            (&self.external_id, "external_id", &mut product.external_id),
            (&self.name, "name", &mut product.name),
            (&self.description, "description", &mut product.description),
            (&self.brand, "brand", &mut product.brand),
        ];
        for (rule, field, target) in texts {
            if let Some(text) = read(rule.as_ref(), record, field, convert::text)? {
                *target = text;
                spoken.push(field);
            }
        }
        let stock = read(self.stock_qty.as_ref(), record, "stock_qty", convert::stock)?;
        if let Some(stock) = stock.flatten() {
            product.stock_qty = stock;
            spoken.push("stock_qty");
        }
        let status = read(self.status.as_ref(), record, "status", convert::status)?;
        if let Some(status) = status.flatten() {
            product.set_status(status);
            spoken.push("status");
        }
        if let Some(variants) = read(self.variants.as_ref(), record, "variants", convert::variants)?
        {
            product.variants = variants;
            spoken.push("variants");
        }
        if let Some(price) = &self.price
            && price.amount.value(record).is_some()
        {
            product.price = price.apply(record)?;
            spoken.push("price");
        }
        for (rule, field, target) in [
            (&self.category_ids, "category_ids", &mut product.category_ids),
            (&self.image_urls, "image_urls", &mut product.image_urls),
            (&self.labels, "labels", &mut product.labels),
        ] {
            let Some(rule) = rule else { continue };
            let list = |value: &Value| convert::list(value, &rule.split);
            if let Some(list) = read(Some(rule), record, field, list)? {
                *target = list;
                spoken.push(field);
            }
        }
        if let Some(rule) = &self.category_path {
            let paths = |value: &Value| convert::paths(value, &rule.split);
            if let Some(paths) = read(Some(rule), record, "category_paths", paths)? {
                product.category_paths = paths;
                spoken.push("category_paths");
            }
        }
        if let Some(attributes) = &self.attributes
            && attributes.apply(record, &mut product, &self.named_if(attributes.rest))?
        {
            spoken.push("attributes");
        }
        Ok((product, spoken))
    }

    /// The source fields it reads.
    pub(crate) fn sources(&self) -> HashSet<&str> {
        let price = self.price.iter().flat_map(|price| [&price.amount, &price.currency]);
        let attributes = self.attributes.iter();
        let rules = [
            &self.id,
            &self.external_id,
            &self.name,
            &self.description,
            &self.brand,
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
            .flatten()
            .chain(price)
            .chain(attributes.clone().flat_map(|all| all.also.iter().map(|(_, rule)| rule)))
            .filter_map(Rule::source)
            .chain(attributes.filter_map(|all| all.from.as_deref()))
            .collect()
    }

    fn named_if(&self, needed: bool) -> HashSet<&str> {
        if needed { self.sources() } else { HashSet::new() }
    }
}

impl Price {
    fn apply(&self, record: &Record) -> Result<Option<proto::google::r#type::Money>, Problem> {
        let Some(value) = self.amount.value(record).filter(|value| !value.is_blank()) else {
            return Ok(None);
        };
        let currency = match self.currency.value(record) {
            Some(value) => convert::text(value),
            None => Ok(String::new()),
        };
        let currency = currency.map_err(|message| self.currency.blame("currency", &message))?;
        let currency = currency.trim().to_ascii_uppercase();
        if !money::is_currency(&currency) {
            let message = match currency.is_empty() {
                true => "is absent; a price needs one".to_owned(),
                false => format!("is {currency:?}, must be an ISO 4217 code such as EUR"),
            };
            return Err(self.currency.blame("price.currency_code", &message));
        }
        let convert = if self.minor { convert::minor } else { convert::amount };
        convert(value, &currency).map_err(|message| self.amount.blame("price", &message))
    }
}

impl Attributes {
    /// Whether the row speaks of attributes at all.
    fn apply(
        &self,
        record: &Record,
        product: &mut Product,
        named: &HashSet<&str>,
    ) -> Result<bool, Problem> {
        let mut spoken = false;
        let mut add = |name: &str, value: &Value| {
            spoken = true;
            let attribute = convert::attribute(name, value).map_err(|message| {
                Problem::field("attributes", format!("attribute {name:?} {message}"))
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
                    return Err(Problem::field("attributes", message));
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
        Ok(spoken || object_given)
    }
}

fn read<T>(
    rule: Option<&Rule>,
    record: &Record,
    field: &str,
    convert: impl Fn(&Value) -> Result<T, String>,
) -> Result<Option<T>, Problem> {
    let Some(rule) = rule else { return Ok(None) };
    let Some(value) = rule.value(record) else { return Ok(None) };
    convert(value).map(Some).map_err(|message| rule.blame(field, &message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::catalogue::v1::attribute;

    fn apply(map: &str, row: &str) -> Result<Mapped, Problem> {
        let record = match serde_json::from_str(row).unwrap() {
            Value::Object(record) => record,
            _ => panic!("the row is an object"),
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
    fn every_kind_of_rule_finds_its_value() {
        let row = r#"{"sku":7,"title":"Mug","maker":"","cost":"4.50","shelf":"Kitchen > Mugs",
            "pictures":"/a.svg|/b.svg","stock":null,"released":"2020","colour":"red","hot":true}"#;
        let (product, spoken) = apply(SHOP, row).unwrap();
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
        assert_eq!(spoken, fields, "a stock of null says nothing");
    }

    #[test]
    fn a_row_speaks_only_of_the_fields_it_has() {
        let (_, spoken) = apply(SHOP, r#"{"sku":"7","stock":3,"shelf":null}"#).unwrap();
        assert_eq!(spoken, ["brand", "stock_qty", "labels", "category_paths"]);
    }

    #[test]
    fn what_does_not_fit_is_named_by_target_and_source() {
        let problem = apply(SHOP, r#"{"sku":"7","cost":"cheap"}"#).unwrap_err();
        assert_eq!(problem.field, "price");
        assert!(problem.message.contains("\"cheap\""), "{}", problem.message);
        assert!(problem.message.contains("\"cost\""), "{}", problem.message);
        let problem = apply(SHOP, r#"{"sku":"7","nested":{"a":1}}"#).unwrap_err();
        assert_eq!(problem.field, "attributes");
        assert!(apply(SHOP, r#"{"sku":["7"]}"#).unwrap_err().message.contains("is a list"));
    }
}
