//! The rules for attributes.

use std::collections::HashSet;

use proto::catalogue::v1::{Attribute, Product, attribute};

use super::{Rule, Style};
use crate::{
    convert,
    row_error::RowError,
    value::{Record, Value},
    values::words::{self, Kind},
};

#[derive(Debug, Clone, Default)]
pub(crate) struct AttributesRule {
    /// Source field with an object, whose entries become attributes.
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
    /// Separates name and value; what follows a second one is left out.
    pub(crate) pair: String,
}

impl AttributesRule {
    pub(super) fn fields(&self) -> impl Iterator<Item = &str> {
        let packed = self.packed.iter().map(|packed| packed.field.as_str());
        self.from.as_deref().into_iter().chain(self.exported.as_deref()).chain(packed)
    }

    /// Adds the row's attributes; returns whether the row has any.
    pub(super) fn apply(
        &self,
        record: &Record,
        product: &mut Product,
        named: &HashSet<&str>,
        style: &Style,
    ) -> Result<bool, RowError> {
        let mut found = false;
        let mut add = |name: &str, value: &Value| {
            found = true;
            let typed = typed(value, style.kinds.get(name).copied().unwrap_or_default());
            let attribute = convert::attribute(name, typed.as_ref().unwrap_or(value));
            let attribute = attribute.map_err(|message| {
                RowError::field("attributes", format!("attribute {name:?} {message}"))
            })?;
            product.attributes.extend(attribute);
            Ok(())
        };
        let mut object_given = false;
        if let Some(from) = &self.from {
            match record.at(from).as_deref() {
                Some(Value::Object(entries)) => {
                    object_given = true;
                    for (name, value) in entries.iter() {
                        add(name, value)?;
                    }
                }
                None => {}
                Some(Value::Null) => object_given = true,
                Some(other) => {
                    let message = format!("{from:?} is {}, must be an object", other.kind());
                    return Err(RowError::field("attributes", message));
                }
            }
        }
        for (name, rule) in &self.also {
            if let Some(value) = rule.value(record) {
                add(name, &value)?;
            }
        }
        for packed in &self.packed {
            let text = record.get(&packed.field).map(convert::text).and_then(Result::ok);
            for (name, value) in packed.entries(text.as_deref().unwrap_or_default()) {
                add(name, &Value::from(value))?;
            }
        }
        if self.rest {
            for (name, value) in record.iter().filter(|(name, _)| !named.contains(name)) {
                add(name, value)?;
            }
        }
        if let Some(Value::Text(text)) = self.exported.as_ref().and_then(|name| record.get(name)) {
            product.attributes.extend(unpacked(text));
            object_given = true;
        }
        Ok(found || object_given)
    }
}

impl PackedRule {
    fn entries<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        text.split(&self.items).filter_map(|item| {
            let mut parts = item.split(&self.pair);
            let (name, value) = (parts.next()?.trim(), parts.next()?.trim());
            (!name.is_empty()).then_some((name, value))
        })
    }
}

/// The value of a text in a column of this kind.
fn typed(value: &Value, kind: Kind) -> Option<Value> {
    let Value::Text(text) = value else { return None };
    match kind {
        Kind::Text => None,
        Kind::Flag => words::numeric_flag(text).map(Value::Flag),
        Kind::Number if words::is_number(text) => {
            let number = text.trim().replace(',', ".").parse().ok()?;
            serde_json::Number::from_f64(number).map(Value::Number)
        }
        Kind::Number => None,
    }
}

/// Writes attributes into one field: `name=value|name=value`. A text that would be read as a number or
/// a flag is quoted.
pub fn packed(attributes: &[Attribute]) -> String {
    const SIGNS: [char; 2] = ['|', '='];
    let items = attributes.iter().map(|attribute| {
        let value = match &attribute.value {
            Some(attribute::Value::Number(number)) if attribute.unit.is_empty() => {
                number.to_string()
            }
            Some(attribute::Value::Number(number)) => format!("{number} {}", attribute.unit),
            Some(attribute::Value::Flag(flag)) => flag.to_string(),
            Some(attribute::Value::Text(text)) if is_plain(text) => text.clone(),
            Some(attribute::Value::Text(text)) => format!("\"{text}\""),
            None => String::new(),
        };
        format!("{}={}", convert::escape(&attribute.name, &SIGNS), convert::escape(&value, &SIGNS))
    });
    items.collect::<Vec<_>>().join("|")
}

/// Reads what [`packed`] writes.
fn unpacked(text: &str) -> Vec<Attribute> {
    let pieces = convert::pieces(text, "|").into_iter().filter(|piece| !piece.is_empty());
    pieces
        .filter_map(|piece| {
            let parts = convert::pieces(&piece, "=");
            let [name, value] = &parts[..] else { return None };
            let (value, unit) = read(&convert::unescape(value));
            Some(Attribute { name: convert::unescape(name), value: Some(value), unit })
        })
        .collect()
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
        assert_eq!(unpacked(&packed(&all)), all);
        assert_eq!(unpacked(""), []);
    }

    #[test]
    fn packed_cells_of_shops_are_opened() {
        let rule = |items: &str, pair: &str| PackedRule {
            field: String::new(),
            items: items.to_owned(),
            pair: pair.to_owned(),
        };
        let prestashop = rule(",", ":");
        let entries: Vec<_> = prestashop.entries("Material:Reed:1,Width:30 cm:2, :x").collect();
        assert_eq!(entries, [("Material", "Reed"), ("Width", "30 cm")]);
        let magento = rule(",", "=");
        assert_eq!(magento.entries("a=1,b=").collect::<Vec<_>>(), [("a", "1"), ("b", "")]);
    }
}
