//! `/ops`: what it shows, to whom, and how it stays current.

use std::time::{Duration, Instant};

use proto::catalogue::v1::{GetProductRequest, catalogue_service_client::CatalogueServiceClient};
use tonic::Code;

use crate::{
    desk::Session,
    harness::{Environment, Gateway, eventually, free_addr},
    http_client::{Client, HttpResponse},
};

const HTML: (&str, &str) = ("accept", "text/html");

async fn page(http: &Client, path: &str) -> String {
    let response = http.send("GET", path, &[HTML], "").await;
    assert_eq!(response.status, 200, "{}", response.text());
    let policy = response.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(response.header("cache-control"), "no-store");
    response.text()
}

/// Waits until the page has all of these texts.
async fn page_with(http: &Client, path: &str, texts: &[&str]) {
    let what = format!("{path} with {texts:?}");
    eventually(&what, async || {
        let html = page(http, path).await;
        texts.iter().all(|text| html.contains(text))
    })
    .await;
}

#[tokio::test]
async fn page_shows_instances_with_their_builds_and_lag() {
    let env = Environment::start().await;
    env.fake.set_index_lag(180);
    let address = env.upstream.addr.to_string();
    let texts = ["7.8.9", "0123456789ab<", "3 min", "1,234", "catching up", &address];
    page_with(&env.http(), "/ops", &texts).await;
    let html = page(&env.http(), "/ops").await;
    assert!(html.contains("<html lang=\"en\"") && html.contains("This gateway"), "{html}");
    assert!(html.contains("(10 min ago)"), "{html}");
    let german = page(&env.http(), "/ops?lang=de").await;
    assert!(german.contains("<html lang=\"de\"") && german.contains("bereit"), "{german}");
    assert!(german.contains("1.234") && german.contains("holt auf"), "{german}");
}

#[tokio::test]
async fn an_instance_that_is_not_ready_says_why() {
    let env = Environment::start().await;
    page_with(&env.http(), "/ops", &["node ok"]).await;
    env.fake.set_trouble("the disk is <full>");
    page_with(&env.http(), "/ops", &["not ready", "store: the disk is &#60;full&#62;"]).await;
    env.fake.set_trouble("");
    eventually("it is ready", async || !page(&env.http(), "/ops").await.contains("not ready"))
        .await;
}

#[tokio::test]
async fn a_dead_instance_is_shown_on_an_open_page_within_a_second() {
    let mut env = Environment::start().await;
    let mut events = env.http().events("/ops/events", &[]).await;
    let first = events.expect("board").await;
    assert!(!first.data.contains("not connected"), "{}", first.data);
    env.upstream.kill();
    let killed = Instant::now();
    loop {
        let event = events.next().await.expect("the stream continues");
        if event.name == "board" && event.data.contains("not connected") {
            break;
        }
    }
    assert!(killed.elapsed() < Duration::from_secs(1), "{:?}", killed.elapsed());
    env.upstream.restart(&env.fake);
    loop {
        let event = events.next().await.expect("the stream continues");
        if event.name == "board" && !event.data.contains("node bad") {
            assert!(event.data.contains("connection lost"), "the change stays listed: {event:?}");
            break;
        }
    }
}

#[tokio::test]
async fn requests_are_shown_with_their_attempts() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let http = env.http();
    eventually("it is served", async || http.status("/v1/products/mug").await == 200).await;
    let headers = [("x-request-id", "the-web-request")];
    assert_eq!(http.send("GET", "/v1/products/mug", &headers, "").await.status, 200);
    let mut grpc = CatalogueServiceClient::new(env.channel());
    let missing = GetProductRequest { product_id: "none".to_owned(), ..Default::default() };
    assert_eq!(grpc.get_product(missing).await.unwrap_err().code(), Code::NotFound);
    let html = page(&http, "/ops").await;
    let row = |html: &str, text: &str| {
        let found = html.split("<tr ").find(|row| row.contains(text)).map(str::to_owned);
        found.unwrap_or_else(|| panic!("no row with {text}: {html}"))
    };
    let web = row(&html, "the-web-request");
    assert!(web.contains("GET /v1/products/{id}") && web.contains(">200<"), "{web}");
    let attempt = format!("catalogue {} GetProduct: OK", env.upstream.addr);
    assert!(web.contains("1 attempt") && web.contains(&attempt), "{web}");
    let called = row(&html, "catalogue.v1.CatalogueService/GetProduct</th>");
    assert!(called.contains(">NotFound<") && called.contains("GetProduct: NOT_FOUND"), "{called}");
    assert!(!html.contains("/v1/products/mug"), "no path of a client is shown");

    // Later ones are sent to open pages, and only those.
    let newest = html.split("after=").nth(1).unwrap().split('"').next().unwrap();
    let mut events = http.events(&format!("/ops/events?after={newest}"), &[]).await;
    events.expect("board").await;
    let headers = [("x-request-id", "a-later-request")];
    http.send("GET", "/v1/products/mug", &headers, "").await;
    let rows = loop {
        let event = events.next().await.expect("the stream continues");
        if event.name == "rows" {
            break event;
        }
    };
    assert!(rows.data.contains("a-later-request") && !rows.data.contains("the-web-request"));
    assert_eq!(rows.id.parse::<u64>().unwrap(), newest.parse::<u64>().unwrap() + 1);
}

