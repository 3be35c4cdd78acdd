//! The document that describes the JSON API. `tests/codegen` makes it from the contract.

use axum::response::IntoResponse;
use http::header;

/// OpenAPI 3.1.
const DOCUMENT: &str = include_str!("../../openapi.json");

pub(super) async fn document() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use http::Method;

    use super::*;
    use crate::{
        contract::{self, Kind},
        json::{binding::Binding, table::TABLE},
    };

    /// The document is made from the contract's annotations, so this holds the table to them, too.
    #[test]
    fn the_document_describes_every_route_and_no_other() {
        let document: serde_json::Value = serde_json::from_str(DOCUMENT).unwrap();
        let mut described = BTreeSet::new();
        for (path, operations) in document["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                let id = operation["operationId"].as_str().unwrap().to_owned();
                described.insert((method.to_uppercase(), path.clone(), id));
            }
        }
        let mut served: BTreeSet<_> = TABLE.iter().map(described_as).collect();
        let methods_of_handlers = [
            ("/v1/products:stream", "listProducts"),
            ("/v1/products:export", "exportProducts"),
            ("/v1/search", "search"),
            ("/v1/availability", "watchAvailability"),
            ("/v1/changes", "watchChanges"),
            ("/openapi.json", "getDocument"),
        ];
        let handled = super::super::handled();
        assert!(
            handled
                .iter()
                .map(|(path, _)| path)
                .eq(methods_of_handlers.iter().map(|(path, _)| path))
        );
        let handled = methods_of_handlers
            .map(|(path, id)| ("GET".to_owned(), path.to_owned(), id.to_owned()));
        served.extend(handled);
        assert_eq!(described, served);
    }

    /// The method, the path and the operation's id of a line of the table.
    fn described_as(binding: &Binding) -> (String, String, String) {
        let verb = binding.verb().map(|verb| format!(":{verb}")).unwrap_or_default();
        let name = binding.rpc.rsplit('/').next().unwrap();
        let is_whole = binding.method == Method::PUT && name == "UpdateProduct";
        let name = if is_whole { "ReplaceProduct" } else { name };
        let id = name[..1].to_lowercase() + &name[1..];
        (binding.method.to_string(), binding.route() + &verb, id)
    }

    #[test]
    fn every_line_of_the_table_is_of_the_contract() {
        for binding in &TABLE {
            let method = contract::method(binding.rpc);
            assert!(method.is_some_and(|method| method.kind == Kind::Unary), "{}", binding.rpc);
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document: serde_json::Value = serde_json::from_str(DOCUMENT).unwrap();
        let mut references = Vec::new();
        collect(&document, &mut references);
        assert!(!references.is_empty());
        for reference in references {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
    }

    fn collect(value: &serde_json::Value, references: &mut Vec<String>) {
        match value {
            serde_json::Value::Object(object) => {
                if let Some(reference) = object.get("$ref").and_then(|value| value.as_str()) {
                    references.push(reference.to_owned());
                }
                object.values().for_each(|value| collect(value, references));
            }
            serde_json::Value::Array(values) => {
                values.iter().for_each(|value| collect(value, references));
            }
            _ => {}
        }
    }
}
