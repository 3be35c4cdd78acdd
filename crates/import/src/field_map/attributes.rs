//! The rules for attributes.

use proto::catalogue::v1::{Attribute, Product, attribute};

use super::{FieldMap, Rule};
use crate::{
    convert::{self, Separators},
    pairs,
    row_error::RowError,
    value::{Record, Value},
    values::words::{self, Kind},
};

#[derive(Debug, Clone, Default)]
pub(crate) struct AttributesRule {
    /// Source field with an object: its entries become attributes.
    pub(crate) from: Option<String>,
    /// Names of further attributes and their rules.
    pub(crate) also: Vec<(String, Rule)>,
    /// Fields with several attributes each.
    pub(crate) packed: Vec<PackedRule>,
    /// Source field with all attributes, as an export writes them.
    pub(crate) exported: Option<String>,
    /// Whether all fields that the map does not use become attributes.
    pub(crate) rest: bool,
}

/// A field with several attributes, such as `colour=red,size=M`.
#[derive(Debug, Clone)]
pub(crate) struct PackedRule {
    pub(crate) field: String,
    /// Separates attributes.
    pub(crate) items: String,
    /// Separates name and value; a number behind a second one is left out.
    pub(crate) pair: String,
}

impl AttributesRule {
    /// Adds the row's attributes; returns whether the row has any.
    pub(super) fn apply(
        &self,
        record: &Record,
        product: &mut Product,
        map: &FieldMap,
    ) -> Result<bool, RowError> {
        let mut found = Attributes { product, any: false };
        if let Some(from) = &self.from {
            found.any |= add_entries(from, record, &mut found)?;
        }
        for (name, rule) in &self.also {
            if let Some(value) = rule.value(record) {
                found.add(name, &value, map.style.kind_of(rule))?;
            }
        }
        for packed in &self.packed {
            let Some(value) = record.at(&packed.field) else { continue };
            let fault = |message: String| {
                RowError::field("attributes", format!("{:?} {message}", packed.field))
            };
            for cell in convert::list(&value, &Separators::default()).map_err(fault)? {
                for (name, value) in packed.entries(&cell).map_err(fault)? {
                    found.add(&name, &Value::Text(value), Kind::Text)?;
                }
            }
        }
        if self.rest {
            for (name, value) in record.iter().filter(|(name, _)| !map.names(name)) {
                found.add(name, value, map.style.kind(name))?;
            }
        }
        if let Some(Value::Text(text)) = self.exported.as_ref().and_then(|name| record.get(name)) {
            let attributes = unpacked(text);
            let attributes =
                attributes.map_err(|message| RowError::field("attributes", message))?;
            found.product.attributes.extend(attributes);
            found.any = true;
        }
        Ok(found.any)
    }
}

/// Adds the entries of an object; returns whether the row has it.
fn add_entries(from: &str, record: &Record, found: &mut Attributes<'_>) -> Result<bool, RowError> {
    match record.at(from).as_deref() {
        Some(Value::Object(entries)) => {
            for (name, value) in entries.iter() {
                found.add(name, value, Kind::Text)?;
            }
            Ok(true)
        }
        None => Ok(false),
        Some(Value::Null) => Ok(true),
        Some(other) => {
            let message = format!("{from:?} is {}, must be an object", other.kind());
            Err(RowError::field("attributes", message))
        }
    }
}

/// The attributes of a row so far.
struct Attributes<'a> {
    product: &'a mut Product,
    /// Whether the row has some, even if they are blank.
    any: bool,
}

impl Attributes<'_> {
    fn add(&mut self, name: &str, value: &Value, kind: Kind) -> Result<(), RowError> {
        self.any = true;
        let typed = typed(value, kind);
        let attribute = convert::attribute(name, typed.as_ref().unwrap_or(value));
        let attribute = attribute.map_err(|message| {
            RowError::field("attributes", format!("attribute {name:?} {message}"))
        })?;
        self.product.attributes.extend(attribute);
        Ok(())
    }
}

impl PackedRule {
    /// The attributes of a cell. Text between two separators without a name belongs to the value before it.
    ///
    /// # Errors
    /// An attribute has no name.
    fn entries(&self, cell: &str) -> Result<Vec<(String, String)>, String> {
        let mut found: Vec<(String, String)> = Vec::new();
        for item in cell.split(&self.items).filter(|item| !item.trim().is_empty()) {
            match (item.split_once(&self.pair), found.last_mut()) {
                (Some((name, value)), _) if !name.trim().is_empty() => {
                    found.push((name.trim().to_owned(), self.without_position(value).to_owned()));
                }
                (None, Some((_, value))) => {
                    value.push_str(&self.items);
                    value.push_str(item.trim_end());
                }
                _ => {
                    let pair = &self.pair;
                    return Err(format!("holds {:?}, which is not name{pair}value", item.trim()));
                }
            }
        }
        Ok(found)
    }

    /// The value without a number behind another separator: the place of an attribute in a list.
    fn without_position<'a>(&self, value: &'a str) -> &'a str {
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        match value.rsplit_once(&self.pair) {
            Some((value, position)) if is_number(position.trim()) => value.trim(),
            _ => value.trim(),
        }
    }
}

