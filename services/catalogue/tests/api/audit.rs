//! The audit trail: an event for each write and each refusal.

use proto::catalogue::v1::{
    AdjustStockRequest, AuditEvent, CreateProductRequest, ErasePersonRequest, GetProductRequest,
    ImportProductsRequest, ImportRow, ListAuditEventsRequest, ListChangesRequest, ListKeysRequest,
    ListProductRevisionsRequest, Product, UpdateProductRequest,
    audit_service_client::AuditServiceClient, catalogue_service_client::CatalogueServiceClient,
    key_service_client::KeyServiceClient, stock_service_client::StockServiceClient,
};
use testkit::until;
use tonic::{Code, Request};

use crate::{
    signed::{SECRET, create_key, signed, start},
    support::{Catalogue, assert_refused, product},
};

async fn page(catalogue: &Catalogue, request: ListAuditEventsRequest) -> (Vec<AuditEvent>, String) {
    let mut audit = AuditServiceClient::new(signed(catalogue, SECRET));
    let page = audit.list_audit_events(request).await.unwrap().into_inner();
    (page.events, page.next_page_token)
}

/// The events of a method, the newest first, once there are `count`.
async fn events(catalogue: &Catalogue, method: &str, count: usize) -> Vec<AuditEvent> {
    until("the events are stored", async || {
        let request = ListAuditEventsRequest { method: method.to_owned(), ..Default::default() };
        let (events, _) = page(catalogue, request).await;
        (events.len() >= count).then_some(events)
    })
    .await
}

