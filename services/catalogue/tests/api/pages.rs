//! Lists of products: streamed, in pages, exported.

use std::collections::BTreeMap;

use page_token::Signer;
use proto::catalogue::v1::{
    BrowseProductsRequest, DeleteProductRequest, ExportProductsRequest, ListProductsRequest,
    Product,
};
use rpc::status;
use tonic::{Code, Status};

use crate::support::{Catalogue, assert_invalid, assert_refused, full_product, product, soon};

fn page(page_size: i32, page_token: &str, category_id: &str) -> ListProductsRequest {
    let (page_token, category_id) = (page_token.to_owned(), category_id.to_owned());
    ListProductsRequest { page_size, page_token, category_id, ..Default::default() }
}

/// The ids of a list, and the token in its trailers.
async fn list(
    catalogue: &Catalogue,
    request: ListProductsRequest,
) -> Result<(Vec<String>, Option<String>), Status> {
    let mut products = catalogue.products().list_products(request).await?.into_inner();
    let mut ids = Vec::new();
    while let Some(product) = soon(products.message()).await? {
        ids.push(product.id);
    }
    let trailers = products.trailers().await?.unwrap_or_default();
    let token = trailers.get("next-page-token").map(|token| token.to_str().unwrap().to_owned());
    Ok((ids, token))
}

/// All ids, read in pages of `size`.
async fn list_all(catalogue: &Catalogue, size: i32, category_id: &str) -> Vec<String> {
    let (mut ids, mut token) = list(catalogue, page(size, "", category_id)).await.unwrap();
    while let Some(next) = token {
        let (more, after) = list(catalogue, page(size, &next, category_id)).await.unwrap();
        assert!(!more.is_empty(), "a token leads to something");
        ids.extend(more);
        token = after;
    }
    ids
}

pub(crate) async fn browse_all(catalogue: &Catalogue, size: i32, category_id: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut request = BrowseProductsRequest {
        page_size: size,
        category_id: category_id.to_owned(),
        ..Default::default()
    };
    loop {
        let answer = catalogue.products().browse_products(request.clone()).await;
        let answer = answer.unwrap().into_inner();
        ids.extend(answer.products.into_iter().map(|product| product.id));
        if answer.next_page_token.is_empty() {
            return ids;
        }
        request.page_token = answer.next_page_token;
    }
}

async fn export_all(catalogue: &Catalogue, category_id: &str) -> Vec<Product> {
    let request =
        ExportProductsRequest { category_id: category_id.to_owned(), ..Default::default() };
    let mut answers = catalogue.transfer().export_products(request).await.unwrap().into_inner();
    let mut products = Vec::new();
    while let Some(answer) = soon(answers.message()).await.unwrap() {
        products.extend(answer.products);
    }
    products
}

#[tokio::test(flavor = "multi_thread")]
async fn every_list_method_returns_each_product_once_in_order() {
    let catalogue = Catalogue::start().await;
    catalogue.fill(205).await;
    let ids: Vec<String> = (0..205).map(|number| format!("p-{number:04}")).collect();
    assert_eq!(list(&catalogue, page(0, "", "")).await.unwrap(), (ids.clone(), None));
    for size in [1_000, 205, 204, 50, 41] {
        assert_eq!(list_all(&catalogue, size, "").await, ids, "pages of {size}");
        assert_eq!(browse_all(&catalogue, size, "").await, ids, "pages of {size}");
    }
    // A token also continues without a page size.
    let (first, token) = list(&catalogue, page(5, "", "")).await.unwrap();
    let (rest, end) = list(&catalogue, page(0, &token.unwrap(), "")).await.unwrap();
    assert_eq!((first.len(), rest.len(), end), (5, 200, None));
    let exported = export_all(&catalogue, "").await;
    assert_eq!(exported.into_iter().map(|product| product.id).collect::<Vec<_>>(), ids);

    let request = BrowseProductsRequest::default();
    let first = catalogue.products().browse_products(request).await.unwrap().into_inner();
    assert_eq!((first.products.len(), first.total_size), (50, Some(205)));
}

