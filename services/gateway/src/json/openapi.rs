//! The document that describes the JSON API, kept by hand beside this crate's manifest.

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

    use super::*;

    #[test]
    fn the_document_describes_every_route_and_no_other() {
        let document: serde_json::Value = serde_json::from_str(DOCUMENT).unwrap();
        let described: BTreeSet<&str> =
            document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
        let verbs = ["/v1/products/{id}:adjustStock"];
        let served = super::super::routes().into_iter().map(|(path, _)| path);
        assert_eq!(described, served.chain(verbs).collect());
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
