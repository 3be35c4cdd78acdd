//! Sessions at the desk: on every gateway, until they end; the tokens of their forms.

use std::time::Duration;

use testkit::Browser;

use crate::{
    desk::{FORM, Session},
    harness::{Environment, Gateway, eventually, within_timeout},
    http_client::Client,
};

/// A system with two gateways and a key.
struct System {
    env: Environment,
    other: Gateway,
    key: String,
}

impl System {
    async fn start() -> Self {
        let env = Environment::start().await;
        env.fake.put("mug", 5);
        let key = env.fake.put_key("anna", &["read:drafts", "write:stock"]);
        let other = Gateway::start(env.upstream.addr, env.upstream.addr, &[]).await;
        let system = Self { env, other, key };
        for http in system.gateways() {
            eventually("the key is known", async || {
                let bearer = format!("Bearer {}", system.key);
                let headers = [("authorization", bearer.as_str())];
                http.send("GET", "/v1/products/mug", &headers, "").await.status == 200
            })
            .await;
        }
        system
    }

    fn gateways(&self) -> [Client; 2] {
        [self.env.http(), Client::new(self.other.addr)]
    }

    async fn sign_in(&self) -> Session {
        Session::begin_with(self.env.http(), &self.key).await
    }

    /// The session on the other gateway.
    fn elsewhere(&self, session: &Session) -> Session {
        Session { http: Client::new(self.other.addr), cookie: session.cookie.clone() }
    }
}

impl Session {
    /// Whether its pages are shown, and not the way to sign in.
    async fn is_open(&self) -> bool {
        let response = self.open("/admin/products").await;
        match response.status.as_u16() {
            200 => true,
            303 if response.header("location") == "/admin/sign-in" => false,
            other => panic!("{other}: {}", response.text()),
        }
    }
}

#[tokio::test]
async fn a_session_holds_on_every_gateway_until_it_ends() {
    let system = System::start().await;
    let session = system.sign_in().await;
    assert!(session.is_open().await, "known where it has begun, without a delay");
    let called_with = system.env.fake.metadata("authorization").unwrap();
    assert_eq!(called_with, session.cookie.replace("__Host-session=", "Bearer "));
    assert!(!called_with.contains(&system.key), "the key stays with its holder");
    let elsewhere = system.elsewhere(&session);
    eventually("the other gateway knows it", async || elsewhere.is_open().await).await;
    let done = session.open("/admin/sign-in/done").await;
    assert_eq!((done.status.as_u16(), done.header("location")), (303, "/admin/products"));

    let body = format!("token={}", elsewhere.token().await);
    assert_eq!(elsewhere.post("/admin/sign-out", &body).await.0, 303);
    for session in [&session, &elsewhere] {
        eventually("it has ended", async || !session.is_open().await).await;
    }
}

#[tokio::test]
async fn signing_out_everywhere_ends_all_sessions_of_the_holder_and_no_others() {
    let system = System::start().await;
    let (one, another) = (system.sign_in().await, system.sign_in().await);
    let bert = system.env.fake.put_key("bert", &["read:drafts"]);
    eventually("the key is known", async || {
        let body = format!("key={bert}");
        system.env.http().send("POST", "/admin/sign-in", &[FORM], body).await.status == 303
    })
    .await;
    let of_bert = Session::begin_with(system.env.http(), &bert).await;
    let before = system.env.fake.sessions().len();
    let body = format!("token={}&everywhere=yes", one.token().await);
    assert_eq!(one.post("/admin/sign-out", &body).await.0, 303);
    assert_eq!(system.env.fake.sessions().len(), before - 2);
    for session in [&one, &another] {
        for session in [session, &system.elsewhere(session)] {
            eventually("it has ended", async || !session.is_open().await).await;
        }
    }
    assert!(of_bert.is_open().await);
}

#[tokio::test]
async fn an_expired_session_signs_in_again() {
    let system = System::start().await;
    let session = system.sign_in().await;
    system.env.fake.expire_sessions();
    eventually("it has expired", async || !session.is_open().await).await;
    let page = session.open("/admin/sign-in").await;
    assert!(page.status == 200 && page.text().contains("API key"));
}

