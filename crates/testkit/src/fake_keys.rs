//! A web server with the keys of an identity provider.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
};

use axum::{Router, http::StatusCode, routing::get};
use tokio::{net::TcpListener, task::AbortHandle};

use crate::until;

/// A web server with the keys of an identity provider, on loopback. Ends when dropped.
#[derive(Debug)]
pub struct FakeKeys {
    addr: SocketAddr,
    state: Arc<State>,
    serving: AbortHandle,
}

#[derive(Debug, Default)]
struct State {
    document: Mutex<String>,
    fails: AtomicBool,
    asked: AtomicUsize,
}

impl FakeKeys {
    /// Starts one with this document (JWKS).
    ///
    /// # Panics
    /// If no port can be bound.
    pub async fn start(document: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let addr = listener.local_addr().expect("it is bound");
        let state = Arc::new(State { document: Mutex::new(document), ..State::default() });
        let served = Arc::clone(&state);
        let route = get(async move || served.respond());
        let app = Router::new().route("/keys", route);
        let serving = tokio::spawn(async move { axum::serve(listener, app).await }).abort_handle();
        Self { addr, state, serving }
    }

    /// The URL of the document.
    pub fn url(&self) -> String {
        format!("http://{}/keys", self.addr)
    }

    /// Replaces the document.
    pub fn set(&self, document: String) {
        *self.state.document.lock().unwrap_or_else(PoisonError::into_inner) = document;
    }

    /// Whether requests fail from now on.
    pub fn fail(&self, fails: bool) {
        self.state.fails.store(fails, SeqCst);
    }

    /// The number of requests so far.
    pub fn asked(&self) -> usize {
        self.state.asked.load(SeqCst)
    }

    /// Waits until there have been `times` requests.
    pub async fn has_been_asked(&self, times: usize) {
        until("the keys are fetched", async || (self.asked() >= times).then_some(())).await;
    }
}

impl State {
    fn respond(&self) -> (StatusCode, String) {
        self.asked.fetch_add(1, SeqCst);
        if self.fails.load(SeqCst) {
            return (StatusCode::SERVICE_UNAVAILABLE, String::new());
        }
        (StatusCode::OK, self.document.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

impl Drop for FakeKeys {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
