//! Plants canaries.

use http::Method;
use serde_json::{Value, json};
use testkit::{HttpClient, until};

use super::{Canaries, PUBLIC};
use crate::access::Restricted;

/// Ids that are chosen beforehand, so that streams can be opened for them.
pub(super) struct Ids {
    pub(super) draft: String,
    pub(super) archived: String,
    pub(super) deleted: String,
    pub(super) withdrawn: String,
}

impl Ids {
    pub(super) fn draw(canaries: &Canaries) -> Self {
        Self {
            draft: canaries.word(),
            archived: canaries.word(),
            deleted: canaries.word(),
            // Public before it is withdrawn: its id is no secret.
            withdrawn: "withdrawn".to_owned(),
        }
    }
}

/// The planted data, as far as requests can name it.
pub(super) struct Planted {
    pub(super) draft: String,
    pub(super) archived: String,
    pub(super) deleted: String,
    /// A public product that was a draft.
    pub(super) once_draft: String,
    pub(super) name: String,
    pub(super) sku: String,
    pub(super) category: String,
}

/// Plants everything, and waits until search has applied it.
pub(super) async fn plant(system: &Restricted, canaries: &Canaries, ids: Ids) -> Planted {
    let scopes =
        ["write:products", "write:stock", "write:categories", "admin:search", "read:drafts"];
    let key = system.create_key(&canaries.word(), &scopes).await;
    system.is_known_everywhere(&key).await;
    let planter = Planter { system, canaries, key };
    let category = planter.categories().await;
    let (draft, sku) = planter.hidden(&ids.draft, "DRAFT", &category).await;
    planter.hidden(&ids.archived, "ARCHIVED", &category).await;
    planter.hidden(&ids.deleted, "DRAFT", &category).await;
    planter.send(Method::DELETE, &format!("/v1/products/{}", ids.deleted), json!(null)).await;
    planter.withdrawn(&ids.withdrawn, &category).await;
    planter.draft_to_archived(&category).await;
    let once_draft = planter.once_draft(&category).await;
    planter.settings(&ids.draft).await;
    planter.queries().await;
    planter.public().await;
    let Ids { archived, deleted, .. } = ids;
    let name = draft;
    Planted { draft: ids.draft, archived, deleted, once_draft, name, sku, category }
}

struct Planter<'a> {
    system: &'a Restricted,
    canaries: &'a Canaries,
    key: String,
}