/// The value of a text in a column of this kind.
fn typed(value: &Value, kind: Kind) -> Option<Value> {
    let Value::Text(text) = value else { return None };
    match kind {
        Kind::Text => None,
        Kind::Flag => words::numeric_flag(text).map(Value::Flag),
        Kind::Number(decimal) => {
            let number = words::number(text, decimal)?;
            serde_json::Number::from_f64(number).map(Value::Number)
        }
    }
}

/// Writes attributes into one field: `name=value|name=value`. A text that would be read as a number or
/// a flag is quoted.
pub fn packed(attributes: &[Attribute]) -> String {
    let texts: Vec<String> = attributes.iter().map(shown).collect();
    let names = attributes.iter().map(|attribute| attribute.name.as_str());
    pairs::pack(names.zip(texts.iter().map(String::as_str)))
}

fn shown(attribute: &Attribute) -> String {
    match &attribute.value {
        Some(attribute::Value::Number(number)) if attribute.unit.is_empty() => number.to_string(),
        Some(attribute::Value::Number(number)) => format!("{number} {}", attribute.unit),
        Some(attribute::Value::Flag(flag)) => flag.to_string(),
        Some(attribute::Value::Text(text)) if is_plain(text) => text.clone(),
        Some(attribute::Value::Text(text)) => format!("\"{text}\""),
        None => String::new(),
    }
}

/// The inverse of [`packed`].
fn unpacked(text: &str) -> Result<Vec<Attribute>, String> {
    let attribute = |(name, value): (String, String)| {
        let (value, unit) = read(&value);
        Attribute { name, value: Some(value), unit }
    };
    Ok(pairs::unpack(text)?.into_iter().map(attribute).collect())
}

/// Whether a text is read as itself.
fn is_plain(text: &str) -> bool {
    matches!(read(text), (attribute::Value::Text(read), _) if read == text)
}

fn read(text: &str) -> (attribute::Value, String) {
    if let Some(text) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        return (attribute::Value::Text(text.to_owned()), String::new());
    }
    if let "true" | "false" = text {
        return (attribute::Value::Flag(text == "true"), String::new());
    }
    let (number, unit) = text.split_once(' ').unwrap_or((text, ""));
    let starts = number.starts_with(|letter: char| letter.is_ascii_digit() || letter == '-');
    match number.parse::<f64>() {
        Ok(number) if starts && number.is_finite() => {
            (attribute::Value::Number(number), unit.to_owned())
        }
        _ => (attribute::Value::Text(text.to_owned()), String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_attributes_are_read_back_unchanged() {
        let attribute = |name: &str, value: attribute::Value, unit: &str| Attribute {
            name: name.to_owned(),
            value: Some(value),
            unit: unit.to_owned(),
        };
        let text = |text: &str| attribute::Value::Text(text.to_owned());
        let all = [
            attribute("weight", attribute::Value::Number(2.5), "kg"),
            attribute("size", text("10"), ""),
            attribute("width", text("30 cm"), ""),
            attribute("a|b=c\\", text(" x|y=z\\ "), ""),
            attribute("quoted", text("\"q\""), ""),
            attribute("washable", attribute::Value::Flag(true), ""),
            attribute("word", text("true"), ""),
            attribute("count", attribute::Value::Number(-3e20), ""),
            attribute("lines", text("a\nb"), ""),
            attribute("infinite", text("inf"), ""),
        ];
        assert_eq!(unpacked(&packed(&all)), Ok(all.to_vec()));
        assert_eq!(unpacked(""), Ok(Vec::new()));
        assert!(unpacked("weight=2.5 kg|blue").unwrap_err().contains("\"blue\""));
    }

    #[test]
    fn packed_cells_of_shops_are_opened() {
        let rule = |items: &str, pair: &str| PackedRule {
            field: String::new(),
            items: items.to_owned(),
            pair: pair.to_owned(),
        };
        let entries = |rule: &PackedRule, cell: &str| -> Result<Vec<String>, String> {
            let entries = rule.entries(cell)?.into_iter();
            Ok(entries.map(|(name, value)| format!("{name}={value}")).collect())
        };
        let own = |texts: &[&str]| Ok(texts.iter().map(|text| (*text).to_owned()).collect());
        let prestashop = rule(",", ":");
        let cell = "Material:Reed:1,Width:30 cm:2, ,Ratio:16:9:3";
        let expected = own(&["Material=Reed", "Width=30 cm", "Ratio=16:9"]);
        assert_eq!(entries(&prestashop, cell), expected);
        assert!(entries(&prestashop, "Width:1, :x").unwrap_err().contains("\":x\""));
        let magento = rule(",", "=");
        let expected = own(&["a=1", "b=", "url=/x?y=z", "c=red, blue"]);
        assert_eq!(entries(&magento, "a=1,b=,url=/x?y=z,c=red, blue"), expected);
        assert!(entries(&magento, "red,a=1").unwrap_err().contains("\"red\""));
    }
}
