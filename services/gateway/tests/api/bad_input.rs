//! What cannot be taken is refused by the right status, names the culprit and changes nothing.

use serde_json::Value;

use crate::{harness::World, http_client::Answer};

fn fields(problem: &Value) -> Vec<&str> {
    let errors = problem["errors"].as_array().expect("names a field");
    assert!(errors.iter().all(|error| !error["message"].as_str().unwrap().is_empty()));
    errors.iter().map(|error| error["field"].as_str().unwrap()).collect()
}

fn names(answer: &Answer, reason: &str, field: &str) {
    assert_eq!(fields(&answer.problem(400, reason)), [field]);
}

#[tokio::test]
async fn parameters_at_fault_are_named() {
    let world = World::start().await;
    let cases = [
        ("/v1/products?pagesize=5", "INVALID_ARGUMENT", "pagesize"),
        ("/v1/products?pageSize=five", "INVALID_ARGUMENT", "pageSize"),
        ("/v1/products?pageSize=5&pageSize=6", "INVALID_ARGUMENT", "pageSize"),
        ("/v1/products?pageSize=99999999999", "INVALID_ARGUMENT", "pageSize"),
        ("/v1/products?pageSize=-1", "INVALID_FIELD", "pageSize"),
        ("/v1/products?pageToken=forged", "PAGE_TOKEN_INVALID", "pageToken"),
        ("/v1/products:stream?pageSize=-1", "INVALID_FIELD", "pageSize"),
        ("/v1/products/mug?fields=name", "INVALID_ARGUMENT", "fields"),
        ("/v1/search?q=a&query=b", "INVALID_ARGUMENT", "q"),
        ("/v1/search?q=a&limit=5", "INVALID_ARGUMENT", "limit"),
        ("/v1/availability", "INVALID_ARGUMENT", "productId"),
        ("/v1/availability?productId=", "INVALID_ARGUMENT", "productId"),
        ("/v1/changes?start=yesterday", "INVALID_ARGUMENT", "start"),
    ];
    for (path, reason, field) in cases {
        names(&world.http().get(path).await, reason, field);
    }
    let many: Vec<String> = (0..201).map(|n| format!("productId=p{n}")).collect();
    let path = format!("/v1/availability?{}", many.join("&"));
    names(&world.http().get(&path).await, "INVALID_ARGUMENT", "productId");
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let world = World::start().await;
    let cases = [
        ("/v1/products/none", "PRODUCT_NOT_FOUND"),
        ("/v1/products?categoryId=none", "CATEGORY_NOT_FOUND"),
        ("/v1/categories/none", "CATEGORY_NOT_FOUND"),
        ("/v1/nothing", "ROUTE_NOT_FOUND"),
        ("/v2", "ROUTE_NOT_FOUND"),
    ];
    for (path, reason) in cases {
        world.http().get(path).await.problem(404, reason);
    }
}

#[tokio::test]
async fn a_method_that_is_not_there_is_405_with_those_that_are() {
    let world = World::start().await;
    let answer = world.http().send("DELETE", "/v1/products", &[], "").await;
    answer.problem(405, "METHOD_NOT_ALLOWED");
    assert!(answer.header("allow").contains("POST"));
    let answer = world.http().send("POST", "/v1/products/mug", &[], "{}").await;
    answer.problem(405, "METHOD_NOT_ALLOWED");
    assert!(answer.header("allow").contains("PATCH"));
}

#[tokio::test]
async fn a_body_that_is_no_product_is_explained() {
    let world = World::start().await;
    let cases = [
        (r#"{"name":"#, "name", "MALFORMED_JSON"),
        ("[]", "body", "MALFORMED_JSON"),
        ("{} {}", "body", "MALFORMED_JSON"),
        (r#"{"name":7}"#, "name", "MALFORMED_JSON"),
        (r#"{"price":{"units":"many"}}"#, "price.units", "MALFORMED_JSON"),
        (r#"{"stockQty":99999999999}"#, "stockQty", "MALFORMED_JSON"),
        (r#"{"id":"x"}"#, "product.name", "INVALID_FIELD"),
        (r#"{"name":"x","priceEur":-1}"#, "product.priceEur", "INVALID_FIELD"),
    ];
    for (body, field, reason) in cases {
        let answer = world.http().send("POST", "/v1/products", &[], body).await;
        names(&answer, reason, field);
    }
    let answer = world.http().send("POST", "/v1/products", &[], r#"{"colour":"red"}"#).await;
    let problem = answer.problem(400, "MALFORMED_JSON");
    assert!(problem["detail"].as_str().unwrap().contains("unknown field `colour`"), "{problem}");
    let answer = world.http().send("POST", "/v1/products", &[], "{\"name\":\n}").await;
    let problem = answer.problem(400, "MALFORMED_JSON");
    assert!(problem["detail"].as_str().unwrap().contains("line 2 column 1"), "{problem}");
    let long = format!(r#"{{"{}":1}}"#, "x".repeat(1 << 20));
    let twice = r#"{"name":"x","name":"y"}"#.to_owned();
    for body in ["[".repeat(100_000), format!(r#"{{"name":{}"#, "[".repeat(100_000)), long, twice] {
        let answer = world.http().send("POST", "/v1/products", &[], body).await;
        answer.problem(400, "MALFORMED_JSON");
        assert!(answer.body.len() < 4_096, "{} bytes", answer.body.len());
    }
    assert_eq!(world.http().get("/v1/products").await.json()["totalSize"], 0);
}

#[tokio::test]
async fn a_body_must_be_json_and_not_too_large() {
    let world = World::start().await;
    let http = world.http();
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let answer = http.send("POST", "/v1/products", &form, "name=Mug").await;
    answer.problem(415, "CONTENT_TYPE_UNSUPPORTED");
    let body = format!(r#"{{"name":"{}"}}"#, "x".repeat(5 << 20));
    let answer = http.send("POST", "/v1/products", &[], body).await;
    answer.problem(413, "BODY_TOO_LARGE");
}

#[tokio::test]
async fn a_change_must_be_of_the_product_in_the_address_and_of_something() {
    let world = World::start().await;
    world.fake.put("mug", 5);
    let http = world.http();
    let path = "/v1/products/mug";
    let answer = http.send("PATCH", path, &[], r#"{"id":"cup","name":"x"}"#).await;
    names(&answer, "INVALID_ARGUMENT", "id");
    let answer = http.send("PATCH", path, &[], "{}").await;
    names(&answer, "INVALID_ARGUMENT", "body");
    let path = "/v1/products/mug:adjustStock";
    let answer = http.send("POST", path, &[], r#"{"productId":"cup","delta":1}"#).await;
    names(&answer, "INVALID_ARGUMENT", "productId");
    let answer = http.send("POST", path, &[], r#"{"delta":1.5}"#).await;
    names(&answer, "MALFORMED_JSON", "delta");
    let answer = http.send("PATCH", path, &[("if-match", "e1")], "{}").await;
    names(&answer, "INVALID_ARGUMENT", "If-Match");
    assert!(world.fake.asked("UpdateProductRequest").is_empty());
}

#[tokio::test]
async fn what_goes_wrong_inside_stays_inside() {
    let world = World::start().await;
    let headers = [("x-request-id", "order-7")];
    let answer = world.http().send("GET", "/v1/products/boom", &headers, "").await;
    let problem = answer.problem(500, "INTERNAL");
    assert_eq!(problem["requestId"], "order-7");
    assert_eq!(problem["detail"], "something went wrong on our side");
}
