//! Query parameters, read strictly: what we would ignore, we refuse by name.

use axum::extract::Query;
use http::Uri;
use serde_json::{Value, json};

use super::mask;
use crate::{
    contract::{Field, Holds},
    problem::Problem,
};

/// The parameters of a request, in the order given.
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    /// Reads them all.
    ///
    /// # Errors
    /// One that is not among `known`; the answer names it and those that are.
    pub(crate) fn of(uri: &Uri, known: &[&str]) -> Result<Self, Problem> {
        let Query(params) = Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|_| Problem::invalid("query", "cannot be read as name=value&name=value"))?;
        match params.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some((name, _)) => Err(Problem::invalid(shortened(name), known_are(known))),
            None => Ok(Self(params)),
        }
    }

    /// Every value of any of `names`, in the order given.
    pub(crate) fn all(&self, names: &[&str]) -> Vec<&str> {
        let given = self.0.iter().filter(|(name, _)| names.contains(&name.as_str()));
        given.map(|(_, value)| value.as_str()).collect()
    }

    /// What is given for a field, under its own name or `alias`, as proto3 JSON; none if nothing.
    ///
    /// # Errors
    /// A value that the field cannot hold, or more than one for a field that holds one.
    pub(super) fn field(
        &self,
        field: &Field,
        alias: Option<&str>,
    ) -> Result<Option<Value>, Problem> {
        let values = self.all(&[&field.json, alias.unwrap_or(&field.json)]);
        if field.is_repeated {
            return Ok((!values.is_empty()).then(|| json!(values)));
        }
        let is_given = |name: &&str| !self.all(&[name]).is_empty();
        let name = alias.filter(is_given).unwrap_or(&field.json);
        match values[..] {
            [] => Ok(None),
            [value] => value_of(field, value).map_err(|message| Problem::invalid(name, message)),
            _ if name == field.json => Err(Problem::invalid(name, "is given more than once")),
            _ => {
                let message = format!("is the same as {}: give one of them, once", field.json);
                Err(Problem::invalid(name, message))
            }
        }
    }
}

/// Whether a field can be read from a query.
pub(super) fn is_param(field: &Field) -> bool {
    match &field.holds {
        Holds::Text => true,
        Holds::Whole(_) | Holds::Flag | Holds::Choice(_) => !field.is_repeated,
        Holds::Message(name) => name == mask::FIELD_MASK,
        Holds::Other => false,
    }
}

fn value_of(field: &Field, text: &str) -> Result<Option<Value>, String> {
    Ok(Some(match &field.holds {
        // As if it were not there, for forms send what was left empty.
        Holds::Whole(_) | Holds::Choice(_) | Holds::Message(_) if text.is_empty() => {
            return Ok(None);
        }
        Holds::Whole(bits) => {
            let most = i64::MAX >> (64 - bits);
            let number = text.parse::<i64>().ok().filter(|number| (!most..=most).contains(number));
            json!(number.ok_or_else(|| format!("must be a whole number up to {most}, such as 20"))?)
        }
        Holds::Flag => match text {
            "true" => json!(true),
            "false" => json!(false),
            _ => return Err("must be true or false".to_owned()),
        },
        Holds::Choice(values) => json!(choice(values, text)?),
        Holds::Message(_) => mask::of_text(text).ok_or("names no field")?,
        Holds::Text | Holds::Other => json!(text),
    }))
}

/// The value by its name, with or without what all of the names begin with, in any case.
fn choice<'a>(values: &'a [String], text: &str) -> Result<&'a str, String> {
    let prefix = values.first().and_then(|value| value.strip_suffix("UNSPECIFIED"));
    let prefix = prefix.unwrap_or_default();
    let mut found = values.iter().filter(|value| {
        [value.as_str(), short(value, prefix)].iter().any(|name| name.eq_ignore_ascii_case(text))
    });
    found.next().map(String::as_str).ok_or_else(|| {
        let names = values.iter().skip(1).map(|value| short(value, prefix).to_ascii_lowercase());
        format!("must be one of {}", names.collect::<Vec<_>>().join(", "))
    })
}

fn short<'a>(value: &'a str, prefix: &str) -> &'a str {
    value.strip_prefix(prefix).unwrap_or(value)
}

fn known_are(known: &[&str]) -> String {
    match known {
        [] => "is not a parameter: there is none here".to_owned(),
        known => format!("is not a parameter here; these are: {}", known.join(", ")),
    }
}

fn shortened(name: &str) -> String {
    name.chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    const WATCH: &str = "/catalogue.v1.FeedService/WatchChanges";
    const GET: &str = "/catalogue.v1.CatalogueService/GetProduct";
    const LIST: &str = "/catalogue.v1.CatalogueService/ListProducts";

    /// What `query` gives for a field, or the message about it.
    fn given(method: &str, name: &str, query: &str) -> Result<Option<Value>, String> {
        let fields = contract::method(method).unwrap().fields();
        let field = fields.iter().find(|field| field.json == name).unwrap();
        let uri = format!("/?{query}").parse().unwrap();
        let params = Params::of(&uri, &[name, "alias"]).ok().unwrap();
        params.field(field, Some("alias")).map_err(|problem| problem.detail)
    }

    #[test]
    fn values_become_what_the_field_holds() {
        assert_eq!(
            given(WATCH, "productIds", "productIds=a%2Fb&alias=c+d"),
            Ok(Some(json!(["a/b", "c d"])))
        );
        assert_eq!(given(WATCH, "filter", "filter=a%20%3D%201"), Ok(Some(json!("a = 1"))));
        assert_eq!(given(GET, "revision", "revision=7"), Ok(Some(json!(7))));
        assert_eq!(given(GET, "showDeleted", "showDeleted=true"), Ok(Some(json!(true))));
        for now in ["now", "NOW", "START_NOW"] {
            assert_eq!(
                given(WATCH, "start", &format!("alias={now}")),
                Ok(Some(json!("START_NOW")))
            );
        }
        for nothing in ["", "start="] {
            assert_eq!(given(WATCH, "start", nothing), Ok(None));
        }
    }

    #[test]
    fn what_a_field_cannot_hold_is_refused_by_name() {
        for (method, name, value, words) in [
            (LIST, "pageSize", "seven", "whole number up to 2147483647"),
            (LIST, "pageSize", "2147483648", "whole number"),
            (GET, "revision", "9223372036854775808", "whole number up to 9223372036854775807"),
            (GET, "showDeleted", "yes", "true or false"),
            (GET, "showDeleted", "", "true or false"),
            (WATCH, "start", "yesterday", "must be one of snapshot, now"),
            (LIST, "pageSize", "1&pageSize=1", "more than once"),
        ] {
            let message = given(method, name, &format!("{name}={value}")).unwrap_err();
            assert!(message.starts_with(name) && message.contains(words), "{message}");
        }
        let message = given(LIST, "pageSize", "pageSize=1&alias=1").unwrap_err();
        assert!(message.starts_with("alias: is the same as pageSize"), "{message}");
    }

    #[test]
    fn a_parameter_that_is_not_there_is_named() {
        let unknown = Params::of(&"/?pagesize=7".parse().unwrap(), &["pageSize"]).err().unwrap();
        assert_eq!(unknown.errors[0].field, "pagesize");
        assert!(unknown.detail.contains("these are: pageSize"));
    }
}
