//! Builds a request message as a proto3 JSON object, and encodes it.

use bytes::Bytes;
use http::Uri;
use product_fields::json_name;
use serde_json::{Map, Value};

use super::{Params, binding::Body, body, encode, params::is_param};
use crate::{
    contract::{self, Field, Message},
    problem::Problem,
};

/// The name of the words to find in the query of a URL, as on the pages.
pub(super) const QUERY_ALIAS: &[(&str, &str)] = &[("q", "query")];

/// The encoded request message of a method, from the query alone. `aliases` are alternative names of parameters,
/// each with the field's name.
///
/// # Errors
/// 400 for an unknown parameter or an invalid value.
pub(crate) fn query_request(
    method: &contract::Method,
    uri: &Uri,
    aliases: &[(&str, &str)],
) -> Result<Bytes, Problem> {
    let object = from_query(method.input.fields().iter(), uri, aliases)?;
    encode(method.input, object, Body::None)
}

/// The values of these fields in the query, which may have no other parameters.
pub(super) fn from_query<'a>(
    fields: impl Iterator<Item = &'a Field>,
    uri: &Uri,
    aliases: &[(&str, &str)],
) -> Result<Map<String, Value>, Problem> {
    let fields: Vec<&Field> = fields.filter(|field| is_param(field)).collect();
    let is_here = |name: &str| fields.iter().any(|field| field.json == name);
    let names = aliases.iter().filter(|(_, name)| is_here(name)).map(|(alias, _)| *alias);
    let known: Vec<&str> = names.chain(fields.iter().map(|field| field.json.as_str())).collect();
    let params =
        Params::parse_with(uri, &known, |name| fields.iter().any(|field| field.name == name))?;
    let mut object = Map::new();
    for field in fields {
        let alias = aliases.iter().find(|(_, name)| *name == field.json).map(|(alias, _)| *alias);
        if let Some(value) = params.field(field, alias)? {
            object.insert(field.json.clone(), value);
        }
    }
    Ok(object)
}

/// Encodes a request message.
///
/// # Errors
/// 400 with the path of the invalid field; relative to the body, where that is one field of the message.
pub(super) fn encode(
    of: Message,
    object: Map<String, Value>,
    body: Body,
) -> Result<Bytes, Problem> {
    encode::message(of, object).map(Bytes::from).map_err(|error| {
        let mut problem = body::malformed(error.field, &error.message);
        if let Body::Field(name) = body {
            problem.make_relative_to(name);
        }
        problem
    })
}

/// Whether a string field is set, in either spelling of its name.
pub(super) fn has_text(object: &Map<String, Value>, name: &str) -> bool {
    let is_set =
        |name: &str| object.get(name).and_then(Value::as_str).is_some_and(|text| !text.is_empty());
    is_set(name) || is_set(&json_name(name))
}

/// Inserts a field, and the objects around it that do not exist.
pub(super) fn insert(object: &mut Map<String, Value>, path: &str, value: Value) {
    let Some((parent, rest)) = path.split_once('.') else {
        object.insert(json_name(path), value);
        return;
    };
    let parent = object.entry(parent).or_insert_with(|| Map::new().into());
    if let Some(parent) = parent.as_object_mut() {
        insert(parent, rest, value);
    }
}

/// Removes a field, such as `product.id`, in either spelling of its name.
pub(super) fn remove(object: &mut Map<String, Value>, path: &str) -> Option<Value> {
    if let Some((parent, rest)) = path.split_once('.') {
        return remove(object.get_mut(parent)?.as_object_mut()?, rest);
    }
    let snake = object.remove(path);
    object.remove(&json_name(path)).or(snake)
}

/// Whether a flag is set, in either spelling of its name.
pub(super) fn has_flag(object: &Map<String, Value>, name: &str) -> bool {
    [name, &json_name(name)].iter().any(|name| object.get(*name) == Some(&Value::Bool(true)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alias_stands_for_its_field_where_there_is_one() {
        let of = |rpc: &str, uri: &'static str| {
            let method = contract::method(rpc).unwrap();
            from_query(method.input.fields().iter(), &Uri::from_static(uri), QUERY_ALIAS)
        };
        let suggest = "/search.v1.SearchService/Suggest";
        assert_eq!(of(suggest, "/v1/suggest?q=ket").ok().unwrap()["query"], "ket");
        assert_eq!(of(suggest, "/v1/suggest?query=ket").ok().unwrap()["query"], "ket");
        assert!(
            of("/catalogue.v1.FeedService/GetWatermark", "/v1/changes:watermark?q=ket").is_err()
        );
    }
}
