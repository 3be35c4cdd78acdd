//! An identity provider at which people sign in (OpenID Connect).

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use axum::{
    Form, Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::AbortHandle};
use url::Url;

use crate::TokenIssuer;

/// An identity provider on loopback at which `anna` signs in. Ends when dropped.
#[derive(Debug)]
pub struct FakeIssuer {
    addr: SocketAddr,
    state: Arc<Provider>,
    serving: AbortHandle,
}

struct Provider {
    addr: SocketAddr,
    tokens: TokenIssuer,
    codes: Mutex<HashMap<String, Login>>,
    codes_made: AtomicUsize,
    /// Claims of the next ID tokens instead of the right ones.
    replaced: Mutex<Value>,
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Provider").field("addr", &self.addr).finish_non_exhaustive()
    }
}

/// The attempt that a code is for. It is taken once.
struct Login {
    nonce: String,
    challenge: String,
    redirect_uri: String,
}

impl FakeIssuer {
    /// The name of its client.
    pub const CLIENT_ID: &str = "desk";
    /// The secret of its client.
    pub const CLIENT_SECRET: &str = "a secret: of/the client";

    /// Starts one.
    ///
    /// # Panics
    /// If no port can be bound.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let addr = listener.local_addr().expect("it is bound");
        let state = Arc::new(Provider {
            addr,
            tokens: TokenIssuer::new("one"),
            codes: Mutex::default(),
            codes_made: AtomicUsize::new(0),
            replaced: Mutex::new(json!({})),
        });
        let app = Router::new()
            .route("/.well-known/openid-configuration", get(describe))
            .route("/keys", get(async |State(it): State<Arc<Provider>>| it.tokens.jwks()))
            .route("/token", post(redeem))
            .with_state(Arc::clone(&state));
        let serving = tokio::spawn(async move { axum::serve(listener, app).await }).abort_handle();
        Self { addr, state, serving }
    }

    /// Its issuer.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The claims that it puts into the next ID tokens, instead of the right ones.
    pub fn replace_claims(&self, claims: Value) {
        *lock(&self.state.replaced) = claims;
    }

    /// Signs `anna` in as a browser that was sent to `location`; returns the path that she is sent back to.
    ///
    /// # Panics
    /// If the request is not as it must be.
    pub fn sign_in(&self, location: &str) -> String {
        let location = Url::parse(location).expect("a URL");
        assert!(location.as_str().starts_with(&format!("{}/authorize?", self.url())));
        let query: HashMap<_, _> = location.query_pairs().into_owned().collect();
        let of = |name: &str| query.get(name).cloned().unwrap_or_default();
        assert_eq!(
            (of("response_type").as_str(), of("client_id").as_str()),
            ("code", Self::CLIENT_ID)
        );
        assert_eq!(of("code_challenge_method"), "S256");
        assert!(of("scope").split(' ').any(|scope| scope == "openid"));
        let redirect_uri = of("redirect_uri");
        let code = format!("code-{}", self.state.codes_made.fetch_add(1, Relaxed));
        let login = Login {
            nonce: of("nonce"),
            challenge: of("code_challenge"),
            redirect_uri: redirect_uri.clone(),
        };
        lock(&self.state.codes).insert(code.clone(), login);
        let back = Url::parse(&redirect_uri).expect("a URL");
        format!("{}?code={code}&state={}", back.path(), of("state"))
    }
}

impl Drop for FakeIssuer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn describe(State(provider): State<Arc<Provider>>) -> Json<Value> {
    let url = format!("http://{}", provider.addr);
    Json(json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/authorize"),
        "token_endpoint": format!("{url}/token"),
        "jwks_uri": format!("{url}/keys"),
    }))
}

#[derive(serde::Deserialize)]
struct Redeemed {
    grant_type: String,
    code: String,
    redirect_uri: String,
    code_verifier: String,
}

async fn redeem(
    State(provider): State<Arc<Provider>>,
    headers: HeaderMap,
    Form(form): Form<Redeemed>,
) -> Response {
    // Encoded as RFC 6749, section 2.3.1, demands.
    let secret = "desk:a+secret%3A+of%2Fthe+client";
    let expected = format!("Basic {}", STANDARD.encode(secret));
    if headers.get(header::AUTHORIZATION).is_none_or(|sent| *sent != expected) {
        return refusal(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    let login = lock(&provider.codes).remove(&form.code);
    let digest = ring::digest::digest(&ring::digest::SHA256, form.code_verifier.as_bytes());
    let challenge = URL_SAFE_NO_PAD.encode(digest);
    match login {
        Some(login)
            if form.grant_type == "authorization_code"
                && login.challenge == challenge
                && login.redirect_uri == form.redirect_uri =>
        {
            Json(provider.tokens_of(&login)).into_response()
        }
        _ => refusal(StatusCode::BAD_REQUEST, "invalid_grant"),
    }
}

impl Provider {
    fn tokens_of(&self, login: &Login) -> Value {
        let mut access = TokenIssuer::claims("read:drafts write:stock");
        access["iss"] = format!("http://{}", self.addr).into();
        let mut id = access.clone();
        id["aud"] = FakeIssuer::CLIENT_ID.into();
        id["nonce"] = login.nonce.clone().into();
        for (name, value) in lock(&self.replaced).as_object().into_iter().flatten() {
            id[name] = value.clone();
        }
        let header = json!({"alg": "ES256", "typ": "JWT", "kid": "one"});
        json!({
            "token_type": "Bearer",
            "access_token": self.tokens.token(&access),
            "id_token": self.tokens.token_with(&header, &id),
        })
    }
}

fn refusal(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({ "error": error }))).into_response()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
