//! Deletion, undeletion and purge of products.

use proto::catalogue::v1::{
    AdjustStockRequest, BatchGetProductsRequest, BrowseProductsRequest, BrowseProductsResponse,
    DeleteProductRequest, GetProductRequest, Product, UndeleteProductRequest, change::Op,
    watch_changes_response::Event,
};
use tonic::{Code, Status};

use crate::{
    products::{delete, get, update},
    support::{Catalogue, as_read, assert_invalid, assert_refused, full_product, product, soon},
    variants::{shirt, variant},
};

async fn undelete(catalogue: &Catalogue, id: &str, etag: &str) -> Result<Product, Status> {
    let request = UndeleteProductRequest {
        product_id: id.to_owned(),
        etag: etag.to_owned(),
        ..Default::default()
    };
    Ok(as_read(catalogue.products().undelete_product(request).await?.into_inner()))
}

pub(crate) async fn purge(catalogue: &Catalogue, id: &str, etag: &str) -> Result<Product, Status> {
    let request = DeleteProductRequest {
        product_id: id.to_owned(),
        etag: etag.to_owned(),
        purge: true,
        ..Default::default()
    };
    Ok(as_read(catalogue.products().delete_product(request).await?.into_inner()))
}

async fn get_deleted(catalogue: &Catalogue, id: &str) -> Result<Product, Status> {
    let request =
        GetProductRequest { product_id: id.to_owned(), show_deleted: true, ..Default::default() };
    Ok(catalogue.products().get_product(request).await?.into_inner())
}

