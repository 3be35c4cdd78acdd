//! The keys of page tokens: rotation, and its effect on earlier tokens.

use proto::catalogue::v1::{
    BrowseProductsRequest, RotatePageTokenKeyRequest, WatchKeysRequest, WatchKeysResponse,
    key_service_client::KeyServiceClient,
};
use tonic::{Code, Status, transport::Channel};

use crate::support::{Catalogue, assert_invalid, assert_refused, soon};

fn client(catalogue: &Catalogue) -> KeyServiceClient<Channel> {
    KeyServiceClient::new(catalogue.channel.clone())
}

async fn rotate(catalogue: &Catalogue, overlap_seconds: i64) -> Result<(), Status> {
    let overlap = pbjson_types::Duration { seconds: overlap_seconds, nanos: 0 };
    let request = RotatePageTokenKeyRequest { overlap: Some(overlap) };
    client(catalogue).rotate_page_token_key(request).await.map(drop)
}

/// The token of the next page of single products.
async fn page(catalogue: &Catalogue, token: &str) -> Result<String, Status> {
    let page_token = token.to_owned();
    let request = BrowseProductsRequest { page_size: 1, page_token, ..Default::default() };
    let page = catalogue.products().browse_products(request).await?.into_inner();
    Ok(page.next_page_token)
}

async fn watched(catalogue: &Catalogue) -> WatchKeysResponse {
    let mut watch = client(catalogue).watch_keys(WatchKeysRequest {}).await.unwrap().into_inner();
    soon(watch.message()).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_go_on_over_rotations_and_restarts() {
    let catalogue = Catalogue::start().await;
    catalogue.fill(5).await;
    let first = page(&catalogue, "").await.unwrap();
    rotate(&catalogue, 3_600).await.unwrap();
    let second = page(&catalogue, &first).await.unwrap();
    let catalogue = Catalogue::start_in(catalogue.stop().await).await;
    rotate(&catalogue, 3_600).await.unwrap();
    let third = page(&catalogue, &second).await.unwrap();
    assert!(page(&catalogue, &third).await.is_ok() && page(&catalogue, &first).await.is_ok());
    let keys = watched(&catalogue).await.page_token_keys;
    assert_eq!(keys.len(), 3);
    assert!(keys.iter().all(|key| key.secret.len() == 64));
    assert!(keys[0].expire_time.is_some() && keys[2].expire_time.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_of_a_key_that_has_leaked_are_refused_at_once() {
    let catalogue = Catalogue::start().await;
    catalogue.fill(3).await;
    let token = page(&catalogue, "").await.unwrap();
    rotate(&catalogue, 3_600).await.unwrap();
    rotate(&catalogue, 0).await.unwrap();
    assert_refused(page(&catalogue, &token).await, Code::InvalidArgument, "PAGE_TOKEN_INVALID");
    let token = page(&catalogue, "").await.unwrap();
    assert!(page(&catalogue, &token).await.is_ok());
    let catalogue = Catalogue::start_in(catalogue.stop().await).await;
    assert!(page(&catalogue, &token).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn valid_keys_are_bounded() {
    let catalogue = Catalogue::start().await;
    assert_invalid(rotate(&catalogue, -1).await, &["overlap"]);
    assert_invalid(rotate(&catalogue, 31 * 24 * 3_600).await, &["overlap"]);
    for _ in 0..7 {
        rotate(&catalogue, 3_600).await.unwrap();
    }
    let refused = rotate(&catalogue, 3_600).await;
    assert_refused(refused, Code::ResourceExhausted, "PAGE_TOKEN_KEY_LIMIT");
}
