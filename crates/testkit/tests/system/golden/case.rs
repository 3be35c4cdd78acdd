//! The cases: requests with what is expected of their answers.

use std::collections::{BTreeMap, BTreeSet};

use contract::HttpRule;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::outcome::{camel, comparable};

/// The content of `cases.json`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cases {
    /// Created before, besides the demo catalogue.
    pub(super) categories: Vec<Value>,
    pub(super) products: Vec<Value>,
    /// Sets of doors: the doors that have no form for a case of the set, each with why.
    sets: BTreeMap<String, BTreeMap<String, String>>,
    /// How many cases each door answers.
    pub(super) answers: BTreeMap<String, usize>,
    pub(super) cases: Vec<Case>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    pub(super) name: String,
    /// `package.Service/Method`.
    pub(super) rpc: String,
    /// The request message as JSON.
    pub(super) request: Value,
    /// Whether the second page is asked for, with the token of the first.
    #[serde(default)]
    pub(super) second_page: bool,
    /// The set of doors.
    doors: String,
    /// The same question to the agents' tools, if one has it.
    pub(super) agent: Option<Question>,
    /// Of an answer: values by JSON pointer, and by `#` and a pointer the length of a list. Of an error all of it.
    expect: Map<String, Value>,
}

/// A request to a tool for agents.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    pub(super) tool: Tool,
    pub(super) request: Value,
    /// The code of the error that is the answer.
    pub(super) code: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Tool {
    Search,
    Lookup,
    Product,
}

impl Cases {
    /// Reads the file.
    ///
    /// # Panics
    /// If it has another form, or two cases of one name.
    pub(super) fn read() -> Self {
        let cases: Self = serde_json::from_str(include_str!("cases.json")).unwrap();
        let names: BTreeSet<_> = cases.cases.iter().map(|case| &case.name).collect();
        assert_eq!(names.len(), cases.cases.len(), "two cases have one name");
        let doors = cases.sets.values().flat_map(BTreeMap::keys);
        let unknown: Vec<_> = doors.filter(|door| !cases.answers.contains_key(*door)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
        cases
    }

    /// The calls that a door has a form for.
    pub(super) fn to<'a>(&self, door: &str, calls: &'a [Call<'a>]) -> Vec<&'a Call<'a>> {
        calls.iter().filter(|call| !self.sets[&call.case.doors].contains_key(door)).collect()
    }
}

impl Case {
    /// Where the outcome is not as expected.
    pub(super) fn faults(&self, outcome: &Value) -> Vec<String> {
        let answer = &outcome["answer"];
        if answer.is_null() {
            let is_expected = *outcome == json!(self.expect);
            let fault = format!("{}: {outcome} instead of {}", self.name, json!(self.expect));
            return if is_expected { Vec::new() } else { vec![fault] };
        }
        let found = |path: &str| match path.strip_prefix('#') {
            Some(path) => {
                let list = answer.pointer(path).and_then(Value::as_array);
                comparable(json!(list.map(Vec::len)))
            }
            None => answer.pointer(path).cloned().unwrap_or_default(),
        };
        let is_wrong =
            |(path, wanted): &(&String, &Value)| found(path) != comparable((*wanted).clone());
        let wrong = self.expect.iter().filter(is_wrong);
        let mut faults: Vec<_> = wrong
            .map(|(path, wanted)| format!("{}: {path} is {}, not {wanted}", self.name, found(path)))
            .collect();
        if self.expect.is_empty() {
            faults.push(format!("{} expects nothing of {answer}", self.name));
        }
        faults
    }
}

/// A case, ready to be asked.
pub(super) struct Call<'a> {
    pub(super) case: &'a Case,
    /// The request, with its page token.
    pub(super) request: Value,
    /// The request as bytes.
    pub(super) message: Vec<u8>,
    pub(super) page_token: String,
    pub(super) streams: bool,
    /// Its form over HTTP.
    pub(super) form: Form,
}

impl Call<'_> {
    pub(super) fn path(&self) -> String {
        format!("/{}", self.case.rpc)
    }

    /// The name of the method, such as `GetProduct`.
    pub(super) fn method(&self) -> &str {
        self.case.rpc.rsplit('/').next().unwrap_or_default()
    }
}

/// A request over HTTP and JSON.
#[derive(Debug, Default)]
pub(super) struct Form {
    pub(super) method: &'static str,
    pub(super) template: String,
    /// The fields in the path, in their order.
    pub(super) path: Vec<String>,
    pub(super) query: Map<String, Value>,
    pub(super) body: Option<Value>,
}

impl Form {
    /// The form of a request by a rule of the contract.
    pub(super) fn of(rule: &HttpRule, request: &Value) -> Self {
        let mut query = request.as_object().cloned().unwrap_or_default();
        let body = match rule.body.as_str() {
            "" => None,
            "*" => Some(Value::Object(std::mem::take(&mut query))),
            field => query.remove(&camel(field)),
        };
        let variable = |path: &str| {
            let pointer: String = path.split('.').map(|name| format!("/{}", camel(name))).collect();
            request.pointer(&pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let path = rule.variables().map(variable).collect();
        for name in rule.variables() {
            query.remove(&camel(name));
        }
        Self { method: rule.method, template: rule.template.clone(), path, query, body }
    }
}
