//! Watches of some products: of a category, by ids, or by a filter.

use proto::catalogue::v1::{
    GetWatermarkRequest, Product, UpdateProductRequest, WatchChangesRequest, change::Op,
    watch_changes_request::Start, watch_changes_response::Event,
};
use tonic::Code;

use crate::{
    feed::{Watch, adjust, delete, labels, rename},
    support::{Catalogue, assert_invalid, assert_refused, product},
};

fn of_category(id: &str) -> WatchChangesRequest {
    WatchChangesRequest { category_id: id.to_owned(), ..Default::default() }
}

fn of_ids(ids: &[&str]) -> WatchChangesRequest {
    let product_ids = ids.iter().map(|id| (*id).to_owned()).collect();
    WatchChangesRequest { product_ids, ..Default::default() }
}

fn in_categories(id: &str, categories: &[&str]) -> Product {
    let category_ids = categories.iter().map(|id| (*id).to_owned()).collect();
    Product { category_ids, ..product(id) }
}

async fn put_into(catalogue: &Catalogue, id: &str, categories: &[&str]) {
    let paths = vec!["category_ids".to_owned()];
    let request = UpdateProductRequest {
        product: Some(in_categories(id, categories)),
        update_mask: Some(pbjson_types::FieldMask { paths }),
        ..Default::default()
    };
    catalogue.products().update_product(request).await.unwrap();
}

