//! Product history: revisions, past states, and reverts.

use proto::catalogue::v1::{
    AdjustStockRequest, GetProductRequest, ImportProductsRequest, ImportRow,
    ListProductRevisionsRequest, ListProductRevisionsResponse, Product, ProductRevision,
    RevertProductRequest, UndeleteProductRequest, UpdateProductRequest, Variant,
    product_revision::Kind,
};
use tonic::{Code, Request, Status};

use crate::{
    deletion::purge,
    products::{delete, get, update},
    support::{
        Catalogue, as_read, assert_invalid, assert_refused, eur, full_product, product, soon,
    },
    variants::{shirt, variant},
};

fn page(id: &str, page_size: i32, page_token: &str) -> ListProductRevisionsRequest {
    ListProductRevisionsRequest {
        product_id: id.to_owned(),
        page_size,
        page_token: page_token.to_owned(),
    }
}

async fn list(
    catalogue: &Catalogue,
    request: ListProductRevisionsRequest,
) -> Result<ListProductRevisionsResponse, Status> {
    Ok(catalogue.products().list_product_revisions(request).await?.into_inner())
}

async fn revisions(catalogue: &Catalogue, id: &str) -> Vec<ProductRevision> {
    list(catalogue, page(id, 200, "")).await.unwrap().revisions
}

async fn at(catalogue: &Catalogue, id: &str, revision: i64) -> Result<Product, Status> {
    let request = GetProductRequest {
        product_id: id.to_owned(),
        revision,
        show_deleted: true,
        ..Default::default()
    };
    Ok(catalogue.products().get_product(request).await?.into_inner())
}

pub(crate) async fn revert(
    catalogue: &Catalogue,
    id: &str,
    revision: i64,
    etag: &str,
) -> Result<Product, Status> {
    let request = RevertProductRequest {
        product_id: id.to_owned(),
        revision,
        etag: etag.to_owned(),
        ..Default::default()
    };
    Ok(as_read(catalogue.products().revert_product(request).await?.into_inner()))
}

async fn undelete(catalogue: &Catalogue, id: &str) -> Product {
    let request = UndeleteProductRequest { product_id: id.to_owned(), ..Default::default() };
    as_read(catalogue.products().undelete_product(request).await.unwrap().into_inner())
}

async fn adjust(catalogue: &Catalogue, id: &str, delta: i32) {
    let request = AdjustStockRequest { product_id: id.to_owned(), delta, ..Default::default() };
    catalogue.stock().adjust_stock(request).await.unwrap();
}