#[tokio::test(flavor = "multi_thread")]
async fn paging_is_exact_during_concurrent_writes() {
    let catalogue = Catalogue::start().await;
    catalogue.fill(120).await;
    let writer = catalogue.products();
    let (stop, mut stopped) = tokio::sync::oneshot::channel::<()>();
    let writing = tokio::spawn(async move {
        let mut writer = writer;
        let mut writes = 0;
        while stopped.try_recv().is_err() {
            for id in [format!("a-{writes}"), format!("p-0060-{writes}"), format!("z-{writes}")] {
                let product = Some(product(&id));
                let create =
                    proto::catalogue::v1::CreateProductRequest { product, ..Default::default() };
                writer.create_product(create).await.unwrap();
                // The last products stay, so that the token has something to continue with.
                if writes % 2 == 0 && !id.starts_with('z') {
                    let delete = DeleteProductRequest { product_id: id, ..Default::default() };
                    writer.delete_product(delete).await.unwrap();
                }
            }
            writes += 1;
        }
        writes
    });
    for _round in 0..5 {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for id in list_all(&catalogue, 7, "").await {
            *seen.entry(id).or_default() += 1;
        }
        assert!(seen.values().all(|times| *times == 1));
        assert!((0..120).all(|number| seen.contains_key(&format!("p-{number:04}"))));
    }
    stop.send(()).unwrap();
    assert!(writing.await.unwrap() > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_category_includes_its_descendants() {
    let catalogue = Catalogue::start().await;
    catalogue.create_category("kitchen", "").await;
    catalogue.create_category("mugs", "kitchen").await;
    catalogue.create_category("garden", "").await;
    for (id, categories) in
        [("a", &["mugs"][..]), ("b", &["kitchen", "mugs"]), ("c", &["garden"]), ("d", &[])]
    {
        catalogue.create(full_product(id, categories)).await;
    }
    for (category, ids) in [
        ("kitchen", &["a", "b"][..]),
        ("mugs", &["a", "b"]),
        ("garden", &["c"]),
        ("", &["a", "b", "c", "d"]),
    ] {
        assert_eq!(list_all(&catalogue, 1, category).await, ids);
        assert_eq!(browse_all(&catalogue, 1, category).await, ids);
        assert_eq!(export_all(&catalogue, category).await.len(), ids.len());
        let request =
            BrowseProductsRequest { category_id: category.to_owned(), ..Default::default() };
        let answer = catalogue.products().browse_products(request).await.unwrap().into_inner();
        assert_eq!(answer.total_size, Some(i32::try_from(ids.len()).unwrap()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_pages_are_refused() {
    let catalogue = Catalogue::start().await;
    catalogue.create_category("kitchen", "").await;
    catalogue.create_category("garden", "").await;
    catalogue.create(full_product("a", &["kitchen"])).await;
    catalogue.create(full_product("b", &["kitchen"])).await;

    assert_invalid(list(&catalogue, page(-1, "", "")).await, &["page_size"]);
    let unknown = list(&catalogue, page(0, "", "nowhere")).await;
    assert_refused(unknown, Code::NotFound, "CATEGORY_NOT_FOUND");
    assert_invalid(list(&catalogue, page(0, "", "no where")).await, &["category_id"]);
    let negative = BrowseProductsRequest { page_size: -1, ..Default::default() };
    assert_invalid(catalogue.products().browse_products(negative).await, &["page_size"]);
    let export = ExportProductsRequest { category_id: "nowhere".to_owned(), ..Default::default() };
    let unknown = catalogue.transfer().export_products(export).await;
    assert_refused(unknown, Code::NotFound, "CATEGORY_NOT_FOUND");

    let token = list(&catalogue, page(1, "", "kitchen")).await.unwrap().1.unwrap();
    let mut altered = token.clone().into_bytes();
    altered[10] = if altered[10] == b'A' { b'B' } else { b'A' };
    let forged = Signer::new([0; 32]).seal("list", "kitchen", b"a");
    for (token, category) in [
        (token.as_str(), ""),
        (token.as_str(), "garden"),
        (std::str::from_utf8(&altered).unwrap(), "kitchen"),
        (forged.as_str(), "kitchen"),
        ("a", "kitchen"),
        ("💥", "kitchen"),
    ] {
        let refusal = list(&catalogue, page(1, token, category)).await;
        let refusal = assert_refused(refusal, Code::InvalidArgument, "PAGE_TOKEN_INVALID");
        assert_eq!(status::violations(&refusal)[0].0, "page_token");
    }
    // A token is valid for its own method only.
    let browse = BrowseProductsRequest {
        page_token: token.clone(),
        category_id: "kitchen".to_owned(),
        ..Default::default()
    };
    let refusal = catalogue.products().browse_products(browse).await;
    assert_refused(refusal, Code::InvalidArgument, "PAGE_TOKEN_INVALID");
    assert_eq!(list(&catalogue, page(1, &token, "kitchen")).await.unwrap().0, ["b"]);
}
