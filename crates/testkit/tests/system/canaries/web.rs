//! Reads everything that is served over HTTP.

use futures::{StreamExt as _, stream};
use http::Method;
use serde_json::Value;
use testkit::HttpClient;

use super::{Canaries, plant::Planted};
use crate::access::Restricted;

/// Requests at the same time.
const CONCURRENCY: usize = 8;

pub(super) async fn read(
    system: &Restricted,
    canaries: &Canaries,
    planted: &Planted,
    probes: &[String],
) {
    let web = HttpClient::new(system.fleet.url(""));
    let document = web.get("/openapi.json").await.unwrap().json();
    let mut paths = operations(&document, planted, probes);
    assert!(paths.len() > 200, "{}", paths.len());
    paths.extend(pages(probes));
    let reading = stream::iter(paths).map(|(method, path)| {
        let web = web.clone();
        async move {
            let headers = [("accept", "text/html, application/json")];
            let body = if method == Method::GET { "" } else { "{}" };
            let response = web.send(method, &path, &headers, body).await.unwrap();
            let head = format!("{:?}", response.headers);
            canaries.check("http", &decoded(&path), head.as_bytes());
            canaries.check("http", &decoded(&path), &response.body);
        }
    });
    reading.buffer_unordered(CONCURRENCY).collect::<()>().await;
}

/// A request for each operation that needs no scope, each of its parameters and each probe.
fn operations(document: &Value, planted: &Planted, probes: &[String]) -> Vec<(Method, String)> {
    let mut requests = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        // Event streams have no end; they are read elsewhere.
        if ["/v1/changes", "/v1/availability"].contains(&path.as_str()) {
            continue;
        }
        for (verb, operation) in operations.as_object().unwrap() {
            let needs_scope = operation["security"].as_array().is_none_or(|some| {
                !some.iter().any(|choice| choice.as_object().is_some_and(serde_json::Map::is_empty))
            });
            if needs_scope {
                continue;
            }
            let method = Method::from_bytes(verb.to_uppercase().as_bytes()).unwrap();
            let ids = match path.contains("{id}") {
                true => vec![&planted.draft, &planted.deleted, &planted.once_draft],
                false => vec![&planted.draft],
            };
            for id in ids {
                let path = path.replace("{id}", id);
                requests.push((method.clone(), path.clone()));
                let parameters = operation["parameters"].as_array().into_iter().flatten();
                let names = parameters.filter(|parameter| parameter["in"] == "query");
                for name in names.filter_map(|parameter| parameter["name"].as_str()) {
                    let probed =
                        probes.iter().map(|probe| format!("{path}?{name}={}", encoded(probe)));
                    requests.extend(probed.map(|path| (method.clone(), path)));
                }
            }
        }
    }
    requests
}

fn pages(probes: &[String]) -> Vec<(Method, String)> {
    let mut paths: Vec<String> =
        ["/", "/sitemap.xml", "/robots.txt", "/openapi.json", "/fragments/results"]
            .map(str::to_owned)
            .into();
    for probe in probes {
        let probe = encoded(probe);
        for path in ["/?q=", "/?category=", "/p/", "/fragments/results?q=", "/media/", "/v1/none/"]
        {
            paths.push(format!("{path}{probe}"));
        }
    }
    paths.into_iter().map(|path| (Method::GET, path)).collect()
}

fn encoded(text: &str) -> String {
    text.replace('%', "%25").replace(' ', "%20").replace('=', "%3D")
}

fn decoded(text: &str) -> String {
    text.replace("%20", " ").replace("%3D", "=").replace("%25", "%")
}
