//! The OpenAPI document of the JSON API, which `tests/codegen` generates from the contract.

use axum::response::IntoResponse;
use http::header;

/// OpenAPI 3.1.
pub(crate) const DOCUMENT: &str = include_str!("../../openapi.json");

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
        events,
        json::{binding::Binding, routes::ROUTES},
        transfers,
    };

    /// The document is generated from the contract's annotations, so this compares the routes with
    /// them, too.
    #[test]
    fn document_describes_every_route_and_no_other() {
        let document: serde_json::Value = serde_json::from_str(DOCUMENT).unwrap();
        let mut described = BTreeSet::new();
        for (path, operations) in document["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                let id = operation["operationId"].as_str().unwrap().to_owned();
                described.insert((method.to_uppercase(), path.clone(), id));
            }
        }
        let mut served: BTreeSet<_> = ROUTES.iter().map(described_as).collect();
        let handlers = [
            ("/v1/products:stream", "listProducts"),
            ("/v1/products:export", "exportProducts"),
            ("/v1/search", "search"),
            ("/openapi.json", "getDocument"),
            ("/v1/availability", "watchAvailability"),
            ("/v1/changes", "watchChanges"),
        ];
        let routes = super::super::handlers().into_iter().chain(events::routes());
        assert!(routes.map(|(path, _)| path).eq(handlers.iter().map(|(path, _)| *path)));
        let of_files = [
            ("POST", "/v1/imports", "createImport"),
            ("GET", "/v1/imports/{id}/events", "watchImport"),
            ("GET", "/v1/imports/{id}/rejects", "getImportRejects"),
            ("GET", "/v1/exports", "exportFile"),
            ("HEAD", "/v1/uploads/{id}", "getUploadOffset"),
            ("PATCH", "/v1/uploads/{id}", "appendToUpload"),
            ("DELETE", "/v1/uploads/{id}", "cancelUpload"),
        ];
        let routes = transfers::classes().map(|(path, method, _)| (method.to_string(), path));
        let own = of_files.map(|(method, path, _)| (method.to_owned(), path.to_owned()));
        assert!(routes.eq(own));
        served.extend(
            of_files.map(|(method, path, id)| (method.to_owned(), path.to_owned(), id.to_owned())),
        );
        served
            .extend(handlers.map(|(path, id)| ("GET".to_owned(), path.to_owned(), id.to_owned())));
        assert_eq!(described, served);
    }

    /// The method, the path and the operation's id of a route.
    fn described_as(binding: &Binding) -> (String, String, String) {
        let verb = binding.custom_verb().map(|verb| format!(":{verb}")).unwrap_or_default();
        let name = binding.rpc.rsplit('/').next().unwrap();
        let is_whole = binding.method == Method::PUT && name == "UpdateProduct";
        let name = if is_whole { "ReplaceProduct" } else { name };
        let id = name[..1].to_lowercase() + &name[1..];
        (binding.method.to_string(), binding.route() + &verb, id)
    }

    #[test]
    fn every_route_is_a_unary_method_of_the_contract_but_undoing() {
        for binding in &ROUTES {
            let method = contract::method(binding.rpc);
            let is_undo = binding.rpc.ends_with("/UndoImport");
            let kind = if is_undo { Kind::Streaming } else { Kind::Unary };
            assert!(method.is_some_and(|method| method.kind == kind), "{}", binding.rpc);
        }
    }

    #[test]
    fn every_reference_is_resolved() {
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
