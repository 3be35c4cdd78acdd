//! Compression on request: of messages of gRPC in both directions, and of lines of JSON.

use std::{
    io::{Read as _, Write as _},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use flate2::{Compression, read::MultiGzDecoder, write::GzEncoder};
use prost::Message as _;
use proto::catalogue::v1::{GetProductRequest, ListProductsRequest, Product};
use rpc::{frame::framed, status::reason};
use testkit::{GrpcClient, GrpcResponse};
use tonic::Code;

use crate::harness::{Environment, within_timeout};

const GET: &str = "/catalogue.v1.CatalogueService/GetProduct";
const LIST: &str = "/catalogue.v1.CatalogueService/ListProducts";
const PREFIX: usize = 5;

async fn call(
    env: &Environment,
    method: &str,
    headers: &[(&'static str, &'static str)],
    body: Bytes,
) -> GrpcResponse {
    let addr = env.gateway.addr.to_string();
    let client = GrpcClient::connect(&addr, Duration::from_secs(20)).await.unwrap();
    within_timeout("a response", client.send(method, headers, body)).await.unwrap()
}

fn gzipped(message: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(vec![1, 0, 0, 0, 0], Compression::best());
    encoder.write_all(message).unwrap();
    let mut frame = encoder.finish().unwrap();
    let length = u32::try_from(frame.len() - PREFIX).unwrap();
    frame[1..PREFIX].copy_from_slice(&length.to_be_bytes());
    frame.into()
}

fn gunzipped(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    MultiGzDecoder::new(bytes).read_to_end(&mut plain).unwrap();
    plain
}

/// The products of a response, and how many of their messages were compressed.
fn products(response: &GrpcResponse) -> (Vec<Product>, usize) {
    let mut body = BytesMut::from(&response.body[..]);
    let (mut products, mut compressed) = (Vec::new(), 0);
    while !body.is_empty() {
        let length = u32::from_be_bytes(body[1..PREFIX].try_into().unwrap()) as usize;
        let frame = body.split_to(PREFIX + length);
        let message = match frame[0] {
            1 => gunzipped(&frame[PREFIX..]),
            _ => frame[PREFIX..].to_vec(),
        };
        compressed += usize::from(frame[0]);
        products.push(Product::decode(&message[..]).unwrap());
    }
    (products, compressed)
}

fn get(id: &str) -> Vec<u8> {
    GetProductRequest { product_id: id.to_owned(), ..Default::default() }.encode_to_vec()
}

#[tokio::test]
async fn messages_are_compressed_in_both_directions_on_request() {
    let env = Environment::start().await;
    let long = "a very long name ".repeat(500);
    for (id, name) in [("long", &*long), ("short", "Mug")] {
        env.fake.put_named(id, name, 1);
    }
    let sent = ("grpc-encoding", "gzip");
    let accepted = ("grpc-accept-encoding", "identity,deflate,gzip");
    for (headers, request) in [
        (&[accepted][..], framed(&get("long"))),
        (&[sent, accepted], gzipped(&get("long"))),
        (&[sent, accepted], framed(&get("long"))),
    ] {
        let response = call(&env, GET, headers, request).await;
        assert_eq!(response.status().unwrap().code(), Code::Ok, "{response:?}");
        assert_eq!(response.headers["grpc-encoding"], "gzip");
        let (found, compressed) = products(&response);
        assert_eq!((&found[0].name, compressed), (&long, 1));
        assert!(env.fake.metadata("grpc-accept-encoding").is_none(), "for the gateway alone");
    }
    let plain = call(&env, GET, &[sent], gzipped(&get("long"))).await;
    assert_eq!((products(&plain).1, plain.headers.get("grpc-encoding")), (0, None));
    let list = ListProductsRequest::default().encode_to_vec();
    let list = call(&env, LIST, &[sent, accepted], gzipped(&list)).await;
    let (found, compressed) = products(&list);
    assert_eq!((found.len(), compressed), (2, 1), "the short message is not compressed");
    assert_eq!(list.status().unwrap().code(), Code::Ok);
}

#[tokio::test]
async fn compressed_messages_are_read_within_the_limit() {
    let env = Environment::start().await;
    let gzip = [("grpc-encoding", "gzip")];
    let bomb = gzipped(&vec![0; 256 << 20]);
    assert!(bomb.len() < 1 << 20);
    let garbage = Bytes::from_static(&[1, 0, 0, 0, 3, 7, 7, 7]);
    for (headers, request, code, expected) in [
        (&gzip[..], bomb, Code::ResourceExhausted, "MESSAGE_TOO_LARGE"),
        (&gzip, garbage.clone(), Code::InvalidArgument, "MESSAGE_INVALID"),
        (&[], garbage.clone(), Code::InvalidArgument, "MESSAGE_INVALID"),
        (
            &[("grpc-encoding", "zstd")],
            garbage,
            Code::Unimplemented,
            "CONTENT_ENCODING_UNSUPPORTED",
        ),
    ] {
        let status = call(&env, GET, headers, request).await.status().unwrap();
        assert_eq!((status.code(), reason(&status).as_deref()), (code, Some(expected)));
        if code == Code::Unimplemented {
            assert_eq!(status.metadata().get("grpc-accept-encoding").unwrap(), "identity,gzip");
        }
    }
}

#[tokio::test]
async fn lines_are_compressed_on_request_and_none_waits_for_the_next() {
    let env = Environment::start().await;
    env.fake.put_named("mug", "A mug that is waited for", 1);
    let (http, gzip) = (env.http(), [("accept-encoding", "gzip")]);
    for path in ["/v1/products:stream", "/v1/products:export"] {
        let compressed = http.send("GET", path, &gzip, "").await;
        assert_eq!(compressed.header("content-encoding"), "gzip");
        assert_eq!(gunzipped(&compressed.body), http.get(path).await.body, "{path}");
    }
    let mut first = Vec::new();
    let data = http.first_data("/v1/products:stream?pageToken=hang", &gzip).await;
    // The stream is not over, so that the end is missing.
    MultiGzDecoder::new(&data[..]).read_to_end(&mut first).unwrap_err();
    assert!(String::from_utf8(first).unwrap().contains("A mug that is waited for"));
}
