//! Compatibility: a client generated from the first version of the contract works unchanged.

use testkit::{Fleet, Service};
use tonic::Code;

use crate::data::with_demo;

#[allow(
    unreachable_pub,
    clippy::all,
    clippy::allow_attributes_without_reason,
    reason = "generated"
)]
mod original {
    include!("original/generated/catalogue.v1.rs");
}

use original::{
    GetProductRequest, ListProductsRequest, SearchRequest,
    catalogue_service_client::CatalogueServiceClient,
};

#[tokio::test(flavor = "multi_thread")]
async fn original_client_works_against_gateway_and_catalogue() {
    let fleet = Fleet::start().await;
    let count = with_demo(&fleet).await;

    for service in [Service::Gateway, Service::Catalogue] {
        let url = format!("http://{}", fleet.addr(service));
        let mut client = CatalogueServiceClient::connect(url).await.unwrap();

        // All products, then a single one with the same seven fields.
        let all = ListProductsRequest::default();
        let mut stream = client.list_products(all).await.unwrap().into_inner();
        let mut products = Vec::new();
        while let Some(product) = stream.message().await.unwrap() {
            products.push(product);
        }
        assert_eq!(products.len(), count);
        let in_euros = products.iter().find(|product| product.price_eur > 0.0).unwrap();
        assert!(!in_euros.name.is_empty() && !in_euros.image_urls.is_empty());
        assert!(in_euros.created_at.is_some());
        let request = GetProductRequest { product_id: in_euros.id.clone() };
        assert_eq!(&client.get_product(request).await.unwrap().into_inner(), in_euros);

        // Page by page, with the token in a trailer, and each product once.
        let mut paged = Vec::new();
        let mut page_token = String::new();
        loop {
            let request = ListProductsRequest { page_size: 100, page_token, ..Default::default() };
            let mut stream = client.list_products(request).await.unwrap().into_inner();
            while let Some(product) = stream.message().await.unwrap() {
                paged.push(product);
            }
            let trailers = stream.trailers().await.unwrap().unwrap_or_default();
            match trailers.get("next-page-token") {
                Some(token) => page_token = token.to_str().unwrap().to_owned(),
                None => break,
            }
        }
        assert_eq!(paged, products);

        let missing = GetProductRequest { product_id: "no-such-product".to_owned() };
        assert_eq!(client.get_product(missing).await.unwrap_err().code(), Code::NotFound);

        let request = SearchRequest { query: "mug".to_owned(), page_size: 5, ..Default::default() };
        let found = client.search_products(request).await;
        match service {
            Service::Catalogue => assert_eq!(found.unwrap_err().code(), Code::Unimplemented),
            _ => {
                let found = found.unwrap().into_inner();
                assert!(found.total_size > 0 && !found.results.is_empty());
                assert!(found.results.iter().all(|hit| hit.product.is_some()));
            }
        }
    }
}
