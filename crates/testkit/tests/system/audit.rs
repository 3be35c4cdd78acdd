//! The audit trail of the whole system: over each protocol, of each service.

use http::Method;
use proto::catalogue::v1::{AdjustStockRequest, stock_service_client::StockServiceClient};
use serde_json::{Value, json};
use testkit::{HttpClient, Service, until};
use tonic::{Code, Request};

use crate::{access::Restricted, data::channel};

/// The events that `catctl audit` shows, the newest first.
async fn events(system: &Restricted, filter: &[&str]) -> Vec<Value> {
    let arguments = [&["--key", &system.secret, "--json", "audit", "-n", "1000"][..], filter];
    let shown = system.fleet.catctl(&arguments.concat()).await;
    assert_eq!(shown.code, Some(0), "{}", shown.err);
    shown.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The lines about a request in the logs of all services.
fn lines(system: &Restricted, request_id: &str) -> Vec<String> {
    let log = |name: &str| std::fs::read_to_string(system.fleet.dir().join(name)).unwrap();
    let logs = ["catalogue.log", "search.log", "gateway.log"].map(log);
    let lines = logs.iter().flat_map(|log| log.lines());
    let audited = lines.filter(|line| line.contains("call audited") && line.contains(request_id));
    audited.map(str::to_owned).collect()
}

/// The first use of each key is recorded within seconds, also one that only search has seen.
async fn last_use_is_recorded(system: &Restricted, name: &str) {
    until("the last use is recorded", async || {
        let listed = system.fleet.catctl(&["--key", &system.secret, "--json", "key", "list"]).await;
        let mut keys = listed.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        keys.find(|key| key["name"] == name).filter(|key| key["lastUseTime"].is_string())
    })
    .await;
}

#[tokio::test]
async fn writes_over_every_protocol_have_one_row_and_one_line() {
    let (system, _) = Restricted::start().await;
    let scopes = ["write:products", "write:stock", "admin:search"];
    let key = system.create_key("writer", &scopes).await;
    system.is_known_everywhere(&key).await;
    let web = HttpClient::new(system.fleet.url(""));
    let bearer = format!("Bearer {key}");
    let send = async |id: &str, method: Method, path: &str, body: Value| {
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
            ("x-request-id", id),
            ("x-actor", "anna"),
        ];
        let response = web.send(method, path, &headers, body.to_string()).await.unwrap();
        assert!(response.status.is_success(), "{path}: {}", response.text());
    };
    send("over-json", Method::POST, "/v1/products", json!({"id": "mug", "name": "Mug"})).await;
    let synonym = json!({"words": ["mug", "cup"]});
    send("to-search", Method::PUT, "/v1/search/synonyms/cups", synonym).await;
    let mut stock = StockServiceClient::new(channel(&system.fleet.addr(Service::Gateway)).await);
    let restock =
        AdjustStockRequest { product_id: "mug".to_owned(), delta: 2, ..Default::default() };
    let mut request = Request::new(restock);
    for (name, value) in [("authorization", bearer.as_str()), ("x-request-id", "over-grpc")] {
        request.metadata_mut().insert(name, value.parse().unwrap());
    }
    stock.adjust_stock(request).await.unwrap();

    let expected = [
        ("over-json", "catalogue.v1.CatalogueService/CreateProduct", "mug"),
        ("to-search", "search.v1.SearchAdminService/PutSynonym", "cups"),
        ("over-grpc", "catalogue.v1.StockService/AdjustStock", "mug"),
    ];
    for (id, method, resource) in expected {
        let event = until("the write is stored", async || {
            let events = events(&system, &["--principal", "key:writer"]).await;
            let mut found = events.into_iter().filter(|event| event["requestId"] == id);
            let event = found.next();
            assert!(found.next().is_none(), "{id} has two rows");
            event
        })
        .await;
        assert_eq!(event["method"], method);
        assert_eq!(event["resource"], resource);
        assert_eq!(event["outcome"], "OK");
        assert_eq!(event["address"], "127.0.0.1");
        let lines = until("the line is written", async || {
            Some(lines(&system, id)).filter(|lines| !lines.is_empty())
        })
        .await;
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].contains("key:writer") && lines[0].contains(method), "{lines:?}");
    }
    assert_eq!(events(&system, &["--method", "PutSynonym"]).await[0]["note"], "anna");
    last_use_is_recorded(&system, "writer").await;
}

#[tokio::test]
async fn refusals_make_few_rows_and_are_counted() {
    // Below the number from which they are counted for ten seconds.
    const FLOOD: usize = 90;
    let (system, reader) = Restricted::start().await;
    let web = HttpClient::new(system.fleet.url(""));
    for number in 0..FLOOD {
        let (bearer, path) =
            (format!("Bearer {reader}"), format!("/v1/products/p{number}:adjustStock"));
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let refused = web.send(Method::POST, &path, &headers, r#"{"delta":1}"#).await.unwrap();
        assert_eq!(refused.status, 403);
    }
    let mut stock = StockServiceClient::new(channel(&system.fleet.addr(Service::Catalogue)).await);
    let refused = stock.adjust_stock(AdjustStockRequest::default()).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unauthenticated);
    let rows = until("all refusals are counted", async || {
        let events = events(&system, &["--method", "AdjustStock"]).await;
        let count = |outcome: &str| -> i64 {
            let some = events.iter().filter(|event| event["outcome"] == outcome);
            some.map(|event| event["count"].as_i64().unwrap()).sum()
        };
        (count("SCOPE_MISSING") == FLOOD as i64 && count("CREDENTIAL_MISSING") == 1)
            .then_some(events)
    })
    .await;
    assert!(rows.len() < 30, "{} rows for {FLOOD} refusals", rows.len());
    assert!(rows.iter().any(|row| row["principal"] == "key:reader"));

    let erased = system
        .fleet
        .catctl(&["--key", &system.secret, "audit", "erase", "--name", "key:reader"])
        .await;
    assert_eq!(erased.code, Some(0), "{}", erased.err);
    assert!(events(&system, &["--principal", "key:reader"]).await.is_empty());
}
