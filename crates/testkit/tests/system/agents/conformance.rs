//! Suites and clients that others wrote, against the agents' door. Each is installed once from its registry, or the
//! test is skipped.

use std::{fs, path::PathBuf, process::Stdio};

use http::Method;
use serde_json::{Value, json};
use testkit::{Fleet, HttpClient, repository, skip};
use tokio::process::Command;

use super::MUG;
use crate::{
    clients::{has, install, run, succeed},
    data::{searchable, with_demo},
};

const BAG: &str = "agents-bag";
/// A script could not install its packages.
const CANNOT_INSTALL: i32 = 77;

/// The scenarios for servers that a server without sessions and with nothing but its own tools can be asked.
const SCENARIOS: [&str; 4] =
    ["server-initialize", "ping", "tools-list", "dns-rebinding-protection"];

/// All other scenarios, by their beginning, with why they are not asked.
const OTHER_SCENARIOS: [(&str, &str); 13] = [
    ("completion-", "there are no prompts and resources to complete"),
    ("elicitation-", "asks for a tool of the suite's own, and the client for input"),
    ("json-schema-2020-12", "asks for a tool of the suite's own"),
    ("logging-", "sends no messages beside answers"),
    ("prompts-", "has no prompts"),
    ("resources-", "has no resources"),
    (
        "server-sse-",
        "answers with JSON, without sessions: the scenario ends by itself with a warning",
    ),
    ("tools-call-audio", "asks for a tool of the suite's own"),
    ("tools-call-e", "asks for tools of the suite's own"),
    ("tools-call-image", "asks for a tool of the suite's own"),
    ("tools-call-mixed-content", "asks for a tool of the suite's own"),
    ("tools-call-s", "asks for tools of the suite's own"),
    ("tools-call-with-", "asks for tools of the suite's own, and sends no messages beside answers"),
];

/// The demo catalogue, and a bag in two colours and sizes.
async fn shop() -> Fleet {
    let fleet = Fleet::start().await;
    let demo = with_demo(&fleet).await;
    let variant = |colour: &str, size: &str, stock: i32| {
        json!({ "sku": format!("{BAG}/{colour}-{size}"), "stockQty": stock, "optionValues": [
            { "name": "Color", "value": colour }, { "name": "Size", "value": size }] })
    };
    let bag = json!({ "id": BAG, "name": "Ferry Bag", "price": { "currencyCode": "EUR", "units": "30" },
        "variants": [variant("Red", "S", 2), variant("Red", "L", 0), variant("Blue", "L", 1)] });
    let http = HttpClient::new(fleet.url(""));
    let created = http.send(Method::POST, "/v1/products", &[], bag.to_string()).await.unwrap();
    assert_eq!(created.status, 201, "{}", created.text());
    searchable(&fleet, i32::try_from(demo + 1).unwrap()).await;
    fleet
}

/// The output of a script beside this file, which installs its packages. `None`, reported, if it cannot.
async fn python(script: &str, arguments: &[&str]) -> Option<(i32, String)> {
    if !has("python3") {
        return None;
    }
    let mut command = Command::new("python3");
    command.arg(folder().join(script)).args(arguments).env("PYTHONDONTWRITEBYTECODE", "1");
    let output = command.stdin(Stdio::null()).kill_on_drop(true).output().await.unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    let code = output.status.code().unwrap_or(-1);
    if code == CANNOT_INSTALL {
        skip(script, &format!(": {errors}"), "give pip access to PyPI");
        return None;
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!text.is_empty(), "{script} ended with {code}: {errors}");
    Some((code, text))
}

fn folder() -> PathBuf {
    repository().join("crates/testkit/tests/system/agents")
}

