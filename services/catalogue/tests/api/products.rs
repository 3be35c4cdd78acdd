//! Products: creation, reads, updates, deletion, and invalid requests.

use pbjson_types::FieldMask;
use proto::catalogue::v1::{
    Attribute, BatchGetProductsRequest, CreateProductRequest, DeleteProductRequest,
    GetProductRequest, Product, SearchRequest, UpdateProductRequest, attribute,
};
use tonic::{Code, Status};

use crate::support::{
    Catalogue, as_read, assert_invalid, assert_refused, eur, full_product, product, soon,
};

pub(crate) async fn get(catalogue: &Catalogue, id: &str) -> Result<Product, Status> {
    let request = GetProductRequest { product_id: id.to_owned(), ..Default::default() };
    Ok(catalogue.products().get_product(request).await?.into_inner())
}

pub(crate) async fn update(
    catalogue: &Catalogue,
    product: Product,
    mask: &[&str],
) -> Result<Product, Status> {
    let paths = mask.iter().map(|path| (*path).to_owned()).collect();
    let request = UpdateProductRequest {
        product: Some(product),
        update_mask: Some(FieldMask { paths }),
        ..Default::default()
    };
    Ok(as_read(catalogue.products().update_product(request).await?.into_inner()))
}

pub(crate) async fn delete(catalogue: &Catalogue, id: &str, etag: &str) -> Result<Product, Status> {
    let request = DeleteProductRequest {
        product_id: id.to_owned(),
        etag: etag.to_owned(),
        ..Default::default()
    };
    Ok(as_read(catalogue.products().delete_product(request).await?.into_inner()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_created_product_is_returned_unchanged() {
    let catalogue = Catalogue::start().await;
    catalogue.create_category("kitchen", "").await;
    catalogue.create_category("mugs", "kitchen").await;
    let sent = full_product("mug", &["mugs", "kitchen"]);
    let created = catalogue.create(sent.clone()).await;
    assert_eq!(get(&catalogue, "mug").await.unwrap(), created);

    assert_eq!((created.revision, created.price_eur), (1, Some(12.5)));
    assert!(created.created_at.is_some() && created.created_at == created.update_time);
    assert_eq!(created.category_paths[0].names, ["Name of kitchen", "Name of mugs"]);
    assert_eq!(created.category_paths[0].ids, ["kitchen", "mugs"]);
    assert_eq!(created.category_paths[1].ids, ["kitchen"]);
    let output = Product {
        price_eur: None,
        created_at: None,
        update_time: None,
        etag: String::new(),
        revision: 0,
        category_paths: Vec::new(),
        media: Vec::new(),
        status: 0,
        ..created
    };
    assert_eq!(output, sent);
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_are_generated_and_unique() {
    let catalogue = Catalogue::start().await;
    let first = catalogue.create(product("")).await;
    let second = catalogue.create(product("")).await;
    assert!(!first.id.is_empty() && first.id < second.id);
    let again = catalogue.try_create(product(&first.id)).await;
    assert_refused(again, Code::AlreadyExists, "PRODUCT_EXISTS");

    let external = |id: &str| Product { external_id: "x-1".to_owned(), ..product(id) };
    catalogue.create(external("a")).await;
    let taken = catalogue.try_create(external("b")).await;
    assert_refused(taken, Code::AlreadyExists, "PRODUCT_EXISTS");
    let taken = update(&catalogue, external(&first.id), &["external_id"]).await;
    assert_refused(taken, Code::AlreadyExists, "PRODUCT_EXISTS");
    assert_eq!(get(&catalogue, &first.id).await.unwrap(), first);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_price_in_euros_is_used_only_without_an_exact_one() {
    let catalogue = Catalogue::start().await;
    let euros = catalogue.create(Product { price_eur: Some(19.99), ..product("a") }).await;
    assert_eq!((euros.price, euros.price_eur), (Some(eur(1999)), Some(19.99)));
    let both = Product { price_eur: Some(1.0), price: Some(eur(200)), ..product("b") };
    assert_eq!(catalogue.create(both).await.price, Some(eur(200)));
    let yen = proto::money::from_minor(980, "JPY");
    let yen = catalogue.create(Product { price: Some(yen.clone()), ..product("c") }).await;
    assert_eq!(yen.price_eur, None);
    assert_eq!(catalogue.create(product("d")).await.price, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_changes_the_fields_of_its_mask() {
    let catalogue = Catalogue::start().await;
    let created = catalogue.create(full_product("mug", &[])).await;
    let new = Product { brand: "Umbra".to_owned(), stock_qty: 99, ..product("mug") };
    let updated = update(&catalogue, new.clone(), &["brand"]).await.unwrap();
    assert_ne!(updated.etag, created.etag);
    let expected = Product {
        brand: "Umbra".to_owned(),
        revision: 2,
        etag: updated.etag.clone(),
        update_time: updated.update_time,
        ..created
    };
    assert_eq!(updated, expected);

    // Without a difference, nothing is written.
    assert_eq!(update(&catalogue, new.clone(), &["brand"]).await.unwrap(), updated);
    // Masks may use JSON names.
    let labelled = Product { external_id: "x".to_owned(), ..new.clone() };
    let labelled = update(&catalogue, labelled, &["externalId"]).await.unwrap();
    assert_eq!((labelled.external_id.as_str(), labelled.revision), ("x", 3));
    // Without a mask, all fields are replaced.
    let replaced = update(&catalogue, new, &[]).await.unwrap();
    assert_eq!((replaced.description.as_str(), replaced.price), ("", None));
    assert_eq!(get(&catalogue, "mug").await.unwrap().labels, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outdated_etag_is_refused() {
    let catalogue = Catalogue::start().await;
    let seen = catalogue.create(product("mug")).await;
    let rename = |etag: &str, name: &str| Product {
        etag: etag.to_owned(),
        name: name.to_owned(),
        ..product("mug")
    };
    let other = update(&catalogue, rename("", "Other"), &["name"]).await.unwrap();
    let late = update(&catalogue, rename(&seen.etag, "Late"), &["name"]).await;
    assert_refused(late, Code::Aborted, "ETAG_MISMATCH");
    let late = delete(&catalogue, "mug", &seen.etag).await;
    assert_refused(late, Code::Aborted, "ETAG_MISMATCH");
    assert_eq!(get(&catalogue, "mug").await.unwrap(), other);
    let deleted = delete(&catalogue, "mug", &other.etag).await.unwrap();
    assert_ne!(deleted.etag, other.etag);

    // An id that is used again is another product.
    let purge =
        DeleteProductRequest { product_id: "mug".to_owned(), purge: true, ..Default::default() };
    catalogue.products().delete_product(purge).await.unwrap();
    let reborn = catalogue.create(product("mug")).await;
    assert_ne!(reborn.etag, seen.etag);
}

/// A product with a violation in each of several fields.
fn invalid_product() -> Product {
    let text = |name: &str| Attribute {
        name: name.to_owned(),
        value: Some(attribute::Value::Text(String::new())),
        ..Default::default()
    };
    Product {
        id: "no/slash".to_owned(),
        name: " ".to_owned(),
        price: Some(proto::google::r#type::Money { units: -1, ..eur(0) }),
        stock_qty: -1,
        image_urls: vec!["ftp://example.com".to_owned()],
        category_ids: vec![String::new()],
        attributes: vec![text("a"), text("a"), text("")],
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn violations_name_their_fields_and_nothing_is_changed() {
    let catalogue = Catalogue::start().await;
    let before = catalogue.create(product("mug")).await;
    assert_invalid(get(&catalogue, "").await, &["product_id"]);
    assert_invalid(get(&catalogue, "a b").await, &["product_id"]);
    assert_invalid(delete(&catalogue, "", "").await, &["product_id"]);
    assert_invalid(
        catalogue.products().create_product(CreateProductRequest::default()).await,
        &["product"],
    );
    assert_invalid(
        catalogue.products().update_product(UpdateProductRequest::default()).await,
        &["product"],
    );
    assert_invalid(catalogue.try_create(Product::default()).await, &["name"]);

    let broken = invalid_product();
    let fields = [
        "id",
        "price.units",
        "image_urls[0]",
        "category_ids[0]",
        "name",
        "stock_qty",
        "attributes[2].name",
        "attributes[1].name",
    ];
    assert_invalid(catalogue.try_create(broken.clone()).await, &fields);
    let broken = Product { id: "mug".to_owned(), ..broken };
    assert_invalid(update(&catalogue, broken.clone(), &[]).await, &fields[1..]);
    assert_invalid(update(&catalogue, broken, &["price", "brand"]).await, &["price.units"]);
    let unknown = Product { category_ids: vec!["nowhere".to_owned()], ..product("mug") };
    assert_invalid(update(&catalogue, unknown.clone(), &[]).await, &["category_ids[0]"]);
    assert_invalid(
        catalogue.try_create(Product { id: "new".to_owned(), ..unknown }).await,
        &["category_ids[0]"],
    );
    for path in ["revision", "nonsense", "category_paths"] {
        assert_invalid(update(&catalogue, product("mug"), &[path]).await, &["update_mask"]);
    }
    assert_invalid(update(&catalogue, product(""), &["name"]).await, &["id"]);
    for eur in [f64::NAN, f64::INFINITY, -0.01, 0.001] {
        let product = Product { price_eur: Some(eur), ..product("nan") };
        assert_invalid(catalogue.try_create(product).await, &["price_eur"]);
    }
    assert_eq!(get(&catalogue, "mug").await.unwrap(), before);
    assert_refused(get(&catalogue, "new").await, Code::NotFound, "PRODUCT_NOT_FOUND");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_read_returns_products_in_the_requested_order() {
    let catalogue = Catalogue::start().await;
    catalogue.fill(3).await;
    let batch = async |ids: Vec<String>| {
        let request = BatchGetProductsRequest { product_ids: ids, ..Default::default() };
        Ok(catalogue.products().batch_get_products(request).await?.into_inner())
    };
    let ids = ["p-0002", "missing", "p-0000", "p-0002", "gone"].map(str::to_owned).into();
    let answer = batch(ids).await.unwrap();
    let found: Vec<_> = answer.products.iter().map(|product| product.id.as_str()).collect();
    assert_eq!(
        (found, answer.missing_ids),
        (vec!["p-0002", "p-0000"], vec!["missing".to_owned(), "gone".to_owned()])
    );
    let thousand = (0..1_000).map(|number| format!("p-{number:04}")).collect();
    assert_eq!(batch(thousand).await.unwrap().products.len(), 3);
    let refused: Result<_, Status> = batch(vec!["x".to_owned(); 1_001]).await;
    assert_invalid(refused, &["product_ids"]);
    assert_invalid(batch(vec!["a".to_owned(), String::new()]).await, &["product_ids[1]"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_beyond_the_limit_are_refused_in_both_directions() {
    let catalogue = Catalogue::start().await;
    let five_mib = Product { description: "x".repeat(5 << 20), ..product("big") };
    let refused = catalogue.try_create(five_mib).await.unwrap_err();
    assert_eq!(refused.code(), Code::ResourceExhausted, "{refused:?}");

    // Each product is within the limits; together they exceed a response.
    let large = |number: usize| {
        let text = Some(attribute::Value::Text("x".repeat(10_000)));
        let attribute = |name: usize| Attribute {
            name: name.to_string(),
            value: text.clone(),
            ..Default::default()
        };
        let attributes = (0..20).map(attribute).collect();
        Product { attributes, ..product(&format!("large-{number:02}")) }
    };
    let ids: Vec<String> = (0..24).map(|number| format!("large-{number:02}")).collect();
    for number in 0..24 {
        catalogue.create(large(number)).await;
    }
    let request = BatchGetProductsRequest { product_ids: ids.clone(), ..Default::default() };
    let refused = catalogue.products().batch_get_products(request).await;
    assert_refused(refused, Code::ResourceExhausted, "ANSWER_TOO_LARGE");
    assert_eq!(crate::pages::browse_all(&catalogue, 1_000, "").await, ids);
}

#[tokio::test(flavor = "multi_thread")]
async fn search_is_unimplemented_here() {
    let catalogue = Catalogue::start().await;
    let answer = soon(catalogue.products().search_products(SearchRequest::default())).await;
    assert_eq!(answer.unwrap_err().code(), Code::Unimplemented);
}
