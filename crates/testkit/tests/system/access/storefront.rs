//! The products that anonymous callers see.

use http::Method;
use proto::catalogue::v1::{ListProductsRequest, WatchChangesRequest};
use serde_json::{Value, json};
use testkit::{HttpClient, Service, until};

use super::{
    Restricted,
    calls::{bearer, headers},
};
use crate::data::{channel, client};

/// Text of products that are not for sale, of their pasts and of an actor.
const CANARY: &str = "canarybird";

/// Addresses that must not have the canary in their responses to anonymous callers.
#[rustfmt::skip]
const SURFACES: [&str; 25] = [
    "/v1/products", "/v1/products?filter=status%3DDRAFT", "/v1/products:stream",
    "/v1/products:export", "/v1/products:batchGet?productIds=three&productIds=two",
    "/v1/products/one", "/v1/products/two", "/v1/products/three", "/v1/products/four",
    "/v1/products/three?revision=1", "/v1/products/two?showDeleted=true",
    "/v1/products?showDeleted=true", "/v1/products/three/revisions",
    "/v1/products/three/stock", "/v1/changes:list", "/v1/search?q=mug&facets=brand",
    "/v1/search?q=canarybird&facets=brand", "/v1/suggest?query=canary", "/v1/search/queries",
    "/v1/search/explain?query=canarybird&productId=three", "/v1/categories", "/p/three", "/p/two",
    "/v1/keys", "/v1/products?filter=name%3Acanarybird%20OR%20status%3DACTIVE",
];

/// Creates two active products, of which one is renamed and deleted, a draft and an archived one, by a key with the
/// canary as name.
async fn fill_with_canaries(system: &Restricted) {
    let scopes = ["write:products", "write:stock", "read:drafts", "read:history"];
    let key = system.create_key(CANARY, &scopes).await;
    system.is_known_everywhere(&key).await;
    let web = HttpClient::new(system.fleet.url(""));
    let send = async |method: Method, path: &str, body: Value| {
        let bearer = bearer(Some(&key));
        let headers = headers("application/json", bearer.as_deref());
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let response = web.send(method, path, &headers, body).await.unwrap();
        assert!(response.status.is_success(), "{path}: {}", response.text());
    };
    for (id, status) in
        [("one", "ACTIVE"), ("two", "ACTIVE"), ("three", "DRAFT"), ("four", "ARCHIVED")]
    {
        let hidden = status != "ACTIVE";
        let name = if hidden { format!("Mug {CANARY}") } else { "Mug".to_owned() };
        let product = json!({"id": id, "name": name, "brand": name, "status": status,
            "labels": [name], "stockQty": 3});
        send(Method::POST, "/v1/products", product).await;
    }
    let renamed = json!({"name": "Mug of before", "description": CANARY});
    send(Method::PATCH, "/v1/products/two?updateMask=name,description", renamed).await;
    send(Method::DELETE, "/v1/products/two", json!(null)).await;
    until("search has the active product", async || {
        let found = web.get("/v1/search?q=mug").await.ok()?.json();
        (found["totalSize"] == 1).then_some(())
    })
    .await;
}

#[tokio::test]
async fn anonymous_callers_see_nothing_that_is_not_for_sale() {
    let (system, _) = Restricted::start().await;
    fill_with_canaries(&system).await;
    let web = HttpClient::new(system.fleet.url(""));
    for path in SURFACES {
        // The query itself may be repeated.
        let text = web.get(path).await.unwrap().text().replace(&format!("\"{CANARY}\""), "");
        assert!(!text.contains(CANARY), "{path}: {text}");
    }
    let mut feed = proto::catalogue::v1::feed_service_client::FeedServiceClient::new(
        channel(&system.fleet.addr(Service::Catalogue)).await,
    );
    let watch = WatchChangesRequest::default();
    let mut events = feed.watch_changes(watch).await.unwrap().into_inner();
    until("the feed is read", async || {
        let event = format!("{:?}", events.message().await.unwrap().unwrap());
        assert!(!event.contains(CANARY), "{event}");
        event.contains("Heartbeat").then_some(())
    })
    .await;
    let mut products = client(&system.fleet.addr(Service::Catalogue)).await;
    let listed = products.list_products(ListProductsRequest::default()).await;
    let mut listed = listed.unwrap().into_inner();
    assert_eq!(listed.message().await.unwrap().unwrap().id, "one");
    assert!(listed.message().await.unwrap().is_none());
}
