//! The writable fields of a product, and sets of them.

use product_fields::{OfferField, TextField};

/// A writable field of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Text(TextField),
    Offer(OfferField),
    Price,
    /// The stock; with variants, also the stock of each.
    StockQty,
    Media,
    CategoryIds,
    Attributes,
    Labels,
    ExternalId,
    /// Everything about the variants except their stock.
    Variants,
    Status,
    Condition,
    /// Costs of items, which take a scope to see.
    Costs,
}

impl Field {
    pub(crate) const NAME: Self = Self::Text(TextField::Name);

    /// The fields that are neither plain texts nor fields of variants, too.
    const OTHERS: [Self; 11] = [
        Self::Price,
        Self::StockQty,
        Self::Media,
        Self::CategoryIds,
        Self::Attributes,
        Self::Labels,
        Self::ExternalId,
        Self::Variants,
        Self::Status,
        Self::Condition,
        Self::Costs,
    ];

    /// All fields, in the order in which changes list them.
    fn all() -> impl Iterator<Item = Self> {
        let texts = TextField::ALL.iter().copied().map(Self::Text);
        let offers = OfferField::ALL.iter().copied().map(Self::Offer);
        texts.chain(Self::OTHERS).chain(offers)
    }

    /// The field's name in the contract.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Text(text) => text.name(),
            Self::Offer(offer) => offer.name(),
            Self::Price => "price",
            Self::StockQty => "stock_qty",
            Self::Media => "media",
            Self::CategoryIds => "category_ids",
            Self::Attributes => "attributes",
            Self::Labels => "labels",
            Self::ExternalId => "external_id",
            Self::Variants => "variants",
            Self::Status => "status",
            Self::Condition => "condition",
            Self::Costs => "costs",
        }
    }

    /// The field with this name in the contract.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::all().find(|field| field.name() == name)
    }

    /// The field's bit in a [`Mask`].
    const fn bit(self) -> u32 {
        let number = match self {
            Self::Price => 0,
            Self::StockQty => 1,
            Self::Media => 2,
            Self::CategoryIds => 3,
            Self::Attributes => 4,
            Self::Labels => 5,
            Self::ExternalId => 6,
            Self::Variants => 7,
            Self::Status => 8,
            Self::Condition => 9,
            Self::Costs => 10,
            Self::Text(text) => Self::OTHERS.len() as u32 + text as u32,
            Self::Offer(offer) => (Self::OTHERS.len() + TextField::COUNT) as u32 + offer as u32,
        };
        1 << number
    }
}

/// A set of fields.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mask(u32);

impl Mask {
    pub(crate) fn all() -> Self {
        Field::all().fold(Self::default(), Self::with)
    }

    #[must_use]
    pub(crate) fn without(self, field: Field) -> Self {
        Self(self.0 & !field.bit())
    }

    #[must_use]
    pub(crate) fn with(self, field: Field) -> Self {
        Self(self.0 | field.bit())
    }

    pub(crate) fn has(self, field: Field) -> bool {
        self.0 & field.bit() != 0
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the set is exactly [`Field::StockQty`].
    pub(crate) fn is_stock_alone(self) -> bool {
        self == Self::default().with(Field::StockQty)
    }

    pub(crate) fn fields(self) -> impl Iterator<Item = Field> {
        Field::all().filter(move |field| self.has(*field))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_a_name_and_a_bit_of_its_own() {
        for field in Field::all() {
            assert_eq!(Field::named(field.name()), Some(field));
            assert_eq!(Mask::default().with(field).fields().collect::<Vec<_>>(), [field]);
        }
        let others = Field::OTHERS.len() + OfferField::COUNT;
        assert_eq!(Mask::all().fields().count(), others + TextField::COUNT);
    }
}
