//! Start, stop and restart.

use catalogue::Config;
use clap::Parser as _;
use proto::catalogue::v1::{
    BrowseProductsRequest, GetProductRequest, ListProductsRequest, Product,
    catalogue_service_client::CatalogueServiceClient,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::support::{Catalogue, Data, failure, full_product, product, soon};

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_keeps_everything() {
    let catalogue = Catalogue::start().await;
    catalogue.create_category("kitchen", "").await;
    let mug = catalogue.create(full_product("mug", &["kitchen"])).await;
    catalogue.create(product("z")).await;
    let request = ListProductsRequest { page_size: 1, ..Default::default() };
    let mut page = catalogue.products().list_products(request).await.unwrap().into_inner();
    let trailers = page.trailers().await.unwrap().unwrap();
    let token = trailers.get("next-page-token").unwrap().to_str().unwrap().to_owned();

    let catalogue = Catalogue::start_in(catalogue.stop().await).await;
    let request = GetProductRequest { product_id: "mug".to_owned(), ..Default::default() };
    let kept = catalogue.products().get_product(request).await.unwrap().into_inner();
    assert_eq!(kept, mug);
    // Tokens from before the restart are still valid.
    let request = ListProductsRequest { page_token: token, ..Default::default() };
    let mut page = catalogue.products().list_products(request).await.unwrap().into_inner();
    assert_eq!(soon(page.message()).await.unwrap().unwrap().id, "z");
    let browse = catalogue.products().browse_products(BrowseProductsRequest::default()).await;
    assert_eq!(browse.unwrap().into_inner().total_size, Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn migrating_separately_gives_the_same_tables() {
    let data = Data::empty().await;
    catalogue::migrate(&data.config()).await.unwrap();
    catalogue::migrate(&data.config()).await.unwrap();
    let catalogue = Catalogue::start_in(data).await;
    catalogue.create(product("mug")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_in_use_is_named_in_the_error() {
    let catalogue = Catalogue::start().await;
    let data = Data::new().await;
    let busy = failure(Config { listen: catalogue.running.addr, ..data.config() }).await;
    assert!(busy.contains(&catalogue.running.addr.to_string()), "{busy}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_admin_port_reports_readiness() {
    let catalogue = Catalogue::start().await;
    let mut admin = TcpStream::connect(catalogue.running.admin_addr).await.unwrap();
    let request = b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    admin.write_all(request).await.unwrap();
    let mut answer = String::new();
    soon(admin.read_to_string(&mut answer)).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"store\""), "{answer}");
}

#[test]
fn settings_come_from_flags_and_hide_secrets() {
    let config = Config::parse_from(["catalogue", "migrate", "--data-dir", "/srv", "--threads=3"]);
    assert_eq!(config.action, catalogue::Action::Migrate);
    assert_eq!(config.database.data_dir, std::path::Path::new("/srv"));
}

/// Streams to slow clients do not delay other calls.
#[tokio::test(flavor = "multi_thread")]
async fn a_slow_client_does_not_delay_others() {
    let catalogue = Catalogue::start().await;
    for number in 0..120 {
        let description = "x".repeat(20_000);
        let product = Product { description, ..product(&format!("p-{number:04}")) };
        catalogue.create(product).await;
    }
    // On connections of their own, because HTTP/2 limits the unread data of each connection.
    let mut reader = CatalogueServiceClient::new(catalogue.connect().await);
    let mut slow = Vec::new();
    for _ in 0..12 {
        let request = ListProductsRequest::default();
        slow.push(reader.list_products(request).await.unwrap().into_inner());
    }
    // None of the clients reads; writes and reads continue.
    soon(catalogue.create(product("mug"))).await;
    let counts = slow.into_iter().map(async |mut stream| {
        let mut count = 0;
        while soon(stream.message()).await.unwrap().is_some() {
            count += 1;
        }
        count
    });
    let counts: Vec<i32> = futures::future::join_all(counts).await;
    assert!(counts.iter().all(|count| *count >= 120), "{counts:?}");
}
