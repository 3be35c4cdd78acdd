//! Invalid input: limits, undecodable messages, forged tokens.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use prost::bytes::BufMut as _;
use proto::catalogue::v1::{
    Attribute, BrowseProductsRequest, ListProductRevisionsRequest, ListProductsRequest, Media,
    OptionValue, Product, attribute,
};
use tonic::{
    Code, Request, Status,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
};

use crate::{
    products::{get, update},
    support::{Catalogue, assert_invalid, assert_refused, product, soon},
    variants::{shirt, variant},
};

fn text(name: &str, text: &str, unit: &str) -> Attribute {
    let value = Some(attribute::Value::Text(text.to_owned()));
    Attribute { name: name.to_owned(), value, unit: unit.to_owned() }
}

/// One product for each limit, just beyond it, and the invalid field.
fn past_each_limit() -> Vec<(&'static str, Product)> {
    let x = |count: usize| "x".repeat(count);
    let plain = || product("mug");
    let many = |count: usize| (0..count).map(|number| number.to_string()).collect::<Vec<_>>();
    let picture = |url: String, alt: String| Media { url, alt, ..Default::default() };
    let option = |name: String, value: String| {
        let option_values = vec![OptionValue { name, value }];
        shirt("mug", vec![proto::catalogue::v1::Variant { option_values, ..variant("a", "", 0) }])
    };
    let attributes = |attributes: Vec<Attribute>| Product { attributes, ..plain() };
    let names = many(501);
    let attributes_501 = names.iter().map(|name| text(name, "", "")).collect();
    vec![
        ("id", product(&x(129))),
        ("name", Product { name: x(1_001), ..plain() }),
        ("description", Product { description: x(20_001), ..plain() }),
        ("brand", Product { brand: x(201), ..plain() }),
        ("external_id", Product { external_id: x(257), ..plain() }),
        ("image_urls", Product { image_urls: vec!["/a".to_owned(); 51], ..plain() }),
        ("image_urls[0]", Product { image_urls: vec![format!("/{}", x(2_048))], ..plain() }),
        ("media[0].alt", Product { media: vec![picture("/a".to_owned(), x(501))], ..plain() }),
        ("category_ids", Product { category_ids: many(33), ..plain() }),
        ("attributes", attributes(attributes_501)),
        ("attributes[0].name", attributes(vec![text(&x(201), "", "")])),
        ("attributes[0].text", attributes(vec![text("a", &x(10_001), "")])),
        ("attributes[0].unit", attributes(vec![text("a", "", "kg")])),
        ("labels", Product { labels: many(101), ..plain() }),
        ("labels[0]", Product { labels: vec![x(101)], ..plain() }),
        ("variants[0].sku", shirt("mug", vec![variant(&x(129), "S", 0)])),
        ("variants[0].option_values[0].name", option(x(101), x(1))),
        ("variants[0].option_values[0].value", option(x(1), x(201))),
    ]
}

