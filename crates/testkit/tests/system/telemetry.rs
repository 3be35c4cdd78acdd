//! Traces from the gateway to the database statement, and protection against hostile input.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Method, StatusCode};
use nix::sys::signal::Signal;
use proto::search::v1::{SuggestRequest, search_service_client::SearchServiceClient};
use serde_json::Value;
use testkit::{
    Collector, Fault, FaultProxy, Fleet, HttpResponse, Postgres, Service, free_ports, get, request,
    until,
};
use tokio::{net::TcpListener, sync::mpsc};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Request;

use crate::data::{channel, with_demo};

/// Timeout of a shutdown, which takes four seconds with a failing collector on an idle machine (`cargo xtask
/// bench telemetry`).
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(20);

const ALL: [Service; 3] = [Service::Gateway, Service::Search, Service::Catalogue];

/// Service, kind and name of a span.
type SpanKey<'a> = (&'a str, &'a str, &'a str);

/// Spans of a product request.
const TO_PRODUCT: [SpanKey<'static>; 3] = [
    ("gateway", "server", "GET /v1/products/{id}"),
    ("gateway", "client", "catalogue.v1.CatalogueService/GetProduct"),
    ("catalogue", "server", "catalogue.v1.CatalogueService/GetProduct"),
];

/// Spans of a trace.
struct Trace(Vec<Value>);

