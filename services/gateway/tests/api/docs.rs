//! The documentation, and the problems that lead to it.

use crate::harness::Environment;

#[tokio::test]
async fn problem_leads_to_the_page_of_its_reason() {
    let env = Environment::start().await;
    let http = env.http();
    let problem = http.get("/v1/products/none").await.problem(404, "PRODUCT_NOT_FOUND");
    let path = problem["type"].as_str().unwrap();
    assert_eq!(path, "/docs/errors/PRODUCT_NOT_FOUND");
    let page = http.get(path).await;
    assert_eq!(page.status, 200);
    let text = String::from_utf8_lossy(&page.body).into_owned();
    assert!(text.contains("<h1>PRODUCT_NOT_FOUND</h1>") && text.contains("What to do."), "{text}");
    assert!(!text.contains("<script src=\"http"), "nothing foreign is loaded");
}

#[tokio::test]
async fn facts_of_an_error_are_in_its_problem() {
    let env = Environment::start().await;
    env.fake.put("mug", 2);
    let body = r#"{"delta":-5}"#;
    let response = env.http().send("POST", "/v1/products/mug:adjustStock", &[], body).await;
    let problem = response.problem(409, "INSUFFICIENT_STOCK");
    assert_eq!(problem["metadata"]["stockQty"], "2");
}

#[tokio::test]
async fn guide_reference_and_errors_are_served() {
    let env = Environment::start().await;
    for (path, words) in [
        ("/docs", "pip install"),
        ("/docs/reference", "/docs/reference/getProduct"),
        ("/docs/reference/adjustStock", "write:stock"),
        ("/docs/schemas/Product", "stockQty"),
        ("/docs/errors", "INSUFFICIENT_STOCK"),
    ] {
        let response = env.http().get(path).await;
        assert_eq!(response.status, 200, "{path}");
        assert!(response.header("content-type").starts_with("text/html"), "{path}");
        let text = String::from_utf8_lossy(&response.body).into_owned();
        assert!(text.contains(words), "{path}: {text}");
    }
    for path in ["/docs/nothing", "/docs/reference/nothing", "/docs/errors/NOTHING"] {
        env.http().get(path).await.problem(404, "ROUTE_NOT_FOUND");
    }
}

#[tokio::test]
async fn null_and_whole_numbers_are_read_as_proto3_json_says() {
    let env = Environment::start().await;
    let body =
        r#"{"id":"mug","name":"Mug","brand":null,"labels":null,"price":null,"stockQty":1e2}"#;
    let response = env.http().send("POST", "/v1/products", &[], body).await;
    assert_eq!(response.status, 201);
    let sent = &env.fake.requests("CreateProductRequest")[0]["product"];
    assert_eq!((&sent["stockQty"], &sent["brand"]), (&100.into(), &"".into()));
    let product = env.http().get("/v1/products/mug").await.json();
    assert!(product.get("priceEur").is_none(), "no price is known: {product}");
}
