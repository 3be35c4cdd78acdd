//! Signing in at an identity provider: its response is accepted for one browser and one attempt.

use serde_json::{Value, json};
use testkit::{FakeIssuer, TokenIssuer};

use crate::{
    harness::{Environment, eventually},
    http_client::HttpResponse,
};

/// A gateway with an identity provider.
struct System {
    issuer: FakeIssuer,
    env: Environment,
    _secret: tempfile::NamedTempFile,
}

impl System {
    async fn start() -> Self {
        let issuer = FakeIssuer::start().await;
        let secret = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(secret.path(), FakeIssuer::CLIENT_SECRET).unwrap();
        let url = issuer.url();
        let flags = [
            format!("--token-issuer={url}"),
            format!("--token-audience={}", TokenIssuer::AUDIENCE),
            format!("--token-keys={url}/keys"),
            format!("--oidc-issuer={url}"),
            format!("--oidc-client-id={}", FakeIssuer::CLIENT_ID),
            format!("--oidc-client-secret-file={}", secret.path().display()),
            "--oidc-scope=write:stock".to_owned(),
            "--public-url=https://shop.example".to_owned(),
        ];
        let env = Environment::start_with(&flags.each_ref().map(String::as_str)).await;
        let system = Self { issuer, env, _secret: secret };
        // The keys of the issuer are read after the start.
        eventually("somebody can sign in", async || {
            let attempt = system.begin().await;
            let back = system.issuer.sign_in(&attempt.location);
            system.come_back(&back, &attempt.cookie).await.status == 303
        })
        .await;
        system
    }

    async fn begin(&self) -> Attempt {
        let response = self.env.http().get("/admin/sign-in/oidc").await;
        assert_eq!(response.status, 303, "{}", response.text());
        let cookie = response.header("set-cookie").to_owned();
        assert!(
            cookie.ends_with("; Max-Age=600; Path=/; Secure; HttpOnly; SameSite=Lax"),
            "{cookie}"
        );
        let cookie = cookie.split(';').next().unwrap().to_owned();
        Attempt { location: response.header("location").to_owned(), cookie }
    }

    async fn come_back(&self, path: &str, cookie: &str) -> HttpResponse {
        let headers = [("cookie", cookie), ("accept", "text/html")];
        self.env.http().send("GET", path, &headers, "").await
    }

    /// Signs in with these claims in the ID token.
    async fn with_claims(&self, claims: Value) -> HttpResponse {
        self.issuer.replace_claims(claims);
        let attempt = self.begin().await;
        let back = self.issuer.sign_in(&attempt.location);
        let response = self.come_back(&back, &attempt.cookie).await;
        self.issuer.replace_claims(json!({}));
        response
    }
}

struct Attempt {
    location: String,
    cookie: String,
}

/// Checks that no session has begun, and the text of the page.
fn assert_refused(response: &HttpResponse, why: &str) {
    assert_eq!(response.status, 403, "{}", response.text());
    assert!(response.text().contains(why), "{}", response.text());
    let cookies = response.headers.get_all("set-cookie").iter();
    let mut cookies = cookies.map(|cookie| cookie.to_str().unwrap());
    assert!(cookies.all(|cookie| !cookie.starts_with("__Host-session=")));
}

#[tokio::test]
async fn a_person_signs_in_and_has_the_scopes_of_the_access_token() {
    let system = System::start().await;
    let attempt = system.begin().await;
    assert!(attempt.location.contains("scope=openid+write%3Astock"), "{}", attempt.location);
    let back = system.issuer.sign_in(&attempt.location);
    let response = system.come_back(&back, &attempt.cookie).await;
    assert_eq!(response.header("location"), "/admin/sign-in/done");
    let cookies: Vec<_> = response.headers.get_all("set-cookie").iter().collect();
    let cookie = cookies[0].to_str().unwrap().split(';').next().unwrap().to_owned();
    assert!(cookie.starts_with("__Host-session=pck_"));
    assert!(cookies[1].to_str().unwrap().starts_with("__Host-sign-in=; Max-Age=0; "));
    let page = system.come_back("/admin/products", &cookie).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(system.env.fake.holders(), [("token".to_owned(), "anna".to_owned())]);
    let sign_in = system.env.http().get("/admin/sign-in").await.text();
    assert!(sign_in.contains("href=\"/admin/sign-in/oidc\""), "{sign_in}");
}

#[tokio::test]
async fn an_answer_is_taken_once_for_the_browser_and_attempt_it_is_for() {
    let system = System::start().await;
    let (one, other) = (system.begin().await, system.begin().await);
    let of_one = system.issuer.sign_in(&one.location);
    let ended = "has ended, or is of another browser";
    assert_refused(&system.come_back(&of_one, &other.cookie).await, ended);
    assert_refused(&system.come_back(&of_one, "__Host-sign-in=").await, ended);
    let (path, _) = of_one.split_once("&state=").unwrap();
    assert_refused(&system.come_back(&format!("{path}&state=forged"), &one.cookie).await, ended);
    assert_refused(&system.come_back(path, &one.cookie).await, ended);
    let elsewhere = format!("{of_one}&iss=https://evil.example");
    assert_refused(&system.come_back(&elsewhere, &one.cookie).await, ended);
    assert_eq!(system.come_back(&of_one, &one.cookie).await.status, 303);
    assert_refused(&system.come_back(&of_one, &one.cookie).await, "invalid_grant");
    // The code of one attempt, injected into another.
    let of_other = system.issuer.sign_in(&other.location);
    let third = system.begin().await;
    let of_third = system.issuer.sign_in(&third.location);
    let (code, _) = of_third.split_once("&state=").unwrap();
    let (_, state) = of_other.split_once("&state=").unwrap();
    let injected = format!("{code}&state={state}");
    assert_refused(&system.come_back(&injected, &other.cookie).await, "invalid_grant");
}

#[tokio::test]
async fn only_an_id_token_for_this_client_and_attempt_is_taken() {
    let system = System::start().await;
    for claims in [
        json!({"nonce": "of another attempt"}),
        json!({"nonce": null}),
        json!({"aud": "another client"}),
        json!({"aud": ["desk", "another client"]}),
        json!({"aud": ["desk", "another client"], "azp": "another client"}),
        json!({"azp": "another client"}),
        json!({"iss": "https://evil.example"}),
        json!({"exp": 1_000_000_000}),
        json!({"sub": "bert"}),
    ] {
        let response = system.with_claims(claims.clone()).await;
        assert_refused(&response, "not valid for this attempt");
    }
    let both = json!({"aud": ["desk", "another client"], "azp": "desk"});
    assert_eq!(system.with_claims(both).await.status, 303);
}

#[tokio::test]
async fn a_refusal_of_the_provider_is_shown_without_its_text() {
    let system = System::start().await;
    let attempt = system.begin().await;
    let back = system.issuer.sign_in(&attempt.location);
    let state = back.split_once("&state=").unwrap().1;
    let path = format!(
        "/admin/sign-in/callback?error=access_denied%3Cb%3E&error_description=evil&state={state}"
    );
    let response = system.come_back(&path, &attempt.cookie).await;
    assert_refused(&response, "access_denied");
    assert!(!response.text().contains("evil"));
    let without = Environment::start().await;
    without.http().get("/admin/sign-in/oidc").await.problem(404, "ROUTE_NOT_FOUND");
}
