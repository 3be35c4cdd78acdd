//! `ListChanges`: the changes in pages.

use proto::catalogue::v1::{
    GetWatermarkRequest, GetWatermarkResponse, ListChangesRequest, ListChangesResponse, Product,
    change::Op,
};
use tonic::{Code, Status};

use crate::{
    feed::{Watch, adjust, delete},
    support::{Catalogue, assert_invalid, assert_refused, product},
};

async fn list(
    catalogue: &Catalogue,
    cursor: &str,
    page_size: i32,
    ids: &[&str],
) -> Result<ListChangesResponse, Status> {
    let request = ListChangesRequest {
        cursor: cursor.to_owned(),
        page_size,
        product_ids: ids.iter().map(|id| (*id).to_owned()).collect(),
        ..Default::default()
    };
    Ok(catalogue.feed().list_changes(request).await?.into_inner())
}

async fn watermark(catalogue: &Catalogue) -> GetWatermarkResponse {
    catalogue.feed().get_watermark(GetWatermarkRequest {}).await.unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_changes_reach_the_end_and_continue_there() {
    let catalogue = Catalogue::start().await;
    catalogue.fill(5).await;
    delete(&catalogue, "p-0003").await;
    catalogue.settled().await;
    let (mut cursor, mut told) = (String::new(), Vec::new());
    loop {
        let page = list(&catalogue, &cursor, 4, &[]).await.unwrap();
        assert!(page.changes.len() <= 4 && !page.next_cursor.is_empty());
        assert_eq!(page.watermark.is_some(), page.caught_up);
        cursor = page.next_cursor;
        told.extend(page.changes);
        if page.caught_up {
            break;
        }
    }
    let ids: Vec<_> = told.iter().map(|change| change.product_id.as_str()).collect();
    assert_eq!(ids, ["p-0000", "p-0001", "p-0002", "p-0003", "p-0004", "p-0003"]);
    // The product is deleted by now, also in the change of its creation.
    assert!(told[3].product.is_none() && told[2].product.is_some());
    assert_eq!(told[5].op(), Op::Deleted);

    let page = list(&catalogue, &cursor, 0, &[]).await.unwrap();
    assert!(page.changes.is_empty() && page.caught_up);
    let write = adjust(&catalogue, "p-0001", 2).await;
    catalogue.settled().await;
    let page = list(&catalogue, &page.next_cursor, 0, &[]).await.unwrap();
    assert_eq!(page.changes[0].product.as_ref().unwrap().stock_qty, 2);
    // The token of a write, and the cursor of the watermark, are cursors of the feed.
    for cursor in [write.revision_token, watermark(&catalogue).await.cursor] {
        let page = list(&catalogue, &cursor, 0, &["p-0001"]).await.unwrap();
        assert!(page.changes.is_empty() && page.caught_up);
    }
    let oldest = watermark(&catalogue).await.oldest_cursor;
    assert_eq!(list(&catalogue, &oldest, 1_000, &[]).await.unwrap().changes.len(), 7);
    assert_eq!(list(&catalogue, &oldest, 0, &["p-0003"]).await.unwrap().changes.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn large_changes_come_in_more_pages() {
    let catalogue = Catalogue::start().await;
    for number in 0..80 {
        let description = "水".repeat(20_000);
        let product = Product { description, ..product(&format!("p-{number}")) };
        catalogue.create(product).await;
    }
    catalogue.settled().await;
    let first = list(&catalogue, "", 1_000, &[]).await.unwrap();
    assert!(!first.caught_up && first.changes.len() < 80);
    let second = list(&catalogue, &first.next_cursor, 1_000, &[]).await.unwrap();
    assert!(second.caught_up);
    assert_eq!(first.changes.len() + second.changes.len(), 80);
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_batch_reads_are_refused() {
    let catalogue = Catalogue::start().await;
    catalogue.fill(2).await;
    assert_invalid(list(&catalogue, "", -1, &[]).await, &["page_size"]);
    let refused = list(&catalogue, "garbage", 0, &[]).await;
    assert_refused(refused, Code::FailedPrecondition, "CURSOR_EXPIRED");
    catalogue.settled().await;
    // A snapshot cannot be continued as a list.
    let mut watch = Watch::resume(&catalogue, "").await.unwrap();
    let refused = list(&catalogue, &watch.next().await.1, 0, &[]).await;
    assert_refused(refused, Code::InvalidArgument, "CURSOR_MISMATCH");
    let bound = list(&catalogue, "", 0, &["p-0000"]).await.unwrap().next_cursor;
    let refused = list(&catalogue, &bound, 0, &["p-0001"]).await;
    assert_refused(refused, Code::InvalidArgument, "CURSOR_MISMATCH");
}