/// A program of the packages of npm beside this file, to be run by the Node among them. `None`, reported, if they
/// cannot be installed.
async fn program_of_npm(name: &str) -> Option<Command> {
    let node = "node_modules/node/bin/node";
    if !has("npm") || !has("node") || !install(&folder(), node).await {
        return None;
    }
    let mut command = Command::new(folder().join(node));
    command.arg(folder().join("node_modules/.bin").join(name));
    Some(command)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_must_of_ucp_is_violated() {
    let fleet = shop().await;
    let http = HttpClient::new(fleet.url(""));
    let body = r#"{"query":"mug"}"#;
    let mugs = http.send(Method::POST, "/ucp/catalog/search", &[], body).await.unwrap().json();
    let config = fleet.dir().join("merchant.json");
    let catalog = json!({ "variant_id": format!("{BAG}/Red-S"), "configurable_product_id": BAG,
        "paginated_query": "mug", "paginated_total": mugs["pagination"]["total_count"], "max_batch": 40 });
    let of_shop = json!({ "product_id": MUG, "currency": "EUR", "catalog": catalog });
    fs::write(&config, of_shop.to_string()).unwrap();
    let arguments = ["--server", &fleet.url(""), "--json", "--config", config.to_str().unwrap()];
    let Some((code, text)) = python("spck.py", &arguments).await else { return };
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["spec_version"], "2026-08-25");
    let checks = report["checks"].as_array().unwrap();
    let with = |status: &str| -> Vec<_> {
        let with =
            checks.iter().filter(|check| check["status"].as_str().unwrap().starts_with(status));
        with.map(|check| check["id"].as_str().unwrap()).collect()
    };
    let deviations = checks.iter().filter(|check| check["status"] == "deviation");
    let deviations: Vec<_> = deviations.map(Value::to_string).collect();
    assert!(code == 0 && deviations.is_empty(), "{code}: {}", deviations.join("\n"));
    assert_eq!(report["verdict"]["deviations"], 0);
    // Nothing of the catalogue is left out for want of data.
    assert_eq!(with("not-tested"), ["payment.no_credential_echo"]);
    let passed = with("clean-pass");
    let of = |area: &str| passed.iter().filter(|id| id.starts_with(area)).count();
    assert_eq!((of("discovery."), of("catalog."), of("mcp.")), (3, 15, 2), "{passed:?}");
    let musts = &report["verdict"]["musts_passed"];
    eprintln!("spck-conformance: {} checks and {musts} MUSTs passed, none violated", passed.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn scenarios_of_mcp_pass() {
    let Some(mut list) = program_of_npm("conformance").await else { return };
    let text = succeed(list.arg("list")).await;
    let servers = text.split("Client scenarios").next().unwrap();
    let scenarios = servers.lines().filter_map(|line| line.trim().strip_prefix("- "));
    let scenarios: Vec<_> = scenarios.filter_map(|line| line.split(' ').next()).collect();
    for scenario in &scenarios {
        let is_other = OTHER_SCENARIOS.iter().any(|(start, _)| scenario.starts_with(start));
        assert!(
            SCENARIOS.contains(scenario) != is_other,
            "{scenario} is asked, or it is said why not"
        );
    }
    assert!(scenarios.len() > 30, "{text}");
    let fleet = Fleet::start().await;
    let url = fleet.url("/mcp");
    for scenario in SCENARIOS {
        let mut suite = program_of_npm("conformance").await.expect("it was there");
        suite.args(["server", "--url", &url, "--scenario", scenario]).arg("--output-dir");
        let (code, text) = run(suite.arg(fleet.dir())).await;
        let passed = text.lines().find(|line| line.starts_with("Passed: "));
        let is_clean = passed.is_some_and(|line| line.ends_with(", 0 failed, 0 warnings"));
        assert!(code == 0 && is_clean, "{scenario} ended with {code}: {text}");
        assert_ne!(passed, Some("Passed: 0/0, 0 failed, 0 warnings"), "{scenario} checked nothing");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn official_client_of_mcp_calls_every_tool() {
    let fleet = shop().await;
    let meta = json!({ "ucp-agent": { "profile": "https://agent.example/profile" } });
    let ask = |catalog: Value| json!({ "meta": meta, "catalog": catalog });
    let calls = json!({
        "search_catalog": [ask(json!({ "query": "ferry bag", "pagination": { "limit": 1 } }))],
        "lookup_catalog": [ask(json!({ "ids": [BAG, MUG] }))],
        "get_product": [ask(json!({ "id": BAG })), ask(json!({ "id": "no-such" }))],
    });
    let arguments = [&*fleet.url("/mcp"), &*calls.to_string()];
    let Some((code, text)) = python("mcp_client.py", &arguments).await else { return };
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((code, lines.len()), (0, 12), "{text}");
    for (lines, version) in lines.chunks(6).zip(["2025-11-25", "2026-07-28"]) {
        let [server, search, lookup, product, missing, refused] = lines else { panic!("{text}") };
        assert_eq!(server["version"], version, "{server}");
        assert_eq!(server["tools"], json!(["search_catalog", "lookup_catalog", "get_product"]));
        for answer in [search, lookup, product, missing] {
            assert_eq!(answer["document"], answer["text"], "the text is another document");
            assert_eq!(answer["is_error"], answer == missing, "{answer}");
        }
        assert_eq!(search["document"]["products"][0]["id"], BAG);
        assert_eq!(lookup["document"]["products"].as_array().unwrap().len(), 2, "{lookup}");
        assert_eq!(product["document"]["product"]["variants"].as_array().unwrap().len(), 3);
        assert_eq!(missing["document"]["messages"][0]["code"], "not_found");
        assert_eq!(refused["refused"], -32_602);
    }
}

/// The part of an operation's result that the view selects, as `ucp` prints it.
async fn ucp(fleet: &Fleet, arguments: &[&str], view: &str) -> Option<Value> {
    let mut command = program_of_npm("ucp").await?;
    command.arg("catalog").args(arguments).args(["--business", &fleet.url(""), "--format", "json"]);
    // Its own state, and the loopback without TLS.
    command.env("UCP_HOME", fleet.dir()).env("UCP_TEST_ALLOW_INSECURE_LOCALHOST", "true");
    let text = succeed(command.args(["--view", &format!("{{found: {view}}}")])).await;
    let answer: Value =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    Some(answer["found"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn ucp_cli_finds_a_product_and_selects_a_variant() {
    let fleet = shop().await;
    let search =
        ["search", "--set", "/query=ferry bag", "--set", "/context/intent=a bag for the ferry"];
    let view = "result.products[*].{id: id, price: price_range.min.amount}";
    let Some(found) = ucp(&fleet, &search, view).await else { return };
    assert_eq!(found, json!([{ "id": BAG, "price": 3_000 }]));

    let cheap = ["search", "--input"];
    let input = json!({ "query": "mug", "filters": { "categories": ["kitchen"], "price": { "max": 1_000 } },
        "context": { "currency": "EUR" } })
    .to_string();
    let cheap = [&cheap[..], &[&*input]].concat();
    let view = "result.products[*].price_range.min.amount";
    let prices = ucp(&fleet, &cheap, view).await.unwrap();
    let prices: Vec<_> = prices.as_array().unwrap().iter().filter_map(Value::as_i64).collect();
    assert!(!prices.is_empty() && prices.iter().all(|price| *price <= 1_000), "{prices:?}");

    let choose = ["get_product", BAG, "--input"];
    let input = json!({ "selected": [{ "name": "Color", "label": "Blue" }, { "name": "Size", "label": "L" }] })
        .to_string();
    let choose = [&choose[..], &[&*input]].concat();
    let view = "result.product.variants[*].{sku: sku, available: availability.available}";
    let chosen = ucp(&fleet, &choose, view).await.unwrap();
    assert_eq!(chosen, json!([{ "sku": format!("{BAG}/Blue-L"), "available": true }]));

    let sku = format!("{BAG}/Red-L");
    let lookup = ["lookup", "--input", &json!({ "ids": [sku] }).to_string()];
    let view = "result.products[*].variants[0].availability.status";
    assert_eq!(ucp(&fleet, &lookup, view).await.unwrap(), json!(["out_of_stock"]));
}
