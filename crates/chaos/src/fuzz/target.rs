//! The places that read strangers' input, and the way of an input to them.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use http::Method;
use prost::Message as _;
use proto::catalogue::v1::{ImportProductsRequest, ImportRow, Product};
use rpc::frame::framed;
use testkit::{Fleet, GrpcClient, HttpClient, Service};
use tokio::time::timeout;
use tonic::Code;
use url::form_urlencoded::byte_serialize;

use super::mutator::Mutator;

/// Longer than any answer may take.
const TIMEOUT: Duration = Duration::from_secs(30);
const PRODUCTS: usize = 20;
/// Words of queries: operators, constraints, units, scripts.
const QUERY_WORDS: &[&str] = &[
    "\"",
    "mug",
    " -",
    "(",
    "ÅŸ",
    "\u{202e}",
    "🫖",
    "4006381333931",
    "*",
    " OR ",
    " under $",
    " without a ",
    " not ",
    "genuine ",
    "kiln ",
    " for ",
    "½\"",
    "2 x 8 GB",
    "1,000",
    "包",
    " between ",
    " and ",
];

const IMPORT: &str = "/catalogue.v1.TransferService/ImportProducts";

/// A place that reads input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Query,
    Filter,
    PageToken,
    Transcoder,
    Import,
}

/// The answer to an input.
#[derive(Debug)]
pub(super) enum Answer {
    Accepted,
    /// The input is the caller's fault.
    Refused,
    /// The input, and the response that shows a fault of the server, or the lack of a response.
    Fault(String, String),
}

/// Connections to the gateway, and an address that is answered in pages.
pub(super) struct Client {
    json: HttpClient,
    grpc: GrpcClient,
}

impl Target {
    /// Whether some of the inputs should be valid: a token that has been changed never is.
    pub(super) fn accepts(self) -> bool {
        self != Self::PageToken
    }

    /// Words of its language.
    pub(super) fn words(self) -> &'static [&'static str] {
        match self {
            Self::Query => QUERY_WORDS,
            Self::Filter => &[
                "(",
                ")",
                " AND ",
                " OR ",
                "NOT ",
                "-",
                ":",
                "=",
                "!=",
                "<=",
                "*",
                "\"",
                "\\",
                "brand",
                "price",
                "stock_qty",
                "attributes.",
                "variants.",
                "category_paths",
                "1e999",
                "2020-01-01T00:00:00Z",
                "true",
            ],
            Self::PageToken => &["A", "=", "-", "_", "AAAA", "."],
            Self::Transcoder => &[
                "{",
                "}",
                "[",
                "]",
                ",",
                ":",
                "\"",
                "null",
                "true",
                "1e400",
                "-0",
                "\\u0000",
                "\\ud800",
                "\"name\"",
                "\"variants\":",
                "\"updateMask\":",
                "\"etag\":",
                "\"price\":",
                "\"id\":",
                "NaN",
                "\u{feff}",
            ],
            Self::Import => &["\n", "\u{12}", "\u{1a}", "\0", "id", "\u{7f}", "mug"],
        }
    }
}

