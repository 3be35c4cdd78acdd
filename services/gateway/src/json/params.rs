//! Query parameters, parsed strictly: an unknown one is refused, and the error names it.

use axum::extract::Query;
use http::Uri;
use serde_json::{Value, json};

use super::{mask, scalar};
use crate::{
    contract::{Choice, Field, Holds},
    parameter::flag,
    problem::Problem,
};

const DURATION: &str = "google.protobuf.Duration";
/// Messages that are texts in JSON.
const TEXTS: [&str; 3] = [mask::FIELD_MASK, DURATION, "google.protobuf.Timestamp"];

/// The parameters of a request, in their order.
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    /// Parses the query of `uri`.
    ///
    /// # Errors
    /// 400 for a parameter that is not in `known`.
    pub(crate) fn parse(uri: &Uri, known: &[&str]) -> Result<Self, Problem> {
        Self::parse_with(uri, known, |_| false)
    }

    /// [`Params::parse`], which also accepts names that `is_known` knows.
    pub(super) fn parse_with(
        uri: &Uri,
        known: &[&str],
        is_known: impl Fn(&str) -> bool,
    ) -> Result<Self, Problem> {
        let Query(params) = Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|_| Problem::invalid("query", "cannot be read as name=value&name=value"))?;
        let is_unknown = |name: &str| !known.contains(&name) && !is_known(name);
        match params.iter().find(|(name, _)| is_unknown(name)) {
            Some((name, _)) => Err(Problem::invalid(truncated(name), unknown(known))),
            None => Ok(Self(params)),
        }
    }

    /// All values of parameters with one of `names`, in their order.
    pub(crate) fn values(&self, names: &[&str]) -> Vec<&str> {
        let named = self.0.iter().filter(|(name, _)| names.contains(&name.as_str()));
        named.map(|(_, value)| value.as_str()).collect()
    }

    /// The value of a field as proto3 JSON, from the parameter with one of its names (`pageSize`,
    /// `page_size`) or `alias`. Errors have the name that the caller wrote.
    ///
    /// # Errors
    /// 400 for an invalid value, and for several values of a singular field.
    pub(super) fn field(
        &self,
        field: &Field,
        alias: Option<&str>,
    ) -> Result<Option<Value>, Problem> {
        let (json, proto) = (field.json.as_str(), field.name.as_str());
        let is_field = |name: &str| name == json || name == proto || alias == Some(name);
        let given: Vec<_> = self.0.iter().filter(|(name, _)| is_field(name)).collect();
        if field.is_repeated {
            let values: Vec<_> = given.iter().map(|(_, value)| value).collect();
            return Ok((!values.is_empty()).then(|| json!(values)));
        }
        match given[..] {
            [] => Ok(None),
            [(name, value)] => to_json(field, value).map_err(|it| Problem::invalid(name, it)),
            [(first, _), ref others @ ..] => {
                if others.iter().all(|(name, _)| name == first) {
                    return Err(Problem::invalid(first, "is given more than once"));
                }
                let other = given.iter().find(|(name, _)| name != json);
                let name = other.map_or(first, |(name, _)| name);
                let message = format!("is the same as {json}: give one of them, once");
                Err(Problem::invalid(name, message))
            }
        }
    }
}

/// Whether a field can be a query parameter.
pub(super) fn is_param(field: &Field) -> bool {
    match &field.holds {
        Holds::Text => true,
        Holds::Whole(_) | Holds::Flag | Holds::Choice(_) | Holds::Number => !field.is_repeated,
        Holds::Message(name) => TEXTS.contains(&name.as_str()) && !field.is_repeated,
        Holds::Other => false,
    }
}

/// The value of a field in an address as proto3 JSON; `None` for a field that is not set.
///
/// # Errors
/// The rule that the text breaks.
pub(super) fn to_json(field: &Field, text: &str) -> Result<Option<Value>, String> {
    Ok(Some(match &field.holds {
        // Absent: HTML forms send empty fields, too.
        Holds::Whole(_) | Holds::Choice(_) | Holds::Number | Holds::Message(_)
            if text.is_empty() =>
        {
            return Ok(None);
        }
        Holds::Whole(bits) => {
            let max = i64::MAX >> (64 - bits);
            let number = text.parse::<i64>().ok().filter(|number| (!max..=max).contains(number));
            json!(number.ok_or_else(|| format!("must be a whole number up to {max}, such as 20"))?)
        }
        Holds::Flag => json!(flag(text)?),
        Holds::Choice(values) => json!(enum_value(values, text)?),
        Holds::Number => scalar::number(&json!(text)).map(|_| json!(text))?,
        Holds::Message(name) => match name.as_str() {
            mask::FIELD_MASK => mask::parse(text).ok_or("names no field")?,
            DURATION => scalar::duration(&json!(text)).map(|_| json!(text))?,
            _ => scalar::time(&json!(text)).map(|_| json!(text))?,
        },
        Holds::Text | Holds::Other => json!(text),
    }))
}

