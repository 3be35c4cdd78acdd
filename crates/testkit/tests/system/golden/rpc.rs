//! gRPC, gRPC-web and Connect.

use std::time::Duration;

use bytes::{BufMut as _, Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::{Value, json};
use testkit::{GrpcClient, HttpClient};
use tonic::{Code, Status};
use url::form_urlencoded::Serializer;

use super::{
    Outcomes,
    case::{Call, Case, Form},
    messages::Messages,
    outcome,
};

const TIMEOUT: Duration = Duration::from_secs(20);
/// The flag of a frame with the trailers of gRPC-web.
const TRAILERS: u8 = 0x80;
/// The flag of the last frame of a stream of Connect.
const END: u8 = 0x02;

/// The calls over gRPC, with which all others are compared.
pub(super) struct Grpc<'a> {
    client: GrpcClient,
    messages: &'a Messages,
}

impl<'a> Grpc<'a> {
    pub(super) async fn connect(addr: &str, messages: &'a Messages) -> Self {
        Self { client: GrpcClient::connect(addr, TIMEOUT).await.unwrap(), messages }
    }

    /// The call of a case, with the token of the first page if the second is asked for.
    pub(super) async fn prepare<'c>(&self, case: &'c Case) -> Call<'c> {
        let declared = self.messages.method(&case.rpc);
        let of = |request: Value, page_token: String| Call {
            case,
            message: self.messages.encode(&case.rpc, &request),
            page_token,
            streams: declared.method.shape.streams(),
            form: declared.http.first().map(|rule| Form::of(rule, &request)).unwrap_or_default(),
            request,
        };
        let first = of(case.request.clone(), String::new());
        if !case.second_page {
            return first;
        }
        let token = match self.exchange(&first).await.unwrap() {
            (_, trailers) if first.streams => text(&trailers, "next-page-token"),
            (mut messages, _) => {
                let page = self.messages.decode(&case.rpc, &messages.remove(0));
                page["nextPageToken"].as_str().unwrap_or_default().to_owned()
            }
        };
        assert!(!token.is_empty(), "{} has no second page", case.name);
        let mut request = case.request.clone();
        request["pageToken"] = json!(token);
        of(request, token)
    }

    pub(super) async fn ask(&self, calls: &[Call<'_>]) -> Outcomes {
        let mut outcomes = Outcomes::new();
        for call in calls {
            let result = self.exchange(call).await.map(|(messages, _)| messages);
            outcomes.insert(call.case.name.clone(), of_messages(self.messages, call, result));
        }
        outcomes
    }

    async fn exchange(&self, call: &Call<'_>) -> Result<(Vec<Bytes>, HeaderMap), Status> {
        let client = self.client.clone();
        let response = client.send(&call.path(), &[], framed(&call.message)).await.unwrap();
        let status = response.status().unwrap_or_else(|| Status::unknown("there is no status"));
        match status.code() {
            Code::Ok => {
                let frames = frames(&response.body).into_iter();
                Ok((frames.map(|(_, message)| message).collect(), response.trailers))
            }
            _ => Err(status),
        }
    }
}

/// The outcome of the messages of an answer: one, or a list of those of a stream.
pub(super) fn of_messages(
    messages: &Messages,
    call: &Call<'_>,
    result: Result<Vec<Bytes>, Status>,
) -> Value {
    let read = |bytes: &Bytes| messages.decode(&call.case.rpc, bytes);
    match result {
        Ok(bytes) if call.streams => outcome::answer(bytes.iter().map(read).collect()),
        Ok(bytes) => outcome::answer(bytes.first().map(read).unwrap_or_default()),
        Err(status) => outcome::of_status(&status),
    }
}

pub(super) async fn over_web(
    http: &HttpClient,
    messages: &Messages,
    calls: &[Call<'_>],
) -> Outcomes {
    let mut outcomes = Outcomes::new();
    for call in calls {
        let headers = [("content-type", "application/grpc-web+proto")];
        let sent = http.send(Method::POST, &call.path(), &headers, framed(&call.message)).await;
        let sent = sent.unwrap();
        let (trailers, bytes): (Vec<_>, Vec<_>) =
            frames(&sent.body).into_iter().partition(|(flags, _)| *flags == TRAILERS);
        let trailers = trailers.first().map(|(_, lines)| trailers_of(lines));
        let status = Status::from_header_map(trailers.as_ref().unwrap_or(&sent.headers));
        let result = match status {
            Some(status) if status.code() != Code::Ok => Err(status),
            Some(_) => Ok(bytes.into_iter().map(|(_, message)| message).collect()),
            None => Err(Status::unknown("there is no status")),
        };
        outcomes.insert(call.case.name.clone(), of_messages(messages, call, result));
    }
    outcomes
}

fn trailers_of(lines: &[u8]) -> HeaderMap {
    let text = String::from_utf8_lossy(lines);
    let pairs = text.lines().filter_map(|line| line.split_once(':'));
    let header = |(name, value): (&str, &str)| {
        Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value.trim()).ok()?))
    };
    pairs.filter_map(header).collect()
}