#[tokio::test]
async fn a_wrong_key_begins_nothing() {
    let system = System::start().await;
    let session = system.sign_in().await;
    let wrong = format!("pck_0123456789ab_{}", "0".repeat(64));
    let own = session.cookie.replace("__Host-session=", "");
    for (key, why) in [
        (wrong.as_str(), "unknown, revoked or malformed"),
        ("x%0Ay", "This is no key."),
        (own.as_str(), "is a session"),
    ] {
        let headers = [("accept", "text/html"), FORM];
        let response =
            system.env.http().send("POST", "/admin/sign-in", &headers, format!("key={key}")).await;
        assert_eq!(response.status, 403, "{key}");
        assert!(response.text().contains(why), "{}", response.text());
        assert!(!response.headers.contains_key("set-cookie"));
    }
    let done = system.env.http().get("/admin/sign-in/done").await;
    assert!(done.status == 403 && done.text().contains("https://"), "the cookie was not kept");
}

#[tokio::test]
async fn a_form_without_a_token_of_its_session_writes_nothing() {
    let system = System::start().await;
    let (session, other) = (system.sign_in().await, system.sign_in().await);
    let (own, foreign) = (session.token().await, other.token().await);
    let forged = format!("{}{}", &own[..own.len() - 1], if own.ends_with('0') { '1' } else { '0' });
    for token in ["", "token=", &format!("token={foreign}"), &format!("token={forged}")] {
        let body = format!("{token}&sku=mug&delta=-2");
        let (status, html) = session.post("/admin/products/mug/stock", &body).await;
        assert_eq!(status, 403, "{token}");
        assert!(html.contains("another session"), "{html}");
    }
    assert!(system.env.fake.requests("AdjustStockRequest").is_empty());
    let foreign = [("origin", "https://evil.example"), ("cookie", session.cookie.as_str()), FORM];
    let body = format!("token={own}&sku=mug&delta=-2");
    let refused = session.http.send("POST", "/admin/products/mug/stock", &foreign, body.clone());
    refused.await.problem(403, "CROSS_ORIGIN_WRITE");
    assert_eq!(session.post("/admin/products/mug/stock", &body).await.0, 303);
}

/// Another site could make the browser send it.
#[tokio::test]
async fn the_cookie_is_no_credential_of_the_api() {
    let system = System::start().await;
    let session = system.sign_in().await;
    let headers = [("cookie", session.cookie.as_str())];
    let body = r#"{"delta": 1}"#;
    let refused = session.http.send("POST", "/v1/products/mug:adjustStock", &headers, body).await;
    refused.problem(401, "CREDENTIAL_MISSING");
}

/// Over plain HTTP from loopback, which browsers trust like TLS.
#[tokio::test(flavor = "multi_thread")]
async fn chromium_keeps_the_cookie_and_sends_the_forms_token() {
    let Some(mut browser) = Browser::start().await.unwrap() else { return };
    let system = System::start().await;
    let page = browser.open(&format!("http://{}/admin", system.env.gateway.addr)).await.unwrap();
    let mut reach = async |path: &str, then: &str| {
        let is_there =
            format!("document.readyState === 'complete' && location.pathname === '{path}'");
        within_timeout(path, async {
            while browser.evaluate(&page, &is_there).await.ok() != Some(true.into()) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            browser.evaluate(&page, then).await.unwrap()
        })
        .await
    };
    let sign_in = format!(
        "document.querySelector('[name=key]').value = '{}'; \
         document.querySelector('main form').requestSubmit()",
        system.key
    );
    reach("/admin/sign-in", &sign_in).await;
    assert_eq!(reach("/admin/products", "document.cookie").await, "", "no script reads it");
    let sign_out = "document.querySelector('[name=everywhere]').click()";
    reach("/admin/products", sign_out).await;
    reach("/admin/sign-in", "0").await;
    assert!(system.env.fake.sessions().is_empty());
}
