//! Builds a request message as a proto3 JSON object, and deserializes it.

use http::Uri;
use product_fields::json_name;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Params, binding::Body, body, canonical, params::is_param};
use crate::{
    contract::{self, Field},
    problem::Problem,
};

/// The name of the words to find in the query of a URL, as on the pages.
pub(super) const QUERY_ALIAS: &[(&str, &str)] = &[("q", "query")];

/// The request message of a method, by its `/package.Service/Method`, from the query alone. `aliases`
/// are alternative names of parameters, each with the field's name.
///
/// # Errors
/// 400 for an unknown parameter or an invalid value.
pub(crate) fn query_request<Q: DeserializeOwned>(
    rpc: &str,
    uri: &Uri,
    aliases: &[(&str, &str)],
) -> Result<Q, Problem> {
    let method = contract::method(rpc)
        .ok_or_else(|| Problem::internal(format!("{rpc} is not in the contract")))?;
    deserialize(method, from_query(method.fields().iter(), uri, aliases)?, Body::None)
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

/// Deserializes the request message of a method.
///
/// # Errors
/// 400 with the path of the invalid field; relative to the body, where that is one field of the message.
pub(super) fn deserialize<Q: DeserializeOwned>(
    method: &contract::Method,
    object: Map<String, Value>,
    body: Body,
) -> Result<Q, Problem> {
    let invalid = |field: String, message: String| {
        let mut problem = body::malformed(field, &message);
        if let Body::Field(name) = body {
            problem.make_relative_to(name);
        }
        problem
    };
    let object = canonical::message(method.input(), object)
        .map_err(|error| invalid(error.field, error.message))?;
    // The values have been checked: the library's message would not help.
    serde_path_to_error::deserialize(Value::Object(object)).map_err(|error| {
        invalid(error.path().to_string(), "is not a value of this field".to_owned())
    })
}

/// Whether a message has a field of this name.
pub(super) fn has_field(fields: &[Field], name: &str) -> bool {
    fields.iter().any(|field| field.name == name)
}

/// Whether a string field is set, in either spelling of its name.
pub(super) fn has_text(object: &Map<String, Value>, name: &str) -> bool {
    let is_set =
        |name: &str| object.get(name).and_then(Value::as_str).is_some_and(|text| !text.is_empty());
    is_set(name) || is_set(&json_name(name))
}

/// Removes a field, such as `product.id`, in either spelling of its name.
pub(super) fn remove(object: &mut Map<String, Value>, path: &str) -> Option<Value> {
    let (object, name) = parent(object, path)?;
    let snake = object.remove(name);
    object.remove(&json_name(name)).or(snake)
}

/// Inserts a field, if its parent object exists.
pub(super) fn insert(object: &mut Map<String, Value>, path: &str, value: Value) {
    if let Some((object, name)) = parent(object, path) {
        object.insert(json_name(name), value);
    }
}

/// The object that contains a field, and the field's own name.
fn parent<'a, 'b>(
    object: &'a mut Map<String, Value>,
    path: &'b str,
) -> Option<(&'a mut Map<String, Value>, &'b str)> {
    match path.split_once('.') {
        Some((parent, name)) => Some((object.get_mut(parent)?.as_object_mut()?, name)),
        None => Some((object, path)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alias_stands_for_its_field_where_there_is_one() {
        let of = |rpc: &str, uri: &'static str| {
            let method = contract::method(rpc).unwrap();
            from_query(method.fields().iter(), &Uri::from_static(uri), QUERY_ALIAS)
        };
        let suggest = "/search.v1.SearchService/Suggest";
        assert_eq!(of(suggest, "/v1/suggest?q=ket").ok().unwrap()["query"], "ket");
        assert_eq!(of(suggest, "/v1/suggest?query=ket").ok().unwrap()["query"], "ket");
        assert!(
            of("/catalogue.v1.FeedService/GetWatermark", "/v1/changes:watermark?q=ket").is_err()
        );
    }
}