impl Trace {
    /// Waits until the trace `id` has all these spans, which each service exports separately.
    async fn complete(collector: &Collector, id: &str, wanted: &[SpanKey<'_>]) -> Self {
        let what = format!("a trace of {wanted:?}");
        let spans = collector.wait_for(&what, |spans| {
            let of_it: Vec<_> = spans.iter().filter(|it| it["trace_id"] == id).cloned().collect();
            let has = |wanted: &SpanKey<'_>| of_it.iter().any(|span| is(span, *wanted));
            wanted.iter().all(has).then_some(of_it)
        });
        Self(spans.await)
    }

    /// The only span with this key.
    fn span(&self, wanted: SpanKey<'_>) -> &Value {
        let found: Vec<_> = self.0.iter().filter(|span| is(span, wanted)).collect();
        assert_eq!(found.len(), 1, "{wanted:?}: {:#?}", self.0);
        found[0]
    }
}

fn is(span: &Value, (service, kind, name): SpanKey<'_>) -> bool {
    let resource = &span["resource"];
    span["name"] == name && span["kind"] == kind && resource["service.name"] == service
}

fn assert_child(child: &Value, parent: &Value) {
    assert_eq!(child["parent_span_id"], parent["span_id"], "{child:#} below {parent:#}");
    let starts = |it: &Value| it["start_ns"].as_u64().unwrap();
    assert!(starts(child) >= starts(parent), "{child:#} began before {parent:#}");
}

/// GET with a `traceparent`, as from an ingress.
async fn traced(fleet: &Fleet, path: &str, trace: &str) -> HttpResponse {
    let parent = format!("00-{trace}-00f067aa0ba902b7-01");
    let headers = [("accept", "application/json"), ("traceparent", &parent)];
    request(Method::GET, &fleet.url(path), &headers, Bytes::new()).await.unwrap()
}

/// Starts a fleet that exports to `endpoint`, with a gateway that trusts the `traceparent` of this client.
async fn start_exporting_to(endpoint: &str, more: &[&str]) -> Fleet {
    let otlp = format!("--otlp-endpoint={endpoint}");
    let common: Vec<_> = [&otlp[..], "--log-format=json"].iter().chain(more).copied().collect();
    let mut fleet = Fleet::start_with(&common).await;
    fleet.add_argument(Service::Gateway, "--trusted-peers=127.0.0.0/8");
    fleet.kill(Service::Gateway);
    fleet.restart(Service::Gateway);
    fleet.ready(Service::Gateway).await;
    fleet
}

/// Log lines of a service with this trace id.
fn lines_of(fleet: &mut Fleet, service: Service, trace: &str) -> Vec<Value> {
    let log = fleet.process(service).log();
    let lines = log.lines().map(|line| serde_json::from_str(line).expect("a line of JSON"));
    lines.filter(|line: &Value| line["trace_id"] == trace).collect()
}

/// Checks that a product request is one trace, from the gateway to the statement.
async fn follow_to_statement(
    fleet: &mut Fleet,
    collector: &Collector,
    product: &str,
    id: &str,
    system: &str,
) {
    let path = format!("/v1/products/{product}");
    assert_eq!(traced(fleet, &path, id).await.status, StatusCode::OK);
    let statement = ("catalogue", "client", "SELECT products");
    let [edge, client_call, server] = TO_PRODUCT;
    let wanted = [edge, client_call, server, statement];
    let trace = Trace::complete(collector, id, &wanted).await;
    let [edge, client_call, server, query] = wanted.map(|wanted| trace.span(wanted));
    assert_child(client_call, edge);
    assert_child(server, client_call);
    assert_child(query, server);
    assert_eq!(query["attributes"]["db.system.name"], system);
    let text = query["attributes"]["db.query.text"].as_str().unwrap();
    assert!(text.starts_with("SELECT") && !text.contains(product), "{text}");
    let lines = lines_of(fleet, Service::Catalogue, id);
    assert_eq!(lines[0]["span_id"], server["span_id"], "{lines:?}");
    // The exported log record has the same ids.
    until("the log record is exported", async || {
        let is = |it: &Value| it["trace_id"] == id && it["span_id"] == server["span_id"];
        collector.logs().iter().any(is).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn search_and_product_are_one_trace_each() {
    let Some(collector) = Collector::start().await else { return };
    let mut fleet = start_exporting_to(&collector.endpoint(), &[]).await;
    with_demo(&fleet).await;
    for service in ALL {
        let url = fleet.admin(service, "/log-level");
        let set = request(Method::PUT, &url, &[], Bytes::from("info,telemetry=debug")).await;
        assert_eq!(set.unwrap().status, StatusCode::OK);
    }

    let id = "4bf92f3577b34da6a3ce929d0e0e4736";
    assert_eq!(traced(&fleet, "/v1/search?q=mug", id).await.status, StatusCode::OK);
    let method = "search.v1.SearchService/Search";
    let wanted = [
        ("gateway", "server", "GET /v1/search"),
        ("gateway", "client", method),
        ("search", "server", method),
        ("search", "internal", "index search"),
    ];
    let trace = Trace::complete(&collector, id, &wanted).await;
    let [edge, client_call, server, index] = wanted.map(|wanted| trace.span(wanted));
    assert_eq!(edge["parent_span_id"], "00f067aa0ba902b7");
    assert_eq!(edge["attributes"]["http.route"], "/v1/search");
    assert_eq!(edge["attributes"]["http.response.status_code"], 200);
    assert_eq!(edge["status"]["code"], "unset");
    assert_child(client_call, edge);
    assert_eq!(client_call["attributes"]["server.address"], "search");
    assert_eq!(
        client_call["events"][0]["attributes"]["network.peer.address"],
        fleet.addr(Service::Search)
    );
    assert_child(server, client_call);
    assert_eq!(server["attributes"]["rpc.response.status_code"], "OK");
    assert_child(index, server);
    assert!(index["attributes"]["search.total"].as_u64().unwrap() > 0);
    let lines = lines_of(&mut fleet, Service::Search, id);
    assert_eq!(lines[0]["span_id"], server["span_id"], "{lines:?}");
    assert_eq!(lines_of(&mut fleet, Service::Gateway, id)[0]["span_id"], edge["span_id"]);

    let id = "0af7651916cd43dd8448eb211c80319c";
    let missing = "1af7651916cd43dd8448eb211c80319c";
    assert_eq!(traced(&fleet, "/v1/products/no-such", missing).await.status, StatusCode::NOT_FOUND);
    let product = get(&fleet.url("/v1/search?q=mug")).await.unwrap().json();
    let product = product["results"][0]["product"]["id"].as_str().expect("a product").to_owned();
    follow_to_statement(&mut fleet, &collector, &product, id, "sqlite").await;

    // NOT_FOUND is not an error of the server.
    let trace = Trace::complete(&collector, missing, &TO_PRODUCT).await;
    let server = trace.span(TO_PRODUCT[2]);
    assert_eq!(server["attributes"]["rpc.response.status_code"], "NOT_FOUND");
    assert!(trace.0.iter().all(|span| span["status"]["code"] == "unset"), "{:#?}", trace.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn span_of_a_stream_ends_with_its_trailers() {
    let Some(collector) = Collector::start().await else { return };
    let fleet = start_exporting_to(&collector.endpoint(), &[]).await;
    with_demo(&fleet).await;
    let id = "2af7651916cd43dd8448eb211c80319c";
    let mut client = SearchServiceClient::new(channel(&fleet.addr(Service::Gateway)).await);
    let (sender, queries) = mpsc::channel(1);
    let mut request = Request::new(ReceiverStream::new(queries));
    let parent = format!("00-{id}-00f067aa0ba902b7-01").parse().unwrap();
    request.metadata_mut().insert("traceparent", parent);
    let query = || SuggestRequest { query: "mu".to_owned(), ..Default::default() };
    sender.send(query()).await.unwrap();
    let mut responses = client.suggest_stream(request).await.unwrap().into_inner();
    responses.message().await.unwrap().expect("a response");
    let pause = Duration::from_millis(300);
    tokio::time::sleep(pause).await;
    drop(sender);
    assert!(responses.message().await.unwrap().is_none());
    let method = "search.v1.SearchService/SuggestStream";
    let wanted = ("gateway", "server", method);
    let trace = Trace::complete(&collector, id, &[wanted]).await;
    let edge = trace.span(wanted);
    let nanos = |it: &Value, key: &str| it[key].as_u64().unwrap();
    let lasted = nanos(edge, "end_ns") - nanos(edge, "start_ns");
    assert!(u128::from(lasted) >= pause.as_nanos(), "{edge:#}");
    assert_eq!(edge["attributes"]["rpc.response.status_code"], "OK");
}

#[tokio::test(flavor = "multi_thread")]
async fn product_request_is_traced_to_its_statement_on_postgres() {
    let Some(collector) = Collector::start().await else { return };
    let Some(server) = Postgres::shared().await else { return };
    let database = server.database().await.unwrap();
    let endpoint = collector.endpoint();
    let mut fleet = start_exporting_to(&endpoint, &["--log=info,telemetry=debug"]).await;
    fleet.add_argument(Service::Catalogue, &format!("--database-url={}", database.url));
    fleet.kill(Service::Catalogue);
    fleet.restart(Service::Catalogue);
    fleet.ready(Service::Catalogue).await;
    with_demo(&fleet).await;
    // Not one that was listed: the cache would have it.
    let product = "kiln-stoneware-mug-ember";
    let id = "0af7651916cd43dd8448eb211c80319c";
    follow_to_statement(&mut fleet, &collector, product, id, "postgresql").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn untrusted_traceparent_starts_a_new_trace() {
    let Some(collector) = Collector::start().await else { return };
    let fleet = Fleet::start_with(&[&format!("--otlp-endpoint={}", collector.endpoint())]).await;
    let id = "4bf92f3577b34da6a3ce929d0e0e4736";
    assert_eq!(traced(&fleet, "/v1/products", id).await.status, StatusCode::OK);
    let span = collector
        .wait_for("the request's span", |spans| {
            spans.iter().find(|it| it["name"] == "GET /v1/products").cloned()
        })
        .await;
    assert_ne!(span["trace_id"], id);
    assert_eq!(span["parent_span_id"], "");
    assert_eq!(span["links"][0]["trace_id"], id);
    assert!(collector.spans().iter().all(|it| it["trace_id"] != id));
}

#[tokio::test(flavor = "multi_thread")]
async fn exports_are_not_traced_or_logged() {
    let Some(collector) = Collector::start().await else { return };
    let mut fleet = start_exporting_to(&collector.endpoint(), &["--log=trace"]).await;
    get(&fleet.url("/v1/search?q=mug")).await.unwrap();
    until("log records are exported", async || (!collector.logs().is_empty()).then_some(())).await;
    for service in ALL {
        let process = fleet.process(service);
        process.signal(Signal::SIGTERM);
        let ended = process.ends_within(SHUTDOWN_TIMEOUT).await.unwrap();
        assert!(ended.success(), "{ended}");
    }
    // The shutdown has flushed all telemetry.
    let logs = collector.logs();
    let about = |it: &&Value| {
        let scope = it["scope"].as_str().unwrap_or_default();
        ["h2", "hyper", "tower", "tonic", "opentelemetry"].iter().any(|it| scope.starts_with(it))
    };
    assert_eq!(logs.iter().filter(about).count(), 0);
    let spans = collector.spans();
    let exports = |it: &&Value| it["name"].as_str().unwrap().contains("opentelemetry");
    assert_eq!(spans.iter().filter(exports).count(), 0);
    let metrics = collector.metrics();
    for name in ["rpc.server.call.duration", "rpc.client.call.duration", "process.resident_memory"]
    {
        assert!(metrics.iter().any(|it| it["name"] == name), "{name} was not sent");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn failing_collector_delays_nothing() {
    let hole = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = FaultProxy::start(hole.local_addr().unwrap(), 1).await;
    let silent = hole.local_addr().unwrap();
    let refusing = format!("http://127.0.0.1:{}", free_ports(1));
    proxy.set(Fault { latency: Duration::from_secs(2), ..Fault::default() });
    for endpoint in [refusing, format!("http://{silent}"), format!("http://{}", proxy.addr)] {
        let mut fleet = Fleet::start_with(&[&format!("--otlp-endpoint={endpoint}")]).await;
        for _ in 0..50 {
            assert_eq!(get(&fleet.url("/v1/products")).await.unwrap().status, StatusCode::OK);
        }
        let began = Instant::now();
        for service in ALL {
            fleet.process(service).signal(Signal::SIGTERM);
        }
        for service in ALL {
            let left = SHUTDOWN_TIMEOUT.saturating_sub(began.elapsed());
            fleet.process(service).ends_within(left).await.unwrap();
        }
    }
}

/// A secret, which must not appear in telemetry.
const SECRET: &str = "canary-6f1c";
/// Input that tries to forge log lines and markup.
const HOSTILE: &str = "x\r\n{\"level\":\"forged\"}\u{1b}[31m<script>canary-html</script>";

#[tokio::test(flavor = "multi_thread")]
async fn secrets_and_markup_appear_in_no_log_span_or_label() {
    let Some(collector) = Collector::start().await else { return };
    let mut fleet = start_exporting_to(&collector.endpoint(), &["--log=trace,sqlx=trace"]).await;
    let encoded =
        "x%0D%0A%7B%22level%22%3A%22forged%22%7D%1B%5B31m%3Cscript%3Ecanary-html%3C%2Fscript%3E";
    let text = serde_json::to_string(HOSTILE).unwrap();
    let bearer = format!("Bearer {SECRET}");
    let cookie = format!("session={SECRET}");
    let markup = "<script>canary-html</script>";
    let headers = [
        ("accept", "application/json"),
        ("authorization", &bearer[..]),
        ("cookie", &cookie),
        ("x-api-key", SECRET),
        ("x-request-id", markup),
        ("user-agent", markup),
        ("traceparent", markup),
        ("tracestate", "vendor=<script>canary-html</script>"),
        ("baggage", "user=%3Cscript%3E"),
        ("idempotency-key", markup),
    ];
    for path in
        ["/v1/products/", "/v1/search?q=", "/v1/products?filter=name:", "/", "/?q=", "/media/"]
    {
        let url = fleet.url(&format!("{path}{encoded}"));
        request(Method::GET, &url, &headers, Bytes::new()).await.unwrap();
    }
    let brew = Method::from_bytes(b"CANARY-HTML").unwrap();
    request(brew, &fleet.url("/v1/products"), &headers, Bytes::new()).await.unwrap();
    let product = format!(r#"{{"id":{text},"name":{text},"brand":{text},"description":{text}}}"#);
    for body in [product.replace(&format!("\"id\":{text}"), r#""id":"canary-1""#), product] {
        let url = fleet.url("/v1/products");
        request(Method::POST, &url, &headers, Bytes::from(body)).await.unwrap();
    }
    // Directly to a service, and with an unknown method.
    let mut client = crate::data::client(&fleet.addr(Service::Catalogue)).await;
    let hostile = proto::catalogue::v1::GetProductRequest {
        product_id: HOSTILE.to_owned(),
        ..Default::default()
    };
    client.get_product(hostile).await.unwrap_err();
    let url = format!("http://{}/{encoded}/Method", fleet.addr(Service::Gateway));
    let as_grpc = [("content-type", "application/grpc")];
    request(Method::POST, &url, &as_grpc, Bytes::from("garbage")).await.unwrap();

    let mut labels = String::new();
    for service in ALL {
        labels += &get(&fleet.admin(service, "/metrics")).await.unwrap().text();
        labels += &get(&fleet.admin(service, "/buildz")).await.unwrap().text();
    }
    assert!(!labels.contains(SECRET) && !labels.contains("canary"), "{labels}");

    assert_clean(&mut fleet, &collector).await;
}

/// Stops the services, and checks that neither logs nor exports contain the secret or markup.
async fn assert_clean(fleet: &mut Fleet, collector: &Collector) {
    let mut seen = 0;
    for service in ALL {
        let process = fleet.process(service);
        process.signal(Signal::SIGTERM);
        process.ends_within(SHUTDOWN_TIMEOUT).await.unwrap();
        let log = process.log();
        assert!(!log.contains(SECRET), "a secret in the log of {service:?}");
        assert!(!log.contains("<script>"), "markup in the log of {service:?}");
        for line in log.lines() {
            seen += usize::from(line.contains("canary-html"));
            let controls = line.chars().filter(|it| it.is_control()).count();
            assert_eq!(controls, 0, "{line:?}");
            let line: Value = serde_json::from_str(line).expect("a line of JSON");
            assert_ne!(line["level"], "forged");
        }
    }
    assert!(seen > 0, "no hostile input was logged, so this test checks nothing");
    assert!(!collector.everything().contains(SECRET));
    for span in collector.spans().iter().chain(&collector.metrics()) {
        assert!(!span.to_string().contains("canary"), "{span:#}");
    }
}
