//! The sitemap: an index of parts with 10,000 products each (<https://www.sitemaps.org/protocol.html>).
//!
//! The catalogue lists products by tokens, so the beginnings of the parts have to be walked to: once an hour at most,
//! on a crawler's request, and page by page, so that memory does not grow with the catalogue. While the first walk
//! lasts the index has the parts that are known.

use std::{
    fmt::Write as _,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use async_stream::try_stream;
use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
    routing::get,
};
use bytes::Bytes;
use futures::Stream;
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use proto::catalogue::v1::{BrowseProductsRequest, BrowseProductsResponse, Product};
use tokio::{sync::watch, time::timeout};
use tonic::Status;

use super::CACHE;
use crate::{
    base_url::BaseUrl, pages::product_path, problem::Problem, state::AppState, upstreams::Upstreams,
};

/// Products a page of the catalogue's list.
const PAGE: i32 = 1_000;
/// Pages a part: a part has 10,000 products, of the 50,000 that the protocol permits.
const PAGES: usize = 10;
/// How long the parts of a walk are used.
const FRESH: Duration = Duration::from_secs(3_600);
/// How long the index waits for a walk to end.
const WAIT: Duration = Duration::from_secs(5);
const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// The page tokens with which the parts begin. Cheap to clone.
#[derive(Clone)]
struct Parts(Arc<Mutex<Walk>>);

struct Walk {
    /// Of the last complete walk.
    tokens: Arc<[String]>,
    ended: Option<Instant>,
    /// The tokens found so far by the walk under way.
    running: Option<watch::Receiver<Vec<String>>>,
}

pub(super) fn router(state: &AppState) -> Router<AppState> {
    let walk = Walk { tokens: Arc::from([]), ended: None, running: None };
    let parts = Parts(Arc::new(Mutex::new(walk)));
    let upstreams = state.upstreams.clone().anonymous();
    let (for_part, part_upstreams) = (parts.clone(), upstreams.clone());
    let index = async move |State(base): State<BaseUrl>, uri: Uri, headers: HeaderMap| {
        index(&parts, &upstreams, &base.of(&uri, &headers)).await
    };
    let part = async move |State(base): State<BaseUrl>,
                           Path(name): Path<String>,
                           uri: Uri,
                           headers: HeaderMap| {
        let base = base.of(&uri, &headers);
        part(&for_part, part_upstreams, base, &name, uri.path()).await
    };
    Router::new().route("/sitemap.xml", get(index)).route("/sitemaps/{part}", get(part))
}

async fn index(parts: &Parts, upstreams: &Upstreams, base: &str) -> Result<Response, Problem> {
    let Some(known) = parts.known(upstreams).await else {
        let detail = "the sitemap is being made; come back in a minute";
        let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", detail);
        return Err(problem.with_header(header::RETRY_AFTER, HeaderValue::from_static("60")));
    };
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"{NAMESPACE}\">\n"
    );
    for number in 0..known {
        let base = escaped(base);
        writeln!(xml, "<sitemap><loc>{base}/sitemaps/products-{number}.xml</loc></sitemap>")
            .expect("writing to a String does not fail");
    }
    xml.push_str("</sitemapindex>\n");
    Ok(respond(xml.into()))
}

async fn part(
    parts: &Parts,
    upstreams: Upstreams,
    base: String,
    name: &str,
    path: &str,
) -> Result<Response, Problem> {
    parts.known(&upstreams).await;
    let number = name.strip_prefix("products-").and_then(|name| name.strip_suffix(".xml"));
    let number = number.and_then(|number| number.parse().ok());
    let token = number.and_then(|number| parts.token(number));
    let token = token.ok_or_else(|| Problem::no_such_route(path))?;
    Ok(respond(Body::from_stream(urls(upstreams, base, token))))
}

fn respond(body: Body) -> Response {
    let kind = HeaderValue::from_static("application/xml");
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, CACHE)], body).into_response()
}

