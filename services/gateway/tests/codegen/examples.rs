//! Checks that the document's examples are valid messages.

use proto::catalogue::v1::{
    AdjustStockRequest, Category, MoveCategoryRequest, Product, ReserveStockRequest,
    RevertProductRequest, SetStockRequest,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

fn is_valid<M: DeserializeOwned>(example: &Value) -> bool {
    serde_json::from_value::<M>(example.clone()).is_ok()
}

/// Panics if an example is not a message of its type.
pub(crate) fn check(document: &Value) {
    let mut examples = 0;
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        let Some(example) = schema.get("example") else { continue };
        examples += 1;
        let is_valid = match name.as_str() {
            "AdjustStockRequest" => is_valid::<AdjustStockRequest>(example),
            "CategoryInput" => is_valid::<Category>(example),
            "MoveCategoryRequest" => is_valid::<MoveCategoryRequest>(example),
            "ProductInput" => is_valid::<Product>(example),
            "ReserveStockRequest" => is_valid::<ReserveStockRequest>(example),
            "RevertProductRequest" => is_valid::<RevertProductRequest>(example),
            "SetStockRequest" => is_valid::<SetStockRequest>(example),
            "Problem" => true,
            other => panic!("the example of {other} is not checked: add it here"),
        };
        assert!(is_valid, "{name}: {example}");
    }
    assert!(examples >= 7);
}
