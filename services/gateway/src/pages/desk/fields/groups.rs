//! The fields of the form in their groups.

use proto::catalogue::v1::{Product, Variant};

use super::{
    super::{form_words::Messages, session::Submitted},
    Field,
    kind::Kind,
};
use crate::pages::text;

/// Number of variants that one form has.
const VARIANTS: usize = 50;

/// The form of a product.
pub(in super::super) struct FormView {
    /// Always shown.
    pub(in super::super) basics: Vec<Field>,
    pub(in super::super) groups: Vec<Group>,
    pub(in super::super) variants: Vec<Group>,
    /// Number of the first variant behind those of this form, from 1; `None` if there is none.
    pub(in super::super) next_variant: Option<usize>,
}

/// Fields that are shown when they are asked for.
pub(in super::super) struct Group {
    pub(in super::super) title: String,
    pub(in super::super) fields: Vec<Field>,
}

impl Group {
    /// Whether it is shown without being asked for.
    pub(in super::super) fn is_open(&self) -> bool {
        self.fields.iter().any(Field::is_marked)
    }
}

impl FormView {
    /// The form of a product as it is, with costs if the caller may see them, and with the variants from `first` on,
    /// counted from 0.
    pub(in super::super) fn of(
        product: &Product,
        words: &Messages,
        with_costs: bool,
        first: usize,
    ) -> Self {
        let fields = |kinds: &[Kind], sku: &str| -> Vec<Field> {
            let kinds = kinds.iter().filter(|kind| with_costs || **kind != Kind::Cost);
            kinds.map(|kind| Field::new(*kind, sku, product, words)).collect()
        };
        let group = |title: &str, kinds: &[Kind]| Group {
            title: title.to_owned(),
            fields: fields(kinds, ""),
        };
        let prices = match product.variants.is_empty() {
            true => &PRICES[..],
            // The costs of variants are in their groups.
            false => &PRICES[..PRICES.len() - 1],
        };
        let variants = product.variants.iter().skip(first).take(VARIANTS);
        let variants = variants
            .map(|variant| Group { title: title(variant), fields: fields(&VARIANT, &variant.sku) });
        let next = first.saturating_add(VARIANTS);
        Self {
            basics: fields(&BASICS, ""),
            groups: vec![
                group(words.prices, prices),
                group(words.shipping, &[Kind::Weight, Kind::Dimensions]),
                group(words.tax_and_condition, &[Kind::TaxClass, Kind::Condition]),
                group(words.search_engines, &[Kind::SeoTitle, Kind::SeoDescription]),
            ],
            variants: variants.collect(),
            next_variant: (next < product.variants.len()).then_some(next + 1),
        }
    }

    /// The form with the values that were submitted.
    #[must_use]
    pub(in super::super) fn submitted(mut self, form: &Submitted) -> Self {
        self.fields_mut().for_each(|field| field.submit(form));
        self
    }

    /// The form of a product as it is now, with the changes of a form whose page is older.
    #[must_use]
    pub(in super::super) fn merge(mut self, older: &Self) -> Self {
        for field in self.fields_mut() {
            let name = field.name();
            if let Some(older) = older.fields().find(|older| older.name() == name) {
                field.merge(older);
            }
        }
        self
    }

    pub(in super::super) fn fields(&self) -> impl Iterator<Item = &Field> {
        let grouped = self.groups.iter().chain(&self.variants);
        self.basics.iter().chain(grouped.flat_map(|group| &group.fields))
    }

    pub(in super::super) fn fields_mut(&mut self) -> impl Iterator<Item = &mut Field> {
        let grouped = self.groups.iter_mut().chain(&mut self.variants);
        self.basics.iter_mut().chain(grouped.flat_map(|group| &mut group.fields))
    }
}

const BASICS: [Kind; 7] = [
    Kind::Name,
    Kind::Brand,
    Kind::Price,
    Kind::Status,
    Kind::Categories,
    Kind::Labels,
    Kind::Description,
];
const PRICES: [Kind; 5] =
    [Kind::CompareAtPrice, Kind::SaleStart, Kind::SaleEnd, Kind::CurrencyPrices, Kind::Cost];
const VARIANT: [Kind; 10] = [
    Kind::Price,
    Kind::CompareAtPrice,
    Kind::SaleStart,
    Kind::SaleEnd,
    Kind::CurrencyPrices,
    Kind::Cost,
    Kind::Gtin,
    Kind::Picture,
    Kind::Weight,
    Kind::Dimensions,
];

/// A variant's SKU, and what tells it from the others.
fn title(variant: &Variant) -> String {
    let options = variant.option_values.iter();
    let options: Vec<_> =
        options.map(|option| text::plain(&format!("{} {}", option.name, option.value))).collect();
    match options.is_empty() {
        true => variant.sku.clone(),
        false => format!("{}: {}", variant.sku, options.join(", ")),
    }
}
