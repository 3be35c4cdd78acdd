//! Invalid requests are refused with the right code and field, and change nothing.

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

fn assert_invalid(status: &Status, field: &str) {
    assert_eq!((status.code(), fields(status)), (Code::InvalidArgument, vec![field.to_owned()]));
}

fn product(id: &str, name: &str) -> Product {
    Product { id: id.to_owned(), name: name.to_owned(), ..Default::default() }
}

async fn create(client: &mut Client, product: Product) -> Status {
    let request = CreateProductRequest { product: Some(product), ..Default::default() };
    client.create_product(request).await.expect_err("the product is refused")
}

#[tokio::test(flavor = "multi_thread")]
async fn over_grpc() {
    let fleet = Fleet::start().await;
    with_demo(&fleet).await;
    let mut client = client(&fleet.addr(Service::Gateway)).await;
    let before = list_all(&mut client).await;

    let status = client.get_product(GetProductRequest::default()).await.unwrap_err();
    assert_invalid(&status, "product_id");

    let request = ListProductsRequest { page_size: -1, ..Default::default() };
    let status = client.list_products(request).await.unwrap_err();
    assert_invalid(&status, "page_size");

    let request = ListProductsRequest { page_token: "forged".into(), ..Default::default() };
    let status = client.list_products(request).await.unwrap_err();
    assert_invalid(&status, "page_token");

    let request = ListProductsRequest { category_id: "no-such".into(), ..Default::default() };
    assert_eq!(client.list_products(request).await.unwrap_err().code(), Code::NotFound);

    let request = BrowseProductsRequest { page_size: -5, ..Default::default() };
    assert_eq!(client.browse_products(request).await.unwrap_err().code(), Code::InvalidArgument);
    let request = SearchRequest { page_size: -5, ..Default::default() };
    let status = client.search_products(request).await.unwrap_err();
    assert_invalid(&status, "page_size");
    let request = SearchRequest { page_token: "forged".into(), ..Default::default() };
    assert_eq!(client.search_products(request).await.unwrap_err().code(), Code::InvalidArgument);

    let status = create(&mut client, product("bad-1", "")).await;
    assert_invalid(&status, "name");
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

    assert_eq!(list_all(&mut client).await, before, "a product was changed");
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
        let response = if body.is_empty() { get(&url).await } else { post(&url, body).await };
        let response = response.unwrap_or_else(|error| panic!("{path}: {error:#}"));
        assert_eq!(response.status, status, "{path}: {}", response.text());
        assert_eq!(response.headers["content-type"], "application/problem+json", "{path}");
        assert!(response.headers.contains_key("x-request-id"), "{path}");
        let problem = response.json();
        assert!(problem["requestId"].is_string(), "{path}: {problem}");
        let named = problem["errors"].as_array().is_some_and(|errors| {
            errors.iter().any(|error| error["field"].as_str().unwrap().starts_with(field))
        });
        assert!(field.is_empty() || named, "{path} does not name {field}: {problem}");
    }
    assert_eq!(list_all(&mut client).await, before, "a product was changed");
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
    let imported: Vec<_> =
        list_all(&mut client).await.into_iter().map(|product| product.id).collect();
    assert_eq!(imported, ["good-1", "good-2"]);
}

/// Valid queries with special characters.
const UNUSUAL_QUERIES: [&str; 17] = [
    "\"",
    "'",
    "mug\"",
    "\"mug",
    "\\",
    "*",
    "?",
    "mug AND NOT",
    "name:mug",
    "[a TO b]",
    "-mug",
    "+",
    "mug~9",
    "\u{202e}gum",
    "\u{feff}",
    "日本語",
    "💥",
];

#[tokio::test(flavor = "multi_thread")]
async fn in_a_search() {
    let mut fleet = Fleet::start().await;
    let count = with_demo(&fleet).await;
    let search = async |query: &str, more: &str| {
        let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
        get(&fleet.url(&format!("/v1/search?q={query}{more}"))).await.unwrap()
    };
    let response = search("", "").await;
    assert_eq!(response.status, StatusCode::OK);
    assert_eq!(response.json()["totalSize"], count, "an empty query matches all products");

    let parentheses = "(".repeat(1_000) + "mug" + &")".repeat(1_000);
    let long = "mug ".repeat(2_000);
    let word = "x".repeat(8_192);
    for query in UNUSUAL_QUERIES.into_iter().chain([&*parentheses, &*long, &*word]) {
        let response = search(query, "").await;
        assert_eq!(response.status, StatusCode::OK, "{query:?}: {}", response.text());
    }
    let too_long = "x".repeat(8_193);
    for (query, more, field) in [
        (too_long.as_str(), "", "q"),
        ("\u{0}mug\u{7}", "", "q"),
        ("mug", "&pageSize=-1", "pageSize"),
        ("mug", "&pageToken=1000000", "pageToken"),
        ("mug", "&offset=1000000", "offset"),
        ("mug", "&facets=colour", "facets"),
        ("mug", "&filter=colour%20%3D", "filter"),
        ("mug", "&orderBy=cheapest", "orderBy"),
        ("mug", "&minRevision=yesterday", "minRevision"),
    ] {
        let response = search(query, more).await;
        assert_eq!(response.status, StatusCode::BAD_REQUEST, "{more}: {}", response.text());
        let problem = response.json();
        let named = problem["errors"][0]["field"].as_str().unwrap_or_default();
        assert_eq!(named, field, "{problem}");
    }
    let response = get(&fleet.url("/v1/search?q=%ff%fe")).await.unwrap();
    assert!(!response.status.is_server_error(), "{}", response.text());
    assert!(fleet.process(Service::Search).exit_status().is_none(), "search has ended");
}
