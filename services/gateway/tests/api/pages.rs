//! The storefront's pages.

use proto::catalogue::v1::product::Status;

use crate::{harness::Environment, http_client::HttpResponse};

async fn page(env: &Environment, path: &str) -> (HttpResponse, String) {
    let response = env.http().send("GET", path, &[("accept", "text/html")], "").await;
    assert!(response.header("content-type").starts_with("text/html"), "{response:?}");
    let policy = response.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let html = String::from_utf8(response.body.to_vec()).unwrap();
    (response, html)
}

#[tokio::test]
async fn draft_has_the_page_of_a_missing_product() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    assert_eq!(page(&env, "/p/mug").await.0.status, 200);
    env.fake.set_status("mug", Status::Draft);
    let (draft, draft_html) = page(&env, "/p/mug").await;
    let (none, none_html) = page(&env, "/p/none").await;
    assert_eq!((draft.status.as_u16(), none.status.as_u16()), (404, 404));
    let heading = "This product is not here";
    assert!(draft_html.contains(heading) && none_html.contains(heading));
    assert!(draft_html.contains("Product mug does not exist"), "{draft_html}");
    assert!(none_html.contains("Product none does not exist"), "{none_html}");
}

#[tokio::test]
async fn archived_product_is_no_longer_available() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    env.fake.set_status("mug", Status::Archived);
    let (response, html) = page(&env, "/p/mug").await;
    assert_eq!(response.status, 200);
    assert!(html.contains("No longer available") && !html.contains("data-revision"));
}

#[tokio::test]
async fn lists_show_products_for_sale() {
    let env = Environment::start().await;
    for id in ["mug", "cup", "jug"] {
        env.fake.put(id, 5);
    }
    env.fake.set_status("cup", Status::Draft);
    env.fake.set_status("jug", Status::Archived);
    for path in ["/", "/?category=mugs", "/?q=The", "/fragments/results?q=The"] {
        let (_, html) = page(&env, path).await;
        assert!(html.contains("/p/mug"), "{path}: {html}");
        assert!(!html.contains("/p/cup") && !html.contains("/p/jug"), "{path}: {html}");
    }
    let (_, html) = page(&env, "/").await;
    assert!(html.contains("<p>1 product</p>"), "{html}");
    let browsed = env.fake.requests("BrowseProductsRequest");
    assert!(browsed.iter().all(|request| request["filter"] == "status = ACTIVE"), "{browsed:?}");
}

#[tokio::test]
async fn variants_are_shown_without_javascript() {
    let env = Environment::start().await;
    env.fake.put_variants("mug", &[("red", 0), ("blue", 4)]);
    let (_, html) = page(&env, "/p/mug").await;
    assert!(html.contains("<code>red</code>") && html.contains("Only 4 left"), "{html}");
}
