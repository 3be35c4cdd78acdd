//! `get_product`: one product, narrowed to the options that a shopper has chosen.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    envelope::{self, Failure},
    lookup,
    product::{self, Item},
    request::{Detail, Selected},
    text::visible,
};
use crate::upstreams::Upstreams;

/// The most variants of an answer.
const MAX_VARIANTS: usize = 50;

/// Returns a product by its id or by the sku of a variant.
pub(super) async fn get(
    upstreams: &Upstreams,
    base: &str,
    request: Detail,
) -> Result<Value, Failure> {
    let products = lookup::find(upstreams, &BTreeSet::from([request.id.as_str()])).await?;
    let allowed = lookup::within(upstreams, &products, &request.filters).await?;
    let found = products.iter().find(|product| {
        allowed.as_ref().is_none_or(|it| it.contains(&product.id))
            && !product::items(product).is_empty()
    });
    let Some(product) = found else { return Ok(not_found(&request.id)) };
    let items = product::items(product);
    let passing: Vec<_> = items
        .iter()
        .filter(|item| item.passes(request.filters.price, &request.context.currency))
        .collect();
    let Some(selection) = Selection::of(&passing, &request) else {
        return Ok(not_found(&request.id));
    };
    let title = visible(&product.name);
    let variants = selection.variants.iter().take(MAX_VARIANTS);
    let variants = variants.map(|item| item.to_json(&title)).collect();
    let mut answer = product::to_json(product, variants, &items, base);
    if !selection.selected.is_empty() {
        answer["selected"] = selection
            .selected
            .iter()
            .map(|it| json!({ "name": it.name, "label": it.label }))
            .collect();
        answer["options"] = signals(&items, &selection.selected);
    }
    Ok(json!({ "ucp": envelope::ucp(envelope::LOOKUP), "product": answer }))
}

fn not_found(id: &str) -> Value {
    let content = format!("Product not found: {id}");
    envelope::error(envelope::LOOKUP, "not_found", &content, "unrecoverable")
}

/// The choices that hold, and the variants that have them, the featured one first.
struct Selection<'a> {
    selected: Vec<Selected>,
    variants: Vec<&'a Item>,
}

impl<'a> Selection<'a> {
    /// `None` without a variant. Choices that no variant has together are given up, first the ones without a
    /// preference, then from the end of the preferences.
    fn of(items: &[&'a Item], request: &Detail) -> Option<Self> {
        if let Some(named) = items.iter().find(|item| item.sku == request.id) {
            // The variant determines the choices.
            return Some(Self { selected: choices(named), variants: vec![named] });
        }
        if request.selected.is_empty() {
            let featured = items.first()?;
            return Some(Self { selected: choices(featured), variants: items.to_vec() });
        }
        let rank = |it: &Selected| request.preferences.iter().position(|name| *name == it.name);
        let mut selected = request.selected.clone();
        selected.sort_by_key(|it| rank(it).unwrap_or(usize::MAX));
        loop {
            let matching: Vec<_> =
                items.iter().copied().filter(|item| has_all(item, &selected)).collect();
            if !matching.is_empty() {
                return Some(Self { selected, variants: matching });
            }
            selected.pop()?;
        }
    }
}

fn choices(item: &Item) -> Vec<Selected> {
    let options = item.options.iter();
    options.map(|(name, label)| Selected { name: name.clone(), label: label.clone() }).collect()
}

fn has_all(item: &Item, selected: &[Selected]) -> bool {
    selected.iter().all(|it| item.options.iter().any(|(n, v)| *n == it.name && *v == it.label))
}

/// The options with, for each value, whether a variant has it together with the other choices, and whether one of
/// these is in stock.
fn signals(items: &[Item], selected: &[Selected]) -> Value {
    let options = product::options(items).into_iter().map(|(name, labels)| {
        let values = labels.into_iter().map(|label| {
            let mut wanted: Vec<_> = selected.iter().filter(|it| it.name != name).cloned().collect();
            wanted.push(Selected { name: name.to_owned(), label: label.to_owned() });
            let mut matching = items.iter().filter(|item| has_all(item, &wanted)).peekable();
            let exists = matching.peek().is_some();
            json!({ "label": label, "exists": exists, "available": matching.any(Item::is_available) })
        });
        json!({ "name": name, "values": values.collect::<Vec<_>>() })
    });
    options.collect()
}

#[cfg(test)]
mod tests {
    use proto::{
        catalogue::v1::{OptionValue, Product, Variant, product::Status},
        google::r#type::Money,
    };

    use super::*;

    fn shirt() -> Vec<Item> {
        let variant = |colour: &str, size: &str, stock_qty| Variant {
            sku: format!("{colour}-{size}"),
            option_values: [("Color", colour), ("Size", size)]
                .map(|(name, value)| OptionValue { name: name.into(), value: value.into() })
                .into(),
            stock_qty,
            ..Default::default()
        };
        product::items(&Product {
            id: "shirt".into(),
            status: Status::Active.into(),
            price: Some(Money { currency_code: "EUR".into(), units: 9, nanos: 0 }),
            variants: vec![variant("Red", "S", 0), variant("Red", "M", 2), variant("Blue", "S", 1)],
            ..Default::default()
        })
    }

    fn selected(pairs: &[(&str, &str)]) -> Vec<Selected> {
        let one = |(name, label): &(&str, &str)| Selected {
            name: (*name).to_owned(),
            label: (*label).to_owned(),
        };
        pairs.iter().map(one).collect()
    }

    #[test]
    fn choices_are_given_up_from_the_end_of_the_preferences() {
        let items = shirt();
        let items: Vec<_> = items.iter().collect();
        let request = |preferences: &[&str]| Detail {
            id: "shirt".into(),
            selected: selected(&[("Color", "Blue"), ("Size", "M")]),
            preferences: preferences.iter().map(ToString::to_string).collect(),
            ..Default::default()
        };
        let of = |preferences| Selection::of(&items, &request(preferences)).unwrap();
        assert_eq!(of(&["Color", "Size"]).selected, selected(&[("Color", "Blue")]));
        assert_eq!(of(&["Size", "Color"]).selected, selected(&[("Size", "M")]));
        let variant = Detail { id: "Red-S".into(), ..request(&[]) };
        let variant = Selection::of(&items, &variant).unwrap();
        assert_eq!(variant.selected, selected(&[("Color", "Red"), ("Size", "S")]));
        assert_eq!(variant.variants[0].sku, "Red-S");
    }

    #[test]
    fn values_say_whether_they_exist_and_are_in_stock() {
        let signals = signals(&shirt(), &selected(&[("Color", "Red")]));
        let of = |option: usize, label: &str| {
            let values = signals[option]["values"].as_array().unwrap();
            let value = values.iter().find(|value| value["label"] == label).unwrap();
            (value["exists"].as_bool().unwrap(), value["available"].as_bool().unwrap())
        };
        assert_eq!(signals[1]["name"], "Size");
        assert_eq!((of(1, "S"), of(1, "M")), ((true, false), (true, true)));
        assert_eq!(of(0, "Blue"), (true, true));
    }
}