/// Creates the categories kitchen, mugs below it, and tools.
async fn with_categories() -> Catalogue {
    let catalogue = Catalogue::start().await;
    catalogue.create_category("kitchen", "").await;
    catalogue.create_category("mugs", "kitchen").await;
    catalogue.create_category("tools", "").await;
    catalogue.create(in_categories("mug", &["mugs"])).await;
    catalogue.create(in_categories("pan", &["kitchen"])).await;
    catalogue.create(in_categories("saw", &["tools"])).await;
    catalogue
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_of_a_category_includes_its_descendants() {
    let catalogue = with_categories().await;
    let mut watch = Watch::ask(&catalogue, of_category("kitchen")).await.unwrap();
    let events = watch.caught_up().await;
    assert_eq!(labels(&events), ["item mug", "item pan", "complete", "heartbeat"]);

    adjust(&catalogue, "saw", 1).await;
    adjust(&catalogue, "mug", 1).await;
    catalogue.create(in_categories("rasp", &["tools"])).await;
    put_into(&catalogue, "saw", &["tools", "mugs"]).await;
    put_into(&catalogue, "saw", &["tools"]).await;
    put_into(&catalogue, "rasp", &[]).await;
    delete(&catalogue, "pan").await;
    catalogue.create_category("pans", "kitchen").await;
    catalogue.settled().await;
    let mut watch = Watch::resume_as(&catalogue, of_category("kitchen"), &events[3].1).await;
    let events = watch.caught_up().await;
    // A product that has left again before its changes are sent is only reported as left.
    let told = [
        "OP_STOCK mug",
        "OP_LEFT saw",
        "OP_LEFT saw",
        "OP_LEFT rasp",
        "OP_DELETED pan",
        "OP_CREATED ",
        "heartbeat",
    ];
    assert_eq!(labels(&events), told);
    let change = |index: usize| match &events[index].0 {
        Event::Change(change) => change.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(change(0).product.unwrap().stock_qty, 1);
    assert_eq!((change(1).op(), change(1).product), (Op::Left, None));
    assert_eq!(change(5).category.unwrap().path, ["Name of kitchen", "Name of pans"]);

    put_into(&catalogue, "saw", &["mugs"]).await;
    let change = watch.change().await;
    assert_eq!((change.op(), change.product.unwrap().id.as_str()), (Op::Updated, "saw"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_can_have_ids() {
    let catalogue = with_categories().await;
    let ids = ["saw", "later", "mug", "saw"];
    let mut watch = Watch::ask(&catalogue, of_ids(&ids)).await.unwrap();
    let events = watch.caught_up().await;
    assert_eq!(labels(&events), ["item mug", "item saw", "complete", "heartbeat"]);
    adjust(&catalogue, "pan", 1).await;
    catalogue.create_category("pans", "kitchen").await;
    catalogue.create(product("later")).await;
    assert_eq!(watch.change().await.product_id, "later");
    delete(&catalogue, "saw").await;
    assert_eq!(watch.change().await.op(), Op::Deleted);
    catalogue.settled().await;
    // Resumed within the snapshot, the watch continues after that product.
    let mut watch = Watch::resume_as(&catalogue, of_ids(&ids), &events[0].1).await;
    let rest = ["complete", "OP_CREATED later", "OP_DELETED saw", "heartbeat"];
    assert_eq!(labels(&watch.caught_up().await), rest);
    // Both conditions apply.
    let both = WatchChangesRequest { category_id: "kitchen".to_owned(), ..of_ids(&ids) };
    let mut watch = Watch::ask(&catalogue, both).await.unwrap();
    assert_eq!(labels(&watch.caught_up().await), ["item mug", "complete", "heartbeat"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_is_bound_to_its_scope_and_a_bare_position_is_not() {
    let catalogue = with_categories().await;
    catalogue.settled().await;
    let watermark = catalogue.feed().get_watermark(GetWatermarkRequest {}).await.unwrap();
    let bare = watermark.into_inner().cursor;
    let scopes = [WatchChangesRequest::default(), of_category("kitchen"), of_ids(&["mug"])];
    let mut cursors = Vec::new();
    for scope in &scopes {
        cursors.push(Watch::ask(&catalogue, scope.clone()).await.unwrap().next().await.1);
        let now = WatchChangesRequest { start: Start::Now.into(), ..scope.clone() };
        cursors.push(Watch::ask(&catalogue, now).await.unwrap().next().await.1);
    }
    let write = adjust(&catalogue, "mug", 1).await.revision_token;
    catalogue.settled().await;
    for (index, scope) in scopes.iter().enumerate() {
        for (of, cursor) in cursors.iter().enumerate() {
            let request = WatchChangesRequest { cursor: cursor.clone(), ..scope.clone() };
            let answer = Watch::ask(&catalogue, request).await.map(|_| ());
            if of / 2 == index {
                answer.unwrap();
            } else {
                assert_refused(answer, Code::InvalidArgument, "CURSOR_MISMATCH");
            }
        }
        let mut watch = Watch::resume_as(&catalogue, scope.clone(), &bare).await;
        assert_eq!(labels(&watch.caught_up().await), ["OP_STOCK mug", "heartbeat"]);
        let mut watch = Watch::resume_as(&catalogue, scope.clone(), &write).await;
        assert_eq!(labels(&watch.caught_up().await), ["heartbeat"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_outside_of_the_scope_are_skipped() {
    let catalogue = with_categories().await;
    let mut watch = Watch::ask(&catalogue, of_ids(&["mug"])).await.unwrap();
    let before = watch.caught_up().await.pop().unwrap().1;
    for number in 0..5 {
        rename(&catalogue, "saw", &format!("Saw {number}")).await;
    }
    // The cursor of the next heartbeat is after the skipped changes, so that they are not read
    // twice.
    let after = loop {
        let (event, cursor) = watch.next().await;
        assert!(matches!(event, Event::Heartbeat(_)), "{event:?}");
        if cursor != before {
            break cursor;
        }
    };
    let mut watch = Watch::resume_as(&catalogue, of_ids(&["mug"]), &after).await;
    adjust(&catalogue, "mug", 1).await;
    assert_eq!(watch.change().await.product_id, "mug");
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_scopes_are_refused() {
    let catalogue = with_categories().await;
    let ask = async |request| Watch::ask(&catalogue, request).await.map(|_| ());
    let unknown = ask(of_category("nowhere")).await;
    assert_refused(unknown, Code::NotFound, "CATEGORY_NOT_FOUND");
    assert_invalid(ask(of_category("no blanks")).await, &["category_id"]);
    assert_invalid(ask(of_ids(&["mug", "no blanks"])).await, &["product_ids[1]"]);
    assert_invalid(ask(of_ids(&["mug"; 1_001])).await, &["product_ids"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_can_have_a_filter() {
    let catalogue = with_categories().await;
    for id in ["mug", "pan"] {
        adjust(&catalogue, id, 5).await;
    }
    let filter = "stock_qty > 0 AND category:kitchen".to_owned();
    let request = WatchChangesRequest { filter, ..Default::default() };
    let mut watch = Watch::ask(&catalogue, request.clone()).await.unwrap();
    let events = watch.caught_up().await;
    assert_eq!(labels(&events), ["item mug", "item pan", "complete", "heartbeat"]);
    let start = &events[2].1;

    adjust(&catalogue, "mug", -5).await;
    rename(&catalogue, "mug", "Sold out").await;
    adjust(&catalogue, "saw", 1).await;
    adjust(&catalogue, "pan", 1).await;
    put_into(&catalogue, "pan", &["tools"]).await;
    delete(&catalogue, "saw").await;
    catalogue.settled().await;
    let mut watch = Watch::resume_as(&catalogue, request.clone(), start).await;
    // A new name does not make the category leave the scope.
    // It is unknown whether a deleted category was in the scope.
    let told = ["OP_LEFT mug", "OP_LEFT pan", "OP_LEFT pan", "OP_DELETED saw", "heartbeat"];
    assert_eq!(labels(&watch.caught_up().await), told);
    adjust(&catalogue, "mug", 1).await;
    assert_eq!(watch.change().await.product.unwrap().name, "Sold out");

    let request = WatchChangesRequest { filter: "nonsense = 1".to_owned(), ..request };
    let refused = Watch::ask(&catalogue, request).await.map(|_| ());
    assert_refused(refused, Code::InvalidArgument, "FILTER_INVALID");
}