impl Parts {
    /// The number of parts that are known; `None` if none is known yet. Begins a walk if there was none, or the
    /// last is old.
    async fn known(&self, upstreams: &Upstreams) -> Option<usize> {
        let running = {
            let mut walk = self.lock();
            let is_fresh = walk.ended.is_some_and(|ended| ended.elapsed() < FRESH);
            if is_fresh {
                return Some(walk.tokens.len());
            }
            let has_ended =
                walk.running.as_ref().is_none_or(|running| running.has_changed().is_err());
            if has_ended {
                let (sender, receiver) = watch::channel(Vec::new());
                walk.running = Some(receiver);
                tokio::spawn(self.clone().walk(upstreams.clone(), sender));
            }
            walk.running.clone()
        };
        if let Some(mut running) = running {
            // An error says that the walk has ended.
            timeout(WAIT, async { while running.changed().await.is_ok() {} }).await.ok();
        }
        let known = self.tokens().len();
        (known > 0 || self.lock().ended.is_some()).then_some(known)
    }

    /// The tokens of the last complete walk, or else of the walk under way.
    fn tokens(&self) -> Vec<String> {
        let walk = self.lock();
        match &walk.running {
            Some(running) if walk.ended.is_none() => running.borrow().clone(),
            _ => walk.tokens.to_vec(),
        }
    }

    fn token(&self, number: usize) -> Option<String> {
        self.tokens().get(number).cloned()
    }

    async fn walk(self, upstreams: Upstreams, found: watch::Sender<Vec<String>>) {
        let (mut token, mut pages) = (String::new(), 0);
        loop {
            let is_beginning = pages % PAGES == 0;
            let page = match page(&upstreams, token.clone()).await {
                Ok(page) => page,
                Err(status) => {
                    tracing::warn!(error = %status, "walking through the products for the sitemap failed");
                    return;
                }
            };
            if is_beginning && !page.products.is_empty() {
                found.send_modify(|tokens| tokens.push(token));
            }
            pages += 1;
            token = page.next_page_token;
            if token.is_empty() {
                break;
            }
        }
        let mut walk = self.lock();
        walk.tokens = found.borrow().as_slice().into();
        walk.ended = Some(Instant::now());
        walk.running = None;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Walk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn page(upstreams: &Upstreams, page_token: String) -> Result<BrowseProductsResponse, Status> {
    let filter = "status = ACTIVE".to_owned();
    let request =
        BrowseProductsRequest { page_size: PAGE, page_token, filter, ..Default::default() };
    Ok(upstreams.catalogue().browse_products(request).await?.into_inner())
}

/// The part that begins with a token. It breaks off if the catalogue fails.
fn urls(
    upstreams: Upstreams,
    base: String,
    mut token: String,
) -> impl Stream<Item = Result<Bytes, std::io::Error>> + Send {
    try_stream! {
        let base = escaped(&base);
        yield Bytes::from(format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"{NAMESPACE}\">\n"
        ));
        for _ in 0..PAGES {
            let page = page(&upstreams, token).await.map_err(std::io::Error::other)?;
            let mut xml = String::new();
            page.products.iter().for_each(|product| append(product, &base, &mut xml));
            yield xml.into();
            token = page.next_page_token;
            if token.is_empty() {
                break;
            }
        }
        yield Bytes::from_static(b"</urlset>\n");
    }
}

fn append(product: &Product, base: &str, xml: &mut String) {
    let path = escaped(&product_path(&product.id));
    write!(xml, "<url><loc>{base}{path}</loc>").expect("writing to a String does not fail");
    let time = product.update_time.as_ref();
    if let Some(time) = time.and_then(|time| serde_json::to_value(proto::time::Utc(time)).ok())
        && let Some(time) = time.as_str()
    {
        write!(xml, "<lastmod>{time}</lastmod>").expect("writing to a String does not fail");
    }
    xml.push_str("</url>\n");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
