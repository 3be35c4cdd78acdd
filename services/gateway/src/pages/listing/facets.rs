//! The choices beside a list: the values of its products' fields, with their counts.

use std::{cmp::Reverse, collections::HashMap};

use proto::{
    catalogue::v1::{Attribute, Product, attribute::Value},
    google::r#type::Money,
    search::v1::{Facet, FacetValue},
};

use super::super::{
    locale::Locale,
    messages::fill,
    query::{self, ListingQuery},
    text,
};

/// Values of a choice that are shown; the others can be opened.
const SHOWN: usize = 6;
const MAX_VALUES: usize = 40;
/// The attributes that can be chosen from.
const MAX_ATTRIBUTES: usize = 5;

/// A field with the values that can be chosen.
pub(super) struct Choice {
    pub(super) heading: String,
    pub(super) options: Vec<ChoiceOption>,
    /// Further values, seen after a click.
    pub(super) more: Vec<ChoiceOption>,
}

pub(super) struct ChoiceOption {
    pub(super) text: String,
    pub(super) count: String,
    /// The list with this value chosen, or not chosen any more.
    pub(super) href: String,
    pub(super) is_chosen: bool,
}

/// The choice of a price.
pub(super) struct PriceChoice {
    pub(super) min: String,
    pub(super) max: String,
    /// Ranges with their counts; empty if prices are in several currencies.
    pub(super) ranges: Vec<ChoiceOption>,
    /// The currencies of the products, the most frequent first.
    pub(super) currencies: Vec<Currency>,
    /// The list's other parameters, for the form.
    pub(super) hidden: Vec<(String, String)>,
}

pub(super) struct Currency {
    pub(super) code: String,
    pub(super) is_chosen: bool,
}

/// Turns the facets of one list into choices.
pub(super) struct Choices<'a> {
    pub(super) query: &'a ListingQuery,
    pub(super) facets: &'a [Facet],
    pub(super) total: i32,
    pub(super) locale: Locale,
}

