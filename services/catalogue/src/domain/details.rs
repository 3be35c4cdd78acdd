//! Details: the writable fields of a product; add new ones here.

use std::collections::HashMap;

use product_fields::TextField;

use super::{
    CategoryId, Field, Mask, Offer, Price, Sku, Variant,
    offer::replace,
    variant::{same_choice, stock_of},
};

/// The writable fields of a product.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Details {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) brand: String,
    pub(crate) price: Option<Price>,
    /// Not negative. With variants, the sum of their stock.
    pub(crate) stock_qty: i32,
    /// The main picture first.
    pub(crate) media: Vec<Media>,
    pub(crate) category_ids: Vec<CategoryId>,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) labels: Vec<String>,
    pub(crate) external_id: Option<String>,
    pub(crate) variants: Vec<Variant>,
    pub(crate) status: Status,
    pub(crate) offer: Offer,
    pub(crate) condition: Option<Condition>,
    pub(crate) tax_class: String,
    pub(crate) seo_title: String,
    pub(crate) seo_description: String,
    /// Each SKU once.
    pub(crate) costs: Vec<Cost>,
}

/// Whether a product was used before. The number is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Condition {
    New = 1,
    Refurbished = 2,
    Used = 3,
}

/// The cost of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cost {
    /// `None`: the product itself.
    pub(crate) sku: Option<Sku>,
    pub(crate) amount: Price,
}

/// Visibility for shoppers. The number is stored.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Draft = 1,
    #[default]
    Active = 2,
    Archived = 3,
}

/// A picture.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Media {
    pub(crate) url: String,
    /// Alternative text, or empty.
    pub(crate) alt: String,
    /// In pixels; 0 if unknown.
    pub(crate) width: i32,
    /// In pixels; 0 if unknown.
    pub(crate) height: i32,
}

/// A named property of a product.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Attribute {
    pub(crate) name: String,
    pub(crate) value: Value,
    /// Unit of a number, or empty.
    pub(crate) unit: String,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Text(String),
    /// Finite.
    Number(f64),
    Flag(bool),
}

impl Details {
    pub(crate) fn text(&self, field: TextField) -> &String {
        match field {
            TextField::Name => &self.name,
            TextField::Brand => &self.brand,
            TextField::Description => &self.description,
            TextField::TaxClass => &self.tax_class,
            TextField::SeoTitle => &self.seo_title,
            TextField::SeoDescription => &self.seo_description,
        }
    }

    pub(crate) fn text_mut(&mut self, field: TextField) -> &mut String {
        match field {
            TextField::Name => &mut self.name,
            TextField::Brand => &mut self.brand,
            TextField::Description => &mut self.description,
            TextField::TaxClass => &mut self.tax_class,
            TextField::SeoTitle => &mut self.seo_title,
            TextField::SeoDescription => &mut self.seo_description,
        }
    }

    /// Copies the fields of `mask` from `new`, and returns the fields that have changed. With
    /// variants, the stock is the sum of theirs, regardless of `new`. References to pictures and variants
    /// that are no more end with them.
    pub(crate) fn take(&mut self, new: &Self, mask: Mask) -> Mask {
        let changed = mask.fields().fold(Mask::default(), |changed, field| {
            let differs = match field {
                Field::Text(text) => replace(self.text_mut(text), new.text(text)),
                Field::Offer(offer) => self.offer.take(offer, &new.offer),
                Field::Condition => replace(&mut self.condition, &new.condition),
                Field::Costs => replace(&mut self.costs, &new.costs),
                Field::Price => replace(&mut self.price, &new.price),
                Field::Media => replace(&mut self.media, &new.media),
                Field::CategoryIds => replace(&mut self.category_ids, &new.category_ids),
                Field::Attributes => replace(&mut self.attributes, &new.attributes),
                Field::Labels => replace(&mut self.labels, &new.labels),
                Field::ExternalId => replace(&mut self.external_id, &new.external_id),
                Field::Status => replace(&mut self.status, &new.status),
                // These depend on each other; see `take_variants`.
                Field::StockQty | Field::Variants => false,
            };
            if differs { changed.with(field) } else { changed }
        });
        let changed = self.take_variants(new, mask, changed);
        self.end_references(mask, changed)
    }

    /// Removes the references to pictures and variants that `changed` has removed, unless `mask` gives them.
    fn end_references(&mut self, mask: Mask, mut changed: Mask) -> Mask {
        if changed.has(Field::Media) && !mask.has(Field::Variants) {
            for variant in &mut self.variants {
                let url = &variant.media_url;
                if !url.is_empty() && !self.media.iter().any(|media| media.url == *url) {
                    variant.media_url.clear();
                    changed = changed.with(Field::Variants);
                }
            }
        }
        if changed.has(Field::Variants) && !mask.has(Field::Costs) && !self.costs.is_empty() {
            let known = self.costs.len();
            let variants = &self.variants;
            self.costs.retain(|cost| is_sku_of(cost.sku.as_ref(), variants));
            if self.costs.len() != known {
                changed = changed.with(Field::Costs);
            }
        }
        changed
    }

    /// Whether the product, or one of its variants, has a price to compare with that is above its price.
    pub(crate) fn is_on_sale(&self) -> bool {
        self.offer.is_sale_of(self.price.as_ref())
            || self.variants.iter().any(|it| it.offer.is_sale_of(it.price.as_ref()))
    }

    /// The product's weight, or that of its lightest variant, in milligrams.
    pub(crate) fn milligrams(&self) -> Option<i64> {
        let of_variants = || self.variants.iter().filter_map(|it| it.offer.milligrams()).min();
        self.offer.milligrams().or_else(of_variants)
    }

