//! The examples of the document are what the contract takes.

use proto::catalogue::v1::{
    AdjustStockRequest, Category, MoveCategoryRequest, Product, ReserveStockRequest,
    RevertProductRequest, SetStockRequest,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

fn is_taken<M: DeserializeOwned>(example: &Value) -> bool {
    serde_json::from_value::<M>(example.clone()).is_ok()
}

/// Panics over an example that is not a message of its kind.
pub(crate) fn check(document: &Value) {
    let mut examples = 0;
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        let Some(example) = schema.get("example") else { continue };
        examples += 1;
        let is_taken = match name.as_str() {
            "AdjustStockRequest" => is_taken::<AdjustStockRequest>(example),
            "Category" => is_taken::<Category>(example),
            "MoveCategoryRequest" => is_taken::<MoveCategoryRequest>(example),
            "Product" => is_taken::<Product>(example),
            "ReserveStockRequest" => is_taken::<ReserveStockRequest>(example),
            "RevertProductRequest" => is_taken::<RevertProductRequest>(example),
            "SetStockRequest" => is_taken::<SetStockRequest>(example),
            "Problem" => true,
            other => panic!("the example of {other} is not tried: add it here"),
        };
        assert!(is_taken, "{name}: {example}");
    }
    assert!(examples >= 7);
}
