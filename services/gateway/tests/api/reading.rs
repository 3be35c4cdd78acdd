//! Reading as JSON.

use serde_json::json;

use crate::harness::World;

#[tokio::test]
async fn a_product_is_the_contracts_message_in_json() {
    let world = World::start().await;
    let kept = world.fake.put("mug", 0);
    let answer = world.http().get("/v1/products/mug").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json");
    let product = answer.json();
    assert_eq!(answer.body, serde_json::to_vec(&kept).unwrap(), "as the generated code prints it");
    assert_eq!(product["name"], "The mug");
    assert_eq!(product["stockQty"], 0, "zero is there to be read");
    assert_eq!(product["revision"], "1", "64-bit numbers are text");
}

#[tokio::test]
async fn a_version_that_is_known_is_not_sent_again() {
    let world = World::start().await;
    world.fake.put("mug", 5);
    let http = world.http();
    let etag = http.get("/v1/products/mug").await.header("etag").to_owned();
    assert!(etag.starts_with("\"e1"), "{etag}");
    let known = [("if-none-match", etag.as_str())];
    let answer = http.send("GET", "/v1/products/mug", &known, "").await;
    assert_eq!(answer.status, 304);
    assert_eq!(answer.header("etag"), etag);
    assert!(answer.body.is_empty());
    world.fake.put("mug", 4);
    let answer = http.send("GET", "/v1/products/mug", &known, "").await;
    assert_eq!(answer.status, 200, "a sale is another version");
    assert_eq!(answer.json()["stockQty"], 4);
}

#[tokio::test]
async fn pages_batches_and_categories_are_read() {
    let world = World::start().await;
    world.fake.put("a", 1);
    world.fake.put("b", 2);
    let http = world.http();
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
async fn words_are_searched() {
    let world = World::start().await;
    world.fake.put("mug", 1);
    world.fake.put("cup", 1);
    let http = world.http();
    for path in ["/v1/search?q=mug", "/v1/search?query=mug&pageSize=5"] {
        let found = http.get(path).await.json();
        assert_eq!(found["totalSize"], 1);
        assert_eq!(found["results"][0]["product"]["id"], "mug");
    }
    let status = http.get("/v1/search/status").await.json();
    assert_eq!((&status["productCount"], &status["caughtUp"]), (&json!("3"), &json!(true)));
}

#[tokio::test]
async fn nothing_found_in_a_category_is_an_answer_only_if_the_category_exists() {
    let world = World::start().await;
    let http = world.http();
    for category in ["mugs", "empty"] {
        let path = format!("/v1/search?q=mug&categoryId={category}");
        assert_eq!(http.get(&path).await.json()["totalSize"], 0, "{category}");
    }
    let answer = http.get("/v1/search?q=mug&categoryId=none").await;
    answer.problem(404, "CATEGORY_NOT_FOUND");
}

#[tokio::test]
async fn products_stream_as_lines() {
    let world = World::start().await;
    let [first, ..] = ["a", "b", "c"].map(|id| world.fake.put(id, 1));
    let http = world.http();
    for path in ["/v1/products:stream", "/v1/products:export"] {
        let answer = http.get(path).await;
        assert_eq!(answer.header("content-type"), "application/x-ndjson");
        let text = String::from_utf8(answer.body.to_vec()).unwrap();
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.iter().map(|line| &line["id"]).collect::<Vec<_>>(), ["a", "b", "c"]);
        assert!(text.starts_with(&serde_json::to_string(&first).unwrap()));
    }
    let answer = http.get("/v1/products:stream?pageSize=2").await;
    assert_eq!(answer.body.iter().filter(|byte| **byte == b'\n').count(), 2);
}

#[tokio::test]
async fn every_route_of_the_document_answers() {
    let world = World::start().await;
    let http = world.http();
    let document = http.get("/openapi.json").await.json();
    assert_eq!(document["openapi"], "3.1.0");
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            // Refused or not, the route is there.
            let path = path.replace("{id}", "none") + "?unknownParameter=1";
            let answer = http.send(&method.to_uppercase(), &path, &[], "").await;
            let reason = match answer.status.as_u16() {
                200 => String::new(),
                _ => answer.json()["reason"].as_str().unwrap().to_owned(),
            };
            assert!(
                !["ROUTE_NOT_FOUND", "METHOD_NOT_ALLOWED"].contains(&&*reason),
                "{method} {path}"
            );
        }
    }
}

#[tokio::test]
async fn a_write_that_cannot_be_read_yet_is_said_to_be_one() {
    let world = World::start().await;
    world.fake.put("mug", 5);
    let http = world.http();
    let answer = http.get("/v1/products/mug?minRevision=future").await;
    answer.problem(409, "REVISION_NOT_REACHED");
    let answer = http.get("/v1/products/mug?minRevision=foreign").await;
    answer.problem(409, "REVISION_UNKNOWN");
}

#[tokio::test]
async fn history_and_changes_are_read_in_pages() {
    let world = World::start().await;
    world.fake.put("mug", 5);
    let http = world.http();
    let history = http.get("/v1/products/mug/revisions").await.json();
    assert_eq!(history["revisions"][0]["kind"], "CREATED");
    assert_eq!(history["revisions"][0]["actor"], "anna");
    let changes = http.get("/v1/changes:list").await.json();
    assert_eq!(changes["changes"][0]["productId"], "mug");
    let watermark = http.get("/v1/changes:watermark").await.json();
    assert_eq!(watermark["cursor"], changes["nextCursor"]);
    let answer = http.get("/v1/changes:list?cursor=other+scope").await;
    answer.problem(400, "CURSOR_MISMATCH");
    let answer = http.get("/v1/products?filter=colour%20%3D%201").await;
    let problem = answer.problem(400, "FILTER_INVALID");
    assert_eq!(problem["errors"][0]["field"], "filter");
}
