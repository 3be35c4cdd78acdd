//! The product cache: every write is visible to the next read, on both engines.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicI64, Ordering},
};

use proto::catalogue::v1::{
    AdjustStockRequest, BatchGetProductsRequest, Category, CommitReservationRequest,
    DeleteProductRequest, GetProductRequest, ListProductsRequest, MoveCategoryRequest, Product,
    ReleaseReservationRequest, ReservationLine, ReserveStockRequest, RevertProductRequest,
    SetStockRequest, UndeleteProductRequest, UpdateCategoryRequest, UpdateProductRequest,
};
use tonic::{Code, Status};

use crate::support::{Catalogue, assert_refused, full_product, product, soon};

async fn get(catalogue: &Catalogue, id: &str) -> Result<Product, Status> {
    let request = GetProductRequest { product_id: id.to_owned(), ..Default::default() };
    catalogue.products().get_product(request).await.map(tonic::Response::into_inner)
}

async fn batch(catalogue: &Catalogue, id: &str) -> Option<Product> {
    let product_ids = vec![id.to_owned(), "no-such-product".to_owned()];
    let request = BatchGetProductsRequest { product_ids, ..Default::default() };
    let answer = catalogue.products().batch_get_products(request).await.unwrap().into_inner();
    assert!(answer.missing_ids.contains(&"no-such-product".to_owned()));
    answer.products.into_iter().next()
}

/// The product in the list of all.
async fn listed(catalogue: &Catalogue, id: &str) -> Option<Product> {
    let request = ListProductsRequest { page_size: 100, ..Default::default() };
    let mut products = catalogue.products().list_products(request).await.unwrap().into_inner();
    let mut found = None;
    while let Some(product) = soon(products.message()).await.unwrap() {
        found = found.or_else(|| (product.id == id).then_some(product));
    }
    found
}

/// Reads the product three times each way: from the database, and from the cache if possible. The first read is by a
/// list, which fills the cache.
async fn read(catalogue: &Catalogue, id: &str) -> Product {
    let product = listed(catalogue, id).await.unwrap();
    for _ in 0..2 {
        assert_eq!(get(catalogue, id).await.unwrap(), product);
        assert_eq!(batch(catalogue, id).await.as_ref(), Some(&product));
        assert_eq!(listed(catalogue, id).await.as_ref(), Some(&product));
    }
    product
}

