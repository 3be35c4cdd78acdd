//! The storefront's pages.

use proto::catalogue::v1::product::Status;

use crate::{
    harness::{Environment, Gateway, free_addr},
    http_client::{Client, HttpResponse},
};

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
    for path in ["/", "/?q=The", "/fragments/results?q=The"] {
        let (response, html) = page(&env, path).await;
        assert!(html.contains("/p/mug"), "{path}: {html}");
        assert!(!html.contains("/p/cup") && !html.contains("/p/jug"), "{path}: {html}");
        assert_eq!(response.header("freshness"), "fresh");
    }
}

#[tokio::test]
async fn search_gets_what_the_address_says() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    page(&env, "/?q=The&brand=A&min=5&stock=in&sort=-price&page=3&as=x").await;
    let requests = env.fake.requests("SearchRequest");
    let request = &requests[0];
    assert_eq!(request["filter"], "(brand = \"A\") AND price >= 5 AND stock_qty > 0");
    assert_eq!(request["orderBy"], "price desc");
    assert_eq!(request["skip"], 48);
    assert_eq!(request["asWords"][0], "x");
    assert_eq!(request["facets"][0], "category");
    let http = env.http();
    let refused = http.send("GET", "/?filter=colour%3D", &[("accept", "text/html")], "").await;
    assert_eq!(refused.status, 400);
}

#[tokio::test]
async fn language_is_the_browsers_or_the_chosen_one() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let http = env.http();
    let html = async |path: &str, headers: &[(&str, &str)]| {
        let mut all = vec![("accept", "text/html")];
        all.extend(headers);
        let response = http.send("GET", path, &all, "").await;
        (
            response.header("set-cookie").to_owned(),
            String::from_utf8(response.body.to_vec()).unwrap(),
        )
    };
    let (cookie, german) = html("/?lang=de", &[("accept-language", "en")]).await;
    assert!(german.contains("<html lang=\"de\"") && german.contains("Alle Produkte"), "{german}");
    assert!(cookie.starts_with("lang=de;"), "{cookie}");
    let (cookie, german) = html("/p/mug", &[("cookie", "lang=de")]).await;
    assert!(german.contains("Nur noch 5") && cookie.is_empty(), "{german}");
    let (_, problem) = html("/p/none", &[("accept-language", "de-CH,en;q=0.5")]).await;
    assert!(problem.contains("Dieses Produkt gibt es hier nicht"), "{problem}");
}

#[tokio::test]
async fn without_search_the_catalogue_lists_names() {
    let env = Environment::start().await;
    env.fake.put_named("mug", "Blue mug", 5);
    env.fake.put_named("jug", "Blue jug", 5);
    let gateway = Gateway::start(env.upstream.addr, free_addr().await, &[]).await;
    let http = Client::new(gateway.addr);
    for (path, is_german) in [("/?q=mug", false), ("/fragments/results?q=mug&lang=de", true)] {
        let response = http.send("GET", path, &[("accept", "text/html")], "").await;
        let html = String::from_utf8(response.body.to_vec()).unwrap();
        assert_eq!(response.header("freshness"), "partial; missing=search");
        assert!(html.contains("/p/mug") && !html.contains("/p/jug"), "{html}");
        assert_eq!(html.contains("Unsere Suche antwortet nicht"), is_german, "{html}");
        assert_eq!(html.contains("Our search is not responding"), !is_german);
    }
    let browsed = env.fake.requests("BrowseProductsRequest");
    assert_eq!(browsed[0]["filter"], "status = ACTIVE AND name:\"mug\"");
}

#[tokio::test]
async fn without_catalogue_products_come_from_the_index_with_their_age() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    env.fake.set_index_lag(180);
    let gateway = Gateway::start(free_addr().await, env.upstream.addr, &[]).await;
    let http = Client::new(gateway.addr);
    for path in ["/p/mug", "/", "/?q=The"] {
        let response = http.send("GET", path, &[("accept", "text/html")], "").await;
        let html = String::from_utf8(response.body.to_vec()).unwrap();
        assert_eq!(response.status, 200, "{path}: {html}");
        assert_eq!(response.header("freshness"), "stale; age=180");
        assert!(html.contains("The mug") && html.contains("those of 3 minutes ago"), "{html}");
    }
    let missing = http.send("GET", "/p/none", &[("accept", "text/html")], "").await;
    assert_eq!(missing.status, 503, "the index cannot say that there is none");
}

#[tokio::test]
async fn variants_are_shown_without_javascript() {
    let env = Environment::start().await;
    env.fake.put_variants("mug", &[("red", 0), ("blue", 4)]);
    let (_, html) = page(&env, "/p/mug").await;
    assert!(html.contains("<code>red</code>") && html.contains("Only 4 left"), "{html}");
}
