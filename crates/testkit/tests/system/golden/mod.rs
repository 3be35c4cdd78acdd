//! Golden cases: requests of methods that read, in `cases.json`, have the same answer, or the same reason and fields of
//! an error, through every door of the gateway: gRPC, gRPC-web, Connect, JSON, the clients, and for shopping agents UCP
//! and MCP.
//!
//! A case has what is expected of its answer, so that doors do not agree on a wrong one; whatever else is in the answer
//! is compared with that over gRPC, as JSON of the proto3 mapping that `prost-reflect` writes. A set of doors says which
//! doors have no form for its cases, and why; `answers` is how many cases each door answers.

mod agents;
mod case;
mod json;
mod messages;
mod outcome;
mod rpc;
mod rust_client;
mod scripts;

use std::collections::BTreeMap;

use http::Method;
use serde_json::Value;
use testkit::{Fleet, HttpClient, Service};

use crate::data::{searchable, with_demo};
use case::Cases;
use messages::Messages;

/// The doors to which a program of ours is sent the cases, if it can be run here.
const PROGRAMS: [&str; 2] = ["python", "typescript"];

/// Outcomes by the names of their cases.
type Outcomes = BTreeMap<String, Value>;

#[tokio::test(flavor = "multi_thread")]
async fn every_door_gives_the_same_answer() {
    let cases = Cases::read();
    let typescript = crate::clients::typescript().await;
    let has_python = crate::clients::has("python3");
    let fleet = Fleet::start().await;
    populate(&fleet, &cases).await;

    let messages = Messages::new();
    let grpc = rpc::Grpc::connect(&fleet.addr(Service::Gateway), &messages).await;
    let mut calls = Vec::new();
    for case in &cases.cases {
        calls.push(grpc.prepare(case).await);
    }
    let expected = grpc.ask(&calls).await;
    let mut found = BTreeMap::from([("grpc", expected.clone())]);
    let http = HttpClient::new(fleet.url(""));
    found.insert("grpc-web", rpc::over_web(&http, &messages, &calls).await);
    found.insert("connect", rpc::over_connect(&http, &calls).await);
    found.insert(
        "connect-get",
        rpc::over_connect_get(&http, &cases.to("connect-get", &calls)).await,
    );
    found.insert("json", json::ask(&http, &cases.to("json", &calls)).await);
    found.insert(
        "rust",
        rust_client::ask(&fleet.url(""), &messages, &cases.to("rust", &calls)).await,
    );
    if has_python {
        found.insert("python", scripts::python(&fleet.url(""), &cases.to("python", &calls)).await);
    }
    if let Some(folder) = &typescript {
        let calls = cases.to("typescript", &calls);
        found.insert("typescript", scripts::typescript(&fleet.url(""), folder, &calls).await);
    }

    let mut faults = differences(&found, &expected);
    faults.extend(calls.iter().flat_map(|call| call.case.faults(&expected[&call.case.name])));
    let mut counts: BTreeMap<_, _> = found.iter().map(|(door, it)| (*door, it.len())).collect();
    for door in agents::DOORS {
        let answered = agents::ask(&http, door, &calls, &expected, &mut faults).await;
        counts.insert(door, answered);
    }
    assert!(faults.is_empty(), "{} differences:\n{}", faults.len(), faults.join("\n"));
    for (door, wanted) in &cases.answers {
        let is_missing = PROGRAMS.contains(&door.as_str()) && !counts.contains_key(door.as_str());
        let answered = counts.get(door.as_str()).copied().unwrap_or_default();
        assert!(is_missing || answered == *wanted, "{door} answered {answered} of {wanted}");
    }
    assert!(counts.keys().all(|door| cases.answers.contains_key(*door)), "{counts:?}");
    eprintln!("{} cases, answered by {counts:?}", calls.len());
}

/// Imports the demo catalogue, creates the products and categories of the cases, and waits until all are in the index.
async fn populate(fleet: &Fleet, cases: &Cases) {
    let demo = with_demo(fleet).await;
    let http = HttpClient::new(fleet.url(""));
    for (path, documents) in
        [("/v1/categories", &cases.categories), ("/v1/products", &cases.products)]
    {
        for document in documents {
            let body = document.to_string();
            let created = http.send(Method::POST, path, &[], body).await.unwrap();
            assert_eq!(created.status, 201, "{document}: {}", created.text());
        }
    }
    let shown = cases.products.iter().filter(|it| it["status"] != "DRAFT").count();
    searchable(fleet, i32::try_from(demo + shown).unwrap()).await;
}

/// The cases that a door answers in another way than expected.
fn differences(found: &BTreeMap<&str, Outcomes>, expected: &Outcomes) -> Vec<String> {
    let mut faults = Vec::new();
    for (door, outcomes) in found {
        for (name, outcome) in outcomes {
            if let Some(difference) = outcome::difference(&expected[name], outcome) {
                faults.push(format!("{name}, through {door}: {difference}"));
            }
        }
    }
    faults
}
