//! Values of a source row: JSON values, with the order of objects kept.

use std::{borrow::Cow, fmt};

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

/// A value of a row. Unlike [`serde_json::Value`], objects keep the order of their entries, which
/// becomes the order of attributes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Flag(bool),
    Number(Number),
    Text(String),
    List(Vec<Value>),
    Object(Record),
    /// The cells of a repeated column that are not blank.
    Cells(Vec<Value>),
}

/// Named values with unique names; of duplicates, the last one is kept.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Record(Vec<(String, Value)>);

impl Value {
    /// The kind of value with its article, for error messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Flag(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
            Self::Cells(_) => "in several columns",
        }
    }

    pub(crate) fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match self {
            Self::Null => Json::Null,
            Self::Flag(flag) => Json::Bool(*flag),
            Self::Number(number) => Json::Number(number.clone()),
            Self::Text(text) => Json::String(text.clone()),
            Self::List(items) | Self::Cells(items) => {
                Json::Array(items.iter().map(Self::to_json).collect())
            }
            Self::Object(record) => {
                let entries = record.iter().map(|(name, value)| (name.to_owned(), value.to_json()));
                Json::Object(entries.collect())
            }
        }
    }

    /// Whether the value is null or empty text.
    pub(crate) fn is_blank(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.is_empty(),
            Self::Cells(cells) => cells.is_empty(),
            _ => false,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Record {
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The value at a path such as `rating.rate`, `images[].src` or `options[0].name`; a name that
    /// the record has as it is comes first.
    pub(crate) fn at<'a>(&'a self, path: &str) -> Option<Cow<'a, Value>> {
        if let Some(value) = self.get(path) {
            return Some(Cow::Borrowed(value));
        }
        path.contains(['.', '[']).then(|| step(self, path)).flatten()
    }

    /// Adds an entry; its name must be new.
    pub(crate) fn push(&mut self, name: String, value: Value) {
        self.0.push((name, value));
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    fn from_entries(mut entries: Vec<(String, Value)>) -> Self {
        let mut names: Vec<&str> = entries.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            let mut seen = std::collections::HashSet::new();
            entries.reverse();
            entries.retain(|(name, _)| seen.insert(name.clone()));
            entries.reverse();
        }
        Self(entries)
    }
}

fn step<'a>(record: &'a Record, path: &str) -> Option<Cow<'a, Value>> {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let (name, index) = match name.strip_suffix(']').and_then(|name| name.split_once('[')) {
        Some((name, index)) => (name, Some(index)),
        None => (name, None),
    };
    let value = record.get(name)?;
    let within = |value: &'a Value| match (value, rest) {
        (value, None) => Some(Cow::Borrowed(value)),
        (Value::Object(inner), Some(rest)) => step(inner, rest),
        _ => None,
    };
    match (index, value) {
        (None, value) => within(value),
        (Some(""), Value::List(items)) => {
            let items = items.iter().filter_map(within).map(Cow::into_owned);
            Some(Cow::Owned(Value::List(items.collect())))
        }
        (Some(index), Value::List(items)) => within(items.get(index.parse::<usize>().ok()?)?),
        (Some(_), _) => None,
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Number::from_f64(number).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Value::Object(Record::from_entries(entries)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_into_objects_and_lists() {
        let row = r#"{"a.b":1,"a":{"b":2,"c":{"d":3}},"l":[{"s":"x"},{"s":"y"},5]}"#;
        let Value::Object(record) = serde_json::from_str(row).unwrap() else { panic!("an object") };
        let at = |path: &str| record.at(path).map(|value| value.to_json().to_string());
        assert_eq!(at("a.b").as_deref(), Some("1"));
        assert_eq!(at("a.c.d").as_deref(), Some("3"));
        assert_eq!(at("l[].s").as_deref(), Some(r#"["x","y"]"#));
        assert_eq!(at("l[1].s").as_deref(), Some(r#""y""#));
        assert_eq!((at("l[9].s"), at("a.x"), at("l.s")), (None, None, None));
    }

    #[test]
    fn entries_keep_their_order_and_the_last_duplicate_is_kept() {
        let value: Value = serde_json::from_str(r#"{"z":1,"a":true,"m":null,"z":"x"}"#).unwrap();
        let Value::Object(record) = value else { panic!("an object was read") };
        let names: Vec<&str> = record.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["a", "m", "z"]);
        assert_eq!(record.get("z"), Some(&Value::from("x")));
    }
}