impl Choices<'_> {
    pub(super) fn values(&self, field: &str) -> &[FacetValue] {
        let facet = self.facets.iter().find(|facet| facet.field == field);
        facet.map(|facet| facet.values.as_slice()).unwrap_or_default()
    }

    /// The currencies of the list's products.
    pub(super) fn currencies(&self) -> Vec<Currency> {
        let values = self.values("currency").iter();
        let currency = |value: &FacetValue| Currency {
            is_chosen: value.value == self.query.currency,
            code: text::plain(&value.value),
        };
        values.map(currency).collect()
    }

    pub(super) fn price(&self) -> Option<PriceChoice> {
        let ListingQuery { min, max, currency, .. } = self.query;
        let values = self.values("price");
        let is_chosen = !min.is_empty() || !max.is_empty();
        if values.len() < 2 && !is_chosen {
            return None;
        }
        let currencies = self.currencies();
        let only = match &currencies[..] {
            [only] => only.code.as_str(),
            _ => currency,
        };
        let others = self.query.with(|query| {
            query.min.clear();
            query.max.clear();
            query.currency.clear();
        });
        Some(PriceChoice {
            min: min.clone(),
            max: max.clone(),
            ranges: match only {
                "" => Vec::new(),
                currency => values.iter().map(|value| self.price_range(value, currency)).collect(),
            },
            currencies,
            hidden: others.pairs(),
        })
    }

    /// A range of prices in one currency, with both bounds included.
    fn price_range(&self, value: &FacetValue, currency: &str) -> ChoiceOption {
        let decimals = proto::money::decimals(currency);
        let coin = 0.1_f64.powi(i32::try_from(decimals).unwrap_or_default());
        let decimal = |amount: f64| format!("{amount:.*}", decimals as usize);
        let min = value.from.filter(|from| *from > 0.0).map(decimal).unwrap_or_default();
        let max = value.to.map(|to| decimal(to - coin)).unwrap_or_default();
        let price = |bound: &str| {
            let money = money(bound.parse().unwrap_or_default(), currency);
            text::price(&money, self.locale)
        };
        let m = self.locale.messages();
        let words = match (min.as_str(), max.as_str()) {
            ("", max) => fill(m.at_most, &[&price(max)]),
            (min, "") => fill(m.at_least, &[&price(min)]),
            (min, max) => fill(m.between, &[&price(min), &price(max)]),
        };
        let is_chosen = self.query.min == min && self.query.max == max;
        let target = self.query.with(|query| {
            query.min = if is_chosen { String::new() } else { min };
            query.max = if is_chosen { String::new() } else { max };
        });
        self.option(words, value.count, &target, is_chosen)
    }

    /// Brand, availability, and the attributes that matter.
    pub(super) fn choices(&self, products: &[Product]) -> Vec<Choice> {
        let m = self.locale.messages();
        let brands = self.values("brand").iter().map(|value| {
            let is_chosen = self.query.brands.contains(&value.value);
            let target = self.query.with(|query| match is_chosen {
                true => query.brands.retain(|brand| *brand != value.value),
                false => query.brands.push(value.value.clone()),
            });
            self.option(text::plain(&value.label), value.count, &target, is_chosen)
        });
        let brands = choice(m.brand.to_owned(), brands.collect());
        let in_stock = self.values("stock").iter().filter(|value| value.value == "in_stock");
        let in_stock = in_stock.map(|value| {
            let is_chosen = self.query.in_stock;
            let target = self.query.with(|query| query.in_stock = !is_chosen);
            self.option(m.in_stock_only.to_owned(), value.count, &target, is_chosen)
        });
        let in_stock = choice(m.availability.to_owned(), in_stock.collect());
        // One brand is no choice, but stock is.
        let brands = Some(brands).filter(|it| it.options.len() > 1 || it.has_chosen());
        let in_stock = Some(in_stock).filter(|it| !it.options.is_empty());
        brands.into_iter().chain(in_stock).chain(self.attributes(products)).collect()
    }

    fn attributes(&self, products: &[Product]) -> impl Iterator<Item = Choice> {
        let named = distinct_attributes(products);
        let chosen = self.query.attribute_names();
        let mut names: Vec<&str> = named.keys().copied().chain(chosen.iter().copied()).collect();
        names.sort_unstable();
        names.dedup();
        let coverage = |name: &str| {
            let values = self.values(&query::attribute_field(name));
            (values.len(), values.iter().map(|value| value.count).sum::<i64>())
        };
        let matters = |name: &&str| {
            let (values, count) = coverage(name);
            let is_choice =
                (2..=MAX_VALUES).contains(&values) && count * 5 >= i64::from(self.total);
            values > 0 && (is_choice || chosen.contains(name))
        };
        names.retain(matters);
        names.sort_by_key(|name| (Reverse(chosen.contains(name)), Reverse(coverage(name).1)));
        let choices = names.into_iter().take(MAX_ATTRIBUTES).map(|name| {
            let unit = named.get(name).map_or("", |attribute| attribute.unit.as_str());
            self.attribute(name, unit)
        });
        choices.collect::<Vec<_>>().into_iter()
    }

    fn attribute(&self, name: &str, unit: &str) -> Choice {
        let m = self.locale.messages();
        let values = self.values(&query::attribute_field(name));
        let options = values.iter().take(MAX_VALUES).map(|value| {
            let pair = (name.to_owned(), value.value.clone());
            let is_chosen = self.query.attributes.contains(&pair);
            let words = match (value.value.as_str(), value.value.parse::<f64>()) {
                ("true", _) => m.yes.to_owned(),
                ("false", _) => m.no.to_owned(),
                (_, Ok(number)) => text::measure(number, unit, self.locale),
                (_, Err(_)) => text::plain(&value.label),
            };
            let target = self.query.with(|query| match is_chosen {
                true => query.attributes.retain(|other| *other != pair),
                false => query.attributes.push(pair),
            });
            self.option(words, value.count, &target, is_chosen)
        });
        choice(text::heading(name), options.collect())
    }

    fn option(
        &self,
        text: String,
        count: i64,
        target: &ListingQuery,
        is_chosen: bool,
    ) -> ChoiceOption {
        let count = text::grouped(count.max(0).unsigned_abs(), self.locale);
        ChoiceOption { text, count, href: target.href(), is_chosen }
    }
}

impl Choice {
    fn has_chosen(&self) -> bool {
        self.options.iter().any(|option| option.is_chosen)
    }
}

