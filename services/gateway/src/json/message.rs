//! A request of the contract as proto3 JSON, on its way to become one.

use http::Uri;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Params, binding::Body, body, params::is_param};
use crate::{
    contract::{self, Field},
    problem::{Problem, json_name},
};

/// The request of a method, by its `/package.Service/Method`, that is all in the query. `aliases`
/// are further names of parameters, each with the name that it stands for.
///
/// # Errors
/// A parameter that the request does not have, or that cannot be read.
pub(crate) fn asked<Q: DeserializeOwned>(
    rpc: &str,
    uri: &Uri,
    aliases: &[(&str, &str)],
) -> Result<Q, Problem> {
    let method = contract::method(rpc)
        .ok_or_else(|| Problem::internal(format!("{rpc} is not in the contract")))?;
    typed(of_query(method.fields().iter(), uri, aliases)?, Body::None)
}

/// What the query says of these fields; of others it must not speak.
pub(super) fn of_query<'a>(
    fields: impl Iterator<Item = &'a Field>,
    uri: &Uri,
    aliases: &[(&str, &str)],
) -> Result<Map<String, Value>, Problem> {
    let fields: Vec<&Field> = fields.filter(|field| is_param(field)).collect();
    let names = aliases.iter().map(|(alias, _)| *alias);
    let known: Vec<&str> = names.chain(fields.iter().map(|field| field.json.as_str())).collect();
    let params = Params::of(uri, &known)?;
    let mut object = Map::new();
    for field in fields {
        let alias = aliases.iter().find(|(_, name)| *name == field.json).map(|(alias, _)| *alias);
        if let Some(value) = params.field(field, alias)? {
            object.insert(field.json.clone(), value);
        }
    }
    Ok(object)
}

/// The message that `object` is.
///
/// # Errors
/// 400 that names the field as the caller had it: in the body, where that is but a part.
pub(super) fn typed<Q: DeserializeOwned>(
    object: Map<String, Value>,
    body: Body,
) -> Result<Q, Problem> {
    body::typed(Value::Object(object)).map_err(|mut problem| {
        let Body::Field(name) = body else { return problem };
        let prefix = format!("{name}.");
        for error in &mut problem.errors {
            if error.field == name {
                "body".clone_into(&mut error.field);
            } else if let Some(field) = error.field.strip_prefix(&prefix) {
                error.field = field.to_owned();
            }
            problem.detail = format!("{}: {}", error.field, error.message);
        }
        problem
    })
}

/// Whether there is a field of this name.
pub(super) fn has(fields: &[Field], name: &str) -> bool {
    fields.iter().any(|field| field.name == name)
}

/// Whether a field holds a text, in whichever spelling it is there.
pub(super) fn says(object: &Map<String, Value>, name: &str) -> bool {
    let text =
        |name: &str| object.get(name).and_then(Value::as_str).is_some_and(|it| !it.is_empty());
    text(name) || text(&json_name(name))
}

/// Takes out a field, such as `product.id`, in whichever spelling it is there.
pub(super) fn take(object: &mut Map<String, Value>, path: &str) -> Option<Value> {
    let (object, name) = place(object, path)?;
    let snake = object.remove(name);
    object.remove(&json_name(name)).or(snake)
}

/// Puts a field in; nowhere, if what it is to be in is not there.
pub(super) fn put(object: &mut Map<String, Value>, path: &str, value: Value) {
    if let Some((object, name)) = place(object, path) {
        object.insert(json_name(name), value);
    }
}

/// The object that a field is in, and the field's own name.
fn place<'a, 'b>(
    object: &'a mut Map<String, Value>,
    path: &'b str,
) -> Option<(&'a mut Map<String, Value>, &'b str)> {
    match path.split_once('.') {
        Some((parent, name)) => Some((object.get_mut(parent)?.as_object_mut()?, name)),
        None => Some((object, path)),
    }
}