impl Planter<'_> {
    fn word(&self) -> String {
        self.canaries.word()
    }

    /// The cost of an item.
    fn cost(&self) -> Value {
        let units = self.canaries.amount().to_string();
        json!({"amount": {"currencyCode": "EUR", "units": units}})
    }

    /// Sends a request with the key; the actor that it names is a canary as well.
    async fn send(&self, method: Method, path: &str, body: Value) -> Value {
        let (bearer, actor) = (format!("Bearer {}", self.key), self.word());
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
            ("x-actor", actor.as_str()),
        ];
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let web = HttpClient::new(self.system.fleet.url(""));
        let response = web.send(method, path, &headers, body).await.unwrap();
        assert!(response.status.is_success(), "{path}: {}", response.text());
        response.json()
    }

    /// A category below another one, both of which only hidden products use, and an empty one in it.
    async fn categories(&self) -> String {
        let (above, below, empty) = (self.word(), self.word(), self.word());
        for (id, parent) in [(&above, ""), (&below, above.as_str()), (&empty, above.as_str())] {
            let category = json!({"id": id, "name": self.word(), "parentId": parent});
            self.send(Method::POST, "/v1/categories", category).await;
        }
        below
    }

    /// A product of which every text is a canary. Returns its name and an SKU.
    async fn hidden(&self, id: &str, status: &str, category: &str) -> (String, String) {
        let (name, sku) = (self.word(), self.word());
        let mut product = self.texts(&name, &sku, category);
        product["id"] = json!(id);
        product["status"] = json!(status);
        self.send(Method::POST, "/v1/products", product).await;
        (name, sku)
    }

    fn texts(&self, name: &str, sku: &str, category: &str) -> Value {
        let word = || self.word();
        json!({
            "name": name, "brand": word(), "labels": [word()], "externalId": word(),
            "description": format!("{} mug {}", word(), word()), "categoryIds": [category],
            "attributes": [{"name": word(), "text": word()},
                {"name": word(), "number": 2.5, "unit": word()}],
            "media": [{"url": format!("/{}.png", word()), "alt": word()}],
            "price": {"currencyCode": "EUR", "units": "7"},
            "variants": [{"sku": sku, "stockQty": 3,
                "optionValues": [{"name": word(), "value": word()}]}],
        })
    }

    /// A product that was public, and is now a draft with other texts, and deleted.
    async fn withdrawn(&self, id: &str, category: &str) {
        let product = json!({"id": id, "name": "Plain mug", "status": "ACTIVE"});
        self.send(Method::POST, "/v1/products", product).await;
        let mut texts = self.texts(&self.word(), &self.word(), category);
        texts["status"] = json!("DRAFT");
        let mask = "name,brand,labels,external_id,description,category_ids,attributes,media,status";
        texts.as_object_mut().unwrap().retain(|field, _| field != "variants" && field != "price");
        let path = format!("/v1/products/{id}");
        self.send(Method::PATCH, &format!("{path}?updateMask={mask}"), texts).await;
        self.send(Method::DELETE, &path, json!(null)).await;
    }

    /// A product that goes from one hidden status to another, is sold out, and is purged.
    async fn draft_to_archived(&self, category: &str) {
        let id = self.word();
        self.hidden(&id, "DRAFT", category).await;
        let path = format!("/v1/products/{id}");
        let archived = json!({"status": "ARCHIVED", "brand": self.word()});
        self.send(Method::PATCH, &format!("{path}?updateMask=status,brand"), archived).await;
        self.send(Method::DELETE, &format!("{path}?purge=true"), json!(null)).await;
    }

    /// A public product with a first revision that was a draft with canaries.
    async fn once_draft(&self, category: &str) -> String {
        let id = "once-a-draft";
        let product = json!({"id": id, "name": self.word(), "description": self.word(),
            "brand": self.word(), "categoryIds": [category], "status": "DRAFT"});
        self.send(Method::POST, "/v1/products", product).await;
        let public = json!({"name": format!("Mug {PUBLIC}"), "description": "", "brand": "Kiln",
            "categoryIds": [], "status": "ACTIVE", "costs": [self.cost()]});
        let mask = "name,description,brand,category_ids,status,costs";
        self.send(Method::PATCH, &format!("/v1/products/{id}?updateMask={mask}"), public).await;
        id.to_owned()
    }

    /// Synonyms, stop words and a control, which pins the draft for a common query.
    async fn settings(&self, draft: &str) {
        let synonym = json!({"words": [self.word(), self.word()]});
        self.send(Method::PUT, &format!("/v1/search/synonyms/{}", self.word()), synonym).await;
        let stop_words = json!({"words": [self.word(), "the"]});
        self.send(Method::PUT, "/v1/search/stop-words", stop_words).await;
        let control = json!({"description": self.word(), "pins": [draft],
            "condition": {"queries": ["mug", format!("{PUBLIC} mug")]}});
        self.send(Method::PUT, &format!("/v1/search/controls/{}", self.word()), control).await;
    }

    /// Queries of others, often enough to become suggestions.
    async fn queries(&self) {
        for query in [self.word(), format!("{} {}", self.word(), PUBLIC)] {
            let path = format!("/v1/search?q={}", query.replace(' ', "+"));
            for _ in 0..12 {
                self.send(Method::GET, &path, json!(null)).await;
            }
        }
    }

    /// A public product, reserved and sold by an actor that is a canary.
    async fn public(&self) {
        let product = json!({"id": "public", "name": format!("Mug {PUBLIC}"), "brand": "Kiln",
            "status": "ACTIVE", "stockQty": 9, "labels": [PUBLIC], "costs": [self.cost()]});
        self.send(Method::POST, "/v1/products", product).await;
        let sold = json!({"delta": -1, "requestId": self.word()});
        self.send(Method::POST, "/v1/products/public:adjustStock", sold).await;
        let reserved = json!({"lines": [{"productId": "public", "quantity": 1}],
            "requestId": self.word()});
        self.send(Method::POST, "/v1/reservations", reserved).await;
        let web = HttpClient::new(self.system.fleet.url(""));
        until("search has applied everything", async || {
            let found = web.get(&format!("/v1/search?q={PUBLIC}")).await.ok()?.json();
            let results = found["results"].as_array()?.clone();
            let is_newest =
                |hit: &Value| hit["product"]["id"] == "public" && hit["product"]["stockQty"] == 7;
            results.iter().any(is_newest).then_some(())
        })
        .await;
    }
}
