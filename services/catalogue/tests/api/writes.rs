//! Idempotent writes and validation.

use std::collections::HashSet;

use proto::catalogue::v1::{
    AdjustStockRequest, Category, CreateCategoryRequest, CreateProductRequest,
    DeleteProductRequest, ListCategoriesRequest, ListProductsRequest, Product,
    UpdateProductRequest, watch_changes_response::Event,
};
use tonic::{Code, Request, Status};

use crate::support::{Catalogue, assert_invalid, assert_refused, full_product, product, soon};

fn create(product: Product, request_id: &str) -> CreateProductRequest {
    CreateProductRequest {
        product: Some(product),
        request_id: request_id.to_owned(),
        ..Default::default()
    }
}

fn adjust(delta: i32, request_id: &str) -> AdjustStockRequest {
    AdjustStockRequest {
        product_id: "mug".to_owned(),
        delta,
        request_id: request_id.to_owned(),
        ..Default::default()
    }
}

/// All products, stock and changes, for comparison.
async fn everything(catalogue: &Catalogue) -> (Vec<Product>, Vec<Category>, Vec<String>) {
    let list = catalogue.products().list_products(ListProductsRequest::default()).await;
    let mut list = list.unwrap().into_inner();
    let mut products = Vec::new();
    while let Some(product) = soon(list.message()).await.unwrap() {
        products.push(product);
    }
    let categories = catalogue.categories().list_categories(ListCategoriesRequest::default()).await;
    let mut watch = catalogue.watch_from_now().await;
    let first = soon(watch.message()).await.unwrap().unwrap();
    assert!(matches!(first.event, Some(Event::Heartbeat(_))), "{first:?}");
    (products, categories.unwrap().into_inner().categories, vec![first.cursor])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_write_gets_the_same_response_and_is_applied_once() {
    let catalogue = Catalogue::start().await;
    let mut products = catalogue.products();
    let request = create(Product { stock_qty: 5, ..product("mug") }, "request-1");
    let created = products.create_product(request.clone()).await.unwrap().into_inner();
    assert!(!created.revision_token.is_empty());
    let taken = catalogue.stock().adjust_stock(adjust(-2, "request-2")).await.unwrap();
    let before = everything(&catalogue).await;

    // Also after other writes have changed the product.
    assert_eq!(products.create_product(request).await.unwrap().into_inner(), created);
    let again = catalogue.stock().adjust_stock(adjust(-2, "request-2")).await.unwrap();
    assert_eq!(again.into_inner(), taken.into_inner());
    assert_eq!(everything(&catalogue).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn responses_to_writes_survive_a_restart() {
    let catalogue = Catalogue::start().await;
    // Without an id, so that a repetition would create a second product.
    let request = create(Product { id: String::new(), ..product("mug") }, "request-1");
    let created = catalogue.products().create_product(request.clone()).await.unwrap();
    let catalogue = Catalogue::start_in(catalogue.stop().await).await;
    let again = catalogue.products().create_product(request).await.unwrap();
    assert_eq!(again.into_inner(), created.into_inner());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_id_is_bound_to_one_request() {
    let catalogue = Catalogue::start().await;
    let mut products = catalogue.products();
    products.create_product(create(product("mug"), "one")).await.unwrap();
    let other = Product { brand: "Acme".to_owned(), ..product("mug") };
    let reused = products.create_product(create(other, "one")).await;
    assert_refused(reused, Code::AlreadyExists, "REQUEST_ID_REUSED");
    // A request of another method is another request.
    let delete = DeleteProductRequest {
        product_id: "mug".to_owned(),
        request_id: "one".to_owned(),
        ..Default::default()
    };
    let reused = products.delete_product(delete).await;
    assert_refused(reused, Code::AlreadyExists, "REQUEST_ID_REUSED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_write_is_not_remembered() {
    let catalogue = Catalogue::start().await;
    catalogue.create(product("mug")).await;
    let refused = catalogue.stock().adjust_stock(adjust(-1, "sale")).await;
    assert_refused(refused, Code::FailedPrecondition, "INSUFFICIENT_STOCK");
    catalogue.stock().adjust_stock(adjust(1, "delivery")).await.unwrap();
    let level = catalogue.stock().adjust_stock(adjust(-1, "sale")).await.unwrap();
    assert_eq!(level.get_ref().stock_qty, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_equal_requests_one_is_applied_and_all_get_its_response() {
    let catalogue = Catalogue::start().await;
    catalogue.create(Product { stock_qty: 100, ..product("mug") }).await;
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let mut stock = catalogue.stock();
            tokio::spawn(async move { stock.adjust_stock(adjust(-1, "sale")).await })
        })
        .collect();
    let mut answers = HashSet::new();
    for task in tasks {
        let level = task.await.unwrap().unwrap().into_inner();
        answers.insert((level.stock_qty, level.revision, level.revision_token));
    }
    assert_eq!(answers.len(), 1, "{answers:?}");
    let level = catalogue.stock().adjust_stock(adjust(-1, "")).await.unwrap().into_inner();
    assert_eq!((level.stock_qty, level.revision), (98, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_validated_write_gets_its_response_and_changes_nothing() {
    let catalogue = Catalogue::start().await;
    catalogue.create_category("mugs", "").await;
    catalogue.create(full_product("mug", &["mugs"])).await;
    let before = everything(&catalogue).await;
    let mut products = catalogue.products();

    let mut request = create(full_product("cup", &["mugs"]), "one");
    request.validate_only = true;
    let would_be = products.create_product(request.clone()).await.unwrap().into_inner();
    assert_eq!((would_be.id.as_str(), would_be.revision), ("cup", 1));
    assert_eq!(would_be.category_paths[0].names, ["Name of mugs"]);

    let update = UpdateProductRequest {
        product: Some(Product { name: "New".to_owned(), ..full_product("mug", &[]) }),
        validate_only: true,
        ..Default::default()
    };
    let would_be = products.update_product(update).await.unwrap().into_inner();
    assert_eq!((would_be.name.as_str(), would_be.revision), ("New", 2));

    let delete = DeleteProductRequest {
        product_id: "mug".to_owned(),
        validate_only: true,
        ..Default::default()
    };
    assert_eq!(products.delete_product(delete).await.unwrap().get_ref().id, "mug");

    let category =
        Category { name: "Cups".to_owned(), parent_id: "mugs".to_owned(), ..Default::default() };
    let category = CreateCategoryRequest {
        category: Some(category),
        validate_only: true,
        ..Default::default()
    };
    let would_be = catalogue.categories().create_category(category).await.unwrap().into_inner();
    assert_eq!(would_be.path, ["Name of mugs", "Cups"]);

    let mut taken = adjust(-7, "two");
    taken.validate_only = true;
    let would_be = catalogue.stock().adjust_stock(taken.clone()).await.unwrap();
    assert_eq!(would_be.get_ref().stock_qty, 0);
    taken.delta = -8;
    let refused = catalogue.stock().adjust_stock(taken).await;
    assert_refused(refused, Code::FailedPrecondition, "INSUFFICIENT_STOCK");

    assert_eq!(everything(&catalogue).await, before);
    // A validated write can be executed with the same request id.
    request.validate_only = false;
    products.create_product(request).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_ids_and_actors_are_refused() {
    let catalogue = Catalogue::start().await;
    let mut products = catalogue.products();
    for id in ["a b", "é", "a/b", &"x".repeat(65)] {
        let refused = products.create_product(create(product("mug"), id)).await;
        assert_invalid(refused, &["request_id"]);
    }
    let by = |actor: &str| {
        let mut request = Request::new(create(product("mug"), ""));
        request.metadata_mut().insert("x-actor", actor.parse().unwrap());
        request
    };
    let refused = products.create_product(by(&"x".repeat(129))).await;
    assert_invalid(refused, &["x-actor"]);
    let created: Result<_, Status> = products.create_product(by("Anna Weber <anna@shop>")).await;
    created.unwrap();
}
