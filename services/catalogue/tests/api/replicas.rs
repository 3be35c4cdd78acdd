//! Several catalogues with one database: each sees the others' writes.

use std::{sync::Arc, time::Duration};

use futures::future::join_all;
use proto::catalogue::v1::{
    AdjustStockRequest, BrowseProductsRequest, GetCategoryRequest, GetProductRequest,
    PutSettingRequest, RotatePageTokenKeyRequest, WatchChangesRequest, WatchSettingsRequest,
    key_service_client::KeyServiceClient, setting_service_client::SettingServiceClient,
};
use testkit::until_within;

use crate::support::{Catalogue, SOON, full_product, product, soon};

/// Starts two catalogues with one database.
async fn two() -> (Catalogue, Catalogue) {
    let first = Catalogue::start().await;
    let second = Catalogue::start_in(Arc::clone(first.data())).await;
    (first, second)
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_of_one_catalogue_are_visible_to_the_other() {
    let (first, second) = two().await;
    // The second catalogue has cached that there is nothing.
    let browse = async || {
        let request = BrowseProductsRequest::default();
        second.products().browse_products(request).await.unwrap().into_inner()
    };
    assert_eq!(browse().await.total_size, Some(0));
    first.create_category("kitchen", "").await;
    first.create(full_product("mug", &["kitchen"])).await;

    let request = GetProductRequest { product_id: "mug".to_owned(), ..Default::default() };
    let mug = second.products().get_product(request).await.unwrap().into_inner();
    assert_eq!(mug.category_ids, ["kitchen"]);
    let category = async || {
        let request = GetCategoryRequest { category_id: "kitchen".to_owned() };
        second.categories().get_category(request).await.ok()
    };
    until_within(SOON, "the other knows the category", category).await;
    let counted = async || (browse().await.total_size == Some(1)).then_some(());
    until_within(SOON, "the other counts the product", counted).await;
}

/// A category that the second catalogue has not seen yet must neither be refused nor created twice.
#[tokio::test(flavor = "multi_thread")]
async fn concurrent_writes_share_categories() {
    let (first, second) = two().await;
    for round in 0..10 {
        let (id, child) = (format!("c-{round}"), format!("d-{round}"));
        first.create_category(&id, "").await;
        second.create(full_product(&format!("p-{round}"), &[&id])).await;
        second.create_category(&child, &id).await;
        first.create(full_product(&format!("q-{round}"), &[&child])).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_at_one_catalogue_has_the_changes_of_the_other() {
    let (first, second) = two().await;
    let request = WatchChangesRequest::default();
    let mut watch = second.feed().watch_changes(request).await.unwrap().into_inner();
    let mut seen = 0;
    let writing = async {
        for number in 0..20 {
            first.create(product(&format!("p-{number}"))).await;
        }
    };
    let watching = async {
        use proto::catalogue::v1::watch_changes_response::Event;
        while seen < 20 {
            let event = watch.message().await.unwrap().unwrap().event;
            if matches!(event, Some(Event::SnapshotItem(_) | Event::Change(_))) {
                seen += 1;
            }
        }
    };
    soon(futures::future::join(writing, watching)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn adjustments_by_two_catalogues_add_up() {
    let (first, second) = two().await;
    first.create(product("mug")).await;
    let adjust = |catalogue: &Catalogue, number: i32| {
        let mut stock = catalogue.stock();
        let delta = if number % 3 == 0 { -1 } else { 2 };
        let request =
            AdjustStockRequest { product_id: "mug".to_owned(), delta, ..Default::default() };
        async move { stock.adjust_stock(request).await.map_or(0, |_| delta) }
    };
    let adjusting = (0..200).map(|n| adjust(if n % 2 == 0 { &first } else { &second }, n));
    let expected: i32 = soon(join_all(adjusting)).await.into_iter().sum();
    let request = GetProductRequest { product_id: "mug".to_owned(), ..Default::default() };
    let mug = second.products().get_product(request).await.unwrap().into_inner();
    assert_eq!(mug.stock_qty, expected);
}

/// A setting and a key reach their watches at the other catalogue.
#[tokio::test(flavor = "multi_thread")]
async fn settings_and_page_token_keys_are_shared() {
    let (first, second) = two().await;
    let mut settings = SettingServiceClient::new(second.channel.clone())
        .watch_settings(WatchSettingsRequest {})
        .await
        .unwrap()
        .into_inner();
    soon(settings.message()).await.unwrap().unwrap();
    let request =
        PutSettingRequest { name: "a".to_owned(), value: "1".to_owned(), ..Default::default() };
    SettingServiceClient::new(first.channel.clone()).put_setting(request).await.unwrap();
    let changed = tokio::time::timeout(Duration::from_secs(1), settings.message()).await;
    let changed = changed.expect("within a second").unwrap().unwrap();
    assert_eq!(
        (changed.reset, changed.revision, changed.settings[0].value.as_str()),
        (false, 1, "1")
    );

    first.fill(3).await;
    let page = async |catalogue: &Catalogue, page_token: String| {
        let request = BrowseProductsRequest { page_size: 1, page_token, ..Default::default() };
        let page = catalogue.products().browse_products(request).await.unwrap();
        page.into_inner().next_page_token
    };
    let mut token = page(&first, String::new()).await;
    let request = RotatePageTokenKeyRequest::default();
    KeyServiceClient::new(first.channel.clone()).rotate_page_token_key(request).await.unwrap();
    for catalogue in [&second, &first, &second] {
        token = page(catalogue, token).await;
        if token.is_empty() {
            break;
        }
    }
}
