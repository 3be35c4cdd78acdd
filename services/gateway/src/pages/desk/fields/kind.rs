//! The fields of the form: their names, and how a product or a variant has them.

use product_fields::OfferMessage;
use proto::{
    catalogue::v1::{
        Product, SalePeriod, Variant,
        product::{Condition, Status},
    },
    google::r#type::Money,
};

use super::{
    super::form_words::Messages,
    values::{self, Unreadable},
};

/// A field of a product, or of a variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    Brand,
    Price,
    Status,
    Categories,
    Labels,
    Description,
    CompareAtPrice,
    SaleStart,
    SaleEnd,
    CurrencyPrices,
    /// In a list of their own, by SKU.
    Cost,
    Weight,
    Dimensions,
    TaxClass,
    Condition,
    SeoTitle,
    SeoDescription,
    Gtin,
    Picture,
}

impl Kind {
    /// Its name in the form.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::SaleStart => "sale_start",
            Self::SaleEnd => "sale_end",
            Self::Cost => "cost",
            kind => kind.path(),
        }
    }

    /// Its name in the contract.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Brand => "brand",
            Self::Price => "price",
            Self::Status => "status",
            Self::Categories => "category_ids",
            Self::Labels => "labels",
            Self::Description => "description",
            Self::CompareAtPrice => "compare_at_price",
            Self::SaleStart | Self::SaleEnd => "sale_period",
            Self::CurrencyPrices => "currency_prices",
            Self::Cost => "costs",
            Self::Weight => "weight",
            Self::Dimensions => "dimensions",
            Self::TaxClass => "tax_class",
            Self::Condition => "condition",
            Self::SeoTitle => "seo_title",
            Self::SeoDescription => "seo_description",
            Self::Gtin => "gtin",
            Self::Picture => "media_url",
        }
    }

    /// Whether its text may have several lines.
    pub(super) fn is_long(self) -> bool {
        matches!(self, Self::Description | Self::SeoDescription | Self::CurrencyPrices)
    }

    /// Its name for people, and how it is written.
    pub(super) fn label(self, words: &Messages) -> (&'static str, &'static str) {
        match self {
            Self::Name => (words.name, ""),
            Self::Brand => (words.brand, ""),
            Self::Price => (words.price, words.price_hint),
            Self::Status => (words.status, ""),
            Self::Categories => (words.categories, words.categories_hint),
            Self::Labels => (words.labels, words.labels_hint),
            Self::Description => (words.description, ""),
            Self::CompareAtPrice => (words.compare_at_price, words.compare_at_price_hint),
            Self::SaleStart => (words.sale_start, words.time_hint),
            Self::SaleEnd => (words.sale_end, words.time_hint),
            Self::CurrencyPrices => (words.currency_prices, words.currency_prices_hint),
            Self::Cost => (words.cost, words.cost_hint),
            Self::Weight => (words.weight, words.weight_hint),
            Self::Dimensions => (words.dimensions, words.dimensions_hint),
            Self::TaxClass => (words.tax_class, words.tax_class_hint),
            Self::Condition => (words.condition, ""),
            Self::SeoTitle => (words.seo_title, words.seo_title_hint),
            Self::SeoDescription => (words.seo_description, words.seo_description_hint),
            Self::Gtin => (words.gtin, words.gtin_hint),
            Self::Picture => (words.picture, ""),
        }
    }

    /// Why a text is no value of it.
    pub(super) fn rule(self, words: &Messages) -> &'static str {
        match self {
            Self::SaleStart | Self::SaleEnd => words.wrong_time,
            Self::CurrencyPrices => words.wrong_currency_prices,
            Self::Weight => words.wrong_weight,
            Self::Dimensions => words.wrong_dimensions,
            Self::Status | Self::Condition => words.wrong_choice,
            _ => words.wrong_money,
        }
    }

    /// Its choices, if it has a list of them: values with their names.
    pub(super) fn choices(self, product: &Product, words: &Messages) -> Vec<(String, String)> {
        let owned = |(value, name): (&str, &str)| (value.to_owned(), name.to_owned());
        match self {
            Self::Status => {
                let all = [
                    ("draft", words.draft),
                    ("active", words.active),
                    ("archived", words.archived),
                ];
                all.map(owned).into()
            }
            Self::Condition => [
                ("", words.not_known),
                ("new", words.new),
                ("refurbished", words.refurbished),
                ("used", words.used),
            ]
            .map(owned)
            .into(),
            Self::Picture => {
                let media = product.media.iter().map(|media| match media.alt.as_str() {
                    "" => (media.url.clone(), media.url.clone()),
                    alt => (media.url.clone(), format!("{alt} ({})", media.url)),
                });
                [owned(("", words.no_picture))].into_iter().chain(media).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Its text, as a product has it.
    pub(super) fn of_product(self, product: &Product) -> String {
        match self {
            Self::Name => product.name.clone(),
            Self::Brand => product.brand.clone(),
            Self::Description => product.description.clone(),
            Self::Categories => product.category_ids.join(" "),
            Self::Labels => product.labels.join(", "),
            Self::TaxClass => product.tax_class.clone(),
            Self::SeoTitle => product.seo_title.clone(),
            Self::SeoDescription => product.seo_description.clone(),
            Self::Status => product.status().as_str_name().to_lowercase(),
            Self::Condition => match product.condition() {
                Condition::Unspecified => String::new(),
                condition => condition.as_str_name().to_lowercase(),
            },
            kind => kind.of_offer(product.price.as_ref(), &OfferMessage::of_product(product)),
        }
    }

    /// Its text, as a variant has it.
    pub(super) fn of_variant(self, variant: &Variant) -> String {
        match self {
            Self::Gtin => variant.gtin.clone(),
            Self::Picture => variant.media_url.clone(),
            kind => kind.of_offer(variant.price.as_ref(), &OfferMessage::of_variant(variant)),
        }
    }

    fn of_offer(self, price: Option<&Money>, offer: &OfferMessage) -> String {
        let period = offer.sale_period.unwrap_or_default();
        match self {
            Self::Price => values::money_text(price),
            Self::CompareAtPrice => values::money_text(offer.compare_at_price.as_ref()),
            Self::SaleStart => values::time_text(period.start_time.as_ref()),
            Self::SaleEnd => values::time_text(period.end_time.as_ref()),
            Self::CurrencyPrices => values::currency_prices_text(&offer.currency_prices),
            Self::Weight => values::weight_text(offer.weight.as_ref()),
            Self::Dimensions => values::dimensions_text(offer.dimensions.as_ref()),
            _ => String::new(),
        }
    }

    /// Writes a text into a product.
    pub(super) fn write_product(self, text: &str, product: &mut Product) -> Result<(), Unreadable> {
        let value = text.to_owned();
        match self {
            Self::Name => product.name = value,
            Self::Brand => product.brand = value,
            Self::Description => product.description = value,
            Self::TaxClass => product.tax_class = value,
            Self::SeoTitle => product.seo_title = value,
            Self::SeoDescription => product.seo_description = value,
            Self::Categories => {
                product.category_ids = text.split_whitespace().map(str::to_owned).collect();
            }
            Self::Labels => {
                let labels = text.split(',').map(str::trim).filter(|label| !label.is_empty());
                product.labels = labels.map(str::to_owned).collect();
            }
            Self::Status => product.status = status(text)?.into(),
            Self::Condition => product.condition = condition(text)?.into(),
            kind => {
                let mut offer = OfferMessage::take_product(product);
                let written = kind.write_offer(text, &mut product.price, &mut offer);
                offer.put_product(product);
                written?;
            }
        }
        Ok(())
    }

    /// Writes a text into a variant.
    pub(super) fn write_variant(self, text: &str, variant: &mut Variant) -> Result<(), Unreadable> {
        match self {
            Self::Gtin => text.clone_into(&mut variant.gtin),
            Self::Picture => text.clone_into(&mut variant.media_url),
            kind => {
                let mut offer = OfferMessage::take_variant(variant);
                let written = kind.write_offer(text, &mut variant.price, &mut offer);
                offer.put_variant(variant);
                written?;
            }
        }
        Ok(())
    }

    fn write_offer(
        self,
        text: &str,
        price: &mut Option<Money>,
        offer: &mut OfferMessage,
    ) -> Result<(), Unreadable> {
        match self {
            Self::CompareAtPrice => offer.compare_at_price = values::money(text)?,
            Self::SaleStart | Self::SaleEnd => {
                let time = values::time(text)?;
                let period = offer.sale_period.unwrap_or_default();
                let period = match self {
                    Self::SaleStart => SalePeriod { start_time: time, ..period },
                    _ => SalePeriod { end_time: time, ..period },
                };
                offer.sale_period = (period != SalePeriod::default()).then_some(period);
            }
            Self::CurrencyPrices => offer.currency_prices = values::currency_prices(text)?,
            Self::Weight => offer.weight = values::weight(text)?,
            Self::Dimensions => offer.dimensions = values::dimensions(text)?,
            _ => *price = values::money(text)?,
        }
        Ok(())
    }
}

fn status(text: &str) -> Result<Status, Unreadable> {
    let named = Status::from_str_name(&text.to_uppercase());
    named.filter(|status| *status != Status::Unspecified).ok_or(Unreadable)
}

fn condition(text: &str) -> Result<Condition, Unreadable> {
    match text {
        "" => Ok(Condition::Unspecified),
        text => Condition::from_str_name(&text.to_uppercase()).ok_or(Unreadable),
    }
}