async fn import(catalogue: &Catalogue, product: Product) {
    let rows = vec![ImportRow { line: 1, product: Some(product), ..Default::default() }];
    let request = ImportProductsRequest { rows, ..Default::default() };
    let requests = tokio_stream::iter([request]);
    let mut answers = catalogue.transfer().import_products(requests).await.unwrap().into_inner();
    while let Some(answer) = soon(answers.message()).await.unwrap() {
        assert_eq!(answer.rejected, 0, "{answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_records_its_actor() {
    let catalogue = Catalogue::start().await;
    for (actor, name) in [("anna", "Mug"), ("ben", "Cup")] {
        let product = Product { name: name.to_owned(), ..product("mug") };
        let rows = vec![ImportRow { line: 1, product: Some(product), ..Default::default() }];
        let request = ImportProductsRequest { rows, ..Default::default() };
        let mut request = Request::new(tokio_stream::iter([request]));
        request.metadata_mut().insert("x-actor", actor.parse().unwrap());
        let mut answers = catalogue.transfer().import_products(request).await.unwrap().into_inner();
        while soon(answers.message()).await.unwrap().is_some() {}
    }
    let told = revisions(&catalogue, "mug").await;
    let told: Vec<_> = told.iter().map(|told| (told.kind(), told.actor.as_str())).collect();
    assert_eq!(told, [(Kind::Updated, "ben"), (Kind::Created, "anna")]);
}

fn labels(name: &str, labels: &[&str]) -> Product {
    let labels = labels.iter().map(|label| (*label).to_owned()).collect();
    Product { labels, ..product(name) }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_past_state_can_be_read() {
    let catalogue = Catalogue::start().await;
    catalogue.create_category("mugs", "").await;
    let mut states = vec![catalogue.create(full_product("mug", &["mugs"])).await];
    let variants = vec![variant("m-s", "S", 2), variant("m-l", "L", 3)];
    let dearer = Product { price: Some(eur(99)), name: "Dear".to_owned(), ..product("mug") };
    states.push(update(&catalogue, dearer, &["name", "price"]).await.unwrap());
    adjust(&catalogue, "mug", -3).await;
    states.push(get(&catalogue, "mug").await.unwrap());
    import(&catalogue, Product { brand: "Imported".to_owned(), ..product("mug") }).await;
    states.push(get(&catalogue, "mug").await.unwrap());
    states.push(update(&catalogue, shirt("mug", variants), &["variants"]).await.unwrap());
    for delta in [-2, 2, -2] {
        let sold = AdjustStockRequest { sku: "m-l".to_owned(), delta, ..Default::default() };
        catalogue.stock().adjust_stock(sold).await.unwrap();
        states.push(get(&catalogue, "mug").await.unwrap());
    }
    states.push(delete(&catalogue, "mug", "").await.unwrap());
    states.push(undelete(&catalogue, "mug").await);
    states.push(update(&catalogue, full_product("mug", &["mugs"]), &[]).await.unwrap());

    assert_eq!(states[10].revision, 11);
    for (revision, state) in (1..).zip(&states) {
        assert_eq!(at(&catalogue, "mug", revision).await.unwrap(), *state, "{revision}");
    }
    assert_eq!(at(&catalogue, "mug", 0).await.unwrap(), states[10]);
    for missing in [12, i64::MAX] {
        let missing = at(&catalogue, "mug", missing).await;
        assert_refused(missing, Code::NotFound, "REVISION_NOT_FOUND");
    }
    assert_invalid(at(&catalogue, "mug", -1).await, &["revision"]);
    // A purged product has no history, also after it is created again.
    purge(&catalogue, "mug", "").await.unwrap();
    let reborn = catalogue.create(product("mug")).await;
    let told = revisions(&catalogue, "mug").await;
    assert_eq!((told.len(), told[0].kind()), (1, Kind::Created));
    assert_eq!(told[0].change_time, reborn.created_at);
}

/// Gives the product `mug` seven revisions, and returns the second, by `ben`.
async fn edit_mug(catalogue: &Catalogue) -> Product {
    catalogue.create_category("mugs", "").await;
    let mugs = Product { category_ids: vec!["mugs".to_owned()], ..product("mug") };
    let mut create = Request::new(proto::catalogue::v1::CreateProductRequest {
        product: Some(mugs),
        ..Default::default()
    });
    create.metadata_mut().insert("x-actor", "anna".parse().unwrap());
    catalogue.products().create_product(create).await.unwrap();
    let mut rename = Request::new(UpdateProductRequest {
        product: Some(Product { name: "Cup".to_owned(), ..product("mug") }),
        update_mask: Some(pbjson_types::FieldMask { paths: vec!["name".to_owned()] }),
        request_id: "r-1".to_owned(),
        ..Default::default()
    });
    rename.metadata_mut().insert("x-actor", "ben".parse().unwrap());
    let renamed = catalogue.products().update_product(rename).await.unwrap().into_inner();
    adjust(catalogue, "mug", 5).await;
    let sizes = shirt("mug", vec![variant("s", "S", 2), variant("l", "L", 3)]);
    update(catalogue, sizes, &["variants"]).await.unwrap();
    let bought = AdjustStockRequest { sku: "l".to_owned(), delta: 1, ..Default::default() };
    catalogue.stock().adjust_stock(bought).await.unwrap();
    let category = proto::catalogue::v1::Category {
        id: "mugs".to_owned(),
        name: "Cups".to_owned(),
        ..Default::default()
    };
    let request = proto::catalogue::v1::UpdateCategoryRequest {
        category: Some(category),
        ..Default::default()
    };
    catalogue.categories().update_category(request).await.unwrap();
    delete(catalogue, "mug", "").await.unwrap();
    renamed
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revision_has_its_actor_and_request_id() {
    let catalogue = Catalogue::start().await;
    let renamed = edit_mug(&catalogue).await;
    let told = revisions(&catalogue, "mug").await;
    let kinds: Vec<_> = told.iter().map(|told| (told.revision, told.kind())).collect();
    assert_eq!(
        kinds,
        [
            (7, Kind::Deleted),
            (6, Kind::Updated),
            (5, Kind::Stock),
            (4, Kind::Updated),
            (3, Kind::Stock),
            (2, Kind::Updated),
            (1, Kind::Created)
        ]
    );
    let diff = |revision: usize| told[7 - revision].diff.clone().unwrap();
    let before = |revision: usize| diff(revision).before.unwrap();
    let after = |revision: usize| diff(revision).after.unwrap();
    assert_eq!((told[6].actor.as_str(), &told[6].diff), ("anna", &None));
    assert_eq!((told[5].actor.as_str(), told[5].request_id.as_str()), ("ben", "r-1"));
    assert_eq!(told[5].change_time, renamed.update_time);
    assert_eq!(diff(2).changed_fields, ["name"]);
    let name = |name: &str| Product { name: name.to_owned(), ..Default::default() };
    assert_eq!((before(2), after(2)), (name("Name of mug"), name("Cup")));
    assert_eq!((before(3).stock_qty, after(3).stock_qty), (0, 5));
    assert_eq!(diff(4).changed_fields, ["variants"]);
    assert_eq!((before(4).variants.len(), after(4).variants.len()), (0, 2));
    assert_eq!(diff(5).changed_fields, ["stock_qty", "variants"]);
    let large = |stock_qty| {
        let large = Variant { sku: "l".to_owned(), stock_qty, ..Default::default() };
        Product { stock_qty: stock_qty + 2, variants: vec![large], ..Default::default() }
    };
    assert_eq!((before(5), after(5)), (large(3), large(4)));
    assert_eq!(diff(6).changed_fields, ["category_paths"]);
    assert_eq!(diff(7).changed_fields, ["delete_time"]);
    assert!(before(7).delete_time.is_none() && after(7).delete_time.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revert_restores_the_content_but_not_the_stock() {
    let catalogue = Catalogue::start().await;
    let created = catalogue.create(shirt("a", vec![variant("s", "S", 2)])).await;
    let two = vec![variant("l", "L", 7), Variant { gtin: String::new(), ..variant("s", "S", 1) }];
    let new = Product { labels: vec!["new".to_owned()], ..shirt("a", two) };
    let changed = update(&catalogue, new, &[]).await.unwrap();
    let late = revert(&catalogue, "a", 1, &created.etag).await;
    assert_refused(late, Code::Aborted, "ETAG_MISMATCH");
    let back = revert(&catalogue, "a", 1, &changed.etag).await.unwrap();
    assert_eq!((back.revision, back.labels.len()), (3, 0));
    assert_eq!((back.stock_qty, &back.variants[..]), (2, &[variant("s", "S", 2)][..]));
    assert_eq!(get(&catalogue, "a").await.unwrap(), back);
    // A removed variant is restored without stock.
    let forth = revert(&catalogue, "a", 2, "").await.unwrap();
    assert_eq!(forth.labels, ["new"]);
    assert_eq!((forth.variants[0].stock_qty, forth.variants[1].stock_qty), (0, 2));
    // A revert to the current state writes nothing.
    assert_eq!(revert(&catalogue, "a", 4, "").await.unwrap(), forth);
    let told = revisions(&catalogue, "a").await;
    assert_eq!((told[0].revision, told[0].kind()), (4, Kind::Updated));

    // Keys that other products have taken since are not restored.
    update(&catalogue, shirt("a", Vec::new()), &["variants"]).await.unwrap();
    catalogue.create(shirt("b", vec![variant("s", "S", 1)])).await;
    let taken = revert(&catalogue, "a", 1, "").await;
    assert_refused(taken, Code::AlreadyExists, "SKU_TAKEN");
    let missing = revert(&catalogue, "a", 99, "").await;
    assert_refused(missing, Code::NotFound, "REVISION_NOT_FOUND");
    assert_invalid(revert(&catalogue, "a", 0, "").await, &["revision"]);
    assert_invalid(revert(&catalogue, "", 1, "").await, &["product_id"]);
    let missing = revert(&catalogue, "c", 1, "").await;
    assert_refused(missing, Code::NotFound, "PRODUCT_NOT_FOUND");
    delete(&catalogue, "a", "").await.unwrap();
    let deleted = revert(&catalogue, "a", 1, "").await;
    assert_refused(deleted, Code::NotFound, "PRODUCT_NOT_FOUND");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_two_hundred_revisions_are_kept_and_paged() {
    let catalogue = Catalogue::start().await;
    catalogue.create(labels("mug", &["0"])).await;
    for number in 1..=204 {
        let new = labels("mug", &[&number.to_string()]);
        update(&catalogue, new, &["labels"]).await.unwrap();
    }
    let (mut token, mut seen) = (String::new(), Vec::new());
    loop {
        let answer = list(&catalogue, page("mug", 70, &token)).await.unwrap();
        seen.extend(answer.revisions.into_iter().map(|told| told.revision));
        token = answer.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, (6..=205).rev().collect::<Vec<_>>());
    assert_eq!(at(&catalogue, "mug", 6).await.unwrap().labels, ["5"]);
    let forgotten = at(&catalogue, "mug", 5).await;
    assert_refused(forgotten, Code::NotFound, "REVISION_NOT_FOUND");
    let all = list(&catalogue, page("mug", 1_000, "")).await.unwrap();
    assert_eq!((all.revisions.len(), all.next_page_token.as_str()), (200, ""));
    let some = list(&catalogue, page("mug", 0, "")).await.unwrap();
    assert_eq!(some.revisions.len(), 50);

    catalogue.create(product("cup")).await;
    let other = list(&catalogue, page("cup", 0, &some.next_page_token)).await;
    assert_refused(other, Code::InvalidArgument, "PAGE_TOKEN_INVALID");
    assert_invalid(list(&catalogue, page("a b", -1, "")).await, &["product_id", "page_size"]);
    let missing = list(&catalogue, page("nobody", 0, "")).await;
    assert_refused(missing, Code::NotFound, "PRODUCT_NOT_FOUND");
}
