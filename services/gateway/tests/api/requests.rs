//! HTTP requests reach the upstream as complete request messages.

use serde_json::{Value, json};

use crate::harness::Environment;

type Headers<'a> = &'a [(&'a str, &'a str)];

/// Sends a request, and returns its status and the latest request message `name` at the upstream.
async fn send(
    env: &Environment,
    (method, path): (&str, &str),
    headers: Headers<'_>,
    body: &str,
    name: &str,
) -> (u16, Value) {
    let response = env.http().send(method, path, headers, body.to_owned()).await;
    let request = env.fake.requests(name).pop();
    (response.status.as_u16(), request.unwrap_or_else(|| panic!("{method} {path}: {response:?}")))
}

/// Whether `whole` contains all fields of `part`.
fn contains(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            part.iter().all(|(key, part)| whole.get(key).is_some_and(|whole| contains(whole, part)))
        }
        _ => whole == part,
    }
}

#[tokio::test]
async fn reads_pass_all_parameters() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let everything = json!({ "categoryId": "mugs", "filter": "status = ACTIVE",
                             "minRevision": "t1", "showDeleted": true });
    let stream = json!({ "categoryId": "mugs", "filter": "a=1", "pageSize": 2 });
    let changes = json!({ "cursor": "", "categoryId": "mugs", "productIds": ["a", "b"],
                          "filter": "a=1", "pageSize": 7 });
    let cases = [
        (
            "/v1/products?categoryId=mugs&filter=status+%3D+ACTIVE&minRevision=t1&showDeleted=true",
            "BrowseProductsRequest",
            everything,
        ),
        (
            "/v1/products/mug?revision=1&minRevision=t1&showDeleted=true",
            "GetProductRequest",
            json!({ "productId": "mug", "revision": "1", "minRevision": "t1",
                    "showDeleted": true }),
        ),
        (
            "/v1/products:batchGet?productIds=a&productIds=b&minRevision=t1",
            "BatchGetProductsRequest",
            json!({ "productIds": ["a", "b"], "minRevision": "t1" }),
        ),
        (
            "/v1/products/mug/revisions?pageSize=3&pageToken=x",
            "ListProductRevisionsRequest",
            json!({ "productId": "mug", "pageSize": 3, "pageToken": "x" }),
        ),
        (
            "/v1/products/mug/stock?sku=m-1&minRevision=t1",
            "GetStockRequest",
            json!({ "productId": "mug", "sku": "m-1", "minRevision": "t1" }),
        ),
        (
            "/v1/products:stream?categoryId=mugs&filter=a%3D1&pageSize=2",
            "ListProductsRequest",
            stream,
        ),
        (
            "/v1/products:export?filter=a%20%3D%201&showDeleted=true",
            "ExportProductsRequest",
            json!({ "filter": "a = 1", "showDeleted": true }),
        ),
        (
            "/v1/changes:list?categoryId=mugs&productIds=a&productIds=b&filter=a%3D1&pageSize=7",
            "ListChangesRequest",
            changes,
        ),
        ("/v1/changes:watermark", "GetWatermarkRequest", json!({})),
        ("/v1/categories?parentId=mugs", "ListCategoriesRequest", json!({ "parentId": "mugs" })),
    ];
    for (path, name, expected) in cases {
        let (status, request) = send(&env, ("GET", path), &[], "", name).await;
        assert_eq!(status, 200, "{path}");
        assert!(contains(&request, &expected), "{path}: {request}");
    }
}

#[tokio::test]
async fn writes_pass_all_fields() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    for (address, body, name, expected) in product_writes().into_iter().chain(other_writes()) {
        let (_, request) = send(&env, address, &[], body, name).await;
        assert!(contains(&request, &expected), "{address:?}: {request}");
    }
}

/// A write: its method and path, its body, the name of its gRPC request, and fields of that.
type WriteCase = ((&'static str, &'static str), &'static str, &'static str, Value);

