//! The chips above a list: the chosen filters, and the parts of the search that were understood as more than words.
//! Each is a link to the list without it.

use proto::search::v1::{SpanKind, UnderstoodSpan};

use super::super::{
    locale::Locale,
    messages::{Messages, fill},
    query::ListingQuery,
    text,
};

pub(super) struct Chip {
    /// The name of the choice, for people.
    pub(super) meaning: String,
    pub(super) text: String,
    pub(super) href: String,
    /// The action of the link, for screen readers.
    pub(super) action: &'static str,
}

/// The chips of the list's category and of the chosen filters.
pub(super) fn chosen(query: &ListingQuery, category: &str, locale: Locale) -> Vec<Chip> {
    let m = locale.messages();
    let chip = |meaning: &str, text: String, without: ListingQuery| Chip {
        meaning: meaning.to_owned(),
        text,
        href: without.href(),
        action: m.remove,
    };
    let mut chips = Vec::new();
    if !category.is_empty() && !query.search.is_empty() {
        let without = query.with(|query| query.category_id.clear());
        chips.push(chip(m.categories, category.to_owned(), without));
    }
    for brand in &query.brands {
        let without = query.with(|query| query.brands.retain(|other| other != brand));
        chips.push(chip(m.brand, text::plain(brand), without));
    }
    if let Some(range) = price_range(query, m) {
        let without = query.with(|query| {
            query.min.clear();
            query.max.clear();
            query.currency.clear();
        });
        chips.push(chip(m.price, range, without));
    } else if !query.currency.is_empty() {
        let without = query.with(|query| query.currency.clear());
        chips.push(chip(m.currency, query.currency.clone(), without));
    }
    if query.in_stock {
        let without = query.with(|query| query.in_stock = false);
        chips.push(chip(m.availability, m.in_stock_only.to_owned(), without));
    }
    for pair in &query.attributes {
        let without = query.with(|query| query.attributes.retain(|other| other != pair));
        let (name, value) = pair;
        chips.push(chip(&text::heading(name), flag(value, m), without));
    }
    if !query.filter.is_empty() {
        let without = query.with(|query| query.filter.clear());
        chips.push(chip(m.custom_filter, text::plain(&query.filter), without));
    }
    chips
}

/// A flag's value in words; other values as they are.
fn flag(value: &str, m: &Messages) -> String {
    match value {
        "true" => m.yes.to_owned(),
        "false" => m.no.to_owned(),
        other => text::plain(other),
    }
}

fn price_range(query: &ListingQuery, m: &Messages) -> Option<String> {
    let amount = |bound: &str| match query.currency.as_str() {
        "" => bound.to_owned(),
        currency => format!("{bound}\u{a0}{currency}"),
    };
    Some(match (query.min.as_str(), query.max.as_str()) {
        ("", "") => return None,
        (min, "") => fill(m.at_least, &[&amount(min)]),
        ("", max) => fill(m.at_most, &[&amount(max)]),
        (min, max) => fill(m.between, &[min, &amount(max)]),
    })
}

/// The chip of a part of the search. `None` for obvious parts: a word that names a brand or a kind of thing.
pub(super) fn understood(
    span: &UnderstoodSpan,
    query: &ListingQuery,
    locale: Locale,
) -> Option<Chip> {
    let m = locale.messages();
    let meaning = match span.kind() {
        SpanKind::Price => m.price_meaning,
        SpanKind::Exclusion => m.exclusion_meaning,
        SpanKind::Phrase => m.phrase_meaning,
        SpanKind::Need => m.need_meaning,
        SpanKind::OwnBrand => m.own_brand_meaning,
        SpanKind::Unspecified
        | SpanKind::Brand
        | SpanKind::Type
        | SpanKind::Measure
        | SpanKind::Relation
        | SpanKind::Filler => return None,
    };
    let as_words = query.with(|query| query.as_words.push(span.span.clone()));
    Some(Chip {
        meaning: meaning.to_owned(),
        text: text::plain(&span.span),
        href: as_words.href(),
        action: m.as_words,
    })
}