/// One product for each text, with a NUL in it.
fn nul_in_each_text() -> Vec<(&'static str, Product)> {
    let nul = || "a\0b".to_owned();
    let plain = || product("mug");
    let picture = |url: String, alt: String| Media { url, alt, ..Default::default() };
    vec![
        ("id", product("a\0b")),
        ("name", Product { name: nul(), ..plain() }),
        ("description", Product { description: nul(), ..plain() }),
        ("brand", Product { brand: nul(), ..plain() }),
        ("image_urls[0]", Product { image_urls: vec!["/a\0b".to_owned()], ..plain() }),
        ("media[0].url", Product { media: vec![picture("/\0".to_owned(), nul())], ..plain() }),
        ("category_ids[0]", Product { category_ids: vec![nul()], ..plain() }),
        ("attributes[0].name", Product { attributes: vec![text("\0", "", "")], ..plain() }),
        ("attributes[0].text", Product { attributes: vec![text("a", "\0", "")], ..plain() }),
        ("labels[0]", Product { labels: vec![nul()], ..plain() }),
        ("external_id", Product { external_id: nul(), ..plain() }),
        ("variants[0].sku", shirt("mug", vec![variant("a\0", "S", 0)])),
        ("variants[0].option_values[0].value", shirt("mug", vec![variant("a", "\0", 0)])),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn violations_of_limits_and_nul_name_their_fields() {
    let catalogue = Catalogue::start().await;
    let kept = catalogue.create(product("kept")).await;
    for (field, broken) in past_each_limit().into_iter().chain(nul_in_each_text()) {
        let refused = catalogue.try_create(broken.clone()).await;
        let refusal = assert_refused(refused, Code::InvalidArgument, "INVALID_FIELD");
        let named = rpc::status::violations(&refusal);
        assert_eq!(named[0].0, field, "{refusal:?}");
        if field != "id" {
            let broken = Product { id: "kept".to_owned(), ..broken };
            let refused = update(&catalogue, broken, &[]).await;
            let refusal = assert_refused(refused, Code::InvalidArgument, "INVALID_FIELD");
            assert_eq!(rpc::status::violations(&refusal)[0].0, field, "{refusal:?}");
        }
    }
    for path in ["", "nonsense", "id", "etag", "revision", "delete_time", "variants.sku", "a\0"] {
        assert_invalid(update(&catalogue, product("kept"), &[path]).await, &["update_mask"]);
    }
    assert_eq!(get(&catalogue, "kept").await.unwrap(), kept);
}

/// Sends raw bytes; accepts any response.
#[derive(Default)]
struct Raw;

impl Codec for Raw {
    type Encode = Vec<u8>;
    type Decode = ();
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
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put_slice(&item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = ();
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<()>, Status> {
        use prost::bytes::Buf as _;
        buffer.advance(buffer.remaining());
        Ok(Some(()))
    }
}

async fn send(catalogue: &Catalogue, method: &'static str, message: Vec<u8>) -> Result<(), Status> {
    let mut client = tonic::client::Grpc::new(catalogue.channel.clone());
    client.ready().await.map_err(|error| Status::unknown(error.to_string()))?;
    let path = tonic::codegen::http::uri::PathAndQuery::from_static(method);
    soon(client.unary(Request::new(message), path, Raw)).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn undecodable_messages_fail_only_their_own_calls() {
    let catalogue = Catalogue::start().await;
    let create = "/catalogue.v1.CatalogueService/CreateProduct";
    let get_product = "/catalogue.v1.CatalogueService/GetProduct";
    // { product { name: <bytes> } }
    let named = |name: &[u8]| {
        let length = |bytes: usize| u8::try_from(bytes).unwrap();
        let mut message = vec![0x0a, length(name.len() + 2), 0x12, length(name.len())];
        message.extend_from_slice(name);
        message
    };
    send(&catalogue, create, named("Mug".as_bytes())).await.unwrap();
    let deep: Vec<u8> = vec![0x0b; 100_000];
    for (method, message) in [
        (create, named(b"\xff\xfe")),
        (create, named(b"a\xc3")),
        // A surrogate, which is not valid UTF-8.
        (create, named(b"\xed\xa0\x80")),
        // Length beyond the message, truncated, endless, and nested groups.
        (get_product, vec![0x0a, 0x7f, b'a']),
        (get_product, vec![0x0a]),
        (get_product, vec![0xff; 20]),
        (get_product, deep),
    ] {
        let refused = send(&catalogue, method, message).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{refused:?}");
        assert_eq!(rpc::status::reason(&refused).as_deref(), Some("MESSAGE_INVALID"));
        assert!(!refused.message().contains('/'), "{refused:?}");
    }
    catalogue.create(product("still-here")).await;
}

/// The token with each of its bits flipped, one at a time; truncated; and longer.
fn forgeries(token: &str) -> Vec<String> {
    let bytes = URL_SAFE_NO_PAD.decode(token).unwrap();
    let mut forged: Vec<Vec<u8>> = (0..bytes.len() * 8)
        .map(|bit| {
            let mut bytes = bytes.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            bytes
        })
        .collect();
    forged.push(bytes[..bytes.len() - 1].to_vec());
    forged.push([&bytes[..], b"0"].concat());
    forged.into_iter().map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_token_with_any_bit_flipped_is_refused() {
    let catalogue = Catalogue::start().await;
    for id in ["a", "b"] {
        catalogue.create(product(id)).await;
    }
    let renamed = Product { name: "Other".to_owned(), ..product("a") };
    update(&catalogue, renamed, &["name"]).await.unwrap();
    let mut products = catalogue.products();

    let request = BrowseProductsRequest { page_size: 1, ..Default::default() };
    let answer = products.browse_products(request.clone()).await.unwrap().into_inner();
    let forged = forgeries(&answer.next_page_token);
    assert!(forged.len() > 128);
    for page_token in forged {
        let request = BrowseProductsRequest { page_token, ..request.clone() };
        let refused = products.browse_products(request).await;
        assert_refused(refused, Code::InvalidArgument, "PAGE_TOKEN_INVALID");
    }

    let request = ListProductsRequest { page_size: 1, ..Default::default() };
    let mut answer = products.list_products(request.clone()).await.unwrap().into_inner();
    while soon(answer.message()).await.unwrap().is_some() {}
    let trailers = answer.trailers().await.unwrap().unwrap();
    for page_token in forgeries(trailers.get("next-page-token").unwrap().to_str().unwrap()) {
        let request = ListProductsRequest { page_token, ..request.clone() };
        let refused = products.list_products(request).await;
        assert_refused(refused, Code::InvalidArgument, "PAGE_TOKEN_INVALID");
    }

    let request = ListProductRevisionsRequest {
        product_id: "a".to_owned(),
        page_size: 1,
        page_token: String::new(),
    };
    let answer = products.list_product_revisions(request.clone()).await.unwrap().into_inner();
    for page_token in forgeries(&answer.next_page_token) {
        let request = ListProductRevisionsRequest { page_token, ..request.clone() };
        let refused = products.list_product_revisions(request).await;
        assert_refused(refused, Code::InvalidArgument, "PAGE_TOKEN_INVALID");
    }
    let request = ListProductRevisionsRequest { page_token: answer.next_page_token, ..request };
    let last = products.list_product_revisions(request).await.unwrap().into_inner();
    assert_eq!((last.revisions[0].revision, last.next_page_token.as_str()), (1, ""));
}
