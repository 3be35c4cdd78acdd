//! Databases on servers: network, password, other users.

use std::path::Path;

use catalogue::Config;
use chassis::CancellationToken;
use proto::catalogue::v1::{
    BrowseProductsRequest, BrowseProductsResponse, CreateProductRequest, GetProductRequest,
    WatchChangesRequest, catalogue_service_client::CatalogueServiceClient,
    watch_changes_response::Event,
};
use sea_orm::{ConnectionTrait as _, Database};
use tonic::Code;

use crate::support::{Catalogue, Data, assert_refused, config, failure, product, soon};

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_server_is_reported_in_one_line() {
    // The port is bound, so that it is not used otherwise, but not listening.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("postgres://me:secret@{}/catalogue", socket.local_addr().unwrap());
    let mut config = config(Path::new("unused"), Some(&url));
    config.database.wait = 1;
    let failure = failure(config).await;
    assert!(failure.contains("is it running") && !failure.contains("secret"), "{failure}");
}

/// A separate database serves as a replica that lags far behind.
#[tokio::test(flavor = "multi_thread")]
async fn only_lists_are_read_from_a_replica() {
    let behind = Data::new().await;
    let primary = Catalogue::start().await;
    let request = CreateProductRequest { product: Some(product("mug")), ..Default::default() };
    let mug = primary.products().create_product(request).await.unwrap().into_inner();
    let read_from = async |url: &str| {
        let mut config: Config = primary.data().config();
        config.database.read_url = Some(url.to_owned());
        let shutdown = CancellationToken::new();
        let running = catalogue::start(config, shutdown.clone()).await.unwrap();
        let url = format!("http://{}", running.addr);
        (CatalogueServiceClient::connect(url).await.unwrap(), shutdown.drop_guard())
    };
    let count = |answer: BrowseProductsResponse| answer.products.len();

    let (mut products, _stop_on_drop) = read_from(behind.url().unwrap()).await;
    let listed = products.browse_products(BrowseProductsRequest::default()).await.unwrap();
    assert_eq!(count(listed.into_inner()), 0);
    let request = BrowseProductsRequest { min_revision: mug.revision_token, ..Default::default() };
    assert_eq!(count(products.browse_products(request).await.unwrap().into_inner()), 1);
    let request = GetProductRequest { product_id: "mug".to_owned(), ..Default::default() };
    products.get_product(request).await.unwrap();

    // A replica that is down is not used.
    let (mut products, _stop_on_drop) = read_from("postgres://nobody@127.0.0.1:1/none").await;
    let listed = products.browse_products(BrowseProductsRequest::default()).await.unwrap();
    assert_eq!(count(listed.into_inner()), 1);
}

/// The cursor after one change, on a feed that continues.
async fn cursor(catalogue: &Catalogue) -> String {
    catalogue.create(product("mug")).await;
    let watch = catalogue.feed().watch_changes(WatchChangesRequest::default()).await;
    let mut watch = watch.unwrap().into_inner();
    loop {
        let answer = soon(watch.message()).await.unwrap().unwrap();
        if matches!(answer.event, Some(Event::SnapshotComplete(_))) {
            return answer.cursor;
        }
    }
}

async fn watch_from(catalogue: &Catalogue, cursor: &str) -> Result<(), tonic::Status> {
    let request = WatchChangesRequest { cursor: cursor.to_owned(), ..Default::default() };
    let mut watch = catalogue.feed().watch_changes(request).await?.into_inner();
    soon(watch.message()).await.map(drop)
}

/// Simulates a dump restored elsewhere, or an older state of the same server.
#[tokio::test(flavor = "multi_thread")]
async fn a_restored_database_starts_a_new_feed() {
    const ELSEWHERE: &str = "UPDATE meta SET value = 'another' WHERE key = 'feed_database'";
    const SET_BACK: &str = "UPDATE changes SET xid = xid + 1000000000";
    for sql in [ELSEWHERE, SET_BACK] {
        let catalogue = Catalogue::start().await;
        let cursor = cursor(&catalogue).await;
        let catalogue = Catalogue::start_in(catalogue.stop().await).await;
        catalogue.create(product("cup")).await;
        watch_from(&catalogue, &cursor).await.unwrap();

        let data = catalogue.stop().await;
        let database = Database::connect(data.url().unwrap()).await.unwrap();
        database.execute_unprepared(sql).await.unwrap();
        let catalogue = Catalogue::start_in(data).await;
        let refused = watch_from(&catalogue, &cursor).await;
        assert_refused(refused, Code::FailedPrecondition, "CURSOR_EXPIRED");
        catalogue.create(product("plate")).await;
    }
}
