//! `lookup_catalog`: products by their ids, and by the skus of their variants.

use std::collections::{BTreeMap, BTreeSet};

use proto::{
    catalogue::v1::{BatchGetProductsRequest, Product},
    search::v1::SearchRequest,
};
use serde_json::{Value, json};

use super::{
    envelope::{self, Failure},
    product::{self, Item},
    request::{Filters, Lookup},
    search::{filter, quoted},
    text::visible,
};
use crate::upstreams::Upstreams;

/// Looks identifiers up. Products come from the catalogue itself, with their stock of this moment.
pub(super) async fn lookup(
    upstreams: &Upstreams,
    base: &str,
    request: Lookup,
) -> Result<Value, Failure> {
    let ids: BTreeSet<&str> = request.ids.iter().map(String::as_str).collect();
    let products = find(upstreams, &ids).await?;
    let allowed = within(upstreams, &products, &request.filters).await?;
    let mut found = BTreeSet::new();
    let mut answers = Vec::new();
    for product in &products {
        let items = product::items(product);
        let inputs = inputs(product, &items, &ids);
        found.extend(inputs.values().flatten().map(|(id, _)| *id));
        let title = visible(&product.name);
        let variants: Vec<_> = inputs
            .into_iter()
            .filter(|(at, _)| items[*at].passes(request.filters.price, &request.context.currency))
            .map(|(at, inputs)| {
                let mut variant = items[at].to_json(&title);
                variant["inputs"] = inputs
                    .into_iter()
                    .map(|(id, kind)| json!({ "id": id, "match": kind }))
                    .collect();
                variant
            })
            .collect();
        if !variants.is_empty() && allowed.as_ref().is_none_or(|it| it.contains(&product.id)) {
            answers.push(product::to_json(product, variants, &items, base));
        }
    }
    let messages: Vec<_> =
        ids.iter().filter(|id| !found.contains(**id)).map(|id| envelope::not_found(id)).collect();
    let mut answer = json!({ "ucp": envelope::ucp(envelope::LOOKUP), "products": answers });
    if !messages.is_empty() {
        answer["messages"] = messages.into();
    }
    Ok(answer)
}

/// The items that the ids name, by their place, with how they name them: `exact` for a sku, `featured` for the
/// product's id.
fn inputs<'a>(
    product: &Product,
    items: &[Item],
    ids: &BTreeSet<&'a str>,
) -> BTreeMap<usize, Vec<(&'a str, &'static str)>> {
    let mut inputs: BTreeMap<usize, Vec<_>> = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        if let Some(id) = ids.get(item.sku.as_str()) {
            inputs.entry(at).or_default().push((*id, "exact"));
        }
    }
    let is_named = |inputs: &[(&str, &str)]| inputs.iter().any(|(id, _)| *id == product.id);
    if let Some(id) = ids.get(product.id.as_str())
        && !items.is_empty()
        && !inputs.values().any(|inputs| is_named(inputs))
    {
        inputs.entry(0).or_default().push((*id, "featured"));
    }
    inputs
}

/// The products with these ids or skus, each once.
pub(super) async fn find(
    upstreams: &Upstreams,
    ids: &BTreeSet<&str>,
) -> Result<Vec<Product>, Failure> {
    let mut products = by_id(upstreams, ids.iter().map(ToString::to_string).collect()).await?;
    let missing: Vec<_> = ids
        .iter()
        .filter(|id| !products.iter().any(|product| product.id == **id))
        .map(|id| format!("sku = {}", quoted(id)))
        .collect();
    if missing.is_empty() {
        return Ok(products);
    }
    // The index knows which products have these skus.
    let request = SearchRequest {
        filter: missing.join(" OR "),
        page_size: 100,
        unlogged: true,
        ..Default::default()
    };
    let hits = upstreams.search().search(request).await?.into_inner().results;
    let hits = hits.into_iter().filter_map(|hit| hit.product).map(|product| product.id);
    let more = hits.filter(|id| !products.iter().any(|product| product.id == *id)).collect();
    products.extend(by_id(upstreams, more).await?);
    Ok(products)
}

async fn by_id(upstreams: &Upstreams, ids: Vec<String>) -> Result<Vec<Product>, Failure> {
    let product_ids: Vec<_> = ids.into_iter().filter(|id| is_product_id(id)).collect();
    if product_ids.is_empty() {
        return Ok(Vec::new());
    }
    let request = BatchGetProductsRequest { product_ids, ..Default::default() };
    Ok(upstreams.catalogue().batch_get_products(request).await?.into_inner().products)
}

/// Whether a text can be a product's id; the catalogue refuses others.
fn is_product_id(id: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    !matches!(id, "" | "." | "..") && id.len() <= 128 && id.bytes().all(is_allowed)
}

/// The ids of the products in the categories of a filter; `None` without categories.
pub(super) async fn within(
    upstreams: &Upstreams,
    products: &[Product],
    filters: &Filters,
) -> Result<Option<BTreeSet<String>>, Failure> {
    if filters.categories.is_empty() || products.is_empty() {
        return Ok(None);
    }
    let ids: Vec<_> =
        products.iter().map(|product| format!("id = {}", quoted(&product.id))).collect();
    let filter = format!("({}) AND {}", ids.join(" OR "), filter(filters, ""));
    let request = SearchRequest { filter, page_size: 100, unlogged: true, ..Default::default() };
    let hits = upstreams.search().search(request).await?.into_inner().results;
    Ok(Some(hits.into_iter().filter_map(|hit| hit.product).map(|product| product.id).collect()))
}

#[cfg(test)]
mod tests {
    use proto::{
        catalogue::v1::{Variant, product::Status},
        google::r#type::Money,
    };

    use super::*;

    #[test]
    fn identifiers_name_variants_exactly_or_the_featured_one() {
        let price = Some(Money { currency_code: "EUR".into(), units: 1, nanos: 0 });
        let variant =
            |sku: &str, stock_qty| Variant { sku: sku.into(), stock_qty, ..Default::default() };
        let shirt = Product {
            id: "shirt".into(),
            price,
            status: Status::Active.into(),
            variants: vec![variant("shirt/s", 0), variant("shirt/m", 3)],
            ..Default::default()
        };
        let items = product::items(&shirt);
        assert_eq!(items[0].sku, "shirt/m", "what is in stock is featured");
        let of = |ids: &[&'static str]| inputs(&shirt, &items, &ids.iter().copied().collect());
        assert_eq!(of(&["shirt"]), BTreeMap::from([(0, vec![("shirt", "featured")])]));
        let both =
            BTreeMap::from([(0, vec![("shirt", "featured")]), (1, vec![("shirt/s", "exact")])]);
        assert_eq!(of(&["shirt", "shirt/s"]), both);
        let mug = Product { id: "mug".into(), variants: Vec::new(), ..shirt.clone() };
        let inputs = inputs(&mug, &product::items(&mug), &BTreeSet::from(["mug"]));
        assert_eq!(inputs, BTreeMap::from([(0, vec![("mug", "exact")])]), "its sku is its id");
    }
}
