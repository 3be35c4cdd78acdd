//! The desk: editing with a conflict, stock, and synonyms.

use crate::{
    harness::{Environment, eventually},
    http_client::{Client, HttpResponse},
};

pub(crate) const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// A signed-in browser.
pub(crate) struct Session {
    pub(crate) http: Client,
    pub(crate) cookie: String,
}

impl Session {
    /// Of an anonymous caller.
    async fn begin(env: &Environment) -> Self {
        Self::begin_with(env.http(), "").await
    }

    /// Of a key.
    pub(crate) async fn begin_with(http: Client, key: &str) -> Self {
        let response = http.send("POST", "/admin/sign-in", &[FORM], format!("key={key}")).await;
        assert_eq!(response.status, 303, "{}", response.text());
        assert_eq!(response.header("location"), "/admin/sign-in/done");
        let cookie = response.header("set-cookie");
        let (pair, attributes) = cookie.split_once("; ").unwrap();
        assert_eq!(attributes, "Path=/; Secure; HttpOnly; SameSite=Lax");
        assert!(pair.starts_with("__Host-session="));
        let cookie = pair.to_owned();
        Self { http, cookie }
    }

    pub(crate) async fn open(&self, path: &str) -> HttpResponse {
        let headers = [("accept", "text/html"), ("cookie", &self.cookie)];
        self.http.send("GET", path, &headers, "").await
    }

    async fn get(&self, path: &str) -> String {
        self.open(path).await.text()
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> (u16, String) {
        let headers = [("accept", "text/html"), ("cookie", &self.cookie), FORM];
        let response = self.http.send("POST", path, &headers, body.to_owned()).await;
        (response.status.as_u16(), response.text())
    }

    /// The token of a form.
    pub(crate) async fn token(&self) -> String {
        let html = self.get("/admin/products").await;
        let rest = html.split("name=\"token\" value=\"").nth(1).expect("a form");
        rest.split('"').next().unwrap().to_owned()
    }
}

#[tokio::test]
async fn desk_is_for_those_who_have_signed_in() {
    let env = Environment::start().await;
    let response = env.http().get("/admin/products").await;
    assert_eq!((response.status.as_u16(), response.header("location")), (303, "/admin/sign-in"));
    let session = Session::begin(&env).await;
    let (status, _) = session.post("/admin/products/mug/stock", "delta=1&token=forged").await;
    assert_eq!(status, 403);
    let token = session.token().await;
    let body = format!("token={token}");
    let headers = [("cookie", session.cookie.as_str()), FORM];
    let response = session.http.send("POST", "/admin/sign-out", &headers, body).await;
    assert_eq!((response.status.as_u16(), response.header("location")), (303, "/admin/sign-in"));
    assert!(response.header("set-cookie").starts_with("__Host-session=; Max-Age=0; Path=/;"));
}

#[tokio::test]
async fn a_conflict_is_shown_and_nothing_is_lost() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let session = Session::begin(&env).await;
    let token = session.token().await;
    let html = session.get("/admin/products/mug").await;
    assert!(html.contains("value=\"The mug\"") && html.contains("name=\"etag\" value=\"e1\""));
    let form = |etag: &str, was: &str, name: &str| {
        format!(
            "token={token}&etag={etag}&was_name={was}&name={name}&was_status=active&status=active"
        )
    };
    let (status, _) = session.post("/admin/products/mug", &form("e1", "The+mug", "Big+mug")).await;
    assert_eq!(status, 303);
    let sent = &env.fake.requests("UpdateProductRequest")[0];
    assert_eq!(sent["updateMask"]["paths"], serde_json::json!(["name"]), "only what was changed");
    // Another form, of the product as it was before.
    let (status, html) =
        session.post("/admin/products/mug", &form("e1", "The+mug", "My+mug")).await;
    assert_eq!(status, 200);
    assert!(
        html.contains("data-conflict=\"true\"") && html.contains("<del>Big mug</del>"),
        "{html}"
    );
    assert!(html.contains("value=\"My mug\"") && html.contains("name=\"etag\" value=\"e2\""));
    let (_, html) =
        session.post("/admin/products/mug", &(form("e2", "a", "a") + "&price=12")).await;
    assert!(html.contains("Price is an amount and a currency"), "{html}");
}

#[tokio::test]
async fn stock_is_adjusted_and_searches_in_vain_get_synonyms() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let session = Session::begin(&env).await;
    let token = session.token().await;
    let body = format!("token={token}&sku=mug&delta=-2");
    assert_eq!(session.post("/admin/products/mug/stock", &body).await.0, 303);
    assert!(session.get("/admin/products/mug").await.contains("<strong>3</strong>"));
    assert!(session.get("/admin/search").await.contains("<bdi>sofa</bdi>"));
    let body = format!("token={token}&query=sofa&words=couch,+settee");
    assert_eq!(session.post("/admin/search/synonyms", &body).await.0, 303);
    let synonym = &env.fake.requests("PutSynonymRequest")[0]["synonym"];
    assert_eq!((&synonym["input"], &synonym["words"][1]), (&"sofa".into(), &"settee".into()));
}

#[tokio::test]
async fn costs_are_for_those_who_may_see_them() {
    let env = Environment::start_with(&["--access", "keys"]).await;
    env.fake.put("mug", 5);
    for (scopes, sees_costs) in
        [(&["write:products"][..], false), (&["read:costs", "write:products"], true)]
    {
        let key = env.fake.put_key("anna", scopes);
        let bearer = format!("Bearer {key}");
        let is_known = async || {
            let headers = [("authorization", bearer.as_str())];
            env.http().send("GET", "/v1/imports", &headers, "").await.status == 200
        };
        eventually("the key is known", is_known).await;
        let session = Session::begin_with(env.http(), &key).await;
        let page = async || session.get("/admin/products/mug").await;
        eventually("the session is known", async || page().await.contains("The mug")).await;
        assert_eq!(page().await.contains("name=\"cost\""), sees_costs);
        let asked = env.fake.requests("GetProductRequest");
        assert_eq!(asked.last().unwrap()["showCosts"] == true, sees_costs, "{asked:?}");
    }
}