async fn update(catalogue: &Catalogue, product: Product) -> Product {
    let request = UpdateProductRequest { product: Some(product), ..Default::default() };
    catalogue.products().update_product(request).await.unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_write_is_visible_to_the_next_read() {
    let catalogue = Catalogue::start().await;
    catalogue.create(Product { stock_qty: 10, ..product("mug") }).await;
    assert_eq!(read(&catalogue, "mug").await.stock_qty, 10);
    let product_id = "mug".to_owned();

    update(&catalogue, Product { brand: "Acme".to_owned(), stock_qty: 10, ..product("mug") }).await;
    assert_eq!(read(&catalogue, "mug").await.brand, "Acme");

    let mut stock = catalogue.stock();
    let adjust =
        AdjustStockRequest { product_id: product_id.clone(), delta: -3, ..Default::default() };
    stock.adjust_stock(adjust).await.unwrap();
    assert_eq!(read(&catalogue, "mug").await.stock_qty, 7);
    let set =
        SetStockRequest { product_id: product_id.clone(), stock_qty: 20, ..Default::default() };
    stock.set_stock(set).await.unwrap();
    assert_eq!(read(&catalogue, "mug").await.stock_qty, 20);

    let line =
        ReservationLine { product_id: product_id.clone(), quantity: 5, ..Default::default() };
    let reserve = ReserveStockRequest { lines: vec![line], ..Default::default() };
    let held = stock.reserve_stock(reserve.clone()).await.unwrap().into_inner();
    assert_eq!(read(&catalogue, "mug").await.stock_qty, 15);
    let reservation_id = held.id;
    let release = ReleaseReservationRequest { reservation_id, ..Default::default() };
    stock.release_reservation(release).await.unwrap();
    assert_eq!(read(&catalogue, "mug").await.stock_qty, 20);
    let held = stock.reserve_stock(reserve).await.unwrap().into_inner();
    let reservation_id = held.id;
    let commit = CommitReservationRequest { reservation_id, ..Default::default() };
    stock.commit_reservation(commit).await.unwrap();
    assert_eq!(read(&catalogue, "mug").await.stock_qty, 15);

    let mut products = catalogue.products();
    let revert =
        RevertProductRequest { product_id: product_id.clone(), revision: 1, ..Default::default() };
    products.revert_product(revert).await.unwrap();
    assert_eq!(read(&catalogue, "mug").await.brand, "");

    let delete = DeleteProductRequest { product_id: product_id.clone(), ..Default::default() };
    products.delete_product(delete.clone()).await.unwrap();
    let deleted = assert_refused(get(&catalogue, "mug").await, Code::NotFound, "PRODUCT_NOT_FOUND");
    assert!(deleted.message().contains("deleted"), "{deleted:?}");
    assert_eq!(batch(&catalogue, "mug").await, None);
    assert_eq!(listed(&catalogue, "mug").await, None);
    let undelete = UndeleteProductRequest { product_id: product_id.clone(), ..Default::default() };
    products.undelete_product(undelete).await.unwrap();
    assert_eq!(read(&catalogue, "mug").await.delete_time, None);

    products.delete_product(DeleteProductRequest { purge: true, ..delete }).await.unwrap();
    assert_refused(get(&catalogue, "mug").await, Code::NotFound, "PRODUCT_NOT_FOUND");
    catalogue.create(Product { name: "Another".to_owned(), ..product("mug") }).await;
    let another = read(&catalogue, "mug").await;
    assert_eq!((another.name.as_str(), another.revision), ("Another", 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_product_is_readable_on_request_until_it_is_purged() {
    let catalogue = Catalogue::start().await;
    catalogue.create(product("mug")).await;
    read(&catalogue, "mug").await;
    let product_id = "mug".to_owned();
    let delete = DeleteProductRequest { product_id: product_id.clone(), ..Default::default() };
    let mut products = catalogue.products();
    products.delete_product(delete.clone()).await.unwrap();
    let show = GetProductRequest { product_id, show_deleted: true, ..Default::default() };
    for _ in 0..3 {
        let shown = products.get_product(show.clone()).await.unwrap().into_inner();
        assert!(shown.delete_time.is_some());
    }
    products.delete_product(DeleteProductRequest { purge: true, ..delete }).await.unwrap();
    assert_refused(products.get_product(show).await, Code::NotFound, "PRODUCT_NOT_FOUND");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_a_category_is_visible_in_its_products_immediately() {
    let catalogue = Catalogue::start().await;
    catalogue.create_category("kitchen", "").await;
    catalogue.create_category("cups", "kitchen").await;
    catalogue.create_category("garden", "").await;
    catalogue.create(full_product("mug", &["cups"])).await;
    let names = async || read(&catalogue, "mug").await.category_paths.remove(0).names;
    assert_eq!(names().await, ["Name of kitchen", "Name of cups"]);
    for round in 0..10 {
        let name = format!("Kitchen {round}");
        let category =
            Category { id: "kitchen".to_owned(), name: name.clone(), ..Default::default() };
        let request = UpdateCategoryRequest { category: Some(category), ..Default::default() };
        catalogue.categories().update_category(request).await.unwrap();
        assert_eq!(names().await, [name.as_str(), "Name of cups"]);
    }
    let request = MoveCategoryRequest {
        category_id: "cups".to_owned(),
        parent_id: "garden".to_owned(),
        ..Default::default()
    };
    catalogue.categories().move_category(request).await.unwrap();
    assert_eq!(names().await, ["Name of garden", "Name of cups"]);
}

/// Readers race a writer: a read that starts after an acknowledgement sees the acknowledged state,
/// and no reader sees an earlier state afterwards.
#[tokio::test(flavor = "multi_thread")]
async fn concurrent_readers_see_every_write_acknowledged_before() {
    const READERS: usize = 8;
    const WRITES: i64 = 150;
    let catalogue = Arc::new(Catalogue::start().await);
    catalogue.create(product("mug")).await;
    let acknowledged = Arc::new(AtomicI64::new(1));
    let done = Arc::new(AtomicBool::new(false));
    let mut readers = Vec::new();
    for _ in 0..READERS {
        let (catalogue, acknowledged, done) =
            (Arc::clone(&catalogue), Arc::clone(&acknowledged), Arc::clone(&done));
        readers.push(tokio::spawn(async move {
            let (mut last, mut reads) = (0, 0_u64);
            while !done.load(Ordering::Acquire) {
                let least = acknowledged.load(Ordering::Acquire).max(last);
                let seen = match reads % 2 {
                    0 => get(&catalogue, "mug").await.unwrap().revision,
                    _ => listed(&catalogue, "mug").await.unwrap().revision,
                };
                assert!(seen >= least, "revision {seen} after {least}");
                (last, reads) = (seen, reads + 1);
            }
            reads
        }));
    }
    for _ in 0..WRITES {
        let adjust =
            AdjustStockRequest { product_id: "mug".to_owned(), delta: 1, ..Default::default() };
        let level = catalogue.stock().adjust_stock(adjust).await.unwrap().into_inner();
        acknowledged.store(level.revision, Ordering::Release);
    }
    done.store(true, Ordering::Release);
    for reader in readers {
        assert!(soon(reader).await.unwrap() > 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_cached_without_a_cache() {
    let data = crate::support::Data::new().await;
    let mut config = data.config();
    config.database.product_cache = 0;
    let stop = chassis::CancellationToken::new();
    let running = catalogue::start(config, stop.clone()).await.unwrap();
    let url = format!("http://{}", running.addr);
    let connect = proto::catalogue::v1::catalogue_service_client::CatalogueServiceClient::connect;
    let mut products = connect(url).await.unwrap();
    let request = proto::catalogue::v1::CreateProductRequest {
        product: Some(product("mug")),
        ..Default::default()
    };
    products.create_product(request).await.unwrap();
    for _ in 0..3 {
        let request = GetProductRequest { product_id: "mug".to_owned(), ..Default::default() };
        assert_eq!(products.get_product(request).await.unwrap().get_ref().revision, 1);
    }
    stop.cancel();
    soon(running.finished()).await.unwrap();
}
