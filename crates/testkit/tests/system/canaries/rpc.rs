//! Calls every method that needs no credential, over gRPC, gRPC-web and Connect.

use std::time::Duration;

use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};
use contract::{Declared, Field, Holds, Messages, Method, Scope};
use futures::{StreamExt as _, stream};
use testkit::{HttpClient, Service};
use tokio::time::timeout;
use tonic::{
    Request, Status,
    client::Grpc,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    codegen::http::uri::PathAndQuery,
    transport::Channel,
};

use super::{Canaries, plant::Planted};
use crate::{access::Restricted, data::channel};

/// Calls at the same time.
const CONCURRENCY: usize = 16;
/// Time of silence after which a stream has sent all it has.
const SILENCE: Duration = Duration::from_millis(400);
const MAX_MESSAGES: usize = 200;
/// Probes of each field of a watch, which takes at least [`SILENCE`].
const WATCH_PROBES: usize = 4;

/// A request, and the values in it.
#[derive(Clone)]
struct Question {
    message: Bytes,
    asked: String,
}

pub(super) async fn read(
    system: &Restricted,
    canaries: &Canaries,
    planted: &Planted,
    probes: &[String],
) {
    let gateway = channel(&system.fleet.addr(Service::Gateway)).await;
    let catalogue = channel(&system.fleet.addr(Service::Catalogue)).await;
    let search = channel(&system.fleet.addr(Service::Search)).await;
    let web = HttpClient::new(system.fleet.url(""));
    let messages = Messages::of(proto::DESCRIPTORS);
    let mut methods = 0;
    for Declared { method, input, .. } in contract::declared(proto::DESCRIPTORS) {
        if method.scope != Some(Scope::Read) {
            continue;
        }
        methods += 1;
        let owner = if method.path.starts_with("/search.") { &search } else { &catalogue };
        let probes = match method.shape.streams() {
            true => &probes[..WATCH_PROBES.min(probes.len())],
            false => probes,
        };
        let questions = questions(messages.fields(&input), planted, probes);
        let calls = questions.iter().flat_map(|question| {
            [owner, &gateway].map(|channel| call(channel, method, question.clone(), canaries))
        });
        stream::iter(calls).buffer_unordered(CONCURRENCY).collect::<()>().await;
        if !method.shape.streams() {
            let calls = questions.iter().map(|question| over_web(&web, method, question, canaries));
            stream::iter(calls).buffer_unordered(CONCURRENCY).collect::<()>().await;
        }
    }
    assert!(methods > 10, "{methods}");
}

/// The empty request, each field with each probe, and the same of a hidden product and of a public one.
fn questions(fields: &[Field], planted: &Planted, probes: &[String]) -> Vec<Question> {
    let mut questions = vec![Question { message: Bytes::new(), asked: String::new() }];
    let of_product = fields.iter().find(|field| field.name.starts_with("product_id"));
    let bases = of_product.into_iter().flat_map(|field| {
        [&planted.draft, &planted.deleted, &planted.once_draft].map(|id| text(field, id))
    });
    questions.extend(bases);
    let bases = questions.clone();
    for base in bases {
        for field in fields {
            for value in values(field, probes) {
                let message = [base.message.as_ref(), &value.message].concat().into();
                let asked = format!("{} {}", base.asked, value.asked);
                questions.push(Question { message, asked });
            }
        }
    }
    questions
}

fn values(field: &Field, probes: &[String]) -> Vec<Question> {
    let number = |number: u64| {
        let mut message = BytesMut::new();
        prost::encoding::encode_key(field.number, prost::encoding::WireType::Varint, &mut message);
        prost::encoding::encode_varint(number, &mut message);
        Question { message: message.freeze(), asked: String::new() }
    };
    match &field.holds {
        Holds::Text => probes.iter().map(|probe| text(field, probe)).collect(),
        Holds::Flag => vec![number(1)],
        Holds::Whole(_) => vec![number(1), number(100)],
        Holds::Choice(values) => (0..values.len() as u64).map(number).collect(),
        Holds::Number | Holds::Message(_) | Holds::Other => Vec::new(),
    }
}

fn text(field: &Field, value: &str) -> Question {
    let mut message = BytesMut::new();
    let kind = prost::encoding::WireType::LengthDelimited;
    prost::encoding::encode_key(field.number, kind, &mut message);
    prost::encoding::encode_varint(value.len() as u64, &mut message);
    message.put_slice(value.as_bytes());
    Question { message: message.freeze(), asked: value.to_owned() }
}

async fn call(channel: &Channel, method: Method, question: Question, canaries: &Canaries) {
    let mut grpc = Grpc::new(channel.clone());
    grpc.ready().await.unwrap();
    let Question { message, asked } = question;
    let request = Request::new(tokio_stream::iter([message]));
    let path = PathAndQuery::from_static(method.path);
    let mut answers = match grpc.streaming(request, path, Raw).await {
        Err(status) => return check_status(method, &asked, &status, canaries),
        Ok(response) => response.into_inner(),
    };
    for _ in 0..MAX_MESSAGES {
        match timeout(SILENCE, answers.message()).await {
            Ok(Ok(Some(answer))) => canaries.check(method.path, &asked, &answer),
            Ok(Err(status)) => return check_status(method, &asked, &status, canaries),
            Ok(Ok(None)) | Err(_) => return,
        }
    }
}

fn check_status(method: Method, asked: &str, status: &Status, canaries: &Canaries) {
    canaries.check(method.path, asked, status.details());
    canaries.check(method.path, asked, format!("{status:?}").as_bytes());
}

async fn over_web(web: &HttpClient, method: Method, question: &Question, canaries: &Canaries) {
    let mut frame = BytesMut::new();
    frame.put_u8(0);
    frame.put_u32(u32::try_from(question.message.len()).unwrap());
    frame.put_slice(&question.message);
    let headers = [("content-type", "application/grpc-web+proto")];
    let sent = web.send(http::Method::POST, method.path, &headers, frame.freeze()).await.unwrap();
    canaries.check("grpc-web", &question.asked, format!("{:?}", sent.headers).as_bytes());
    canaries.check("grpc-web", &question.asked, &sent.body);
    let (headers, message) = ([("content-type", "application/proto")], question.message.clone());
    let sent = web.send(http::Method::POST, method.path, &headers, message).await.unwrap();
    canaries.check("connect", &question.asked, format!("{:?}", sent.headers).as_bytes());
    canaries.check("connect", &question.asked, &sent.body);
}

/// Messages as bytes.
struct Raw;

impl Codec for Raw {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put(item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(buffer.copy_to_bytes(buffer.remaining())))
    }
}