fn product_writes() -> Vec<WriteCase> {
    vec![
        (
            ("POST", "/v1/products?requestId=r1&validateOnly=true"),
            r#"{"id":"cup","name":"Cup"}"#,
            "CreateProductRequest",
            json!({ "requestId": "r1", "validateOnly": true }),
        ),
        (
            ("PATCH", "/v1/products/mug?requestId=r1&validateOnly=true"),
            r#"{"name":"Mug"}"#,
            "UpdateProductRequest",
            json!({ "product": { "id": "mug", "name": "Mug" }, "updateMask": { "paths": ["name"] },
                    "requestId": "r1", "validateOnly": true }),
        ),
        (
            ("DELETE", "/v1/products/mug?purge=true&requestId=r1&etag=e1"),
            "",
            "DeleteProductRequest",
            json!({ "productId": "mug", "purge": true, "requestId": "r1", "etag": "e1" }),
        ),
        (
            ("POST", "/v1/products/mug:undelete"),
            r#"{"requestId":"r1","validateOnly":true}"#,
            "UndeleteProductRequest",
            json!({ "productId": "mug", "requestId": "r1", "validateOnly": true }),
        ),
        (
            ("POST", "/v1/products/mug:revert"),
            r#"{"revision":"3","request_id":"r1"}"#,
            "RevertProductRequest",
            json!({ "productId": "mug", "revision": "3", "requestId": "r1" }),
        ),
        (
            ("POST", "/v1/products/mug:setStock"),
            r#"{"sku":"m-1","stockQty":4,"expectedQty":5,"requestId":"r1"}"#,
            "SetStockRequest",
            json!({ "productId": "mug", "sku": "m-1", "stockQty": 4, "expectedQty": 5,
                    "requestId": "r1" }),
        ),
        (
            ("POST", "/v1/products/mug:adjustStock"),
            r#"{"sku":"m-1","delta":-1,"requestId":"r1","validateOnly":true}"#,
            "AdjustStockRequest",
            json!({ "productId": "mug", "sku": "m-1", "delta": -1,
                    "requestId": "r1", "validateOnly": true }),
        ),
    ]
}

fn other_writes() -> Vec<WriteCase> {
    vec![
        (
            ("POST", "/v1/reservations"),
            r#"{"lines":[{"sku":"m-1","quantity":2}],"ttl":"600s","requestId":"r1"}"#,
            "ReserveStockRequest",
            json!({ "lines": [{ "productId": "", "sku": "m-1", "quantity": 2 }],
                    "ttl": "600s", "requestId": "r1" }),
        ),
        (
            ("POST", "/v1/reservations/r7:commit"),
            "",
            "CommitReservationRequest",
            json!({ "reservationId": "r7" }),
        ),
        (
            ("POST", "/v1/reservations/r7:release"),
            r#"{"requestId":"r1"}"#,
            "ReleaseReservationRequest",
            json!({ "reservationId": "r7", "requestId": "r1" }),
        ),
        (
            ("POST", "/v1/categories?requestId=r1&validateOnly=true"),
            r#"{"name":"Cups"}"#,
            "CreateCategoryRequest",
            json!({ "requestId": "r1", "validateOnly": true }),
        ),
        (
            ("PATCH", "/v1/categories/mugs?requestId=r1"),
            r#"{"name":"Mugs","productCount":7,"parentId":""}"#,
            "UpdateCategoryRequest",
            json!({ "category": { "id": "mugs", "name": "Mugs" },
                    "updateMask": { "paths": ["name"] }, "requestId": "r1" }),
        ),
        (
            ("POST", "/v1/categories/mugs:move"),
            r#"{"parentId":"empty","requestId":"r1"}"#,
            "MoveCategoryRequest",
            json!({ "categoryId": "mugs", "parentId": "empty", "requestId": "r1" }),
        ),
        (
            ("DELETE", "/v1/categories/empty?requestId=r1&validateOnly=true"),
            "",
            "DeleteCategoryRequest",
            json!({ "categoryId": "empty", "requestId": "r1", "validateOnly": true }),
        ),
    ]
}

