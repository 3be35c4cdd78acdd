//! What is wrong is refused with the right code, the field is named, and nothing has changed.

use http::StatusCode;
use proto::catalogue::v1::{
    AdjustStockRequest, BrowseProductsRequest, CreateProductRequest, GetProductRequest,
    ListProductsRequest, Product, SearchRequest, stock_service_client::StockServiceClient,
};
use proto::google::r#type::Money;
use testkit::{Fleet, Service, get, post};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::data::{Client, channel, client, list_all, with_demo};

fn fields(status: &Status) -> Vec<String> {
    let violations = status.get_details_bad_request().map(|request| request.field_violations);
    violations.unwrap_or_default().into_iter().map(|violation| violation.field).collect()
}

fn product(id: &str, name: &str) -> Product {
    Product { id: id.to_owned(), name: name.to_owned(), ..Default::default() }
}

async fn create(client: &mut Client, product: Product) -> Status {
    let request = CreateProductRequest { product: Some(product), ..Default::default() };
    client.create_product(request).await.expect_err("it is refused")
}

#[tokio::test(flavor = "multi_thread")]
async fn over_grpc() {
    let fleet = Fleet::start().await;
    with_demo(&fleet).await;
    let mut client = client(&fleet.addr(Service::Gateway)).await;
    let before = list_all(&mut client).await;

    let status = client.get_product(GetProductRequest::default()).await.unwrap_err();
    assert_eq!(
        (status.code(), fields(&status)),
        (Code::InvalidArgument, vec!["product_id".into()])
    );

    let request = ListProductsRequest { page_size: -1, ..Default::default() };
    let status = client.list_products(request).await.unwrap_err();
    assert_eq!((status.code(), fields(&status)), (Code::InvalidArgument, vec!["page_size".into()]));

    let request = ListProductsRequest { page_token: "forged".into(), ..Default::default() };
    let status = client.list_products(request).await.unwrap_err();
    assert_eq!(
        (status.code(), fields(&status)),
        (Code::InvalidArgument, vec!["page_token".into()])
    );

    let request = ListProductsRequest { category_id: "no-such".into(), ..Default::default() };
    assert_eq!(client.list_products(request).await.unwrap_err().code(), Code::NotFound);

    let request = BrowseProductsRequest { page_size: -5, ..Default::default() };
    assert_eq!(client.browse_products(request).await.unwrap_err().code(), Code::InvalidArgument);
    let request = SearchRequest { page_size: -5, ..Default::default() };
    let status = client.search_products(request).await.unwrap_err();
    assert_eq!((status.code(), fields(&status)), (Code::InvalidArgument, vec!["page_size".into()]));
    let request = SearchRequest { page_token: "forged".into(), ..Default::default() };
    assert_eq!(client.search_products(request).await.unwrap_err().code(), Code::InvalidArgument);

    let status = create(&mut client, product("bad-1", "")).await;
    assert_eq!((status.code(), fields(&status)), (Code::InvalidArgument, vec!["name".into()]));
    let price = Money { currency_code: "EUR".into(), units: -1, nanos: 0 };
    let status = create(&mut client, Product { price: Some(price), ..product("bad-2", "B") }).await;
    assert_eq!(status.code(), Code::InvalidArgument);
    assert!(fields(&status)[0].starts_with("price"), "{status:?}");
    let status =
        create(&mut client, Product { category_ids: vec!["no".into()], ..product("bad-3", "B") })
            .await;
    assert!(matches!(status.code(), Code::NotFound | Code::InvalidArgument), "{status:?}");
    assert!(fields(&status).iter().any(|field| field.starts_with("category_ids")), "{status:?}");

    let description = "x".repeat(5 << 20);
    let status = create(&mut client, Product { description, ..product("bad-4", "B") }).await;
    assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}");

    let mut stock = StockServiceClient::new(channel(&fleet.addr(Service::Gateway)).await);
    let one = &before[0];
    let delta = -one.stock_qty - 1;
    let request = AdjustStockRequest { product_id: one.id.clone(), delta, ..Default::default() };
    let status = stock.adjust_stock(request).await.unwrap_err();
    assert_eq!(status.code(), Code::FailedPrecondition);
    let reason = status.get_details_error_info().map(|info| info.reason);
    assert_eq!(reason.as_deref(), Some("INSUFFICIENT_STOCK"));

    assert_eq!(list_all(&mut client).await, before, "something was changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn over_json() {
    let fleet = Fleet::start().await;
    with_demo(&fleet).await;
    let mut client = client(&fleet.addr(Service::Gateway)).await;
    let before = list_all(&mut client).await;
    let id = &before[0].id;
    let take = format!(r#"{{"delta": {}}}"#, -before[0].stock_qty - 1);

    let wrong: [(StatusCode, &str, &str, String); 9] = [
        (StatusCode::NOT_FOUND, "", "/v1/products/no-such-product", String::new()),
        (StatusCode::BAD_REQUEST, "pageSize", "/v1/products?pageSize=-1", String::new()),
        (StatusCode::BAD_REQUEST, "pageToken", "/v1/products?pageToken=forged", String::new()),
        (StatusCode::NOT_FOUND, "", "/v1/products?categoryId=no-such", String::new()),
        (StatusCode::BAD_REQUEST, "", "/v1/products", r#"{"name": "#.into()),
        (StatusCode::BAD_REQUEST, "name", "/v1/products", r#"{"id":"bad"}"#.into()),
        (
            StatusCode::BAD_REQUEST,
            "price",
            "/v1/products",
            r#"{"id":"bad","name":"B","price":{"currencyCode":"EUR","units":"-1"}}"#.into(),
        ),
        (
            StatusCode::PAYLOAD_TOO_LARGE,
            "",
            "/v1/products",
            format!(r#"{{"name":"{}"}}"#, "x".repeat(5 << 20)),
        ),
        (StatusCode::CONFLICT, "", &format!("/v1/products/{id}:adjustStock"), take),
    ];
    for (status, field, path, body) in wrong {
        let url = fleet.url(path);
        let answer = if body.is_empty() { get(&url).await } else { post(&url, body).await };
        let answer = answer.unwrap_or_else(|error| panic!("{path}: {error:#}"));
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
        assert_eq!(answer.headers["content-type"], "application/problem+json", "{path}");
        assert!(answer.headers.contains_key("x-request-id"), "{path}");
        let problem = answer.json();
        assert!(problem["requestId"].is_string(), "{path}: {problem}");
        let named = problem["errors"].as_array().is_some_and(|errors| {
            errors.iter().any(|error| error["field"].as_str().unwrap().starts_with(field))
        });
        assert!(field.is_empty() || named, "{path} does not name {field}: {problem}");
    }
    assert_eq!(list_all(&mut client).await, before, "something was changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_an_import() {
    let fleet = Fleet::start().await;
    let file = fleet.dir().join("broken.jsonl");
    let rows = "{\"id\":\"good-1\",\"name\":\"Good\"}\n\
                {\"id\":\"bad-1\",\"name\":\"\"}\n\
                not json\n\
                {\"id\":\"good-2\",\"name\":\"Good too\"}\n\
                {\"name\":\"no key\"}\n";
    std::fs::write(&file, rows).unwrap();
    let output = fleet.catctl(&["import", file.to_str().unwrap()]).await;
    assert_eq!(output.code, Some(2), "{output:?}");
    for line in ["2", "3", "5"] {
        assert!(output.err.contains(&format!("line {line}")), "{line}: {output:?}");
    }
    let mut client = client(&fleet.addr(Service::Gateway)).await;
    let kept: Vec<_> = list_all(&mut client).await.into_iter().map(|product| product.id).collect();
    assert_eq!(kept, ["good-1", "good-2"]);
}
