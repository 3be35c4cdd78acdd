//! Writing as JSON.

use serde_json::json;

use crate::harness::World;

#[tokio::test]
async fn a_product_is_created() {
    let world = World::start().await;
    let body = json!({ "id": "mug", "name": "Mug", "stockQty": 3 }).to_string();
    let answer = world.http().send("POST", "/v1/products", &[], body.clone()).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.header("location"), "/v1/products/mug");
    assert!(answer.header("etag").starts_with("\"e1"));
    assert_eq!(answer.header("revision-token"), "t1");
    assert_eq!(answer.json()["stockQty"], 3);
    world.http().send("POST", "/v1/products", &[], body).await.problem(409, "PRODUCT_EXISTS");
}

#[tokio::test]
async fn a_patch_speaks_of_the_fields_it_has() {
    let world = World::start().await;
    world.fake.put("mug", 5);
    let answer =
        world.http().send("PATCH", "/v1/products/mug", &[], r#"{"name":"Cup","brand":"B"}"#).await;
    assert_eq!(answer.json()["name"], "Cup");
    let path = "/v1/products/mug?updateMask=imageUrls,name";
    world.http().send("PATCH", path, &[], r#"{"name":"Cup"}"#).await;
    world.http().send("PUT", "/v1/products/mug", &[], r#"{"name":"Cup"}"#).await;
    let updates = world.fake.asked("UpdateProductRequest");
    let masks: Vec<_> = updates.iter().map(|update| &update["updateMask"]["paths"]).collect();
    let expected = [json!(["brand", "name"]), json!(["image_urls", "name"]), json!(["*"])];
    assert!(masks.iter().copied().eq(&expected), "{masks:?}");
}

#[tokio::test]
async fn a_precondition_that_fails_is_412_and_in_the_body_409() {
    let world = World::start().await;
    world.fake.put("mug", 5);
    let http = world.http();
    let path = "/v1/products/mug";
    for (method, body) in
        [("PATCH", r#"{"name":"Cup"}"#), ("PUT", r#"{"name":"Cup"}"#), ("DELETE", "")]
    {
        let old = [("if-match", "\"e0\"")];
        http.send(method, path, &old, body).await.problem(412, "ETAG_MISMATCH");
    }
    let body = r#"{"name":"Cup","etag":"e0"}"#;
    http.send("PATCH", path, &[], body).await.problem(409, "ETAG_MISMATCH");
    world.fake.put("mug", 4);
    let seen = [("if-match", "\"e1;r=1\"")];
    let answer = http.send("PATCH", path, &seen, r#"{"name":"Cup"}"#).await;
    assert_eq!(answer.status, 200, "a sale does not spoil an edit");
    let now = answer.header("etag").to_owned();
    let answer = http.send("DELETE", path, &[("if-match", now.as_str())], "").await;
    assert_eq!(answer.status, 200);
    http.get(path).await.problem(404, "PRODUCT_NOT_FOUND");
}

#[tokio::test]
async fn stock_is_adjusted_by_amounts() {
    let world = World::start().await;
    world.fake.put("mug", 5);
    let http = world.http();
    let path = "/v1/products/mug:adjustStock";
    let level = http.send("POST", path, &[], r#"{"delta":-2}"#).await.json();
    assert_eq!(level["stockQty"], 3);
    assert_eq!(level["revision"], "2");
    let answer = http.send("POST", path, &[], r#"{"delta":-9}"#).await;
    answer.problem(409, "INSUFFICIENT_STOCK");
    let answer = http.send("POST", "/v1/products/mug:explode", &[], "{}").await;
    answer.problem(404, "ROUTE_NOT_FOUND");
}

#[tokio::test]
async fn a_category_is_created() {
    let world = World::start().await;
    let http = world.http();
    let answer = http.send("POST", "/v1/categories", &[], r#"{"id":"cups","name":"Cups"}"#).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.header("location"), "/v1/categories/cups");
    let answer = http.send("POST", "/v1/categories", &[], r#"{"id":"mugs","name":"M"}"#).await;
    answer.problem(409, "CATEGORY_EXISTS");
}

#[tokio::test]
async fn what_is_only_checked_is_not_created() {
    let world = World::start().await;
    let body = r#"{"id":"mug","name":"Mug"}"#;
    let answer = world.http().send("POST", "/v1/products?validateOnly=true", &[], body).await;
    assert_eq!(answer.status, 200);
    for header in ["location", "etag", "revision-token"] {
        assert_eq!(answer.header(header), "", "{header}");
    }
    assert_eq!(world.http().get("/v1/products").await.json()["totalSize"], 0);
}

#[tokio::test]
async fn categories_are_changed_moved_and_deleted_at_the_version_seen() {
    let world = World::start().await;
    let http = world.http();
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
    let answer = http.send("PATCH", path, &[], r#"{"name":"Cups","etag":"c0"}"#).await;
    answer.problem(409, "ETAG_MISMATCH");
    http.send("DELETE", path, &[], "").await.problem(409, "CATEGORY_NOT_EMPTY");
    let itself = r#"{"parentId":"mugs"}"#;
    let answer = http.send("POST", "/v1/categories/mugs:move", &[], itself).await;
    answer.problem(409, "CATEGORY_CYCLE");
}

#[tokio::test]
async fn a_product_is_reverted_at_the_version_seen() {
    let world = World::start().await;
    world.fake.put("mug", 5);
    let http = world.http();
    let path = "/v1/products/mug:revert";
    let old = [("if-match", "\"e0\"")];
    http.send("POST", path, &old, r#"{"revision":1}"#).await.problem(412, "ETAG_MISMATCH");
    let seen = [("if-match", "\"e1;r=1\"")];
    let answer = http.send("POST", path, &seen, r#"{"revision":1}"#).await;
    assert_eq!((answer.status.as_u16(), answer.header("revision-token")), (200, "t2"));
    assert_eq!(answer.header("etag"), "\"e1;r=2\"");
    let answer = http.send("POST", path, &[], r#"{"revision":9}"#).await;
    answer.problem(404, "REVISION_NOT_FOUND");
    let answer = http.send("POST", "/v1/products/mug:undelete", &[], "").await;
    answer.problem(409, "PRODUCT_NOT_DELETED");
}

#[tokio::test]
async fn stock_is_set_and_reserved() {
    let world = World::start().await;
    world.fake.put("mug", 5);
    let http = world.http();
    let path = "/v1/products/mug:setStock";
    let answer = http.send("POST", path, &[], r#"{"stockQty":7,"expectedQty":4}"#).await;
    answer.problem(409, "STOCK_CHANGED");
    let level = http.send("POST", path, &[], r#"{"stockQty":7,"expectedQty":5}"#).await.json();
    assert_eq!(level["stockQty"], 7);
    let stock = http.get("/v1/products/mug/stock").await.json();
    assert_eq!(stock["total"]["stockQty"], 7);
    let body = r#"{"lines":[{"productId":"mug","quantity":2}]}"#;
    let answer = http.send("POST", "/v1/reservations", &[], body).await;
    assert_eq!((answer.status.as_u16(), answer.header("revision-token")), (201, "t4"));
    assert_eq!(answer.json()["state"], "HELD");
    let answer = http.send("POST", "/v1/reservations/r1:commit", &[], "").await;
    assert_eq!(answer.json()["state"], "COMMITTED");
    let answer = http.send("POST", "/v1/reservations/expired:commit", &[], "").await;
    answer.problem(409, "RESERVATION_EXPIRED");
}

#[tokio::test]
async fn a_request_id_of_another_request_is_refused() {
    let world = World::start().await;
    let key = [("idempotency-key", "\"reused\"")];
    let answer = world.http().send("POST", "/v1/products", &key, r#"{"name":"Mug"}"#).await;
    answer.problem(409, "REQUEST_ID_REUSED");
}
