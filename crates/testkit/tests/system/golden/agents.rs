//! The doors for shopping agents: UCP over REST, and the same tools over MCP. Their documents have another form, so
//! the facts in them are compared: which products in which order, prices, stock, and what is missing.

use std::collections::BTreeMap;

use http::Method;
use proto::google::r#type::Money;
use serde_json::{Map, Value, json};
use testkit::HttpClient;

use super::{
    Outcomes,
    case::{Call, Question, Tool},
    outcome,
};

pub(super) const DOORS: [&str; 2] = ["ucp", "mcp"];

/// Asks the question of each case that has one. Adds what is different to `faults`, and returns how many were answered.
pub(super) async fn ask(
    http: &HttpClient,
    door: &str,
    calls: &[Call<'_>],
    expected: &Outcomes,
    faults: &mut Vec<String>,
) -> usize {
    let mut answered = 0;
    for call in calls {
        let Some(question) = &call.case.agent else { continue };
        let mut request = question.request.clone();
        if !call.page_token.is_empty() {
            request["pagination"]["cursor"] = json!(call.page_token);
        }
        let answer = match door {
            "ucp" => over_rest(http, question.tool, request).await,
            _ => over_mcp(http, question.tool, request).await,
        };
        answered += 1;
        let fault = match (&answer, &question.code) {
            (Err(code), Some(wanted)) if code == wanted => None,
            (Err(code), _) => Some(format!(": the error {code}")),
            (Ok(answer), Some(wanted)) => Some(format!(": {answer} instead of {wanted}")),
            (Ok(answer), None) => {
                let wanted = wanted(question, call.method(), &expected[&call.case.name], answer);
                outcome::difference(&wanted, &shown(question.tool, call.method(), answer))
            }
        };
        faults.extend(fault.map(|fault| format!("{}, through {door}: {fault}", call.case.name)));
    }
    answered
}

/// The answer, or the code of the error.
async fn over_rest(http: &HttpClient, tool: Tool, request: Value) -> Result<Value, String> {
    let path = match tool {
        Tool::Search => "/ucp/catalog/search",
        Tool::Lookup => "/ucp/catalog/lookup",
        Tool::Product => "/ucp/catalog/product",
    };
    let answer = http.send(Method::POST, path, &[], request.to_string()).await.unwrap().json();
    succeeded(answer)
}

async fn over_mcp(http: &HttpClient, tool: Tool, request: Value) -> Result<Value, String> {
    let name = match tool {
        Tool::Search => "search_catalog",
        Tool::Lookup => "lookup_catalog",
        Tool::Product => "get_product",
    };
    let params = json!({ "name": name, "arguments": { "meta": {}, "catalog": request } });
    let message = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
    let headers = [("accept", "application/json, text/event-stream")];
    let sent = http.send(Method::POST, "/mcp", &headers, message.to_string()).await.unwrap();
    let answer = sent.json();
    if answer["error"].is_object() {
        return Err(code(&answer["error"]["data"]["code"], &answer));
    }
    let document = answer["result"]["structuredContent"].clone();
    let text = answer["result"]["content"][0]["text"].as_str().unwrap();
    assert_eq!(serde_json::from_str::<Value>(text).unwrap(), document, "the text is another");
    succeeded(document)
}

fn succeeded(answer: Value) -> Result<Value, String> {
    match answer["ucp"]["status"].as_str() {
        Some("success") => Ok(answer),
        _ => Err(code(&answer["messages"][0]["code"], &answer)),
    }
}

fn code(code: &Value, answer: &Value) -> String {
    code.as_str().map_or_else(|| answer.to_string(), str::to_owned)
}

/// The facts in a document of UCP.
fn shown(tool: Tool, method: &str, answer: &Value) -> Value {
    let products = match tool {
        Tool::Product => std::slice::from_ref(&answer["product"]),
        Tool::Search | Tool::Lookup => answer["products"].as_array().unwrap().as_slice(),
    };
    let variants = |product: &Value| -> Map<String, Value> {
        let variants = product["variants"].as_array().into_iter().flatten();
        let facts = variants.map(|variant| {
            let price = &variant["price"];
            let available = &variant["availability"]["available"];
            let facts = json!({ "amount": price["amount"], "currency": price["currency"],
                "stock": variant["metadata"]["stock_qty"], "available": available });
            (variant["sku"].as_str().unwrap().to_owned(), facts)
        });
        facts.collect()
    };
    if method == "GetStock" {
        let levels = variants(&products[0]);
        let stock: i64 = levels.values().filter_map(|level| level["stock"].as_i64()).sum();
        return json!({ "id": products[0]["id"], "stock": stock });
    }
    let products: Vec<_> =
        products.iter().map(|it| json!({ "id": it["id"], "variants": variants(it) })).collect();
    let page = &answer["pagination"];
    match tool {
        Tool::Product => json!({ "products": products }),
        Tool::Lookup => {
            let messages = answer["messages"].as_array().into_iter().flatten();
            let missing: Vec<_> = messages.map(|message| message["content"].clone()).collect();
            json!({ "products": products, "missing": missing })
        }
        Tool::Search => json!({ "products": products, "total": page["total_count"],
            "more": page["has_next_page"] }),
    }
}

/// The facts in the answer over gRPC, of the variants that `shown` has: a lookup by a product's id shows one of them.
fn wanted(question: &Question, method: &str, outcome: &Value, shown: &Value) -> Value {
    let answer = &outcome["answer"];
    if method == "GetStock" {
        let stock = answer["total"]["stockQty"].as_f64().unwrap_or_default() as i64;
        return json!({ "id": answer["total"]["productId"], "stock": stock });
    }
    let list = |name: &str| answer[name].as_array().cloned().unwrap_or_default();
    let mut products = match question.tool {
        Tool::Product => vec![answer.clone()],
        Tool::Lookup => list("products"),
        Tool::Search => list("results").iter().map(|hit| hit["product"].clone()).collect(),
    };
    if question.tool == Tool::Lookup {
        products.sort_by_key(|it| it["id"].to_string());
    }
    let skus: BTreeMap<String, Vec<String>> = shown_skus(question.tool, shown);
    let products: Vec<_> = products
        .iter()
        .map(|product| {
            let id = product["id"].as_str().unwrap_or_default();
            let of_shown = skus.get(id).into_iter().flatten();
            let variants: Map<_, _> =
                of_shown.map(|sku| (sku.clone(), facts(product, sku))).collect();
            json!({ "id": id, "variants": variants })
        })
        .collect();
    match question.tool {
        Tool::Product => json!({ "products": products }),
        Tool::Lookup => {
            let mut missing = list("missingIds");
            missing.sort_by_key(Value::to_string);
            json!({ "products": products, "missing": missing })
        }
        Tool::Search => json!({ "products": products,
            "total": answer["totalSize"].as_f64().unwrap_or_default() as i64,
            "more": answer["nextPageToken"] != "" }),
    }
}

/// The skus of each product in a document of UCP. Without any a product would have no facts.
fn shown_skus(tool: Tool, answer: &Value) -> BTreeMap<String, Vec<String>> {
    let products = match tool {
        Tool::Product => std::slice::from_ref(&answer["product"]),
        Tool::Search | Tool::Lookup => answer["products"].as_array().unwrap().as_slice(),
    };
    let skus = products.iter().map(|product| {
        let variants = product["variants"].as_array().unwrap();
        assert!(!variants.is_empty(), "{product}");
        let skus = variants.iter().map(|it| it["sku"].as_str().unwrap().to_owned());
        (product["id"].as_str().unwrap().to_owned(), skus.collect())
    });
    skus.collect()
}

/// The facts of what is bought by a sku: a variant, or the product itself.
fn facts(product: &Value, sku: &str) -> Value {
    let mut variants = product["variants"].as_array().into_iter().flatten();
    let variant = variants.find(|variant| variant["sku"] == sku).unwrap_or(product);
    let own = &variant["price"];
    let price = if own.is_null() { &product["price"] } else { own };
    let currency = price["currencyCode"].as_str().unwrap_or_default();
    let units = price["units"].as_str().and_then(|units| units.parse().ok()).unwrap_or_default();
    let nanos = price["nanos"].as_f64().unwrap_or_default() as i32;
    let money = Money { currency_code: currency.to_owned(), units, nanos };
    let stock = variant["stockQty"].as_f64().unwrap_or_default() as i64;
    json!({ "amount": proto::money::to_minor(&money).unwrap(), "currency": currency,
        "stock": stock, "available": stock > 0 })
}
