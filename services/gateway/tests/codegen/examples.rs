//! Checks that the document's examples are valid messages.

use protox::prost_reflect::DynamicMessage;
use serde_json::Value;

use crate::contract::Contract;

/// Panics if an example is not a message of its type.
pub(crate) fn check(contract: &Contract, document: &Value) {
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let examples = schemas.iter().filter_map(|(name, schema)| Some((name, schema.get("example")?)));
    let examples: Vec<_> = examples.filter(|(name, _)| *name != "Problem").collect();
    assert!(examples.len() >= 7);
    for (name, example) in examples {
        let message = contract
            .message(&format!("catalogue.v1.{}", name.strip_suffix("Input").unwrap_or(name)));
        let read = DynamicMessage::deserialize(message, example.clone());
        assert!(read.is_ok(), "{name}: {example}: {read:?}");
    }
}
