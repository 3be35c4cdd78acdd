//! The JSON API: the contract by the proto3 JSON mapping, over HTTP.

mod body;
mod categories;
mod etag;
mod lines;
mod mask;
mod openapi;
mod params;
mod products;
mod search;
mod writes;

pub(crate) use params::Params;

use axum::{
    Router,
    routing::{self, MethodRouter},
};

use crate::{events, state::AppState};

/// Every route under `/v1/`, and the document that describes them.
pub(crate) fn router() -> Router<AppState> {
    routes().into_iter().fold(Router::new(), |router, (path, methods)| router.route(path, methods))
}

/// A list, so that a test can compare it with the OpenAPI document. The verbs after a product's
/// colon (`/v1/products/{id}:adjustStock`) are told apart in [`writes::verb`].
fn routes() -> Vec<(&'static str, MethodRouter<AppState>)> {
    use routing::get;
    vec![
        ("/v1/products", get(products::browse).post(writes::create)),
        (
            "/v1/products/{id}",
            get(products::get)
                .patch(writes::change)
                .put(writes::replace)
                .delete(writes::delete)
                .post(writes::verb),
        ),
        ("/v1/products:batchGet", get(products::batch_get)),
        ("/v1/products:stream", get(lines::stream)),
        ("/v1/products:export", get(lines::export)),
        ("/v1/categories", get(categories::list).post(categories::create)),
        ("/v1/categories/{id}", get(categories::get)),
        ("/v1/search", get(search::search)),
        ("/v1/search/status", get(search::status)),
        ("/v1/availability", get(events::availability)),
        ("/v1/changes", get(events::changes)),
        ("/openapi.json", get(openapi::document)),
    ]
}