#[tokio::test]
async fn failed_requests_are_kept_and_slowest_come_first_on_demand() {
    let env = Environment::start().await;
    let gateway = Gateway::start(free_addr().await, env.upstream.addr, &[]).await;
    let http = Client::new(gateway.addr);
    for _ in 0..3 {
        assert_eq!(http.status("/v1/products/mug").await, 503);
    }
    let html = page(&http, "/ops?sort=slowest").await;
    assert!(html.contains(">503 <small>failed</small>"), "{html}");
    let took: Vec<u64> = html
        .split("data-us=\"")
        .skip(1)
        .map(|row| row.split('"').next().unwrap().parse().unwrap())
        .collect();
    assert!(took.len() >= 3 && took.is_sorted_by(|one, other| one >= other), "{took:?}");
    assert!(html.contains("not connected"), "the catalogue is away: {html}");
}

#[tokio::test]
async fn page_is_for_those_with_its_scope() {
    let env = Environment::start().await;
    let (ops, other) =
        (env.fake.put_key("on call", &["read:ops"]), env.fake.put_key("anna", &["write:stock"]));
    let http = env.http();
    let with = async |key: &str, path: &str| -> HttpResponse {
        let bearer = format!("Bearer {key}");
        http.send("GET", path, &[HTML, ("authorization", &bearer)], "").await
    };
    eventually("the keys are known", async || with(&ops, "/ops").await.status == 200).await;
    let refused = with(&other, "/ops").await;
    assert_eq!(refused.status, 403);
    let anonymous = http.send("GET", "/ops", &[HTML], "").await;
    assert_eq!((anonymous.status.as_u16(), anonymous.header("location")), (303, "/admin/sign-in"));
    http.get("/ops/events").await.problem(401, "CREDENTIAL_MISSING");
    let session = Session::begin_with(env.http(), &ops).await;
    assert_eq!(session.open("/ops").await.status, 200);
    let session = Session::begin_with(env.http(), &other).await;
    assert_eq!(session.open("/ops").await.status, 403);
}

#[tokio::test]
async fn a_stream_ends_with_its_session() {
    let env = Environment::start().await;
    let key = env.fake.put_key("on call", &["read:ops"]);
    eventually("the key is known", async || {
        let bearer = format!("Bearer {key}");
        let headers = [HTML, ("authorization", bearer.as_str())];
        env.http().send("GET", "/ops", &headers, "").await.status == 200
    })
    .await;
    let session = Session::begin_with(env.http(), &key).await;
    let cookie = [("cookie", session.cookie.as_str())];
    let mut events = env.http().events("/ops/events", &cookie).await;
    events.expect("board").await;
    env.fake.expire_sessions();
    while events.next().await.is_some() {}
}

#[tokio::test]
async fn nothing_is_asked_while_nobody_looks() {
    let env = Environment::start().await;
    eventually("the gateway's watch", async || env.fake.open_watches() == 1).await;
    assert!(env.fake.requests("GetInstanceRequest").is_empty());
    page(&env.http(), "/ops").await;
    assert!(!env.fake.requests("GetInstanceRequest").is_empty());
}

#[tokio::test]
async fn page_has_its_own_script_and_styles_and_nothing_foreign() {
    let env = Environment::start().await;
    let http = env.http();
    let html = page(&http, "/ops").await;
    let assets = html.split("/assets/").skip(1).map(|it| it.split('"').next().unwrap());
    let mut total = html.len();
    for asset in assets {
        let response = http.get(&format!("/assets/{asset}")).await;
        assert_eq!(response.status, 200, "{asset}");
        assert!(response.header("cache-control").contains("immutable"), "{asset}");
        total += response.body.len();
    }
    assert!(total <= 60 << 10, "{total} bytes");
    assert!(!html.contains("http://") && !html.contains("https://"), "nothing foreign: {html}");
}