fn restock(id: &str, delta: i32) -> AdjustStockRequest {
    AdjustStockRequest { product_id: id.to_owned(), delta, ..Default::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_has_an_event_from_its_own_transaction() {
    let catalogue = start().await;
    let (id, key) =
        create_key(&catalogue, "price import", &["write:products", "write:stock"]).await;
    let mut products = CatalogueServiceClient::new(signed(&catalogue, &key));
    let create = CreateProductRequest { product: Some(product("mug")), ..Default::default() };
    products.create_product(create).await.unwrap();
    let mut stock = StockServiceClient::new(signed(&catalogue, &key));
    stock.adjust_stock(restock("mug", 3)).await.unwrap();

    // Stored before the response: there is nothing to wait for.
    let all = page(&catalogue, ListAuditEventsRequest::default()).await.0;
    let seen: Vec<_> =
        all.iter().map(|event| (event.method.as_str(), event.resource.as_str())).collect();
    assert_eq!(
        seen,
        [
            ("catalogue.v1.StockService/AdjustStock", "mug"),
            ("catalogue.v1.CatalogueService/CreateProduct", "mug"),
            ("catalogue.v1.KeyService/CreateKey", id.as_str()),
        ]
    );
    let restocked = &all[0];
    assert_eq!(
        (restocked.principal.as_str(), restocked.key_id.as_str()),
        ("key:price import", id.as_str())
    );
    assert_eq!((restocked.note.as_str(), restocked.request_id.as_str()), ("anna", "call-1"));
    assert_eq!((restocked.revision, restocked.outcome.as_str(), restocked.count), (2, "OK", 1));
    assert_eq!(restocked.address, "127.0.0.1");
    assert_eq!(all[2].principal, "service");

    let request =
        ListProductRevisionsRequest { product_id: "mug".to_owned(), ..Default::default() };
    let mut history = CatalogueServiceClient::new(signed(&catalogue, SECRET));
    let revisions = history.list_product_revisions(request).await.unwrap().into_inner().revisions;
    for revision in revisions {
        assert_eq!(
            (revision.actor.as_str(), revision.actor_note.as_str()),
            ("key:price import", "anna")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_nothing_has_no_event_and_what_fails_has_its_reason() {
    let catalogue = start().await;
    catalogue.create(product("mug")).await;
    let checked = AdjustStockRequest { validate_only: true, ..restock("mug", 1) };
    catalogue.stock().adjust_stock(checked).await.unwrap();
    let repeated = AdjustStockRequest { request_id: "once".to_owned(), ..restock("mug", 1) };
    for _ in 0..2 {
        catalogue.stock().adjust_stock(repeated.clone()).await.unwrap();
    }
    let refused = catalogue.stock().adjust_stock(restock("mug", -9)).await;
    assert_refused(refused, Code::FailedPrecondition, "INSUFFICIENT_STOCK");
    let adjusted = events(&catalogue, "AdjustStock", 2).await;
    let outcomes: Vec<_> = adjusted.iter().map(|event| event.outcome.as_str()).collect();
    assert_eq!(outcomes, ["INSUFFICIENT_STOCK", "OK"]);
    assert!(adjusted.iter().all(|event| event.principal == "anonymous" && event.resource == "mug"));
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_counted_together() {
    let catalogue = start().await;
    let (id, key) = create_key(&catalogue, "reader", &["read"]).await;
    for _ in 0..50 {
        let mut stock = StockServiceClient::new(signed(&catalogue, &key));
        let refused = stock.adjust_stock(restock("mug", 1)).await;
        assert_refused(refused, Code::PermissionDenied, "SCOPE_MISSING");
        let refused = catalogue.stock().adjust_stock(restock("mug", 1)).await;
        assert_refused(refused, Code::Unauthenticated, "CREDENTIAL_MISSING");
        let forged = format!("pck_{id}_{}", "0".repeat(64));
        let mut stock = StockServiceClient::new(signed(&catalogue, &forged));
        let refused = stock.adjust_stock(restock("mug", 1)).await;
        assert_refused(refused, Code::Unauthenticated, "CREDENTIAL_INVALID");
        let draft = GetProductRequest { show_deleted: true, ..Default::default() };
        let mut products = CatalogueServiceClient::new(signed(&catalogue, &key));
        let refused = products.get_product(draft).await;
        assert_refused(refused, Code::PermissionDenied, "SCOPE_MISSING");
    }
    let (refused, rows) = until("all are counted", async || {
        let (all, _) = page(&catalogue, ListAuditEventsRequest::default()).await;
        let mut by_kind = std::collections::BTreeMap::new();
        let refusals: Vec<_> = all.into_iter().filter(|event| event.outcome != "OK").collect();
        for event in &refusals {
            let method = event.method.rsplit('/').next().unwrap().to_owned();
            let kind =
                (event.principal.clone(), event.key_id.clone(), method, event.outcome.clone());
            *by_kind.entry(kind).or_insert(0) += event.count;
        }
        (by_kind.values().sum::<i32>() == 200).then_some((by_kind, refusals.len()))
    })
    .await;
    let kind = |principal: &str, key: &str, method: &str, outcome: &str| {
        [principal, key, method, outcome].map(str::to_owned).into()
    };
    let expected: Vec<(String, String, String, String)> = vec![
        kind("anonymous", "", "AdjustStock", "CREDENTIAL_MISSING"),
        kind("key:reader", &id, "AdjustStock", "SCOPE_MISSING"),
        kind("key:reader", &id, "GetProduct", "SCOPE_MISSING"),
        kind("unknown", &id, "AdjustStock", "CREDENTIAL_INVALID"),
    ];
    assert_eq!(refused.keys().cloned().collect::<Vec<_>>(), expected);
    assert!(refused.values().all(|count| *count == 50), "{refused:?}");
    assert!(rows < 100, "{rows} rows for 200 refusals");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_has_an_event_for_each_batch_and_a_dry_run_none() {
    let catalogue = start().await;
    for dry_run in [true, false] {
        let options = Some(proto::catalogue::v1::ImportOptions { dry_run, ..Default::default() });
        let row = |number: i64| ImportRow {
            line: number,
            product: Some(product(&format!("p{number}"))),
            ..Default::default()
        };
        let rows = (1..=3).map(row).collect();
        let requests = tokio_stream::iter([ImportProductsRequest { options, rows }]);
        let mut responses =
            catalogue.transfer().import_products(requests).await.unwrap().into_inner();
        while responses.message().await.unwrap().is_some() {}
    }
    let imported = events(&catalogue, "ImportProducts", 1).await;
    assert_eq!(imported.iter().map(|event| event.count).sum::<i32>(), 3, "{imported:?}");
    assert!(imported.iter().all(|event| event.outcome == "OK"));
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_selected_and_paged() {
    let catalogue = start().await;
    for number in 0..5 {
        catalogue.create(product(&format!("p{number}"))).await;
    }
    let of = async |request: ListAuditEventsRequest| {
        let (mut found, mut request) = (Vec::new(), request);
        loop {
            let (events, next) = page(&catalogue, request.clone()).await;
            assert!(request.page_size == 0 || events.len() <= 2);
            found.extend(events.into_iter().map(|event| event.resource));
            if next.is_empty() {
                return found;
            }
            request.page_token = next;
        }
    };
    let all = ["p4", "p3", "p2", "p1", "p0"];
    let method = "catalogue.v1.CatalogueService/CreateProduct".to_owned();
    let paged = ListAuditEventsRequest { page_size: 2, method, ..Default::default() };
    assert_eq!(of(paged.clone()).await, all);
    let one = ListAuditEventsRequest { resource: "p2".to_owned(), ..Default::default() };
    assert_eq!(of(one).await, ["p2"]);
    let principal = "anonymous".to_owned();
    assert_eq!(of(ListAuditEventsRequest { principal, ..Default::default() }).await, all);
    let (events, _) = page(&catalogue, ListAuditEventsRequest::default()).await;
    let middle = events[2].time;
    let early = ListAuditEventsRequest { end_time: middle, ..Default::default() };
    assert_eq!(of(early).await, ["p1", "p0"]);
    let late = ListAuditEventsRequest { start_time: middle, ..Default::default() };
    assert_eq!(of(late).await, ["p4", "p3", "p2"]);

    let (_, token) = page(&catalogue, paged).await;
    let other = ListAuditEventsRequest { page_token: token, ..Default::default() };
    let mut audit = AuditServiceClient::new(signed(&catalogue, SECRET));
    assert_refused(
        audit.list_audit_events(other).await,
        Code::InvalidArgument,
        "PAGE_TOKEN_INVALID",
    );
    let (_, key) = create_key(&catalogue, "writer", &["write:products"]).await;
    let mut audit = AuditServiceClient::new(signed(&catalogue, &key));
    let refused = audit.list_audit_events(ListAuditEventsRequest::default()).await;
    assert_refused(refused, Code::PermissionDenied, "SCOPE_MISSING");
}

/// All texts in which a person may be named.
async fn everything(catalogue: &Catalogue) -> String {
    let (events, _) = page(catalogue, ListAuditEventsRequest::default()).await;
    let mut products = CatalogueServiceClient::new(signed(catalogue, SECRET));
    let request =
        ListProductRevisionsRequest { product_id: "mug".to_owned(), ..Default::default() };
    let revisions = products.list_product_revisions(request).await.unwrap().into_inner();
    let mut feed = proto::catalogue::v1::feed_service_client::FeedServiceClient::new(signed(
        catalogue, SECRET,
    ));
    let changes = feed.list_changes(ListChangesRequest::default()).await.unwrap().into_inner();
    let mut keys = KeyServiceClient::new(signed(catalogue, SECRET));
    let keys = keys.list_keys(ListKeysRequest { show_ended: true }).await.unwrap().into_inner();
    format!("{events:?} {revisions:?} {changes:?} {keys:?}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_erased_everywhere() {
    let catalogue = start().await;
    let (_, key) = create_key(&catalogue, "bert", &["write:products"]).await;
    let mut products = CatalogueServiceClient::new(signed(&catalogue, &key));
    let create = CreateProductRequest { product: Some(product("mug")), ..Default::default() };
    products.create_product(create).await.unwrap();
    let renamed = Product { name: "Cup".to_owned(), ..product("mug") };
    let update = UpdateProductRequest { product: Some(renamed), ..Default::default() };
    products.update_product(update).await.unwrap();
    catalogue.settled().await;
    let before = everything(&catalogue).await;
    assert!(before.contains("bert") && before.contains("anna") && before.contains("127.0.0.1"));

    let mut audit = AuditServiceClient::new(catalogue.channel.clone());
    let erase = |name: &str, address: &str| {
        let request = ErasePersonRequest { name: name.to_owned(), address: address.to_owned() };
        let mut request = Request::new(request);
        request.metadata_mut().insert("authorization", format!("Bearer {SECRET}").parse().unwrap());
        request
    };
    let erased = audit.erase_person(erase("key:bert", "")).await.unwrap().into_inner();
    assert!(erased.changed_rows >= 5, "{erased:?}");
    audit.erase_person(erase("anna", "127.0.0.1")).await.unwrap();
    assert_refused(audit.erase_person(erase("", "")).await, Code::InvalidArgument, "INVALID_FIELD");
    let after = everything(&catalogue).await;
    assert!(!after.contains("bert"), "{after}");
    assert!(after.contains(&erased.pseudonym) && after.contains("ErasePerson"));
    // The latest call is that of the test, which names itself again.
    let (events, _) = page(&catalogue, ListAuditEventsRequest::default()).await;
    let changed = events.iter().filter(|event| event.method.ends_with("Product"));
    for event in changed {
        assert!(
            event.note.starts_with("erased-") && event.address.starts_with("erased-"),
            "{event:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_use_of_a_key_is_recorded() {
    let catalogue = start().await;
    let (id, key) = create_key(&catalogue, "reader", &["admin:keys"]).await;
    let of_key = async |credential: &str| {
        let mut keys = KeyServiceClient::new(signed(&catalogue, credential));
        let keys = keys.list_keys(ListKeysRequest { show_ended: false }).await.unwrap();
        keys.into_inner().keys.into_iter().find(|key| key.id == id).unwrap()
    };
    assert_eq!(of_key(SECRET).await.last_use_time, None);
    of_key(&key).await;
    until("it is recorded", async || of_key(SECRET).await.last_use_time).await;
}
