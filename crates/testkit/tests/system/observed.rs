//! The configuration of Prometheus and Grafana in `deploy/`, tested with the real programs.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use http::Method;
use serde_json::Value;
use testkit::{
    Fleet, Process, Service, TokenIssuer, free_ports, get, prometheus, repository, request, run,
    until,
};

use crate::data::with_demo;

/// Sections of the runbook of an alert.
const SECTIONS: [&str; 3] = ["## Check", "## Mitigation", "## Reproduce"];

/// Metric names of grpc-prometheus (go-grpc-middleware, "providers/prometheus").
const GRPC_PROMETHEUS: [&str; 5] = [
    "grpc_server_started_total",
    "grpc_server_handled_total",
    "grpc_server_handling_seconds_bucket",
    "grpc_server_msg_received_total",
    "grpc_server_msg_sent_total",
];

/// Default admin ports of the services, which the configuration of Prometheus uses.
const ADMIN_PORTS: [(Service, u16); 3] =
    [(Service::Gateway, 9100), (Service::Catalogue, 9101), (Service::Search, 9102)];

fn deploy(file: &str) -> PathBuf {
    repository().join("deploy").join(file)
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

async fn promtool(programs: &Path, arguments: &[&str]) -> String {
    let output = run(programs.join("promtool"), arguments).await;
    assert!(output.code == Some(0), "promtool {arguments:?}: {}{}", output.out, output.err);
    output.out
}

#[tokio::test(flavor = "multi_thread")]
async fn every_alert_fires_and_clears_and_has_a_runbook() {
    let Some(programs) = prometheus() else { return };
    let config = deploy("prometheus/prometheus.yml").display().to_string();
    promtool(&programs, &["check", "config", &config]).await;
    let rules = deploy("prometheus/alerts.yml").display().to_string();
    promtool(&programs, &["check", "rules", &rules]).await;
    let tests = deploy("prometheus/alerts_test.yml");
    promtool(&programs, &["test", "rules", &tests.display().to_string()]).await;

    let rules = read(&deploy("prometheus/alerts.yml"));
    let alerts: Vec<_> =
        rules.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")).collect();
    assert!(alerts.len() > 15, "{alerts:?}");
    let lines: Vec<_> = read(&tests).lines().map(|line| line.trim().to_owned()).collect();
    for alert in alerts {
        // Expectations of the tests of this alert.
        let name = format!("alertname: {alert}");
        let expected = lines.iter().zip(lines.iter().skip(1)).filter(|(line, _)| **line == name);
        let expected: Vec<_> = expected.map(|(_, next)| next.as_str()).collect();
        assert!(expected.contains(&"exp_alerts:"), "{alert} fires in no test");
        assert!(expected.contains(&"exp_alerts: []"), "{alert} clears in no test");
        let page = read(&repository().join(format!("docs/runbooks/{alert}.md")));
        for section in SECTIONS {
            assert!(page.contains(section), "docs/runbooks/{alert}.md has no {section:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_of_rules_and_dashboards_exist() {
    let Some(programs) = prometheus() else { return };
    let fleet = with_all_metrics().await;
    with_demo(&fleet).await;
    for path in ["/v1/search?q=mug", "/v1/products", "/"] {
        get(&fleet.url(path)).await.unwrap();
    }
    for (service, default) in ADMIN_PORTS {
        let metrics = fleet.dir().join(format!("{default}.txt"));
        let text = get(&fleet.admin(service, "/metrics")).await.unwrap().text();
        if service == Service::Search {
            let finest = r#"search_query_duration_seconds_bucket{le="0.0005"}"#;
            assert!(text.contains(finest), "the buckets are too coarse: {text}");
        }
        std::fs::write(&metrics, &text).unwrap();
        let check =
            format!("{} check metrics <{}", programs.join("promtool").display(), metrics.display());
        let output = run("sh".into(), ["-c", &check]).await;
        assert!(output.code == Some(0), "{service:?}: {}{}", output.out, output.err);
    }

    let mut server = Server::start(&programs, &fleet).await;
    server.has_scraped_all_services().await;
    let known: BTreeSet<String> = strings(&server.query_api("label/__name__/values").await);
    // Metrics of dashboards for grpc-prometheus.
    let mut used: BTreeSet<String> = GRPC_PROMETHEUS.map(str::to_owned).into();
    let rules = server.query_api("rules").await;
    for group in rules["groups"].as_array().unwrap() {
        for rule in group["rules"].as_array().unwrap() {
            assert_eq!(rule["health"], "ok", "{rule:#}");
            used.extend(metrics_of(rule["query"].as_str().unwrap()));
        }
    }
    let mut panels = 0;
    for file in std::fs::read_dir(deploy("grafana/dashboards")).unwrap() {
        let board: Value = serde_json::from_str(&read(&file.unwrap().path())).unwrap();
        for panel in board["panels"].as_array().unwrap() {
            for target in panel["targets"].as_array().unwrap() {
                let query = target["expr"].as_str().unwrap();
                let filled = query
                    .replace("$__rate_interval", "1m")
                    .replace("$__range", "1h")
                    .replace("$job", ".*")
                    .replace("$method", ".*");
                // Prometheus parses it, even if the result is empty.
                server.query(&filled).await;
                used.extend(metrics_of(query));
                panels += 1;
            }
        }
    }
    assert!(panels > 30, "{panels} queries of dashboards");
    assert!(used.len() > 25, "{used:?}");
    let missing: Vec<_> = used.difference(&known).collect();
    assert!(missing.is_empty(), "missing metrics {missing:?}; known: {known:#?}");
}

/// Starts a system with the metrics of settings that are off otherwise.
async fn with_all_metrics() -> Fleet {
    let keys = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(keys.path(), TokenIssuer::new("one").jwks()).unwrap();
    let tokens = TokenIssuer::arguments(&keys.path().display().to_string());
    let others = ["--access=open", "--grpc-prometheus-metrics"].map(str::to_owned);
    Fleet::start_each(|_| tokens.iter().chain(&others).cloned().collect()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn openmetrics_exemplars_refer_to_traces() {
    let Some(collector) = testkit::Collector::start().await else { return };
    let fleet = Fleet::start_with(&[&format!("--otlp-endpoint={}", collector.endpoint())]).await;
    get(&fleet.url("/v1/products")).await.unwrap();
    let accept = [("accept", "application/openmetrics-text; version=1.0.0")];
    let url = fleet.admin(Service::Gateway, "/metrics");
    let response = until("the request is counted", async || {
        let response = request(Method::GET, &url, &accept, Bytes::new()).await.ok()?;
        response.text().contains(r#"http_route="/v1/products""#).then_some(response)
    })
    .await;
    let kind = response.headers["content-type"].to_str().unwrap();
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    let text = response.text();
    let line = text.lines().find(|line| {
        line.starts_with("http_server_request_duration_seconds_bucket")
            && line.contains(r#"http_route="/v1/products""#)
            && line.contains("# {trace_id=")
    });
    let (_, trace) = line.unwrap_or_else(|| panic!("{text}")).split_once("trace_id=\"").unwrap();
    let trace = trace[..32].to_owned();
    let is = |span: &Value| span["trace_id"] == trace && span["name"] == "GET /v1/products";
    collector.wait_for("that trace", |spans| spans.iter().any(is).then_some(())).await;
}

/// A Prometheus that scrapes a fleet.
struct Server {
    process: Process,
    port: u16,
}

impl Server {
    async fn start(programs: &Path, fleet: &Fleet) -> Self {
        let mut config = read(&deploy("prometheus/prometheus.yml"));
        for (service, default) in ADMIN_PORTS {
            let admin = fleet.admin(service, "");
            let target = format!("127.0.0.1:{default}");
            assert!(config.contains(&target), "{target} is not scraped");
            config = config.replace(&target, admin.trim_start_matches("http://"));
        }
        let rules = deploy("prometheus/alerts.yml").display().to_string();
        let config = config
            .replace("alerts.yml", &rules)
            .replace("scrape_interval: 15s", "scrape_interval: 1s")
            .replace("evaluation_interval: 15s", "evaluation_interval: 1s");
        let (file, data) = (fleet.dir().join("prometheus.yml"), fleet.dir().join("prometheus"));
        std::fs::write(&file, config).unwrap();
        let port = free_ports(1);
        let arguments = [
            format!("--config.file={}", file.display()),
            format!("--storage.tsdb.path={}", data.display()),
            format!("--web.listen-address=127.0.0.1:{port}"),
        ];
        let log = fleet.dir().join("prometheus.log");
        let process = Process::start(&programs.join("prometheus"), arguments, &log).unwrap();
        Self { process, port }
    }

    /// Waits until all targets are scraped, and all rules evaluated.
    async fn has_scraped_all_services(&mut self) {
        let (process, url) = (&mut self.process, format!("http://127.0.0.1:{}/api/v1/", self.port));
        until("Prometheus has scraped all three services", async || {
            assert!(process.exit_status().is_none(), "it ended: {}", process.log());
            // It accepts connections before it is ready.
            let get_json = async |what: &str| {
                let response = get(&format!("{url}{what}")).await.ok()?;
                response.status.is_success().then(|| response.json())
            };
            let targets = get_json("targets").await?;
            let targets = targets["data"]["activeTargets"].as_array()?.clone();
            let up = targets.iter().filter(|target| target["health"] == "up").count();
            let rules = get_json("rules").await?;
            let rules = rules["data"]["groups"][0]["rules"].as_array()?.clone();
            let evaluated = rules.iter().all(|rule| rule["health"] == "ok");
            (up == 3 && evaluated).then_some(())
        })
        .await;
    }

    async fn query_api(&self, what: &str) -> Value {
        let url = format!("http://127.0.0.1:{}/api/v1/{what}", self.port);
        let response = get(&url).await.unwrap().json();
        assert_eq!(response["status"], "success", "{what}: {response:#}");
        response["data"].clone()
    }

    async fn query(&self, query: &str) {
        let encoded: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
        self.query_api(&format!("query?query={encoded}")).await;
    }
}

fn strings(list: &Value) -> BTreeSet<String> {
    let list = list.as_array().unwrap().iter();
    list.map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// Metric names in a query: words outside of braces, brackets and quotes, other than grouping labels and
/// keywords.
fn metrics_of(query: &str) -> BTreeSet<String> {
    const GROUPING: [&str; 5] = ["by", "on", "ignoring", "without", "group_left"];
    const WORDS: [&str; 8] = ["and", "or", "unless", "bool", "sum", "avg", "min", "max"];
    let is_word = |word: &str| GROUPING.contains(&word) || WORDS.contains(&word);
    let mut plain = String::new();
    let mut skip: Option<char> = None;
    let mut grouping = false;
    let mut word = String::new();
    for found in query.chars().chain([' ']) {
        if let Some(end) = skip {
            if found == end {
                skip = None;
            }
            continue;
        }
        if found.is_ascii_alphanumeric() || found == '_' || found == '$' {
            word.push(found);
            continue;
        }
        let ended = std::mem::take(&mut word);
        if !ended.is_empty() {
            grouping = GROUPING.contains(&&ended[..]);
            if found != '(' && !is_word(&ended) {
                plain.push_str(&ended);
                plain.push(' ');
            }
        }
        match found {
            '{' => skip = Some('}'),
            '[' => skip = Some(']'),
            '"' => skip = Some('"'),
            '(' if std::mem::take(&mut grouping) => skip = Some(')'),
            _ => {}
        }
    }
    let is_name = |word: &&str| word.starts_with(|it: char| it.is_ascii_lowercase());
    plain.split_whitespace().filter(is_name).map(str::to_owned).collect()
}

#[test]
fn metric_names_are_extracted_from_queries() {
    let query = r#"sum by (job, le) (rate(a_total{x="b"}[5m])) / on (job) group_left () c > 0.5 and up == 0"#;
    let found: Vec<_> = metrics_of(query).into_iter().collect();
    assert_eq!(found, ["a_total", "c", "up"]);
}
