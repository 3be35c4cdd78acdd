//! The OpenAPI document of the JSON API.

use axum::{extract::State, response::IntoResponse};
use http::header;

use crate::state::AppState;

pub(super) async fn document(State(state): State<AppState>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], state.contract().openapi)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::{
        contract, events,
        json::{binding::Binding, routes},
        transfers,
    };

    #[test]
    fn document_describes_every_route_and_no_other() {
        let document = contract::compiled().document();
        let mut described = BTreeSet::new();
        for (path, operations) in document["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                let id = operation["operationId"].as_str().unwrap().to_owned();
                described.insert((method.to_uppercase(), path.clone(), id));
            }
        }
        let bindings = routes::bindings(contract::compiled());
        let mut served: BTreeSet<_> = bindings.iter().map(|it| described_as(it)).collect();
        let handlers = [
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
        let name = binding.rpc.path.rsplit('/').next().unwrap();
        let name = if binding.creation.is_some() { "ReplaceProduct" } else { name };
        let id = name[..1].to_lowercase() + &name[1..];
        (binding.method.to_string(), binding.rule.path(), id)
    }

    #[test]
    fn every_reference_is_resolved() {
        let document = contract::compiled().document();
        let mut references = Vec::new();
        collect(document, &mut references);
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
