//! The bindings of the JSON API: those that the contract annotates, and the few that it does not.

use std::sync::{Arc, LazyLock};

use contract::HttpRule;

use super::binding::Binding;
use crate::contract::Contract;

/// Methods whose annotated paths have handlers of their own.
const OWN_HANDLERS: [&str; 5] = [
    // `search`: finds nothing in a category that does not exist. The catalogue's is the same path.
    "/search.v1.SearchService/Search",
    "/catalogue.v1.CatalogueService/SearchProducts",
    // `ndjson`: each message is a batch of lines.
    "/catalogue.v1.TransferService/ExportProducts",
    // `crate::events`: streams that resume, and share a watch.
    "/catalogue.v1.FeedService/WatchChanges",
    "/catalogue.v1.StockService/WatchAvailability",
];

const UPDATE: &str = "/catalogue.v1.CatalogueService/UpdateProduct";
const CREATE: &str = "/catalogue.v1.CatalogueService/CreateProduct";

/// Not annotated in the contract: replaces all writable fields, or with `If-None-Match: *` creates the product.
static REPLACEMENT: LazyLock<HttpRule> = LazyLock::new(|| HttpRule {
    method: "PUT",
    template: "/v1/products/{product.id}".to_owned(),
    body: "product".to_owned(),
});

/// All bindings of a contract that [`super::transcode`] and [`super::websocket`] serve.
pub(super) fn bindings(contract: &'static Contract) -> Vec<Arc<Binding>> {
    let methods = contract.methods().iter();
    let methods = methods.filter(|rpc| !OWN_HANDLERS.contains(&rpc.path));
    let annotated =
        methods.flat_map(|rpc| rpc.http.iter().map(move |rule| Arc::new(Binding::of(rpc, rule))));
    annotated.chain(replacement(contract)).collect()
}

fn replacement(contract: &'static Contract) -> Option<Arc<Binding>> {
    let (update, create) = (contract.method(UPDATE)?, contract.method(CREATE)?);
    let creation = Binding { exists: Some("PRODUCT_EXISTS"), ..Binding::of(create, &REPLACEMENT) };
    let creation = Some(Arc::new(creation));
    Some(Arc::new(Binding { creation, ..Binding::of(update, &REPLACEMENT) }))
}