impl Client {
    /// Creates some products.
    pub(super) async fn open(fleet: &Fleet) -> Result<Self> {
        let json = HttpClient::new(fleet.url(""));
        for number in 0..PRODUCTS {
            let product =
                format!(r#"{{"id":"mug-{number}","name":"Mug {number}","brand":"Kiln"}}"#);
            let created = json.send(Method::POST, "/v1/products", &[], product).await?;
            ensure!(created.status.is_success(), "{}", created.text());
        }
        let grpc = GrpcClient::connect(&fleet.addr(Service::Gateway), TIMEOUT).await?;
        Ok(Self { json, grpc })
    }

    /// Valid inputs.
    pub(super) async fn examples(&self, target: Target) -> Result<Vec<Vec<u8>>> {
        let texts: &[&str] = match target {
            Target::Query => &[
                "stoneware mug",
                "\"blue mug\" -red",
                "4006381333931",
                "mgu",
                "mug from 5 to 10 dollars",
                "mug for tea without a handle",
            ],
            Target::Filter => &[
                "brand = \"Kiln\" AND price < 20",
                "NOT (stock_qty >= 3 OR name:\"mug\")",
                "attributes.colour:\"blue\" OR labels:new",
            ],
            Target::PageToken => {
                let page = self.json.get("/v1/products?pageSize=5").await?.json();
                let token = page["nextPageToken"].as_str().context("a second page")?;
                return Ok(vec![token.as_bytes().to_vec()]);
            }
            Target::Transcoder => &[
                r#"{"name":"Mug","brand":"Kiln","price":{"currencyCode":"EUR","units":"14","nanos":500000000}}"#,
                r#"{"id":"mug-1","variants":[{"sku":"a","stockQty":3,"optionValues":[{"name":"size","value":"S"}]}]}"#,
                r#"{"delta":-1,"requestId":"a"}"#,
            ],
            Target::Import => {
                let row = |line| ImportRow {
                    line,
                    product: Some(Product {
                        id: format!("mug-{line}"),
                        name: "Mug".to_owned(),
                        labels: vec!["new".to_owned()],
                        ..Default::default()
                    }),
                    ..Default::default()
                };
                let rows = (1..=3).map(row).collect();
                let request = ImportProductsRequest { rows, ..Default::default() };
                return Ok(vec![request.encode_to_vec()]);
            }
        };
        Ok(texts.iter().map(|text| text.as_bytes().to_vec()).collect())
    }

    /// Sends the next input.
    pub(super) async fn send(&self, target: Target, mutator: &mut Mutator) -> Answer {
        let get = |path: &str, input: &str| {
            let input: String = byte_serialize(input.as_bytes()).collect();
            (Method::GET, format!("{path}{input}"), String::new())
        };
        let text = mutator.next_text();
        let is_forged =
            target == Target::PageToken && !text.is_empty() && !mutator.is_example(&text);
        let (method, path, body) = match target {
            Target::Query => get("/v1/search?q=", &text),
            Target::Filter if text.len().is_multiple_of(2) => get("/v1/products?filter=", &text),
            Target::Filter => get("/v1/search?filter=", &text),
            Target::PageToken => get("/v1/products?pageSize=5&pageToken=", &text),
            Target::Transcoder => transcoded(text, mutator),
            Target::Import => return self.import(mutator).await,
        };
        let shown = format!("{method} {path} {body}");
        let sent = timeout(TIMEOUT, self.json.send(method, &path, &[], body)).await;
        match sent {
            Ok(Ok(response)) if response.status.is_success() && is_forged => {
                Answer::Fault(shown, "a forged page token was accepted".to_owned())
            }
            Ok(Ok(response)) if response.status.is_success() => Answer::Accepted,
            Ok(Ok(response)) if response.status.is_client_error() => Answer::Refused,
            Ok(Ok(response)) => {
                Answer::Fault(shown, format!("{} {}", response.status, response.text()))
            }
            Ok(Err(error)) => Answer::Fault(shown, format!("{error:#}")),
            Err(_) => Answer::Fault(shown, "no answer".to_owned()),
        }
    }

    /// An import of a message that has been changed, or of one with a changed text.
    async fn import(&self, mutator: &mut Mutator) -> Answer {
        let input = mutator.next();
        let message = match input.len().is_multiple_of(2) {
            true => input,
            false => {
                let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
                let product = Product {
                    id: text(input),
                    name: mutator.next_text(),
                    brand: mutator.next_text(),
                    ..Default::default()
                };
                let row = ImportRow { line: 1, product: Some(product), ..Default::default() };
                ImportProductsRequest { rows: vec![row], ..Default::default() }.encode_to_vec()
            }
        };
        let shown = format!("{message:?}");
        let sent = self.grpc.clone().send(IMPORT, &[], framed(&message));
        match timeout(TIMEOUT, sent).await {
            Ok(Ok(response)) => match response.status() {
                Some(status) if status.code() == Code::Ok => Answer::Accepted,
                Some(status) if status.code() == Code::InvalidArgument => Answer::Refused,
                status => Answer::Fault(shown, format!("{status:?}")),
            },
            Ok(Err(error)) => Answer::Fault(shown, format!("{error:#}")),
            Err(_) => Answer::Fault(shown, "no answer".to_owned()),
        }
    }
}

/// A write of a changed body, or to a changed address.
fn transcoded(text: String, mutator: &mut Mutator) -> (Method, String, String) {
    let changed: String = byte_serialize(mutator.next_text().as_bytes()).collect();
    match text.len() % 5 {
        0 => (Method::POST, "/v1/products".to_owned(), text),
        1 => (Method::PATCH, "/v1/products/mug-1".to_owned(), text),
        2 => (Method::POST, "/v1/products/mug-1:adjustStock".to_owned(), text),
        3 => (Method::PUT, format!("/v1/products/{changed}?updateMask={changed}"), text),
        _ => (Method::GET, format!("/v1/products?pageSize={changed}&{changed}"), String::new()),
    }
}
