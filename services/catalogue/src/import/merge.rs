//! Rows that merge lists instead of replacing them: variants by SKU, pictures by URL, attributes by
//! name.
//!
//! **Invariant:** items that a merging row does not name stay.

use super::Row;
use product_fields::OfferField;

use crate::domain::{Cost, Field, Media, Offer, OfferFields, Price, Product, Variant};

/// Which lists a row merges.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Merge {
    /// `None`: the variants are replaced.
    pub(crate) variants: Option<VariantFields>,
    pub(crate) media: MediaMerge,
    pub(crate) attributes: bool,
    pub(crate) costs: bool,
}

/// The fields of variants that a row sets.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct VariantFields {
    pub(crate) gtin: bool,
    pub(crate) option_values: bool,
    pub(crate) price: bool,
    pub(crate) stock_qty: bool,
    pub(crate) media_url: bool,
    pub(crate) offer: OfferFields,
}

/// How pictures are merged.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MediaMerge {
    /// Whether pictures that the row does not have stay.
    pub(crate) add: bool,
    /// Whether pictures keep their width and height.
    pub(crate) keep_size: bool,
    /// Whether pictures keep their alternative text.
    pub(crate) keep_alt: bool,
}

impl Row {
    /// Whether the row names its product by SKU alone, and sets parts of a variant.
    pub(super) fn is_keyed_by_sku(&self) -> bool {
        self.merge.variants.is_some() && self.id.is_none() && self.details.external_id.is_none()
    }

    /// Merges the product's lists into the row's, so that they can replace the product's.
    pub(super) fn merge_into(&mut self, product: &Product) {
        let current = &product.details;
        if let Some(fields) = self.merge.variants {
            self.merge_variants(product, fields);
        }
        self.details.offer.keep_units_of(&current.offer);
        if self.mask.has(Field::Media) {
            self.details.media = self.merge.media.apply(&current.media, &self.details.media);
        }
        if self.merge.attributes {
            let mut attributes = current.attributes.clone();
            for new in std::mem::take(&mut self.details.attributes) {
                match attributes.iter_mut().find(|old| old.name == new.name) {
                    Some(old) => *old = new,
                    None => attributes.push(new),
                }
            }
            self.details.attributes = attributes;
        }
        if self.merge.costs {
            self.merge_costs(&current.costs);
        }
    }

    /// Sets the costs of the row's SKUs. One of the product's own id is that of a product without variants.
    fn merge_costs(&mut self, current: &[Cost]) {
        let mut costs = current.to_vec();
        for new in std::mem::take(&mut self.details.costs) {
            match costs.iter_mut().find(|old| old.sku == new.sku) {
                Some(old) => *old = new,
                None => costs.push(new),
            }
        }
        self.details.costs = costs;
    }

    fn merge_variants(&mut self, product: &Product, fields: VariantFields) {
        let current = &product.details;
        let price = match self.mask.has(Field::Price) {
            true => self.details.price.clone(),
            false => current.price.clone(),
        };
        let mut offer = current.offer.clone();
        offer.merge(OfferFields::of(self.mask), &self.details.offer);
        let media = match self.mask.has(Field::Media) {
            true => &self.details.media,
            false => &current.media,
        };
        let picture = media.first().map(|media| media.url.clone());
        let base = Base { price, offer, picture };
        let is_alone = current.variants.is_empty();
        if let [only] = &self.details.variants[..]
            && !current.variants.iter().any(|variant| variant.sku == only.sku)
            && only.sku.as_str() == product.id.as_str()
            && !fields.gtin
            && !fields.option_values
        {
            let only = only.clone();
            self.set_alone(only, fields);
            return;
        }
        let mut variants = current.variants.clone();
        for mut new in std::mem::take(&mut self.details.variants) {
            match variants.iter_mut().find(|old| old.sku == new.sku) {
                Some(old) => set_fields(old, new, fields, &base),
                None => {
                    // The stock that the product had without variants.
                    if is_alone && new.sku.as_str() == product.id.as_str() && !fields.stock_qty {
                        new.stock_qty = current.stock_qty;
                    }
                    variants.push(new);
                }
            }
        }
        self.details.variants = variants;
    }

    /// A product without variants is the one thing that is sold: its price and stock are meant.
    fn set_alone(&mut self, only: Variant, fields: VariantFields) {
        self.details.variants.clear();
        self.mask = self.mask.without(Field::Variants);
        if fields.price {
            self.details.price = only.price;
            self.mask = self.mask.with(Field::Price);
        }
        if fields.stock_qty {
            self.details.stock_qty = only.stock_qty;
            self.mask = self.mask.with(Field::StockQty);
        }
        self.details.offer.merge(fields.offer, &only.offer);
        for field in OfferField::ALL.iter().filter(|field| fields.offer.has(**field)) {
            self.mask = self.mask.with(Field::Offer(*field));
        }
        for cost in &mut self.details.costs {
            cost.sku.take_if(|sku| *sku == only.sku);
        }
    }

    /// Whether the row sets nothing but the stock of variants.
    pub(super) fn merges_stock_alone(&self) -> bool {
        let stock = VariantFields { stock_qty: true, ..VariantFields::default() };
        self.merge.variants == Some(stock)
            && self.mask.without(Field::ExternalId).fields().eq([Field::Variants])
    }
}

/// Fields that variants have of their product.
struct Base {
    price: Option<Price>,
    offer: Offer,
    /// The URL of the main picture.
    picture: Option<String>,
}

fn set_fields(old: &mut Variant, new: Variant, fields: VariantFields, base: &Base) {
    let has_its_price = old.price.is_none() && new.price == base.price;
    if fields.gtin {
        old.gtin = new.gtin;
    }
    if fields.option_values {
        old.option_values = new.option_values;
    }
    // A variant at its product's price has no separate price to change.
    if fields.price && !has_its_price {
        old.price = new.price;
    }
    if fields.stock_qty {
        old.stock_qty = new.stock_qty;
    }
    // A variant without a picture of its own shows the main one.
    let shows_main = old.media_url.is_empty() && Some(&new.media_url) == base.picture.as_ref();
    if fields.media_url && !shows_main {
        old.media_url = new.media_url;
    }
    for field in OfferField::ALL.iter().filter(|field| fields.offer.has(**field)) {
        let inherits = match field {
            OfferField::CompareAtPrice | OfferField::SalePeriod => has_its_price,
            OfferField::Weight | OfferField::Dimensions => true,
            OfferField::CurrencyPrices => false,
        };
        // A variant that has the product's keeps having it.
        if !(inherits && !old.offer.has(*field) && new.offer.equals(*field, &base.offer)) {
            old.offer.set(*field, &new.offer);
        }
    }
}

impl MediaMerge {
    fn apply(self, current: &[Media], new: &[Media]) -> Vec<Media> {
        let merged = |media: &Media| {
            let known = current.iter().find(|old| old.url == media.url);
            let mut media = media.clone();
            if let Some(known) = known {
                if self.keep_alt {
                    media.alt.clone_from(&known.alt);
                }
                if self.keep_size {
                    (media.width, media.height) = (known.width, known.height);
                }
            }
            media
        };
        if !self.add {
            return new.iter().map(merged).collect();
        }
        let mut all: Vec<Media> = current.to_vec();
        for media in new.iter().map(merged) {
            match all.iter_mut().find(|old| old.url == media.url) {
                Some(old) => *old = media,
                None => all.push(media),
            }
        }
        all
    }
}