#[tokio::test]
async fn watches_of_the_feed_pass_their_scope() {
    let env = Environment::start().await;
    let http = env.http();
    let path = "/v1/changes?start=now&categoryId=mugs&productId=a&productIds=b&filter=x%20%3D%201";
    assert_eq!(http.status(path).await, 200);
    let watches = env.fake.requests("WatchChangesRequest");
    let expected = json!({ "start": "START_NOW", "categoryId": "mugs", "productIds": ["a", "b"],
                           "filter": "x = 1" });
    assert!(watches.iter().any(|watch| contains(watch, &expected)), "{watches:?}");
}

#[tokio::test]
async fn idempotency_key_becomes_the_request_id() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let path = "/v1/products/mug:adjustStock";
    for key in ["\"order-7\"", "order-7"] {
        let headers = [("idempotency-key", key), ("x-actor", "anna@shop.example")];
        let (status, request) =
            send(&env, ("POST", path), &headers, r#"{"delta":-1}"#, "AdjustStockRequest").await;
        assert_eq!((status, &request["requestId"]), (200, &json!("order-7")));
        assert_eq!(env.fake.metadata("x-actor").as_deref(), Some("anna@shop.example"));
    }
    // The same key in both places is accepted, and different keys are refused.
    let headers = [("idempotency-key", "\"order-8\"")];
    let (_, request) = send(
        &env,
        ("DELETE", "/v1/products/mug?requestId=order-8"),
        &headers,
        "",
        "DeleteProductRequest",
    )
    .await;
    assert_eq!(request["requestId"], "order-8");
    let http = env.http();
    let response = http.send("POST", path, &headers, r#"{"delta":1,"requestId":"other"}"#).await;
    let problem = response.problem(400, "INVALID_ARGUMENT");
    assert_eq!(problem["errors"][0]["field"], "requestId");
    let response = http.send("POST", path, &[("idempotency-key", "")], r#"{"delta":1}"#).await;
    assert_eq!(response.problem(400, "INVALID_ARGUMENT")["errors"][0]["field"], "Idempotency-Key");
    let long = "x".repeat(129);
    let response = http.send("POST", path, &[("x-actor", &long)], r#"{"delta":1}"#).await;
    assert_eq!(response.problem(400, "INVALID_ARGUMENT")["errors"][0]["field"], "X-Actor");
    assert_eq!(env.fake.requests("AdjustStockRequest").len(), 2);
}

#[tokio::test]
async fn misplaced_fields_and_parameters_are_refused() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let http = env.http();
    let cases = [
        (("POST", "/v1/products/mug:undelete?requestId=r1"), "{}", "requestId"),
        (("PUT", "/v1/products/mug?updateMask=name"), r#"{"name":"x"}"#, "updateMask"),
        (("PATCH", "/v1/products/mug?updateMask=,"), r#"{"name":"x"}"#, "updateMask"),
        (("PATCH", "/v1/categories/mugs"), r#"{"parentId":"empty"}"#, "body"),
        (("PATCH", "/v1/categories/mugs"), r#"{"id":"empty","name":"x"}"#, "id"),
        (("POST", "/v1/reservations/r7:commit"), r#"{"reservationId":"r8"}"#, "reservationId"),
        (("GET", "/v1/products/mug?showDeleted=1"), "", "showDeleted"),
        (("GET", "/v1/products/mug?revision=old"), "", "revision"),
        (("GET", "/v1/changes:watermark?cursor=a"), "", "cursor"),
    ];
    for ((method, path), body, field) in cases {
        let response = http.send(method, path, &[], body).await;
        let problem = response.problem(400, "INVALID_ARGUMENT");
        assert_eq!(problem["errors"][0]["field"], field, "{method} {path}");
    }
    let conditional = [("if-match", "\"e1\"")];
    let response =
        http.send("POST", "/v1/products/mug:adjustStock", &conditional, r#"{"delta":1}"#).await;
    assert_eq!(response.problem(400, "INVALID_ARGUMENT")["errors"][0]["field"], "If-Match");
    for path in ["/v1/reservations/r7:explode", "/v1/categories/mugs:x"] {
        http.send("POST", path, &[], "{}").await.problem(404, "ROUTE_NOT_FOUND");
    }
    for path in ["/v1/reservations/r7", "/v1/categories/mugs"] {
        http.send("POST", path, &[], "{}").await.problem(405, "METHOD_NOT_ALLOWED");
    }
}
