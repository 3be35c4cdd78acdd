//! `/.well-known/ucp`: the services for agents.

use serde_json::{Value, json};

use super::envelope::{LOOKUP, OLDER, SEARCH, VERSION};

/// The profile of a version. `base` is the gateway's public address.
pub(super) fn profile(base: &str, version: &str) -> Value {
    let spec = format!("https://ucp.dev/{version}/specification");
    let schemas = format!("https://ucp.dev/{version}");
    let service = |transport: &str, schema: &str, path: &str| {
        json!({
            "version": version,
            "spec": format!("{spec}/overview"),
            "transport": transport,
            "schema": format!("{schemas}/services/shopping/{schema}"),
            "endpoint": format!("{base}{path}"),
        })
    };
    let capability = |page: &str, schema: &str| {
        json!([{
            "version": version,
            "spec": format!("{spec}/shopping/catalog/{page}"),
            "schema": format!("{schemas}/schemas/shopping/{schema}.json"),
        }])
    };
    let mut ucp = json!({
        "version": version,
        "services": { "dev.ucp.shopping": [
            service("rest", "rest.openapi.json", "/ucp"),
            service("mcp", "mcp.openrpc.json", "/mcp"),
        ] },
        "capabilities": {
            SEARCH: capability("search", "catalog_search"),
            LOOKUP: capability("lookup", "catalog_lookup"),
        },
        "payment_handlers": {},
    });
    if version == VERSION {
        let older = format!("{base}/.well-known/ucp/{OLDER}");
        ucp["supported_versions"] = json!({ OLDER: older });
    }
    json!({ "ucp": ucp })
}
