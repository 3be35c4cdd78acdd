//! A user's map over a shipped one, which applies to the fields that the user does not name.

use std::{collections::HashMap, sync::OnceLock};

use super::{
    AttributesRule, FieldMap, ImageRule, OptionRule, Rule, TextRules, ValueSource, VariantRule,
};
use crate::names::normalize;

impl FieldMap {
    /// Gives source fields the names that the columns have, if they differ in case or punctuation.
    pub(crate) fn rename_sources<'a>(&mut self, columns: impl Iterator<Item = &'a str>) {
        self.named = OnceLock::new();
        let columns: Vec<&str> = columns.collect();
        let by_name: HashMap<String, &str> =
            columns.iter().map(|column| (normalize(column), *column)).collect();
        self.each_source(&mut |name| {
            if !columns.contains(&name.as_str())
                && let Some(column) = by_name.get(&normalize(name)).filter(|name| !name.is_empty())
            {
                (*column).clone_into(name);
            }
        });
    }

    /// Passes each source field that the map reads to `rename`.
    pub(super) fn each_source(&mut self, rename: &mut dyn FnMut(&mut String)) {
        let mut rule = |rule: &mut Rule| {
            if let ValueSource::Field { names, .. } = &mut rule.source {
                names.iter_mut().for_each(&mut *rename);
            }
        };
        let rules = [
            &mut self.id,
            &mut self.external_id,
            &mut self.etag,
            &mut self.stock_qty,
            &mut self.category_path,
            &mut self.category_ids,
            &mut self.labels,
            &mut self.status,
            &mut self.condition,
            &mut self.variant.media_url,
            &mut self.variants,
            &mut self.locale,
            &mut self.alias,
            &mut self.variant.sku,
            &mut self.variant.gtin,
            &mut self.variant.stock_qty,
        ];
        rules.into_iter().chain(&mut self.texts.0).flatten().for_each(&mut rule);
        let prices = self.price.iter_mut().chain(&mut self.variant.price);
        for price in prices.chain(&mut self.cost).chain(&mut self.variant.cost) {
            rule(&mut price.amount);
            price.currency.iter_mut().for_each(&mut rule);
        }
        self.offer.each_rule(&mut rule);
        self.variant.offer.each_rule(&mut rule);
        if let Some((unless, _)) = &mut self.variant.unless {
            rule(unless);
        }
        for option in &mut self.variant.options {
            match option {
                OptionRule::Named(_, value) | OptionRule::Packed(value) => rule(value),
                OptionRule::Pair(name, value) => {
                    rule(name);
                    rule(value);
                }
            }
        }
        for image in &mut self.images {
            rule(&mut image.urls);
            image.alts.iter_mut().chain(&mut image.position).for_each(&mut rule);
        }
        if let Some(attributes) = &mut self.attributes {
            attributes.also.iter_mut().for_each(|(_, also)| rule(also));
            attributes.packed.iter_mut().for_each(|packed| rename(&mut packed.field));
            attributes.from.iter_mut().chain(&mut attributes.exported).for_each(rename);
        }
    }

    /// This map, and `base` where it names nothing.
    #[must_use]
    pub(crate) fn over(self, mut base: Self) -> Self {
        if self.price.is_some() || self.variant.price.is_some() {
            // The price that the user names is the price, whatever sales there are.
            base.offer.forget_sales();
            base.variant.offer.forget_sales();
        }
        let mut texts = TextRules::default();
        for ((target, ours), theirs) in texts.0.iter_mut().zip(self.texts.0).zip(base.texts.0) {
            *target = ours.or(theirs);
        }
        let has_categories = self.category_path.is_some() || self.category_ids.is_some();
        Self {
            // An id of another field than the group's key: the rows are products of their own.
            id: self.id.or(base.id.filter(|_| self.external_id.is_none())),
            external_id: self.external_id.or(base.external_id),
            etag: self.etag.or(base.etag),
            texts,
            price: self.price.or(base.price),
            stock_qty: self.stock_qty.or(base.stock_qty),
            category_path: self.category_path.or(base.category_path.filter(|_| !has_categories)),
            category_ids: self.category_ids,
            images: images(self.images, base.images),
            labels: self.labels.or(base.labels),
            status: self.status.or(base.status),
            condition: self.condition.or(base.condition),
            offer: self.offer.over(base.offer),
            cost: self.cost.or(base.cost),
            variant: variant(self.variant, base.variant, self.variants.is_some()),
            variants: self.variants.or(base.variants),
            attributes: attributes(self.attributes, base.attributes),
            locale: self.locale.or(base.locale),
            alias: self.alias.or(base.alias),
            settings: self.settings.or(base.settings),
            style: self.style,
            named: OnceLock::new(),
        }
    }
}

fn variant(ours: VariantRule, theirs: VariantRule, has_list: bool) -> VariantRule {
    if has_list {
        return ours;
    }
    VariantRule {
        sku: ours.sku.or(theirs.sku),
        gtin: ours.gtin.or(theirs.gtin),
        price: ours.price.or(theirs.price),
        stock_qty: ours.stock_qty.or(theirs.stock_qty),
        offer: ours.offer.over(theirs.offer),
        cost: ours.cost.or(theirs.cost),
        media_url: ours.media_url.or(theirs.media_url),
        unless: ours.unless.or(theirs.unless),
        options: if ours.options.is_empty() { theirs.options } else { ours.options },
    }
}

/// Pictures of the same source are one rule; rules that only the shipped map has stay.
fn images(ours: Vec<ImageRule>, theirs: Vec<ImageRule>) -> Vec<ImageRule> {
    let reads_same = |one: &Rule, other: &Rule| {
        one.sources().first().is_some_and(|source| other.sources().first() == Some(source))
    };
    let mut all = ours;
    for theirs in theirs {
        match all.iter_mut().find(|ours| reads_same(&ours.urls, &theirs.urls)) {
            Some(ours) => {
                ours.alts = ours.alts.take().or(theirs.alts);
                ours.position = ours.position.take().or(theirs.position);
            }
            None => all.push(theirs),
        }
    }
    all
}

fn attributes(
    ours: Option<AttributesRule>,
    theirs: Option<AttributesRule>,
) -> Option<AttributesRule> {
    match (ours, theirs) {
        (Some(mut ours), Some(theirs)) => {
            if ours.packed.is_empty() {
                ours.packed = theirs.packed;
            }
            Some(ours)
        }
        (ours, theirs) => ours.or(theirs),
    }
}
