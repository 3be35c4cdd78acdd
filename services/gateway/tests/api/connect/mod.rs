//! The Connect protocol: the same answers as over gRPC and JSON, and the same limits.

mod attacks;
mod streams;
mod unary;

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use bytes::Bytes;
use prost::Message;
use serde_json::Value;
use tonic_types::pb;

use crate::{harness::Environment, http_client::HttpResponse};

const GET: &str = "/catalogue.v1.CatalogueService/GetProduct";
const CREATE: &str = "/catalogue.v1.CatalogueService/CreateProduct";
const LIST: &str = "/catalogue.v1.CatalogueService/ListProducts";
const VERSION: (&str, &str) = ("connect-protocol-version", "1");
const JSON: (&str, &str) = ("content-type", "application/json");
const PROTO: (&str, &str) = ("content-type", "application/proto");
const STREAM_JSON: (&str, &str) = ("content-type", "application/connect+json");
const STREAM_PROTO: (&str, &str) = ("content-type", "application/connect+proto");

async fn post(
    env: &Environment,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<Bytes>,
) -> HttpResponse {
    let headers = [&[VERSION][..], headers].concat();
    env.http().send("POST", path, &headers, body).await
}

/// The error in a unary response, after checks of its status and code.
fn error(response: &HttpResponse, http: u16, code: &str) -> Value {
    let error = response.json();
    assert_eq!(response.status.as_u16(), http, "{error}");
    assert_eq!(response.header("content-type"), "application/json");
    assert_eq!(response.header("x-content-type-options"), "nosniff");
    check_error(&error, code);
    error
}

fn check_error(error: &Value, code: &str) {
    assert_eq!(error["code"], code, "{error}");
    assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{error}");
}

/// The detail of an error, decoded from its bytes.
fn detail<M: Message + Default>(error: &Value, name: &str) -> M {
    let mut details = error["details"].as_array().unwrap().iter();
    let detail = details.find(|detail| detail["type"] == name);
    let detail = detail.unwrap_or_else(|| panic!("no {name} in {error}"));
    M::decode(&STANDARD_NO_PAD.decode(detail["value"].as_str().unwrap()).unwrap()[..]).unwrap()
}

fn reason(error: &Value) -> String {
    detail::<pb::ErrorInfo>(error, "google.rpc.ErrorInfo").reason
}

/// The first invalid field of an error.
fn field(error: &Value) -> String {
    let request: pb::BadRequest = detail(error, "google.rpc.BadRequest");
    request.field_violations[0].field.clone()
}

fn envelope(flags: u8, message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    [&[flags], &length[..], message].concat()
}

/// The messages of a stream, each with its flags.
fn envelopes(mut body: &[u8]) -> Vec<(u8, &[u8])> {
    let mut envelopes = Vec::new();
    while let Some((prefix, rest)) = body.split_first_chunk::<5>() {
        let length = u32::from_be_bytes(prefix[1..].try_into().unwrap()) as usize;
        envelopes.push((prefix[0], &rest[..length]));
        body = &rest[length..];
    }
    assert!(body.is_empty());
    envelopes
}

/// The messages of a stream, and its end.
fn stream(response: &HttpResponse) -> (Vec<(u8, &[u8])>, Value) {
    assert_eq!(response.status, 200, "{}", response.text());
    let mut envelopes = envelopes(&response.body);
    let (flags, end) = envelopes.pop().expect("the end of the stream");
    assert_eq!(flags, 2);
    (envelopes, serde_json::from_slice(end).unwrap())
}
