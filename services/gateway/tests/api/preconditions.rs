//! Preconditions of writes are honoured or refused by name, never ignored.

use serde_json::json;

use crate::harness::Environment;

#[tokio::test]
async fn put_with_if_none_match_creates_only() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let http = env.http();
    let new = [("if-none-match", "*")];
    let body = r#"{"name":"Cup"}"#;
    let response = http.send("PUT", "/v1/products/mug", &new, body).await;
    response.problem(412, "PRODUCT_EXISTS");
    assert!(env.fake.requests("UpdateProductRequest").is_empty());
    let response = http.send("PUT", "/v1/products/cup", &new, body).await;
    assert_eq!((response.status.as_u16(), response.header("location")), (201, "/v1/products/cup"));
    assert_eq!(response.json()["id"], "cup");
    let other = http.send("PUT", "/v1/products/jug", &new, r#"{"id":"x","name":"Jug"}"#).await;
    other.problem(400, "INVALID_ARGUMENT");
}

#[tokio::test]
async fn body_of_a_delete_is_honoured() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let http = env.http();
    let path = "/v1/products/mug";
    let body = r#"{"etag":"e0","validateOnly":true}"#;
    http.send("DELETE", path, &[], body).await.problem(409, "ETAG_MISMATCH");
    let request = &env.fake.requests("DeleteProductRequest")[0];
    assert_eq!((&request["etag"], &request["validateOnly"]), (&json!("e0"), &json!(true)));
    let response = http.send("DELETE", path, &[], r#"{"colour":"red"}"#).await;
    response.problem(400, "MALFORMED_JSON");
    let twice = "/v1/products/mug?validateOnly=true";
    http.send("DELETE", twice, &[], r#"{"validate_only":true}"#)
        .await
        .problem(400, "INVALID_ARGUMENT");
    assert_eq!(http.get(path).await.status, 200);
}

#[tokio::test]
async fn unknown_precondition_is_refused() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let http = env.http();
    let date = "Sun, 06 Nov 1994 08:49:37 GMT";
    let (product, stock) = ("/v1/products/mug", "/v1/products/mug:adjustStock");
    let control = "/v1/search/controls/c1";
    for (method, path, header, value) in [
        ("PUT", product, "if-unmodified-since", date),
        ("PATCH", product, "if-modified-since", date),
        ("DELETE", product, "if-range", "\"e1\""),
        ("PUT", product, "if-none-match", "\"e1\""),
        ("PATCH", product, "if-none-match", "*"),
        ("POST", "/v1/products", "if-none-match", "*"),
        ("POST", stock, "if-match", "*"),
        ("PUT", control, "if-none-match", "*"),
        ("GET", product, "if-match", "\"e1\""),
    ] {
        let body = if method == "GET" { "" } else { r#"{"name":"Cup"}"# };
        let response = http.send(method, path, &[(header, value)], body).await;
        let problem = response.problem(400, "INVALID_ARGUMENT");
        let field = problem["errors"][0]["field"].as_str().unwrap();
        assert!(field.eq_ignore_ascii_case(header), "{method} {path} {problem}");
    }
    assert!(env.fake.requests("UpdateProductRequest").is_empty());
    assert!(env.fake.requests("PutControlRequest").is_empty());
    assert_eq!(http.get(product).await.json()["stockQty"], 5);
}

#[tokio::test]
async fn each_representation_has_its_own_etag() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let http = env.http();
    let path = "/v1/products/mug";
    let gzip = ("accept-encoding", "gzip");
    let plain = http.get(path).await;
    let compressed = http.send("GET", path, &[gzip], "").await;
    assert_eq!(compressed.header("content-encoding"), "gzip");
    let tag = compressed.header("etag");
    assert_ne!(tag, plain.header("etag"));
    let known = http.send("GET", path, &[gzip, ("if-none-match", tag)], "").await;
    assert_eq!((known.status.as_u16(), known.header("etag")), (304, tag));
    for response in [&plain, &compressed, &known] {
        assert_eq!(response.header("vary"), "accept-encoding");
    }
    let seen = [("if-match", tag)];
    assert_eq!(http.send("PATCH", path, &seen, r#"{"name":"Cup"}"#).await.status, 200);
}

#[tokio::test]
async fn status_says_whether_something_was_created() {
    let env = Environment::start().await;
    let http = env.http();
    for path in ["/v1/search/status:rebuild", "/v1/search/controls:preview"] {
        assert_eq!(http.send("POST", path, &[], "{}").await.status, 200, "{path}");
    }
    for (method, path) in [("DELETE", "/openapi.json"), ("PUT", "/v1/products")] {
        let response = http.send(method, path, &[], "").await;
        let problem = response.problem(405, "METHOD_NOT_ALLOWED");
        let allow = response.header("allow");
        assert!(
            !allow.is_empty() && problem["detail"].as_str().unwrap().ends_with(allow),
            "{problem}"
        );
    }
}
