//! Query parameters, read strictly: what we would ignore, we refuse by name.

use axum::extract::Query;
use http::Uri;

use crate::problem::Problem;

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

    /// The value of one that may be given once; empty if it is not there.
    pub(crate) fn text(&self, name: &str) -> Result<String, Problem> {
        let mut values = self.0.iter().filter(|(given, _)| given == name);
        let value = values.next().map(|(_, value)| value.clone()).unwrap_or_default();
        match values.next() {
            Some(_) => Err(Problem::invalid(name, "is given more than once")),
            None => Ok(value),
        }
    }

    /// The value of one that is a number; 0 if it is not there.
    pub(crate) fn number(&self, name: &str) -> Result<i32, Problem> {
        let text = self.text(name)?;
        if text.is_empty() {
            return Ok(0);
        }
        let range = format!("must be a whole number up to {}, such as 20", i32::MAX);
        text.parse().map_err(|_| Problem::invalid(name, range))
    }

    /// Every value of any of `names`, in the order given.
    pub(crate) fn all(&self, names: &[&str]) -> Vec<String> {
        let given = self.0.iter().filter(|(name, _)| names.contains(&name.as_str()));
        given.map(|(_, value)| value.clone()).collect()
    }
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

    fn of(uri: &str) -> Result<Params, Problem> {
        Params::of(&uri.parse().unwrap(), &["pageSize", "productIds"])
    }

    #[test]
    fn values_are_decoded_and_repeated_ones_kept() {
        let params = of("/?productIds=a%2Fb&pageSize=7&productIds=c+d").ok().unwrap();
        assert_eq!(params.all(&["productIds"]), ["a/b", "c d"]);
        assert_eq!(params.number("pageSize").ok(), Some(7));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let field = |problem: Problem| problem.errors[0].field.clone();
        assert_eq!(of("/?pagesize=7").err().map(field).as_deref(), Some("pagesize"));
        for bad in ["/?pageSize=seven", "/?pageSize=9999999999", "/?pageSize=1&pageSize=1"] {
            let params = of(bad).ok().unwrap();
            assert_eq!(params.number("pageSize").err().map(field).as_deref(), Some("pageSize"));
        }
    }
}
