//! A product in a list.

use proto::catalogue::v1::Product;

use super::{Stock, links, locale::Locale, pictures, text};

pub(super) struct Card {
    pub(super) name: String,
    pub(super) brand: String,
    pub(super) href: String,
    pub(super) picture: Option<String>,
    pub(super) price: Option<String>,
    pub(super) stock: Stock,
}

impl Card {
    pub(super) fn new(product: Product, locale: Locale) -> Self {
        let picture = pictures::of(&product).next().map(|picture| picture.url);
        Self {
            name: text::plain(&product.name),
            brand: text::plain(&product.brand),
            href: links::product(&product.id),
            picture,
            price: text::price_of(&product, locale),
            stock: Stock {
                product_id: product.id,
                sku: String::new(),
                revision: product.revision,
                quantity: product.stock_qty,
                locale,
            },
        }
    }
}