    fn take_variants(&mut self, new: &Self, mask: Mask, mut changed: Mask) -> Mask {
        if mask.has(Field::Variants) && self.variants != new.variants {
            if !same_choice(&self.variants, &new.variants) {
                changed = changed.with(Field::Variants);
            }
            if self.stock_differs(&new.variants) {
                changed = changed.with(Field::StockQty);
            }
            self.variants.clone_from(&new.variants);
        }
        let old = self.stock_qty;
        if mask.has(Field::StockQty) {
            self.stock_qty = new.stock_qty;
        }
        self.count_variants();
        if self.stock_qty == old { changed } else { changed.with(Field::StockQty) }
    }

    /// Sets the stock to the sum of the variants' stock, if there are variants.
    pub(super) fn count_variants(&mut self) {
        if !self.variants.is_empty() {
            self.stock_qty = stock_of(&self.variants);
        }
    }

    /// Whether the stock of a variant that is in both lists differs.
    fn stock_differs(&self, new: &[Variant]) -> bool {
        let old = stock_by_sku(&self.variants);
        new.iter().any(|new| old.get(&new.sku).is_some_and(|old| *old != new.stock_qty))
    }

    /// Replaces the stock of the variants that `current` has, too, by the current one. Variants that
    /// it does not have keep theirs: they are new.
    pub(crate) fn keep_stock_of(&mut self, current: &Self) {
        let stock = stock_by_sku(&current.variants);
        for variant in &mut self.variants {
            if let Some(&stock_qty) = stock.get(&variant.sku) {
                variant.stock_qty = stock_qty;
            }
        }
    }

    /// Whether these details have another stock than `current`, in a field of `mask`.
    pub(crate) fn contradicts_stock_of(&self, current: &Self, mask: Mask) -> bool {
        let counts = mask.has(Field::StockQty) && current.variants.is_empty();
        (counts && self.stock_qty != current.stock_qty)
            || (mask.has(Field::Variants) && current.stock_differs(&self.variants))
    }

    /// Approximate size of the product, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        let attributes = self.attributes.iter().map(Attribute::bytes);
        let media = self.media.iter().map(|media| media.url.len() + media.alt.len());
        let labels = self.labels.iter().map(String::len);
        let categories = self.category_ids.iter().map(|id| id.as_str().len());
        let variants = self.variants.iter().map(Variant::bytes);
        /// A price with its currency.
        const PRICE: usize = 16;
        let numbers = self.offer.bytes() + PRICE * self.costs.len();
        let texts = TextField::ALL.iter().map(|text| self.text(*text).len());
        let lists = attributes.chain(media).chain(labels).chain(categories).chain(variants);
        numbers + texts.chain(lists).sum::<usize>()
    }
}

impl Attribute {
    fn bytes(&self) -> usize {
        let value = match &self.value {
            Value::Text(text) => text.len(),
            Value::Number(_) => 8,
            Value::Flag(_) => 1,
        };
        self.name.len() + self.unit.len() + value
    }
}

fn stock_by_sku(variants: &[Variant]) -> HashMap<&Sku, i32> {
    variants.iter().map(|variant| (&variant.sku, variant.stock_qty)).collect()
}

/// Whether a cost's SKU is that of a variant, or that of a product without any.
pub(super) fn is_sku_of(sku: Option<&Sku>, variants: &[Variant]) -> bool {
    sku.map_or(variants.is_empty(), |sku| variants.iter().any(|variant| variant.sku == *sku))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_variants(stocks: &[(&str, i32)]) -> Details {
        let variant = |(sku, stock_qty): &(&str, i32)| Variant {
            sku: Sku::parse(sku).unwrap(),
            gtin: String::new(),
            option_values: Vec::new(),
            price: None,
            stock_qty: *stock_qty,
            offer: Offer::default(),
            media_url: String::new(),
        };
        let variants = stocks.iter().map(variant).collect();
        Details { variants, stock_qty: 99, ..Default::default() }
    }

    fn changed(details: &mut Details, new: &Details, mask: Mask) -> Vec<Field> {
        details.take(new, mask).fields().collect()
    }

    #[test]
    fn the_stock_of_a_product_is_that_of_its_variants() {
        let mut details = Details { stock_qty: 3, ..Default::default() };
        let new = with_variants(&[("a", 4), ("b", 6)]);
        let both = [Field::StockQty, Field::Variants];
        assert_eq!(changed(&mut details, &new, Mask::all()), both);
        assert_eq!(details.stock_qty, 10);
        // A sum in the input has no effect.
        assert_eq!(changed(&mut details, &new, Mask::all()), []);
        assert_eq!(changed(&mut details, &new, Mask::default().with(Field::StockQty)), []);

        // Moving stock between variants changes only the stock.
        let new = with_variants(&[("a", 5), ("b", 5)]);
        assert_eq!(changed(&mut details, &new, Mask::all()), [Field::StockQty]);
        // Another order changes the variants; a new variant's stock is part of the variants.
        let new = with_variants(&[("b", 5), ("a", 5)]);
        assert_eq!(changed(&mut details, &new, Mask::all()), [Field::Variants]);
        let new = with_variants(&[("c", 10)]);
        assert_eq!(changed(&mut details, &new, Mask::all()), [Field::Variants]);
        // A product keeps its total stock when its variants are removed.
        let variants = Mask::default().with(Field::Variants);
        assert_eq!(changed(&mut details, &Details::default(), variants), [Field::Variants]);
        assert_eq!(details.stock_qty, 10);
    }
}