/// Over Connect, as JSON: unary calls by POST, and streams.
pub(super) async fn over_connect(http: &HttpClient, calls: &[Call<'_>]) -> Outcomes {
    let mut outcomes = Outcomes::new();
    for call in calls {
        let body = call.request.to_string();
        let outcome = if call.streams {
            let headers = [("content-type", "application/connect+json")];
            let body = framed(body.as_bytes());
            let sent = http.send(Method::POST, &call.path(), &headers, body).await.unwrap();
            of_stream(&sent.body)
        } else {
            let headers = [("content-type", "application/json")];
            let sent = http.send(Method::POST, &call.path(), &headers, body).await.unwrap();
            of_unary(sent.status.is_success(), sent.json())
        };
        outcomes.insert(call.case.name.clone(), outcome);
    }
    outcomes
}

pub(super) async fn over_connect_get(http: &HttpClient, calls: &[&Call<'_>]) -> Outcomes {
    let mut outcomes = Outcomes::new();
    for call in calls {
        let mut query = Serializer::new(String::new());
        query.append_pair("connect", "v1").append_pair("encoding", "json");
        query.append_pair("message", &call.request.to_string());
        let sent = http.get(&format!("{}?{}", call.path(), query.finish())).await.unwrap();
        let outcome = of_unary(sent.status.is_success(), sent.json());
        outcomes.insert(call.case.name.clone(), outcome);
    }
    outcomes
}

fn of_unary(succeeded: bool, answer: Value) -> Value {
    if succeeded { outcome::answer(answer) } else { of_error(&answer) }
}

fn of_stream(body: &Bytes) -> Value {
    let json = |bytes: &Bytes| serde_json::from_slice::<Value>(bytes).unwrap();
    let (ends, bytes): (Vec<_>, Vec<_>) =
        frames(body).into_iter().partition(|(flags, _)| flags & END != 0);
    let [(_, end)] = &ends[..] else { panic!("{} ends of a stream", ends.len()) };
    let end = json(end);
    if end["error"].is_object() {
        return of_error(&end["error"]);
    }
    outcome::answer(bytes.iter().map(|(_, message)| json(message)).collect())
}

/// The outcome of an error of Connect.
fn of_error(error: &Value) -> Value {
    let details = error["details"].as_array().into_iter().flatten();
    let of = |name: &str| {
        let mut details = details.clone().filter(|it| it["type"] == name);
        details.next().map(|it| it["debug"].clone()).unwrap_or_default()
    };
    let info = of("google.rpc.ErrorInfo");
    let reason = info["reason"].as_str().map_or_else(|| error.to_string(), str::to_owned);
    let request = of("google.rpc.BadRequest");
    let violations = request["fieldViolations"].as_array().into_iter().flatten();
    outcome::refused(&reason, violations.filter_map(|it| it["field"].as_str()))
}

/// A message behind its prefix.
fn framed(message: &[u8]) -> Bytes {
    let mut framed = BytesMut::with_capacity(5 + message.len());
    framed.put_u8(0);
    framed.put_u32(u32::try_from(message.len()).unwrap());
    framed.put_slice(message);
    framed.freeze()
}

/// Frames, each with its flags.
fn frames(body: &Bytes) -> Vec<(u8, Bytes)> {
    let (mut frames, mut rest) = (Vec::new(), body.clone());
    while rest.len() >= 5 {
        let prefix = rest.split_to(5);
        let length = u32::from_be_bytes([prefix[1], prefix[2], prefix[3], prefix[4]]) as usize;
        frames.push((prefix[0], rest.split_to(length)));
    }
    assert!(rest.is_empty(), "a frame is cut off");
    frames
}

fn text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default().to_owned()
}
