//! Streams that are open while the canaries are planted.

use std::sync::{Arc, Mutex};

use http::Method;
use http_body_util::BodyExt as _;
use testkit::{HttpClient, until};
use tokio::task::JoinHandle;

use super::{Canaries, PUBLIC, plant::Ids};
use crate::access::Restricted;

/// The received events of each stream.
pub(super) struct Streams(Vec<Stream>);

struct Stream {
    path: String,
    received: Arc<Mutex<Vec<u8>>>,
    reading: JoinHandle<()>,
}

/// Opens all event streams.
pub(super) async fn open(system: &Restricted, ids: &Ids) -> Streams {
    let Ids { draft, deleted, withdrawn, .. } = ids;
    let mut streams = Vec::new();
    for path in [
        "/v1/changes".to_owned(),
        "/v1/changes?filter=brand%3D%22Kiln%22%20OR%20stock_qty%20%3E%200".to_owned(),
        format!("/v1/changes?productIds={draft}&productIds={withdrawn}"),
        format!("/v1/availability?productId={draft}&productId={deleted}&productId=public"),
    ] {
        let web = HttpClient::new(system.fleet.url(""));
        let headers = [("accept", "text/event-stream")];
        let opened = web.open(Method::GET, &path, &headers, "").await.unwrap();
        assert!(opened.status().is_success(), "{path}: {}", opened.status());
        let received = Arc::new(Mutex::new(Vec::new()));
        let (mut body, sink) = (opened.into_body(), received.clone());
        let reading = tokio::spawn(async move {
            // Keeps the client: dropping it would close the connection.
            let _web = web;
            while let Some(Ok(frame)) = body.frame().await {
                if let Some(data) = frame.data_ref() {
                    sink.lock().unwrap().extend_from_slice(data);
                }
            }
        });
        streams.push(Stream { path, received, reading });
    }
    Streams(streams)
}

impl Streams {
    pub(super) async fn check(self, canaries: &Canaries) {
        let all = &self.0[0];
        until("the stream of changes has the newest", async || {
            let text = String::from_utf8_lossy(&all.received.lock().unwrap()).into_owned();
            (text.contains(PUBLIC) && text.contains("\"stockQty\":7")).then_some(())
        })
        .await;
        for stream in self.0 {
            canaries.check("stream", &stream.path, &stream.received.lock().unwrap());
            stream.reading.abort();
        }
    }
}
