//! The items that can be bought: each variant, or a product without any.

use std::{borrow::Cow, time::SystemTime};

use product_fields::CurrentPrice;
use proto::{
    catalogue::v1::{OptionValue, Product, Variant, product::Status},
    google::r#type::Money,
};

use super::{own_offer::OwnOffer, shop::Shop, shopify::alone};

/// An item of a product.
pub(super) struct Item<'a> {
    pub(super) product: &'a Product,
    pub(super) variant: Cow<'a, Variant>,
    pub(super) own: OwnOffer,
    pub(super) stock_qty: i32,
}

/// The items of a product.
pub(super) fn items(product: &Product) -> Vec<Item<'_>> {
    let item = |variant: Cow<'_, Variant>, stock_qty| Item {
        product,
        own: OwnOffer::of(product, Some(&variant)),
        variant: Cow::Owned(variant.into_owned()),
        stock_qty,
    };
    if product.variants.is_empty() {
        return vec![item(Cow::Owned(alone(product)), product.stock_qty)];
    }
    product.variants.iter().map(|it| item(Cow::Borrowed(it), it.stock_qty)).collect()
}

/// Whether a product is for sale: feeds have no other.
pub fn is_for_sale(product: &Product) -> bool {
    product.status() == Status::Active && product.delete_time.is_none()
}

/// The price now of a variant, or of a product without variants, and, if that is a sale, the regular one.
pub(super) fn prices_now<'a>(
    product: &'a Product,
    variant: &'a Variant,
) -> (Option<&'a Money>, Option<&'a Money>) {
    let now = SystemTime::now();
    let current = match product.variants.is_empty() {
        true => CurrentPrice::of_product(product, now),
        false => CurrentPrice::of_variant(product, variant, now),
    };
    current.map_or((None, None), |current| (Some(current.price), current.struck))
}

impl Item<'_> {
    /// The name of the product, with the options of the variant.
    pub(super) fn title(&self) -> String {
        let options = self.variant.option_values.iter().map(|option| option.value.as_str());
        let options: Vec<_> = options.collect();
        match options.is_empty() {
            true => self.product.name.clone(),
            false => format!("{} - {}", self.product.name, options.join(" / ")),
        }
    }

    /// The addresses of its pictures, its own first.
    pub(super) fn pictures(&self, shop: &Shop) -> Vec<String> {
        let own = Some(&self.variant.media_url).filter(|url| !url.is_empty());
        let others = self.product.image_urls.iter().filter(|url| Some(*url) != own);
        let urls = own.into_iter().chain(others).map(|url| shop.absolute(url));
        urls.filter(|url| !url.is_empty()).collect()
    }

    /// The price now and, if that is a sale, the regular one.
    pub(super) fn prices(&self) -> (Option<&Money>, Option<&Money>) {
        prices_now(self.product, &self.variant)
    }

    pub(super) fn availability(&self) -> &'static str {
        if self.stock_qty > 0 { "in_stock" } else { "out_of_stock" }
    }

    pub(super) fn option(&self, names: &[&str]) -> Option<&OptionValue> {
        let mut options = self.variant.option_values.iter();
        options.find(|option| names.contains(&option.name.to_lowercase().as_str()))
    }
}