async fn browse(catalogue: &Catalogue, request: BrowseProductsRequest) -> BrowseProductsResponse {
    catalogue.products().browse_products(request).await.unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_product_is_hidden_until_it_is_undeleted() {
    let catalogue = Catalogue::start().await;
    catalogue.create_category("mugs", "").await;
    let created = catalogue.create(full_product("mug", &["mugs"])).await;
    let deleted = delete(&catalogue, "mug", &created.etag).await.unwrap();
    assert!(deleted.delete_time.is_some() && deleted.delete_time == deleted.update_time);
    assert_eq!((deleted.revision, &deleted.name), (2, &created.name));
    assert_ne!(deleted.etag, created.etag);

    for answer in [
        get(&catalogue, "mug").await,
        delete(&catalogue, "mug", "").await,
        update(&catalogue, product("mug"), &["name"]).await,
    ] {
        assert_refused(answer, Code::NotFound, "PRODUCT_NOT_FOUND");
    }
    let adjust =
        AdjustStockRequest { product_id: "mug".to_owned(), delta: 1, ..Default::default() };
    let adjusted = catalogue.stock().adjust_stock(adjust).await;
    assert_refused(adjusted, Code::NotFound, "PRODUCT_NOT_FOUND");
    let batch =
        BatchGetProductsRequest { product_ids: vec!["mug".to_owned()], ..Default::default() };
    let batch = catalogue.products().batch_get_products(batch).await.unwrap().into_inner();
    assert_eq!((batch.products.len(), batch.missing_ids.len()), (0, 1));
    assert_eq!(get_deleted(&catalogue, "mug").await.unwrap(), deleted);

    // A deleted product keeps its unique keys.
    let again = assert_refused(
        catalogue.try_create(product("mug")).await,
        Code::AlreadyExists,
        "PRODUCT_EXISTS",
    );
    assert!(again.message().contains("deleted"), "{again:?}");
    let external = Product { external_id: "ext-mug".to_owned(), ..product("cup") };
    let taken = catalogue.try_create(external).await;
    assert_refused(taken, Code::AlreadyExists, "PRODUCT_EXISTS");

    let late = undelete(&catalogue, "mug", &created.etag).await;
    assert_refused(late, Code::Aborted, "ETAG_MISMATCH");
    let back = undelete(&catalogue, "mug", &deleted.etag).await.unwrap();
    let expected =
        Product { revision: 3, etag: back.etag.clone(), update_time: back.update_time, ..created };
    assert_eq!(back, expected);
    assert_eq!(get(&catalogue, "mug").await.unwrap(), back);
    let twice = undelete(&catalogue, "mug", "").await;
    assert_refused(twice, Code::FailedPrecondition, "PRODUCT_NOT_DELETED");
    let unknown = undelete(&catalogue, "cup", "").await;
    assert_refused(unknown, Code::NotFound, "PRODUCT_NOT_FOUND");
    assert_invalid(undelete(&catalogue, "", "").await, &["product_id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn deleted_products_are_listed_on_request() {
    let catalogue = Catalogue::start().await;
    catalogue.create_category("mugs", "").await;
    for id in ["a", "b", "c", "d"] {
        catalogue.create(Product { category_ids: vec!["mugs".to_owned()], ..product(id) }).await;
    }
    delete(&catalogue, "b", "").await.unwrap();
    delete(&catalogue, "c", "").await.unwrap();
    for category_id in ["", "mugs"] {
        for (show_deleted, expected) in [(false, "ad"), (true, "abcd")] {
            let mut request = BrowseProductsRequest {
                category_id: category_id.to_owned(),
                page_size: 1,
                show_deleted,
                ..Default::default()
            };
            let mut ids = String::new();
            loop {
                let answer = browse(&catalogue, request.clone()).await;
                if request.page_token.is_empty() {
                    assert_eq!(answer.total_size, Some(i32::try_from(expected.len()).unwrap()));
                }
                ids.extend(answer.products.into_iter().map(|product| product.id));
                if answer.next_page_token.is_empty() {
                    break;
                }
                request.page_token = answer.next_page_token;
            }
            assert_eq!(ids, expected, "{category_id:?}");
            // A token of one list is not valid for the other.
            request.show_deleted = !show_deleted;
            let other = catalogue.products().browse_products(request).await;
            assert_refused(other, Code::InvalidArgument, "PAGE_TOKEN_INVALID");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purge_removes_everything_of_a_product() {
    let catalogue = Catalogue::start().await;
    let created = catalogue.create(shirt("a", vec![variant("sku-1", "S", 1)])).await;
    delete(&catalogue, "a", "").await.unwrap();
    let other = shirt("b", vec![variant("sku-1", "S", 1)]);
    let taken = catalogue.try_create(other.clone()).await;
    assert_refused(taken, Code::AlreadyExists, "SKU_TAKEN");
    let seen = purge(&catalogue, "a", &created.etag).await;
    assert_refused(seen, Code::Aborted, "ETAG_MISMATCH");
    purge(&catalogue, "a", "").await.unwrap();
    assert_refused(get_deleted(&catalogue, "a").await, Code::NotFound, "PRODUCT_NOT_FOUND");
    assert_refused(purge(&catalogue, "a", "").await, Code::NotFound, "PRODUCT_NOT_FOUND");
    let reborn = catalogue.create(product("a")).await;
    assert_eq!(reborn.revision, 1);
    assert_ne!(reborn.etag, created.etag);
    // Purge without a deletion before.
    let other = catalogue.create(other).await;
    assert_eq!(purge(&catalogue, "b", &other.etag).await.unwrap(), other);
    assert_refused(get_deleted(&catalogue, "b").await, Code::NotFound, "PRODUCT_NOT_FOUND");
}

#[tokio::test(flavor = "multi_thread")]
async fn watches_report_a_deletion_and_an_undeletion_once() {
    let catalogue = Catalogue::start().await;
    let mut watch = catalogue.watch_from_now().await;
    let created = catalogue.create(product("mug")).await;
    delete(&catalogue, "mug", "").await.unwrap();
    undelete(&catalogue, "mug", "").await.unwrap();
    delete(&catalogue, "mug", "").await.unwrap();
    purge(&catalogue, "mug", "").await.unwrap();
    catalogue.create(product("last")).await;
    let mut told = Vec::new();
    while told.last() != Some(&("last".to_owned(), Op::Created, Vec::new())) {
        let event = soon(watch.message()).await.unwrap().unwrap().event;
        if let Some(Event::Change(change)) = event {
            let op = change.op();
            told.push((change.product_id, op, change.changed_fields));
        }
    }
    let mug = |op, fields: &[&str]| {
        let fields = fields.iter().map(|field| (*field).to_owned()).collect();
        (created.id.clone(), op, fields)
    };
    assert_eq!(
        told[..4],
        [
            mug(Op::Created, &[]),
            mug(Op::Deleted, &[]),
            mug(Op::Updated, &["delete_time"]),
            mug(Op::Deleted, &[])
        ]
    );
    assert_eq!(told.len(), 5);
}
