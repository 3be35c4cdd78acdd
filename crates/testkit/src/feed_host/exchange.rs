//! Requests to the host, and its answers.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use serde_json::{Value, json};

use super::{FEED, FeedRequests};
use crate::JsonSchema;

const API_VERSION: &str = "2026-04-17";

/// All that a host has received.
#[derive(Debug)]
pub(super) struct Received {
    schema: Option<JsonSchema>,
    pub(super) products: BTreeMap<String, Value>,
    pub(super) requests: FeedRequests,
    pub(super) faults: Vec<String>,
    /// Bodies by idempotency key.
    bodies: HashMap<String, Bytes>,
}

/// The answer to a request.
enum Answer {
    Given(Response<Full<Bytes>>),
    Lost,
}

/// Receives a request and answers it.
///
/// # Errors
/// The client is gone, or the answer is lost: the connection ends.
pub(super) async fn answer(
    request: Request<Incoming>,
    received: Arc<Mutex<Received>>,
) -> Result<Response<Full<Bytes>>, &'static str> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| "the client is gone")?.to_bytes();
    let mut received = received.lock().unwrap_or_else(PoisonError::into_inner);
    match received.take(&head, body) {
        Answer::Given(response) => Ok(response),
        Answer::Lost => Err("the answer is lost"),
    }
}

impl Received {
    pub(super) fn new(schema: Option<JsonSchema>) -> Self {
        let (products, requests) = (BTreeMap::new(), FeedRequests::default());
        Self { schema, products, requests, faults: Vec::new(), bodies: HashMap::new() }
    }

    pub(super) fn put(&mut self, product: Value) {
        let id = product["id"].as_str().unwrap_or_default().to_owned();
        self.products.insert(id, product);
    }

    /// Takes a request. Of ten two are refused before they are applied, and three are applied without saying so.
    fn take(&mut self, head: &http::request::Parts, body: Bytes) -> Answer {
        self.requests.all += 1;
        self.requests.lists += u64::from(head.method == Method::GET);
        if head.uri.path() != format!("/acp/feeds/{FEED}/products") {
            return self.invalid(StatusCode::NOT_FOUND, format!("no feed at {}", head.uri));
        }
        let turn = self.requests.all % 10;
        if turn == 1 || turn == 6 {
            self.requests.refused += 1;
            let mut response = match turn {
                1 => respond(StatusCode::SERVICE_UNAVAILABLE, &json!({})),
                _ => respond(StatusCode::TOO_MANY_REQUESTS, &json!({})),
            };
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("0"));
            return Answer::Given(response);
        }
        if let Some(fault) = self.fault_of(&head.method, &head.headers, &body) {
            return self.invalid(StatusCode::BAD_REQUEST, fault);
        }
        match turn {
            3 | 8 => {
                self.requests.lost += 1;
                Answer::Lost
            }
            // As a host answers that takes the first attempt for one still under way.
            5 => {
                self.requests.lost += 1;
                let code = "idempotency_in_flight";
                let error = json!({ "type": "invalid_request", "code": code, "message": "wait" });
                Answer::Given(respond(StatusCode::CONFLICT, &error))
            }
            _ if head.method == Method::GET => {
                let products: Vec<_> = self.products.values().collect();
                Answer::Given(respond(StatusCode::OK, &json!({ "products": products })))
            }
            _ => Answer::Given(respond(StatusCode::OK, &json!({ "id": FEED, "accepted": true }))),
        }
    }

    /// The fault of a request; one without a fault is applied.
    fn fault_of(&mut self, method: &Method, headers: &HeaderMap, body: &Bytes) -> Option<String> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        if text("api-version") != Some(API_VERSION) {
            return Some(format!("the api-version is {:?}", text("api-version")));
        }
        if *method == Method::GET {
            return None;
        }
        if *method != Method::PATCH {
            return Some(format!("{method} is no method of products"));
        }
        let Some(key) = text("idempotency-key") else {
            return Some("there is no idempotency-key".to_owned());
        };
        let earlier = self.bodies.entry(key.to_owned()).or_insert_with(|| body.clone());
        if earlier != body {
            return Some(format!("the idempotency-key {key} was that of another body"));
        }
        let sent: Value = match serde_json::from_slice(body) {
            Ok(sent) => sent,
            Err(error) => return Some(format!("the body is no JSON: {error}")),
        };
        let schema = self.schema.as_ref();
        if let Some(fault) = schema.and_then(|it| it.fault("UpsertProductsRequest", &sent)) {
            return Some(fault);
        }
        let Some(products) = sent["products"].as_array().filter(|products| !products.is_empty())
        else {
            return Some("products must have at least one".to_owned());
        };
        products.iter().cloned().for_each(|product| self.put(product));
        None
    }

    fn invalid(&mut self, status: StatusCode, fault: String) -> Answer {
        let error = json!({ "type": "invalid_request", "code": "invalid", "message": fault });
        self.faults.push(fault);
        Answer::Given(respond(status, &error))
    }
}

fn respond(status: StatusCode, json: &Value) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(json.to_string())));
    *response.status_mut() = status;
    response
}