/// Chosen values are always seen.
fn choice(heading: String, options: Vec<ChoiceOption>) -> Choice {
    let (mut options, unchosen): (Vec<_>, Vec<_>) =
        options.into_iter().partition(|option| option.is_chosen);
    let room = SHOWN.saturating_sub(options.len());
    let mut unchosen = unchosen.into_iter();
    options.extend(unchosen.by_ref().take(room));
    Choice { heading, options, more: unchosen.collect() }
}

/// The attributes of the products by name, any of each.
fn distinct_attributes(products: &[Product]) -> HashMap<&str, &Attribute> {
    let attributes = products.iter().flat_map(|product| &product.attributes);
    let known = attributes.filter(|attribute| {
        matches!(attribute.value, Some(Value::Text(_) | Value::Number(_) | Value::Flag(_)))
    });
    known.map(|attribute| (attribute.name.as_str(), attribute)).collect()
}

fn money(amount: f64, currency: &str) -> Money {
    let units = amount.trunc();
    let nanos = ((amount - units) * 1e9).round();
    // Bounds of ranges are at most a million.
    Money { currency_code: currency.to_owned(), units: units as i64, nanos: nanos as i32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(value: &str, count: i64) -> FacetValue {
        FacetValue { value: value.into(), label: value.into(), count, ..Default::default() }
    }

    fn range(from: f64, to: f64) -> FacetValue {
        FacetValue { count: 3, from: Some(from), to: Some(to), ..Default::default() }
    }

    fn facet(field: &str, values: Vec<FacetValue>) -> Facet {
        Facet { field: field.into(), values }
    }

    #[test]
    fn chosen_values_can_be_taken_back() {
        let query = ListingQuery { brands: vec!["B".into()], ..Default::default() };
        let facets = [facet("brand", vec![value("A", 1_234), value("B", 2)])];
        let choices = Choices { query: &query, facets: &facets, total: 9, locale: Locale::English };
        let [brand] = &choices.choices(&[])[..] else { panic!("one choice") };
        let [chosen, other] = &brand.options[..] else { panic!("two brands") };
        assert_eq!((chosen.text.as_str(), chosen.href.as_str()), ("B", "/"));
        assert!(chosen.is_chosen && !other.is_chosen);
        assert_eq!((other.href.as_str(), other.count.as_str()), ("/?brand=B&brand=A", "1,234"));
    }

    #[test]
    fn prices_have_ranges_in_one_currency_only() {
        let prices = facet("price", vec![range(0.0, 20.0), range(20.0, 50.0)]);
        let ranges = |currencies: &[&str], currency: &str| {
            let currencies = currencies.iter().map(|code| value(code, 5)).collect();
            let facets = [prices.clone(), facet("currency", currencies)];
            let query = ListingQuery { currency: currency.into(), ..Default::default() };
            let choices =
                Choices { query: &query, facets: &facets, total: 9, locale: Locale::English };
            let ranges = choices.price().unwrap().ranges.into_iter();
            ranges.map(|range| format!("{} {}", range.text, range.href)).collect::<Vec<_>>()
        };
        assert_eq!(
            ranges(&["EUR"], ""),
            ["up to €19.99 /?max=19.99", "€20.00 – €49.99 /?min=20.00&max=49.99"]
        );
        assert_eq!(ranges(&["EUR", "JPY"], "JPY")[0], "up to ¥19 /?currency=JPY&max=19");
        assert!(ranges(&["EUR", "JPY"], "").is_empty());
    }

    #[test]
    fn attributes_that_few_products_have_are_left_out() {
        let attribute = |name: &str, value: Value, unit: &str| Attribute {
            name: name.into(),
            unit: unit.into(),
            value: Some(value),
        };
        let products = [Product {
            attributes: vec![
                attribute("volume", Value::Number(350.0), "ml"),
                attribute("rare", Value::Flag(true), ""),
            ],
            ..Default::default()
        }];
        let facets = [
            facet("attributes.\"volume\"", vec![value("350", 30), value("500", 5)]),
            facet("attributes.\"rare\"", vec![value("true", 3), value("false", 1)]),
        ];
        let query = ListingQuery::default();
        let choices =
            Choices { query: &query, facets: &facets, total: 90, locale: Locale::English };
        let [volume] = &choices.choices(&products)[..] else { panic!("one choice") };
        assert_eq!(volume.heading, "Volume");
        assert_eq!(volume.options[0].text, "350\u{a0}ml");
        assert_eq!(volume.options[1].href, "/?a.volume=500");
    }
}
