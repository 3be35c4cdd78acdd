//! The reference: the operations and schemas of the OpenAPI document, as Markdown.

use axum::extract::FromRef;
use serde_json::Value;

use super::markdown::{head, row};
use crate::state::AppState;

/// The OpenAPI document of the contract that is served.
#[derive(Clone, Copy)]
pub(super) struct Reference(&'static Value);

impl FromRef<AppState> for Reference {
    fn from_ref(state: &AppState) -> Self {
        Self(state.contract().document())
    }
}

/// An operation with its place.
struct Operation {
    path: &'static str,
    method: &'static str,
    spec: &'static Value,
}

impl Reference {
    fn operations(self) -> impl Iterator<Item = Operation> {
        self.0["paths"].as_object().into_iter().flatten().flat_map(|(path, operations)| {
            let operations = operations.as_object().into_iter().flatten();
            operations.map(move |(method, spec)| Operation { path, method, spec })
        })
    }

    /// The operations by their tags.
    pub(super) fn index(self) -> String {
        let mut out = format!(
            "# Reference\n\n{}\n\nThe same as a document for programs: [/openapi.json](/openapi.json). Errors have \
             [pages of their own](/docs/errors).\n",
            text(&self.0["info"]["description"])
        );
        for tag in self.0["tags"].as_array().into_iter().flatten() {
            out +=
                &format!("\n## {}\n\n{}", text(&tag["name"]), head(["Operation", "What it does"]));
            for it in self.operations().filter(|it| it.spec["tags"][0] == tag["name"]) {
                let id = text(&it.spec["operationId"]);
                let name =
                    format!("[`{} {}`](/docs/reference/{id})", it.method.to_uppercase(), it.path);
                out += &row([&name, text(&it.spec["summary"])]);
            }
        }
        out
    }

    /// The page of an operation; `None` for an unknown id.
    pub(super) fn operation(self, id: &str) -> Option<String> {
        let it = self.operations().find(|it| it.spec["operationId"] == id)?;
        let mut out = format!(
            "# {}\n\n`{} {}`\n\n{}\n\n{}\n",
            text(&it.spec["summary"]),
            it.method.to_uppercase(),
            it.path,
            text(&it.spec["description"]),
            scope(it.spec),
        );
        out += &self.parameters(it.spec);
        if let Some(body) = it.spec["requestBody"]["content"]["application/json"].get("schema") {
            out += &format!("\n## Body\n\n{}\n", type_of(body));
            if let Some(example) = self.example(body) {
                out += &format!("\n```json\n{example}\n```\n");
            }
        }
        out += &format!("\n## Responses\n\n{}", head(["Status", "What it means", "Body"]));
        for (status, response) in it.spec["responses"].as_object().into_iter().flatten() {
            let response = self.resolve(response);
            let content = response["content"].as_object().into_iter().flatten().next();
            let body = content.map(|(kind, content)| match kind.as_str() {
                "application/problem+json" => "[Problem](/docs/schemas/Problem)".to_owned(),
                "application/json" => type_of(&content["schema"]),
                kind => format!("`{kind}`"),
            });
            out += &row([status, text(&response["description"]), &body.unwrap_or_default()]);
        }
        out += &format!("\n## Try it\n\n```sh\n{}\n```\n", self.command(&it));
        Some(out)
    }

    fn parameters(self, spec: &'static Value) -> String {
        let parameters = spec["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
        if parameters.is_empty() {
            return String::new();
        }
        let mut out =
            format!("\n## Parameters\n\n{}", head(["Name", "In", "Type", "What it means"]));
        for parameter in parameters.iter().map(|it| self.resolve(it)) {
            let name = format!("`{}`", text(&parameter["name"]));
            let kind = type_of(&parameter["schema"]);
            out += &row([&name, text(&parameter["in"]), &kind, text(&parameter["description"])]);
        }
        out
    }

    /// The page of a schema; `None` for an unknown name.
    pub(super) fn schema(self, name: &str) -> Option<String> {
        let schema = self.0["components"]["schemas"].get(name)?;
        let mut out = format!("# {name}\n\n{}\n", text(&schema["description"]));
        if let Some(values) = schema["enum"].as_array() {
            for value in values.iter().map(text) {
                out += &format!("- [{value}](/docs/errors/{value})\n");
            }
            return Some(out);
        }
        out += &format!("\n{}", head(["Field", "Type", "What it means"]));
        let required = schema["required"].as_array().map(Vec::as_slice).unwrap_or_default();
        for (field, of) in schema["properties"].as_object().into_iter().flatten() {
            let is_required = required.iter().any(|name| name == field);
            let kind = type_of(of) + if is_required { "" } else { ", may be absent" };
            out += &row([&format!("`{field}`"), &kind, text(&of["description"])]);
        }
        if let Some(example) =
            schema.get("example").and_then(|it| serde_json::to_string_pretty(it).ok())
        {
            out += &format!("\n```json\n{example}\n```\n");
        }
        Some(out)
    }

    /// A component that is referred to.
    fn resolve(self, value: &'static Value) -> &'static Value {
        let pointer = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
        pointer.and_then(|pointer| self.0.pointer(pointer)).unwrap_or(value)
    }

    fn example(self, schema: &'static Value) -> Option<String> {
        serde_json::to_string_pretty(self.resolve(schema).get("example")?).ok()
    }

    /// The operation as a command.
    fn command(self, it: &Operation) -> String {
        let path = it.path.replace("{id}", "ID");
        let mut out = match it.method {
            "get" => format!("curl -s 'http://127.0.0.1:8080{path}'"),
            method => format!("curl -s -X {} 'http://127.0.0.1:8080{path}'", method.to_uppercase()),
        };
        if !scope(it.spec).starts_with("Needs no key") {
            out += " \\\n  -H \"authorization: Bearer $KEY\"";
        }
        if let Some(body) = it.spec["requestBody"]["content"]["application/json"].get("schema") {
            let example =
                self.resolve(body).get("example").map_or_else(|| "{}".to_owned(), Value::to_string);
            out += &format!(" \\\n  -H 'content-type: application/json' -d '{example}'");
        }
        out
    }
}

fn text(value: &'static Value) -> &'static str {
    value.as_str().unwrap_or_default()
}

fn scope(spec: &'static Value) -> String {
    let needed = spec["security"].as_array().into_iter().flatten();
    match needed.filter_map(|it| it["key"][0].as_str()).next() {
        None | Some("read") => {
            "Needs no key; one shows what anonymous callers may not see.".to_owned()
        }
        Some(scope) => format!("Needs a key with the scope `{scope}`."),
    }
}

fn type_of(schema: &'static Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or_default();
        return format!("[{name}](/docs/schemas/{name})");
    }
    if let Some(kinds) = schema["anyOf"].as_array() {
        return kinds.iter().map(type_of).collect::<Vec<_>>().join(" or ");
    }
    if let Some(values) = schema["enum"].as_array() {
        let values = values.iter().map(|value| format!("`{}`", text(value)));
        return values.collect::<Vec<_>>().join(", ");
    }
    let kind = text(&schema["type"]);
    let mut words = match kind {
        "array" => format!("list of {}", type_of(&schema["items"])),
        kind => schema["format"].as_str().map_or(kind, |format| format).to_owned(),
    };
    for (keyword, word) in [
        ("minimum", "at least"),
        ("minItems", "at least"),
        ("minLength", "at least"),
        ("maxItems", "at most"),
        ("maxLength", "at most"),
        ("pattern", "like"),
    ] {
        if let Some(value) = schema.get(keyword).filter(|value| **value != i32::MIN) {
            words += &match value.as_str() {
                Some(pattern) => format!(", {word} `{pattern}`"),
                None => format!(", {word} {value}"),
            };
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    fn reference() -> Reference {
        Reference(contract::compiled().document())
    }

    #[test]
    fn every_operation_and_schema_has_a_page_and_links_lead_to_pages() {
        let reference = reference();
        let mut pages = vec![reference.index()];
        let ids = reference.operations().map(|it| text(&it.spec["operationId"]));
        pages.extend(ids.map(|id| reference.operation(id).unwrap()));
        let schemas = reference.0["components"]["schemas"].as_object().unwrap();
        pages.extend(schemas.keys().map(|name| reference.schema(name).unwrap()));
        assert!(pages.len() > 100, "{}", pages.len());
        for page in pages {
            for link in page.split("](/docs/").skip(1) {
                let link = link.split(')').next().unwrap();
                let is_there = match link.split_once('/') {
                    Some(("reference", id)) => reference.operation(id).is_some(),
                    Some(("schemas", name)) => reference.schema(name).is_some(),
                    Some(("errors", reason)) => super::super::errors::page(reason).is_some(),
                    _ => link == "errors",
                };
                assert!(is_there, "{link} in {page}");
            }
        }
        assert!(reference.operation("nothing").is_none() && reference.schema("Nothing").is_none());
    }

    #[test]
    fn operation_has_its_parameters_body_and_command() {
        let page = reference().operation("adjustStock").unwrap();
        for part in
            ["`POST /v1/products/{id}:adjustStock`", "`write:stock`", "\"delta\":-1", "| 409 |"]
        {
            assert!(page.contains(part), "{part}: {page}");
        }
    }
}
