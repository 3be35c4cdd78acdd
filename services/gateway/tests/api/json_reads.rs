//! Reads through the JSON API.

use serde_json::json;

use crate::harness::Environment;

#[tokio::test]
async fn product_is_the_message_in_json() {
    let env = Environment::start().await;
    let product_message = env.fake.put("mug", 0);
    let response = env.http().get("/v1/products/mug").await;
    assert_eq!(response.status, 200);
    assert_eq!(response.header("content-type"), "application/json");
    let product = response.json();
    assert_eq!(
        response.body,
        serde_json::to_vec(&product_message).unwrap(),
        "as the generated code prints it"
    );
    assert_eq!(product["name"], "The mug");
    assert_eq!(product["stockQty"], 0, "default values are written");
    assert_eq!(product["revision"], "1", "64-bit numbers are text");
}

#[tokio::test]
async fn known_version_is_304() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let http = env.http();
    let etag = http.get("/v1/products/mug").await.header("etag").to_owned();
    assert!(etag.starts_with("\"e1"), "{etag}");
    let known = [("if-none-match", etag.as_str())];
    let response = http.send("GET", "/v1/products/mug", &known, "").await;
    assert_eq!(response.status, 304);
    assert_eq!(response.header("etag"), etag);
    assert!(response.body.is_empty());
    env.fake.put("mug", 4);
    let response = http.send("GET", "/v1/products/mug", &known, "").await;
    assert_eq!(response.status, 200, "a sale is another version");
    assert_eq!(response.json()["stockQty"], 4);
}

#[tokio::test]
async fn pages_batches_and_categories_are_read() {
    let env = Environment::start().await;
    env.fake.put("a", 1);
    env.fake.put("b", 2);
    let http = env.http();
    let page = http.get("/v1/products?categoryId=mugs&pageSize=10&pageToken=").await.json();
    assert_eq!(page["products"].as_array().unwrap().len(), 2);
    assert_eq!(page["totalSize"], 2);
    let batch = http.get("/v1/products:batchGet?productIds=b&productIds=none").await.json();
    assert_eq!(batch["products"][0]["id"], "b");
    assert_eq!(batch["missingIds"], json!(["none"]));
    assert_eq!(http.get("/v1/categories").await.json()["categories"][0]["id"], "mugs");
    assert_eq!(http.get("/v1/categories/mugs").await.json()["name"], "Mugs");
}

#[tokio::test]
async fn search_finds_products() {
    let env = Environment::start().await;
    env.fake.put("mug", 1);
    env.fake.put("cup", 1);
    let http = env.http();
    for path in ["/v1/search?q=mug", "/v1/search?query=mug&pageSize=5"] {
        let found = http.get(path).await.json();
        assert_eq!(found["totalSize"], 1);
        assert_eq!(found["results"][0]["product"]["id"], "mug");
    }
    let status = http.get("/v1/search/status").await.json();
    assert_eq!((&status["productCount"], &status["caughtUp"]), (&json!("3"), &json!(true)));
}

#[tokio::test]
async fn empty_search_of_an_unknown_category_is_not_found() {
    let env = Environment::start().await;
    let http = env.http();
    for category in ["mugs", "empty"] {
        let path = format!("/v1/search?q=mug&categoryId={category}");
        assert_eq!(http.get(&path).await.json()["totalSize"], 0, "{category}");
    }
    let response = http.get("/v1/search?q=mug&categoryId=none").await;
    response.problem(404, "CATEGORY_NOT_FOUND");
}

#[tokio::test]
async fn products_are_streamed_as_lines() {
    let env = Environment::start().await;
    let [first, ..] = ["a", "b", "c"].map(|id| env.fake.put(id, 1));
    let http = env.http();
    for path in ["/v1/products:stream", "/v1/products:export"] {
        let response = http.get(path).await;
        assert_eq!(response.header("content-type"), "application/x-ndjson");
        let text = String::from_utf8(response.body.to_vec()).unwrap();
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.iter().map(|line| &line["id"]).collect::<Vec<_>>(), ["a", "b", "c"]);
        assert!(text.starts_with(&serde_json::to_string(&first).unwrap()));
    }
    let response = http.get("/v1/products:stream?pageSize=2").await;
    assert_eq!(response.body.iter().filter(|byte| **byte == b'\n').count(), 2);
}

#[tokio::test]
async fn every_route_of_the_document_exists() {
    let env = Environment::start().await;
    let http = env.http();
    let document = http.get("/openapi.json").await.json();
    assert_eq!(document["openapi"], "3.1.0");
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            // The route exists, even if it refuses the request.
            let path = path.replace("{id}", "none") + "?unknownParameter=1";
            let response = http.send(&method.to_uppercase(), &path, &[], "").await;
            let reason = match response.status.as_u16() {
                200 => String::new(),
                // A response to HEAD has no body; its path has other methods.
                status if method == "head" => {
                    assert_ne!(status, 405, "{path}");
                    String::new()
                }
                _ => response.json()["reason"].as_str().unwrap().to_owned(),
            };
            assert!(
                !["ROUTE_NOT_FOUND", "METHOD_NOT_ALLOWED"].contains(&&*reason),
                "{method} {path}"
            );
        }
    }
}

#[tokio::test]
async fn unreached_revision_is_a_conflict() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let http = env.http();
    let response = http.get("/v1/products/mug?minRevision=future").await;
    response.problem(409, "REVISION_NOT_REACHED");
    let response = http.get("/v1/products/mug?minRevision=foreign").await;
    response.problem(409, "REVISION_UNKNOWN");
}

#[tokio::test]
async fn history_and_changes_are_read_in_pages() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let http = env.http();
    let history = http.get("/v1/products/mug/revisions").await.json();
    assert_eq!(history["revisions"][0]["kind"], "CREATED");
    assert_eq!(history["revisions"][0]["actor"], "anna");
    let changes = http.get("/v1/changes:list").await.json();
    assert_eq!(changes["changes"][0]["productId"], "mug");
    let watermark = http.get("/v1/changes:watermark").await.json();
    assert_eq!(watermark["cursor"], changes["nextCursor"]);
    let response = http.get("/v1/changes:list?cursor=other+scope").await;
    response.problem(400, "CURSOR_MISMATCH");
    let response = http.get("/v1/products?filter=colour%20%3D%201").await;
    let problem = response.problem(400, "FILTER_INVALID");
    assert_eq!(problem["errors"][0]["field"], "filter");
}
