//! Writes through the JSON API.

use serde_json::json;

use crate::harness::Environment;

#[tokio::test]
async fn product_is_created() {
    let env = Environment::start().await;
    let body = json!({ "id": "mug", "name": "Mug", "stockQty": 3 }).to_string();
    let response = env.http().send("POST", "/v1/products", &[], body.clone()).await;
    assert_eq!(response.status, 201);
    assert_eq!(response.header("location"), "/v1/products/mug");
    assert!(response.header("etag").starts_with("\"e1"));
    assert_eq!(response.header("revision-token"), "t1");
    assert_eq!(response.json()["stockQty"], 3);
    env.http().send("POST", "/v1/products", &[], body).await.problem(409, "PRODUCT_EXISTS");
}

#[tokio::test]
async fn patch_masks_the_fields_in_its_body() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let response =
        env.http().send("PATCH", "/v1/products/mug", &[], r#"{"name":"Cup","brand":"B"}"#).await;
    assert_eq!(response.json()["name"], "Cup");
    let path = "/v1/products/mug?updateMask=imageUrls,name";
    env.http().send("PATCH", path, &[], r#"{"name":"Cup"}"#).await;
    env.http().send("PUT", "/v1/products/mug", &[], r#"{"name":"Cup"}"#).await;
    let updates = env.fake.requests("UpdateProductRequest");
    let masks: Vec<_> = updates.iter().map(|update| &update["updateMask"]["paths"]).collect();
    let expected = [json!(["brand", "name"]), json!(["image_urls", "name"]), json!(["*"])];
    assert!(masks.iter().copied().eq(&expected), "{masks:?}");
}

#[tokio::test]
async fn failed_precondition_is_412_in_the_header_and_409_in_the_body() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let http = env.http();
    let path = "/v1/products/mug";
    for (method, body) in
        [("PATCH", r#"{"name":"Cup"}"#), ("PUT", r#"{"name":"Cup"}"#), ("DELETE", "")]
    {
        let old = [("if-match", "\"e0\"")];
        http.send(method, path, &old, body).await.problem(412, "ETAG_MISMATCH");
    }
    let body = r#"{"name":"Cup","etag":"e0"}"#;
    http.send("PATCH", path, &[], body).await.problem(409, "ETAG_MISMATCH");
    env.fake.put("mug", 4);
    let seen = [("if-match", "\"e1;r=1\"")];
    let response = http.send("PATCH", path, &seen, r#"{"name":"Cup"}"#).await;
    assert_eq!(response.status, 200, "a sale does not conflict with an edit");
    let now = response.header("etag").to_owned();
    let response = http.send("DELETE", path, &[("if-match", now.as_str())], "").await;
    assert_eq!(response.status, 200);
    http.get(path).await.problem(404, "PRODUCT_NOT_FOUND");
}

#[tokio::test]
async fn stock_is_adjusted_by_a_delta() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let http = env.http();
    let path = "/v1/products/mug:adjustStock";
    let level = http.send("POST", path, &[], r#"{"delta":-2}"#).await.json();
    assert_eq!(level["stockQty"], 3);
    assert_eq!(level["revision"], "2");
    let response = http.send("POST", path, &[], r#"{"delta":-9}"#).await;
    response.problem(409, "INSUFFICIENT_STOCK");
    let response = http.send("POST", "/v1/products/mug:explode", &[], "{}").await;
    response.problem(404, "ROUTE_NOT_FOUND");
}

#[tokio::test]
async fn category_is_created() {
    let env = Environment::start().await;
    let http = env.http();
    let response = http.send("POST", "/v1/categories", &[], r#"{"id":"cups","name":"Cups"}"#).await;
    assert_eq!(response.status, 201);
    assert_eq!(response.header("location"), "/v1/categories/cups");
    let response = http.send("POST", "/v1/categories", &[], r#"{"id":"mugs","name":"M"}"#).await;
    response.problem(409, "CATEGORY_EXISTS");
}

#[tokio::test]
async fn validated_product_is_not_created() {
    let env = Environment::start().await;
    let body = r#"{"id":"mug","name":"Mug"}"#;
    let response = env.http().send("POST", "/v1/products?validateOnly=true", &[], body).await;
    assert_eq!(response.status, 200);
    for header in ["location", "etag", "revision-token"] {
        assert_eq!(response.header(header), "", "{header}");
    }
    assert_eq!(env.http().get("/v1/products").await.json()["totalSize"], 0);
}

#[tokio::test]
async fn categories_are_changed_moved_and_deleted_with_a_precondition() {
    let env = Environment::start().await;
    let http = env.http();
    let path = "/v1/categories/mugs";
    let seen = http.get(path).await.header("etag").to_owned();
    assert_eq!(seen, "\"c1\"");
    let known = [("if-none-match", seen.as_str())];
    assert_eq!(http.send("GET", path, &known, "").await.status, 304);
    let (old, seen) = ([("if-match", "\"c0\"")], [("if-match", seen.as_str())]);
    let writes = [
        ("PATCH", path, r#"{"name":"Cups"}"#),
        ("POST", "/v1/categories/mugs:move", r#"{"parentId":"empty"}"#),
        ("DELETE", "/v1/categories/empty", ""),
    ];
    for (method, path, body) in writes {
        http.send(method, path, &old, body).await.problem(412, "ETAG_MISMATCH");
        assert_eq!(http.send(method, path, &seen, body).await.status, 200, "{method} {path}");
    }
    let response = http.send("PATCH", path, &[], r#"{"name":"Cups","etag":"c0"}"#).await;
    response.problem(409, "ETAG_MISMATCH");
    http.send("DELETE", path, &[], "").await.problem(409, "CATEGORY_NOT_EMPTY");
    let itself = r#"{"parentId":"mugs"}"#;
    let response = http.send("POST", "/v1/categories/mugs:move", &[], itself).await;
    response.problem(409, "CATEGORY_CYCLE");
}

#[tokio::test]
async fn product_is_reverted_with_a_precondition() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let http = env.http();
    let path = "/v1/products/mug:revert";
    let old = [("if-match", "\"e0\"")];
    http.send("POST", path, &old, r#"{"revision":1}"#).await.problem(412, "ETAG_MISMATCH");
    let seen = [("if-match", "\"e1;r=1\"")];
    let response = http.send("POST", path, &seen, r#"{"revision":1}"#).await;
    assert_eq!((response.status.as_u16(), response.header("revision-token")), (200, "t2"));
    assert_eq!(response.header("etag"), "\"e1;r=2\"");
    let response = http.send("POST", path, &[], r#"{"revision":9}"#).await;
    response.problem(404, "REVISION_NOT_FOUND");
    let response = http.send("POST", "/v1/products/mug:undelete", &[], "").await;
    response.problem(409, "PRODUCT_NOT_DELETED");
}

#[tokio::test]
async fn stock_is_set_and_reserved() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let http = env.http();
    let path = "/v1/products/mug:setStock";
    let response = http.send("POST", path, &[], r#"{"stockQty":7,"expectedQty":4}"#).await;
    response.problem(409, "STOCK_CHANGED");
    let level = http.send("POST", path, &[], r#"{"stockQty":7,"expectedQty":5}"#).await.json();
    assert_eq!(level["stockQty"], 7);
    let stock = http.get("/v1/products/mug/stock").await.json();
    assert_eq!(stock["total"]["stockQty"], 7);
    let body = r#"{"lines":[{"productId":"mug","quantity":2}]}"#;
    let response = http.send("POST", "/v1/reservations", &[], body).await;
    assert_eq!((response.status.as_u16(), response.header("revision-token")), (201, "t4"));
    assert_eq!(response.json()["state"], "HELD");
    assert_eq!(response.header("location"), "/v1/reservations/r1");
    let response = http.get(response.header("location")).await;
    assert_eq!((response.status.as_u16(), response.json()["id"].as_str()), (200, Some("r1")));
    let response = http.send("POST", "/v1/reservations/r1:commit", &[], "").await;
    assert_eq!(response.json()["state"], "COMMITTED");
    let response = http.send("POST", "/v1/reservations/expired:commit", &[], "").await;
    response.problem(409, "RESERVATION_EXPIRED");
}

#[tokio::test]
async fn patch_means_the_stock_only_if_it_was_not_read() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let http = env.http();
    let mut read = http.get("/v1/products/mug").await.json();
    read["name"] = "Cup".into();
    for body in [read.to_string(), r#"{"name":"Cup","stockQty":7}"#.to_owned()] {
        let response = http.send("PATCH", "/v1/products/mug", &[], body).await;
        assert_eq!(response.status, 200, "{}", response.text());
    }
    let updates = env.fake.requests("UpdateProductRequest");
    let named = |update: &serde_json::Value| {
        let paths = update["updateMask"]["paths"].as_array().unwrap();
        (paths.contains(&json!("name")), paths.contains(&json!("stock_qty")))
    };
    assert_eq!(updates.iter().map(named).collect::<Vec<_>>(), [(true, false), (true, true)]);
}

#[tokio::test]
async fn reused_request_id_is_refused() {
    let env = Environment::start().await;
    let key = [("idempotency-key", "\"reused\"")];
    let response = env.http().send("POST", "/v1/products", &key, r#"{"name":"Mug"}"#).await;
    response.problem(409, "REQUEST_ID_REUSED");
}
