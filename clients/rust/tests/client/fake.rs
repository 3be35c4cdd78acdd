//! A catalogue that fails with given errors before it answers.

use std::{
    collections::VecDeque,
    convert::Infallible,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::Response,
};
use bytes::Bytes;
use catalogue_client::catalogue::v1::{
    AdjustStockRequest, BrowseProductsRequest, BrowseProductsResponse, Change, CreatedKey,
    GetProductRequest, Heartbeat, Product, StockLevel, WatchChangesRequest, WatchChangesResponse,
    watch_changes_response::Event,
};
use futures::stream;
use http::HeaderMap;
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody};
use prost::Message;
use rpc::{frame::framed, status::error};
use tokio::net::TcpListener;
use tonic::{Code, Status};

/// Products of all pages.
const PRODUCTS: usize = 5;

#[derive(Clone, Default)]
pub(crate) struct Fake(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    url: String,
    failures: VecDeque<Status>,
    headers: HeaderMap,
    request_ids: Vec<String>,
    pages: usize,
    /// The cursors of watches.
    watched: Vec<String>,
}

impl Fake {
    /// Starts it on a free port, and returns its URL.
    pub(crate) async fn start() -> (Self, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let fake = Self::default();
        fake.0.lock().unwrap().url.clone_from(&url);
        let router = Router::new().fallback(respond).with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (fake, url)
    }

    pub(crate) fn url(&self) -> String {
        self.0.lock().unwrap().url.clone()
    }

    /// Fails the next calls with these errors.
    pub(crate) fn fail_with(&self, failures: impl IntoIterator<Item = Status>) {
        let mut inner = self.0.lock().unwrap();
        assert!(inner.failures.is_empty(), "the earlier failures were met");
        inner.failures.extend(failures);
    }

    /// The ids of writes, one for each attempt.
    pub(crate) fn request_ids(&self) -> Vec<String> {
        self.0.lock().unwrap().request_ids.clone()
    }

    /// A header of the latest call.
    pub(crate) fn metadata(&self, name: &str) -> String {
        self.0.lock().unwrap().headers[name].to_str().unwrap().to_owned()
    }

    /// The number of pages that were read.
    pub(crate) fn pages(&self) -> usize {
        self.0.lock().unwrap().pages
    }

    /// The cursors with which watches began.
    pub(crate) fn watched(&self) -> Vec<String> {
        self.0.lock().unwrap().watched.clone()
    }
}

async fn respond(State(fake): State<Fake>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes().slice(5..);
    let mut fake = fake.0.lock().unwrap();
    fake.headers = head.headers;
    let method = head.uri.path().rsplit('/').next().unwrap();
    if method == "AdjustStock" {
        let request = AdjustStockRequest::decode(body.clone()).unwrap();
        fake.request_ids.push(request.request_id);
    }
    if let Some(status) = fake.failures.pop_front() {
        return status.into_http();
    }
    match method {
        "GetProduct" => {
            let id = GetProductRequest::decode(body).unwrap().product_id;
            messages([Product { id, ..Default::default() }])
        }
        "AdjustStock" => messages([StockLevel::default()]),
        "CreateKey" => messages([CreatedKey::default()]),
        "BrowseProducts" => {
            fake.pages += 1;
            messages([page(&BrowseProductsRequest::decode(body).unwrap())])
        }
        "WatchChanges" => {
            let request = WatchChangesRequest::decode(body).unwrap();
            fake.watched.push(request.cursor.clone());
            watch(&request)
        }
        other => Status::unimplemented(other).into_http(),
    }
}

fn page(request: &BrowseProductsRequest) -> BrowseProductsResponse {
    let from: usize = request.page_token.parse().unwrap_or_default();
    let end = (from + usize::try_from(request.page_size).unwrap()).min(PRODUCTS);
    let product = |id: usize| Product { id: id.to_string(), ..Default::default() };
    BrowseProductsResponse {
        products: (from..end).map(product).collect(),
        next_page_token: if end < PRODUCTS { end.to_string() } else { String::new() },
        ..Default::default()
    }
}

/// Two events after the cursor and a heartbeat, then the end of the connection.
fn watch(request: &WatchChangesRequest) -> Response {
    if request.cursor == "expired" {
        return error(Code::FailedPrecondition, "CURSOR_EXPIRED", "begin again").into_http();
    }
    if !request.filter.is_empty() {
        return error(Code::InvalidArgument, "FILTER_INVALID", "column 1").into_http();
    }
    let last: u32 = request.cursor.parse().unwrap_or_default();
    let event = |cursor: u32, event| WatchChangesResponse {
        cursor: cursor.to_string(),
        event: Some(event),
    };
    messages([
        event(last + 1, Event::Change(Change::default())),
        event(last + 2, Event::Change(Change::default())),
        event(last + 2, Event::Heartbeat(Heartbeat::default())),
    ])
}

/// A response of these messages.
fn messages<M: Message, const N: usize>(messages: [M; N]) -> Response {
    let frames = messages.map(|message| Frame::data(framed(&message.encode_to_vec())));
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", 0.into());
    let frames = frames.into_iter().chain([Frame::<Bytes>::trailers(trailers)]);
    let body = StreamBody::new(stream::iter(frames.map(Ok::<_, Infallible>)));
    let mut response = Response::new(Body::new(body));
    response.headers_mut().insert("content-type", "application/grpc".parse().unwrap());
    response
}
