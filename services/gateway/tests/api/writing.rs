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
    let masks: Vec<_> =
        world.fake.updates().into_iter().map(|update| update.update_mask.unwrap().paths).collect();
    assert_eq!(masks, [vec!["brand", "name"], vec!["image_urls", "name"], vec!["*"]]);
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
    assert_eq!(level, json!({ "productId": "mug", "stockQty": 3, "revision": "2" }));
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