/// Finds an enum value by its name, in any case, with or without the prefix that all names share.
fn enum_value<'a>(values: &'a [Choice], text: &str) -> Result<&'a str, String> {
    let prefix = values.first().and_then(|value| value.name.strip_suffix("UNSPECIFIED"));
    let prefix = prefix.unwrap_or_default();
    let mut found = values.iter().map(|value| value.name.as_str()).filter(|name| {
        let names = [name, without_prefix(name, prefix)];
        names.iter().any(|name| name.eq_ignore_ascii_case(text))
    });
    found.next().ok_or_else(|| {
        let names = values.iter().skip(1).map(|value| without_prefix(&value.name, prefix));
        let names: Vec<_> = names.map(str::to_ascii_lowercase).collect();
        format!("must be one of {}", names.join(", "))
    })
}

fn without_prefix<'a>(value: &'a str, prefix: &str) -> &'a str {
    value.strip_prefix(prefix).unwrap_or(value)
}

/// The message about an unknown parameter.
fn unknown(known: &[&str]) -> String {
    match known {
        [] => "is not a parameter: there is none here".to_owned(),
        known => format!("is not a parameter here; these are: {}", known.join(", ")),
    }
}

fn truncated(name: &str) -> String {
    name.chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    const AUDIT: &str = "/catalogue.v1.AuditService/ListAuditEvents";
    const WATCH: &str = "/catalogue.v1.FeedService/WatchChanges";
    const GET: &str = "/catalogue.v1.CatalogueService/GetProduct";
    const LIST: &str = "/catalogue.v1.CatalogueService/ListProducts";

    /// The value of a field in `query`, or the error message.
    fn value(method: &str, name: &str, query: &str) -> Result<Option<Value>, String> {
        let fields = contract::method(method).unwrap().input.fields();
        let field = fields.iter().find(|field| field.json == name).unwrap();
        let uri = format!("/?{query}").parse().unwrap();
        let params = Params::parse(&uri, &[name, &field.name, "alias"]).ok().unwrap();
        params.field(field, Some("alias")).map_err(|problem| problem.detail)
    }

    #[test]
    fn values_become_json_of_the_field_type() {
        assert_eq!(
            value(WATCH, "productIds", "productIds=a%2Fb&alias=c+d"),
            Ok(Some(json!(["a/b", "c d"])))
        );
        assert_eq!(value(WATCH, "filter", "filter=a%20%3D%201"), Ok(Some(json!("a = 1"))));
        assert_eq!(value(GET, "revision", "revision=7"), Ok(Some(json!(7))));
        assert_eq!(value(GET, "showDeleted", "showDeleted=true"), Ok(Some(json!(true))));
        for now in ["now", "NOW", "START_NOW"] {
            assert_eq!(
                value(WATCH, "start", &format!("alias={now}")),
                Ok(Some(json!("START_NOW")))
            );
        }
        let time = "2026-01-31T12:00:00Z";
        assert_eq!(value(AUDIT, "startTime", &format!("startTime={time}")), Ok(Some(json!(time))));
        for nothing in ["", "start="] {
            assert_eq!(value(WATCH, "start", nothing), Ok(None));
        }
    }

    #[test]
    fn invalid_value_is_refused_with_its_parameter() {
        for (method, name, text, words) in [
            (LIST, "pageSize", "seven", "whole number up to 2147483647"),
            (LIST, "pageSize", "2147483648", "whole number"),
            (GET, "revision", "9223372036854775808", "whole number up to 9223372036854775807"),
            (GET, "showDeleted", "yes", "true or false"),
            (GET, "showDeleted", "", "true or false"),
            (WATCH, "start", "yesterday", "must be one of snapshot, now"),
            (AUDIT, "startTime", "yesterday", "must be a time"),
            (LIST, "pageSize", "1&pageSize=1", "more than once"),
        ] {
            let message = value(method, name, &format!("{name}={text}")).unwrap_err();
            assert!(message.starts_with(name) && message.contains(words), "{message}");
        }
        let message = value(LIST, "pageSize", "pageSize=1&alias=1").unwrap_err();
        assert!(message.starts_with("alias: is the same as pageSize"), "{message}");
    }

    #[test]
    fn field_has_both_spellings() {
        assert_eq!(value(LIST, "pageSize", "page_size=7"), Ok(Some(json!(7))));
        let message = value(LIST, "pageSize", "page_size=seven").unwrap_err();
        assert!(message.starts_with("page_size: "), "as the caller wrote it: {message}");
        let message = value(LIST, "pageSize", "page_size=1&pageSize=1").unwrap_err();
        assert!(message.starts_with("page_size: is the same as pageSize"), "{message}");
    }

    #[test]
    fn unknown_parameter_is_named() {
        let unknown = Params::parse(&"/?pagesize=7".parse().unwrap(), &["pageSize"]).err().unwrap();
        assert_eq!(unknown.errors[0].field, "pagesize");
        assert!(unknown.detail.contains("these are: pageSize"));
    }
}
