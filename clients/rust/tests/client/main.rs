//! The client against a catalogue that fails on purpose.

mod fake;

use catalogue_client::{
    ChangeEvent, Client, Error, Reason,
    catalogue::v1::{
        AdjustStockRequest, BrowseProductsRequest, CreateKeyRequest, GetProductRequest, Product,
        WatchChangesRequest,
    },
};
use futures::{StreamExt as _, TryStreamExt as _};
use rpc::status::error;
use tonic::{Code, Status};

use fake::Fake;

fn get(id: &str) -> GetProductRequest {
    GetProductRequest { product_id: id.to_owned(), ..Default::default() }
}

fn sale() -> AdjustStockRequest {
    AdjustStockRequest { product_id: "mug".to_owned(), delta: -1, ..Default::default() }
}

#[tokio::test]
async fn reads_and_identified_writes_are_attempted_again() {
    let (fake, url) = Fake::start().await;
    let client = Client::builder(url).key("pck_1").actor("anna").build().unwrap();
    let overloaded = || error(Code::ResourceExhausted, "OVERLOADED", "retry after a moment");
    fake.fail_with([Status::unavailable("gone"), overloaded()]);
    assert_eq!(client.get_product(get("mug")).await.unwrap().id, "mug");

    fake.fail_with([Status::unavailable("gone"), Status::deadline_exceeded("late")]);
    client.adjust_stock(sale()).await.unwrap();
    let ids = fake.request_ids();
    assert_eq!((ids.len(), ids[0].len()), (3, 36));
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_eq!(fake.metadata("authorization"), "Bearer pck_1");
    assert_eq!(fake.metadata("x-actor"), "anna");
    client
        .adjust_stock(AdjustStockRequest { request_id: "own".to_owned(), ..sale() })
        .await
        .unwrap();
    assert_eq!(fake.request_ids().last().unwrap(), "own");

    // It might happen twice.
    fake.fail_with([Status::unavailable("gone")]);
    let refused = client.create_key(CreateKeyRequest::default()).await.unwrap_err();
    assert!(matches!(&refused, Error::Catalogue(error) if error.code == Code::Unavailable));
    // It would fail again.
    fake.fail_with([error(Code::ResourceExhausted, "MESSAGE_TOO_LARGE", "split it")]);
    let refused = client.get_product(get("mug")).await.unwrap_err();
    assert!(refused.is(Reason::MessageTooLarge));
    let once = Client::builder(fake.url()).retries(0).build().unwrap();
    fake.fail_with([Status::unavailable("gone")]);
    once.get_product(get("mug")).await.unwrap_err();
}

#[tokio::test]
async fn errors_have_reasons_fields_and_facts() {
    let (fake, url) = Fake::start().await;
    let client = Client::new(url).unwrap();
    fake.fail_with([rpc::status::invalid([("product_id", "must not be empty")])]);
    let Err(Error::Catalogue(invalid)) = client.get_product(get("")).await else { panic!() };
    assert_eq!(invalid.reason, Some(Reason::InvalidField));
    assert_eq!((&*invalid.fields[0].field, invalid.code), ("product_id", Code::InvalidArgument));
    let mut missing = error(Code::NotFound, "PRODUCT_NOT_FOUND", "product cup does not exist");
    missing.metadata_mut().insert("x-request-id", "order-7".parse().unwrap());
    fake.fail_with([missing]);
    let missing = client.get_product(get("cup")).await.unwrap_err();
    assert!(missing.is(Reason::ProductNotFound) && !missing.is(Reason::InvalidField));
    let text = "PRODUCT_NOT_FOUND: product cup does not exist (request order-7)";
    assert_eq!(missing.to_string(), text);
    fake.fail_with([error(Code::Aborted, "OF_A_NEWER_CONTRACT", "unknown")]);
    let Err(Error::Catalogue(newer)) = client.get_product(get("")).await else { panic!() };
    assert_eq!((newer.reason, &*newer.reason_name), (None, "OF_A_NEWER_CONTRACT"));

    for wrong in ["127.0.0.1:1", "ftp://a", ""] {
        assert!(matches!(Client::new(wrong), Err(Error::Setting(_))), "{wrong}");
    }
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let client = Client::builder(format!("http://{closed}")).retries(1).build().unwrap();
    let unreachable = client.get_product(get("mug")).await.unwrap_err();
    assert!(matches!(unreachable, Error::Unreachable(_)), "{unreachable:?}");
}

#[tokio::test]
async fn pages_are_walked_to_the_last() {
    let (fake, url) = Fake::start().await;
    let client = Client::new(url).unwrap();
    let request = BrowseProductsRequest { page_size: 2, ..Default::default() };
    let ids = |products: Vec<Product>| products.into_iter().map(|it| it.id).collect::<Vec<_>>();
    let all = client.browse_products_all(request.clone()).try_collect().await.unwrap();
    assert_eq!(ids(all), ["0", "1", "2", "3", "4"]);
    // A page is read when it is needed.
    let before = fake.pages();
    let first: Vec<_> =
        client.browse_products_all(request.clone()).take(2).try_collect().await.unwrap();
    assert_eq!((ids(first).len(), fake.pages() - before), (2, 1));
    fake.fail_with([error(Code::InvalidArgument, "FILTER_INVALID", "column 1")]);
    let mut failing = client.browse_products_all(request);
    assert!(failing.next().await.unwrap().unwrap_err().is(Reason::FilterInvalid));
    assert!(failing.next().await.is_none());
}

#[tokio::test]
async fn a_watch_resumes_after_its_last_event() {
    let (fake, url) = Fake::start().await;
    let client = Client::new(url).unwrap();
    // Each connection breaks off after two events.
    let mut watch = client.follow_changes(WatchChangesRequest::default());
    let mut cursors = Vec::new();
    while cursors.len() < 5 {
        let event = watch.next().await.unwrap().unwrap();
        assert!(matches!(event.event, ChangeEvent::Change(_)), "heartbeats are not passed on");
        cursors.push(event.cursor);
    }
    assert_eq!(cursors, ["1", "2", "3", "4", "5"]);
    assert_eq!(fake.watched(), ["", "2", "4"]);

    let expired = WatchChangesRequest { cursor: "expired".to_owned(), ..Default::default() };
    let mut watch = client.follow_changes(expired);
    assert_eq!(watch.next().await.unwrap().unwrap().event, ChangeEvent::Resync);
    assert!(matches!(watch.next().await.unwrap().unwrap().event, ChangeEvent::Change(_)));
    let invalid = WatchChangesRequest { filter: "(".to_owned(), ..Default::default() };
    let mut watch = client.follow_changes(invalid);
    assert!(watch.next().await.unwrap().unwrap_err().is(Reason::FilterInvalid));
    assert!(watch.next().await.is_none());
}

#[test]
fn readme_shows_the_example() {
    let (readme, example) =
        (include_str!("../../README.md"), include_str!("../../examples/quick_start.rs"));
    assert!(readme.contains(example), "the README's example is that of examples/quick_start.rs");
}
